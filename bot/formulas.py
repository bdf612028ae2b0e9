r"""Makes Markdown with LaTeX formulas into Markdown whose formulas are readable Unicode.  Pure.

``$…$`` becomes text; ``$$…$$`` on lines of its own becomes a fenced block with the info string ``formula`` and a line for
each row.  Code spans and code blocks stay as they are, and ``\$`` is a dollar.  What is no formula is not touched.
"""

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock

from bot.cells import cells

_MARK = re.compile(
    r"`+|\\."  # ticks, an escape
    r"|\$\$(?=\s*[^\s$])(?P<wide>(?:[^$\\`]++|\\.)++)\$\$"
    r"|\$(?!\s)(?P<narrow>(?:[^$\\`]++|\\.)++)(?<!\s)\$(?!\d)",
    re.DOTALL,
)
_CLOSED = re.compile(r"\$\$\s*(?P<stop>[,.;:，。；：、]?)\s*\Z")
_ACTIVE = re.compile(r"[\\`*_\[\]<>&~|$]|\A[#+=-]")
"""What Markdown would take for markup, within a line or at its beginning."""
_ITEM = re.compile(r"\A([0-9]{1,9})([.)])")
"""What would number a list."""
_LINE_BREAK = re.compile(r"\s*\n[ \t>]*")
_TICKS = re.compile(r"`+")
WIDEST = 40
"""Cells of a line of equally wide letters that a phone shows without breaking it."""


def readable(markdown: str) -> str:
    r"""The same Markdown with its formulas as Unicode text.

    >>> readable(r"当 $\sigma^2 \to 0$ 时，花 \$5")
    '当 σ² → 0 时，花 \\$5'
    """
    return _readable(markdown) if "$" in markdown else markdown


def wide(markdown: str) -> tuple[str, ...]:
    """LaTeX of the displayed formulas that as text are wider than a phone: there a picture says more."""
    if "$$" not in markdown:
        return ()
    from bot.maths.latex import display  # noqa: PLC0415 — texts without formulas do not pay for its tables

    found = (token.content for token in _blocks().parse(re.sub(r"\r\n?", "\n", markdown)) if token.type == "formula")
    return tuple(latex for latex in found if max(map(cells, display(latex)), default=0) > WIDEST)


def literal(text: str) -> str:
    r"""Markdown that shows just this text, on one line.

    >>> literal("w_1 * w_2")
    'w\\_1 \\* w\\_2'
    """
    return _ITEM.sub(r"\1\\\2", _ACTIVE.sub(r"\\\g<0>", " ".join(text.splitlines())))


@lru_cache(maxsize=1024)
def _readable(markdown: str) -> str:
    text = re.sub(r"\r\n?", "\n", markdown)
    starts = [0, *(line.end() for line in re.finditer("\n", text)), len(text)]
    parts: list[str] = []
    place = 0
    for token in _blocks().parse(text):
        if token.type == "formula":
            begin, end = token.meta["span"]
            replacement = _fenced(token.content, text[text.rfind("\n", 0, begin) + 1 : begin])
        elif token.type == "inline" and token.map is not None:
            begin, end = (starts[min(line, len(starts) - 1)] for line in token.map)
            replacement = _with_text(text[begin:end])
        else:
            continue
        parts += [text[place:begin], replacement]
        place = end
    return "".join([*parts, text[place:]])


@lru_cache(maxsize=1)
def _blocks() -> MarkdownIt:
    """A parser that finds blocks, formulas among them, and leaves what is in them alone."""
    parser = MarkdownIt("commonmark").disable(["inline"])
    parser.block.ruler.before("fence", "formula", _formula, {"alt": ["paragraph", "reference", "blockquote", "list"]})
    return parser


def _formula(state: StateBlock, first: int, end: int, silent: bool) -> bool:  # noqa: FBT001 — the parser calls it so
    """Takes lines from ``$$`` to ``$$`` as a block: the parser's form of a rule."""
    begin = state.bMarks[first] + state.tShift[first]
    if state.is_code_block(first) or not state.src.startswith("$$", begin):
        return False
    lines: list[str] = []
    for number in range(first, end):
        if number > first and (state.isEmpty(number) or state.sCount[number] < state.blkIndent):
            return False
        lines.append(state.src[state.bMarks[number] + state.tShift[number] + 2 * (number == first) : state.eMarks[number]])
        closed = _CLOSED.search(lines[-1])
        if closed:
            lines[-1] = lines[-1][: closed.start()]
            latex = "\n".join(lines)
            if "$$" in latex or not latex.strip():
                return False
            if not silent:
                token = state.push("formula", "", 0)
                token.content = latex + closed["stop"]
                token.meta = {"span": (begin, state.eMarks[number])}
                state.line = number + 1
            return True
    return False


def _fenced(latex: str, before: str) -> str:
    """A formula as a fenced block, behind what stands before it on its line: quote and list marks."""
    from bot.maths.latex import display  # noqa: PLC0415 — texts without formulas do not pay for its tables

    rows = display(latex)
    ticks = "`" * max(3, *(len(run) + 1 for row in rows for run in _TICKS.findall(row)), 3)
    indent = "\n" + re.sub(r"[^\s>]", " ", before)
    return indent.join((f"{ticks}formula", *rows, ticks))


def _with_text(markdown: str) -> str:
    """The lines of a paragraph with its formulas as text."""
    if "$" not in markdown:
        return markdown
    parts: list[str] = []
    place = 0
    while mark := _MARK.search(markdown, place):
        parts.append(markdown[place : mark.start()])
        place = mark.end()
        latex = mark["wide"] or mark["narrow"]
        if latex is not None:
            parts.append(_text(latex, markdown[: mark.start()].rpartition("\n")[2], markdown[place : place + 1]))
            continue
        if mark[0][0] == "`":
            closing = re.compile(rf"(?<!`){mark[0]}(?!`)").search(markdown, place)
            place = closing.end() if closing else place
        parts.append(markdown[mark.start() : place])
    return "".join([*parts, markdown[place:]])


def _text(latex: str, before: str, after: str) -> str:
    """A formula as text that Markdown leaves alone between what stands before and after it on its line."""
    from bot.maths.latex import inline  # noqa: PLC0415 — see above

    text = inline(_LINE_BREAK.sub(" ", latex))
    if after in (".", ")") and text.isdecimal() and not before.strip(" \t>*+-.)0123456789"):
        return f"&#{ord(text[0])};{text[1:]}"  # else it would number a list
    return literal(text)
