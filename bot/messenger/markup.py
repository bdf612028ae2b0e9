"""Turns Markdown into blocks of styled runs, and runs into the HTML that Telegram's parser takes.  Pure.

A run is text with the styles around it, so that a text can be cut anywhere and every part still closes what it opens.
Telegram's rules kept here: code and preformatted text hold and wear no other style, and quotes do not nest.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, zip_longest
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

Tag = Literal["b", "i", "s", "a", "code", "pre", "blockquote"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """One formatting; runs that wear the very same one are formatted as a whole."""

    tag: Tag
    value: str = ""
    """The language of «pre», the address of «a»."""
    key: int = 0
    """Tells two neighbours of equal looks apart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Text in one formatting."""

    text: str
    styles: tuple[Style, ...] = ()
    """Outermost first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """What should stay together: a paragraph, an item of a list, a code block."""

    runs: tuple[Run, ...]
    gap: str = "\n\n"
    """What stands between the block and the one before it."""
    leads: bool = False
    """Whether it belongs to what follows, as a heading does."""

    @property
    def preformatted(self) -> bool:
        """Whether its line breaks and spaces mean something."""
        return any(style.tag == "pre" for run in self.runs[:1] for style in run.styles)


_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_STYLES: dict[str, Tag] = {"strong": "b", "em": "i", "s": "s"}
_BULLETS = ("• ", "◦ ", "▪ ")
_INDENT = "   "
_LANGUAGE = re.compile(r"[A-Za-z0-9_+#.-]+")
_ADDRESS = re.compile(r"(?:https?://|tg://|mailto:)", re.IGNORECASE)
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
FORMULA = "formula"
"""Info string of a fence that holds a formula, which is no programming language."""


def blocks(markdown: str) -> tuple[Block, ...]:
    """The blocks of a Markdown text, in order; HTML in it is text."""
    return tuple(_Reading().read(_MARKDOWN.parse(sendable(markdown))))


def sendable(text: str) -> str:
    """The text without what no message can hold: lone surrogates become U+FFFD, control characters go."""
    return _UNSENDABLE.sub("", text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace"))


def join(parts: Sequence[Block]) -> tuple[Run, ...]:
    """The runs of consecutive blocks with the gaps between them; a gap within a quote is quoted."""
    runs: list[Run] = []
    for part in parts:
        if runs:
            runs.append(Run(text=part.gap, styles=_shared(runs[-1].styles, part.runs[0].styles)))
        runs.extend(part.runs)
    return tuple(runs)


def plain(runs: Sequence[Run]) -> str:
    """The visible text."""
    return "".join(run.text for run in runs)


def html(runs: Sequence[Run]) -> str:
    """The runs in Telegram's HTML; balanced, with nothing but the visible text outside of tags."""
    return "".join(_escape(mark) if isinstance(mark, str) else _tag(*mark) for mark in _marks(runs))


def entities(runs: Sequence[Run]) -> int:
    """How many formattings Telegram counts in the runs."""
    return sum(not isinstance(mark, str) and mark[1] for mark in _marks(runs))


def _marks(runs: Sequence[Run]) -> Iterator[str | tuple[Style, bool]]:
    """Texts, and styles with whether they open there."""
    worn: tuple[Style, ...] = ()
    for run in runs:
        if not run.text:
            continue
        kept = _shared(worn, run.styles)
        yield from ((style, False) for style in reversed(worn[len(kept) :]))
        yield from ((style, True) for style in run.styles[len(kept) :])
        yield run.text
        worn = run.styles
    yield from ((style, False) for style in reversed(worn))


def _shared(one: tuple[Style, ...], other: tuple[Style, ...]) -> tuple[Style, ...]:
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    return one[:same]


def _tag(style: Style, opens: bool) -> str:  # noqa: FBT001 — the pair comes from _marks
    if style.tag == "pre" and style.value:
        return f'<pre><code class="language-{_escape(style.value)}">' if opens else "</code></pre>"
    if style.tag == "a" and opens:
        return f'<a href="{_escape(style.value)}">'
    return f"<{style.tag}>" if opens else f"</{style.tag}>"


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


class _Reading:
    """Walks the tokens of one text."""

    def __init__(self) -> None:
        self._keys = count(1)
        self._out: list[Block] = []
        self._heading = False
        self._quotes: list[Style] = []
        self._lists: list[int | None] = []
        """For each list that is open: the number of its next item, or ``None`` for bullets."""
        self._markers: list[str] = []
        """What the items that have just begun are marked with."""
        self._apart = True
        """Whether an empty line belongs before the next block."""
        self._rows: list[list[str]] | None = None
        """The rows of the table that is open."""

    def read(self, tokens: Sequence[Token]) -> list[Block]:
        for token in tokens:
            self._token(token)
        return self._out

    def _token(self, token: Token) -> None:
        match token.type:
            case "inline" if self._rows is not None:
                self._rows[-1].append(plain(self._inline(token)).strip())
            case "inline":
                self._text(self._inline(token))
            case "heading_open" | "heading_close":
                self._heading = token.nesting > 0
            case "fence" | "code_block":
                self._pre(token.content, token.info)
            case "hr":
                self._text([Run(text="———")])
            case "blockquote_open":
                self._quotes.append(self._quotes[-1] if self._quotes else self._style("blockquote"))
            case "blockquote_close":
                self._quotes.pop()
            case "table_open":
                self._rows = []
            case "tr_open" if self._rows is not None:
                self._rows.append([])
            case "table_close" if self._rows is not None:
                rows, self._rows = self._rows, None
                self._pre(_aligned(rows), "")
            case _:
                self._list(token)

    def _list(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("o") else None)
            case "bullet_list_close" | "ordered_list_close":
                self._lists.pop()
                self._apart = not self._lists
            case "list_item_open":
                self._item()
            case "list_item_close" if self._markers:
                self._text([])

    def _style(self, tag: Tag, value: str = "") -> Style:
        return Style(tag=tag, value=value, key=next(self._keys))

    def _item(self) -> None:
        number = self._lists[-1]
        if number is None:
            self._markers.append(_BULLETS[min(len(self._lists), len(_BULLETS)) - 1])
        else:
            self._markers.append(f"{number}. ")
            self._lists[-1] = number + 1

    def _text(self, runs: list[Run]) -> None:
        """One block of running text, with the marks of the list and the quote it stands in."""
        lead = _INDENT * (len(self._lists) - len(self._markers)) + "".join(self._markers)
        self._markers.clear()
        outer = tuple(self._quotes[-1:])
        if self._heading:
            outer = (*outer, self._style("b"))
        runs = [run for run in runs if run.text]
        # A paragraph that is bold from end to end serves as a heading.
        outermost = {run.styles[:1] for run in runs}
        bold = len(outermost) == 1 and [style.tag for style in outermost.pop()] == ["b"]
        worn = [replace(run, styles=_allowed(outer, run.styles)) for run in (Run(text=lead), *runs) if run.text]
        if plain(worn).strip():
            self._add(worn, leads=self._heading or (bold and not lead))

    def _pre(self, text: str, info: str) -> None:
        """One block of preformatted text; it stands outside of any quote."""
        language = _LANGUAGE.match(info.strip())
        value = language.group() if language and language.group() != FORMULA else ""
        if self._markers:
            self._text([])
        if text.strip():
            self._add([Run(text=text.strip("\n"), styles=(self._style("pre", value),))])

    def _add(self, runs: list[Run], *, leads: bool = False) -> None:
        after_heading = bool(self._out) and self._out[-1].leads and not leads
        gap = "\n\n" if self._apart and not after_heading else "\n"
        self._out.append(Block(runs=tuple(runs), gap=gap, leads=leads))
        self._apart = not self._lists

    def _inline(self, token: Token) -> list[Run]:
        runs: list[Run] = []
        worn: list[Style] = []
        children = token.children or []
        for n, child in enumerate(children):
            name = child.type.removesuffix("_open")
            if child.nesting > 0:
                address = str(child.attrs.get("href", ""))
                worn.append(self._style("a", address) if name == "link" else self._style(_STYLES[name]))
            elif child.nesting < 0:
                worn.pop()
            elif name == "code_inline":
                runs.append(Run(text=child.content, styles=(*worn, self._style("code"))))
            else:
                text = child.content
                if name == "hardbreak":
                    text = "\n"
                elif name == "softbreak":
                    text = _joint(runs, children[n + 1 :])
                elif name == "image":
                    text = f"[{text}]"
                runs.append(Run(text=text, styles=tuple(worn)))
        return runs


def _joint(before: Sequence[Run], after: Sequence[Token]) -> str:
    """What a line break within a paragraph becomes: nothing between Chinese characters, else a space."""
    last = next((run.text[-1] for run in reversed(before) if run.text), "")
    first = next((token.content[0] for token in after if token.content), "")
    return "" if _wide(last) and _wide(first) else " "


def _allowed(outer: tuple[Style, ...], inner: tuple[Style, ...]) -> tuple[Style, ...]:
    """The styles that may be worn together: each once, code only within a quote, links only to where they can lead."""
    styles: list[Style] = []
    for style in (*outer, *inner):
        dead = style.tag == "a" and not _ADDRESS.match(style.value)
        if not dead and all(style.tag != worn.tag for worn in styles):
            styles.append(style)
    if any(style.tag == "code" for style in styles):
        styles = [style for style in styles if style.tag in ("code", "blockquote")]
    return tuple(styles)


def _aligned(rows: Sequence[Sequence[str]]) -> str:
    """The cells of a table in columns."""
    widths = [max((_width(cell) for cell in column), default=0) for column in zip_longest(*rows, fillvalue="")]
    lines = ["  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False)) for row in rows]
    return "\n".join(line.rstrip() for line in lines)


def _width(text: str) -> int:
    return sum(2 if _wide(letter) else 0 if unicodedata.combining(letter) else 1 for letter in text)


def _wide(letter: str) -> bool:
    return bool(letter) and unicodedata.east_asian_width(letter) in ("W", "F")
