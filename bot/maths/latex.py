"""Reads LaTeX formulas and gives them as Unicode text, on one line or with a line for each row.  Pure.

Reads all that is written: what it does not know stays as a word without its backslash.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache

from bot.maths.boxes import fenced
from bot.maths.environments import drawn, flat, joined
from bot.maths.operands import fraction, root, scripted, together
from bot.maths.pieces import Kind, Piece, Pieces, box, kind_of, line
from bot.maths.symbols import ACCENTS, STYLES, accented, has_small, negated, small, styled, symbol, vulgar

_TOKEN = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.|\\", re.DOTALL)
_DEEPEST = 40
"""Nesting beyond which braces are read as if they were not there."""
_KINDS: Mapping[str, Kind] = {
    "\\mid": Kind.RELATION,
    "\\lvert": Kind.OPEN,
    "\\rvert": Kind.CLOSE,
    "\\lVert": Kind.OPEN,
    "\\rVert": Kind.CLOSE,
    "\\dots": Kind.ORD,
    "\\top": Kind.ORD,
    "\\ldots": Kind.ORD,
}
_MATHS_WORDS = frozenset(("\\mathrm", "\\mathit", "\\mathsf", "\\mathtt", "\\mathop", "\\operatorname"))
"""Names in upright letters that may hold a formula after all."""
_SPACES = frozenset(("\\,", "\\:", "\\;", "\\>", "\\ ", "\\\n", "\\enspace", "\\thinspace", "~", "&", "\\\\", "\\newline"))
_SCRIPT_MARKS = frozenset("_^'")
_WITH_COLUMNS = frozenset(("array", "alignedat", "alignat", "alignat*"))
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


@lru_cache(maxsize=4096)
def inline(latex: str) -> str:
    r"""The formula as one line.

    >>> inline(r"\\frac{\\partial L}{\\partial x_i} \\le \\frac{a}{2\\sigma^2}")
    '∂L/∂xᵢ ≤ a/(2σ²)'
    """
    return "; ".join(filter(None, (line(joined([cells])) for cells in _Parser(latex, flat=True).lines())))


@lru_cache(maxsize=1024)
def display(latex: str) -> tuple[str, ...]:
    """The formula with a line for each of its rows; no line is empty."""
    lines = _Parser(latex, flat=False).lines()
    rows = [row.rstrip() for cells in lines for row in box(joined([cells])).rows]
    margin = min((len(row) - len(row.lstrip()) for row in rows if row), default=0)
    return tuple(row[margin:] for row in rows if row)


def _script(mark: str, pieces: Pieces) -> tuple[str, str]:
    """A script as small characters, ``""`` where there are none for it, and as plain text after its mark."""
    text = line(pieces, script=True)
    if not text:
        return "", ""
    small = SUBSCRIPTS if mark == "_" else SUPERSCRIPTS
    tiny = text.replace(" ", "")
    fits = "".join(small[character] for character in tiny) if all(character in small for character in tiny) else ""
    if mark == "^" and all(character in _RAISED for character in text):
        fits = "".join(_RAISED[character] for character in text)
    bare = not _SMALL.intersection(text) and (
        (text.isalnum() and (mark == "_" or len(pieces) == 1)) or (len(pieces) == 1 and not set("/()[]^_ ,").intersection(text))
    )
    return fits, f"{mark}{text}" if bare else f"{mark}({text})"


def _with_scripts(piece: Piece, primes: str, below: Pieces, above: Pieces) -> Piece:
    (small_below, plain_below), (small_above, plain_above) = _script("_", below), _script("^", above)
    if piece.kind is Kind.BIG and ((below and not small_below) or (above and not small_above)):
        return scripted(piece, primes, plain_below, plain_above)  # limits look alike
    return scripted(piece, primes, small_below or plain_below, small_above or plain_above)


class _Parser:
    """Reads one formula from left to right; never goes back, never fails."""

    def __init__(self, latex: str, *, flat: bool, depth: int = 0) -> None:
        self._tokens: list[str] = _TOKEN.findall(latex)
        self._next = 0
        self._depth = depth
        self._flat = int(flat)
        """Above 0 where there is no room for several rows: in scripts, fractions, and formulas within text."""

    # ── tokens ──

    def _peek(self) -> str:
        return self._tokens[self._next] if self._next < len(self._tokens) else ""

    def _take(self) -> str:
        """The next item; spaces after a command end its name and are no spaces."""
        item = self._peek()
        self._next += bool(item)
        if item[:1] == "\\" and item[-1:].isalpha():
            self._skip_spaces()
        return item

    def _skip(self, item: str) -> bool:
        """Whether ``item`` is the next one, which then is taken."""
        there = self._peek() == item
        self._next += there
        return there

    def _skip_spaces(self) -> None:
        while self._peek().isspace():
            self._next += 1

    def _raw(self) -> str:
        """The argument that follows, as it is written."""
        self._skip_spaces()
        if not self._skip("{"):
            return "" if self._peek() == "}" else self._take()
        start, open_ones = self._next, 1
        while self._next < len(self._tokens):
            open_ones += (self._peek() == "{") - (self._peek() == "}")
            self._next += 1
            if not open_ones:
                return "".join(self._tokens[start : self._next - 1])
        return "".join(self._tokens[start:])

    # ── sequences ──

    def lines(self, *stops: str) -> list[list[list[Piece]]]:
        """Rows of cells up to a stop or the end."""
        rows: list[list[list[Piece]]] = [[]]
        while True:
            rows[-1].append(self._pieces("&", "\\\\", "\\cr", *stops))
            if self._skip("&"):
                continue
            if not (self._skip("\\\\") or self._skip("\\cr")):
                return [cells for cells in rows if any(cells)]
            self._option()  # the space to leave below the row
            rows.append([])

    def _pieces(self, *stops: str) -> list[Piece]:
        """Pieces up to a stop or the end."""
        found: list[Piece] = []
        gap = False
        while (item := self._peek()) and item not in stops:
            if item.isspace() or item in _SPACES:
                self._take()
                gap = True
                continue
            stray = item in _SCRIPT_MARKS
            new, grouped = ([], False) if stray else self._atom(self._take())
            scripts = self._scripts()
            if any(scripts):
                if stray and found:
                    new, gap = [found.pop()], False
                elif grouped or not new:
                    new = [together(new) if new else Piece(text="")]
                new[-1] = _with_scripts(new[-1], *scripts)
            if new and gap:
                new[0] = replace(new[0], gap=True)
                gap = False
            found += new
        return found

    def _deeper(self, read: Callable[[], list[Piece]], *, flat: bool = True) -> list[Piece]:
        """What ``read`` gives inside something; nothing where that is nested beyond all reason."""
        if self._depth >= _DEEPEST:
            return []
        self._depth += 1
        self._flat += flat
        try:
            return read()
        finally:
            self._depth -= 1
            self._flat -= flat

    def _up_to(self, end: str) -> list[Piece]:
        found = self._pieces(end, "}")
        self._skip(end)
        return found

    def _group(self) -> list[Piece]:
        """What stands before the closing brace; the opening one has been taken."""
        return self._up_to("}")

    def _argument(self) -> list[Piece]:
        """The argument that follows: a group or a single item."""
        self._skip_spaces()
        item = self._peek()
        if not item or item in ("}", "&", "\\\\"):
            return []
        self._take()
        if item.isdigit():
            return [Piece(text=item)]
        return self._deeper(self._group if item == "{" else lambda: self._atom(item)[0])

    def _option(self) -> list[Piece]:
        """What stands in square brackets, if that is what follows."""
        here = self._next
        self._skip_spaces()
        if self._skip("["):
            return self._deeper(lambda: self._up_to("]"))
        self._next = here
        return []

    def _scripts(self) -> tuple[str, list[Piece], list[Piece]]:
        """The primes, sub- and superscripts that follow."""
        primes, below, above = "", list[Piece](), list[Piece]()
        while True:
            here = self._next
            self._skip_spaces()
            if self._skip("'"):
                primes += "′"
            elif self._skip("_"):
                below += self._argument()
            elif self._skip("^"):
                above += self._argument()
            elif not (self._skip("\\limits") or self._skip("\\nolimits")):
                self._next = here
                return primes, below, above

    # ── single things ──

    def _atom(self, item: str) -> tuple[list[Piece], bool]:
        """What a item that was taken begins, and whether it was a group in braces."""
        if item == "{":
            return self._deeper(self._group, flat=False), True
        if item.isdigit():
            return [Piece(text=self._number(item))], False
        if item == "." and self._tokens[self._next : self._next + 2] == [".", "."]:
            self._next += 2
            return [Piece(text="…")], False
        if item == ":" and self._skip("="):
            return [Piece(text=":=", kind=Kind.RELATION)], False
        if item[0] != "\\":
            text = {"-": "−", "'": "′"}.get(item, item)
            return [Piece(text=text, kind=kind_of(text))], False
        return self._command(item), False

    def _number(self, text: str) -> str:
        while self._peek().isdigit() or (self._peek() == "." and "".join(self._tokens[self._next + 1 : self._next + 2]).isdigit()):
            text += self._take()
        return text

    def _command(self, item: str) -> list[Piece]:
        """What a command shows."""
        forms = _FORMS.get(item)
        if forms is not None:
            return forms(self, item)
        text = symbol(item)
        if text is not None:
            return [Piece(text=text, kind=_KINDS.get(item) or kind_of(text))] if text else []
        name = item.lstrip("\\")
        arguments = []
        while self._peek() == "{":
            arguments.append(line(self._argument(), depth=1))
        called = f"{name}({', '.join(arguments)})" if arguments else name
        return [Piece(text=called, kind=Kind.WORD if len(name) > 1 and name.isalpha() else kind_of(called))] if called else []

    def fraction(self, _: str) -> list[Piece]:
        above, below = self._argument(), self._argument()
        return [fraction(above, below, FRAC_MAP.get((line(above), line(below)), ""))]

    def root(self, _: str) -> list[Piece]:
        index = line(self._option())
        sign = _ROOTS.get(index) or (_script("^", [Piece(text=index)])[0] or f"({index})") + "√"
        return [root(sign, self._argument())]

    def accent(self, item: str) -> list[Piece]:
        inside = self._argument()
        text = line(inside, depth=1)
        accented = str(LatexToUnicodeHelper.translate_combining(ACCENTS[item], text)) if text else ""
        return [Piece(text=accented, kind=inside[0].kind if len(inside) == 1 else Kind.ORD)]

    def style(self, item: str) -> list[Piece]:
        letters = LATEXSTYLES[STYLES[item]]
        return [Piece(text="".join(letters.get(letter, letter) for letter in line(self._argument(), depth=1)))]

    def word(self, item: str) -> list[Piece]:
        if item == "\\operatorname":
            self._skip("*")
        raw = self._raw()
        formula = "$" in raw or (item in _MATHS_WORDS and not set("\\_^{").isdisjoint(raw))
        if formula and self._depth < _DEEPEST:
            inner = _Parser(raw.replace("$", " "), flat=True, depth=self._depth + 1)
            return [Piece(text=line(joined(inner.lines())), kind=Kind.WORD)]
        text = re.sub(r"\\([a-zA-Z]+|.)", lambda command: symbol(command[0]) or command[1], raw, flags=re.DOTALL)
        text = re.sub(r"[\s~]+", " ", re.sub(r"[{}$]", "", text))
        name = text.strip()
        if not name:
            return [Piece(text=text, kind=Kind.SPACE)] if text else []
        word = Piece(text=name, kind=Kind.WORD if len(name) > 1 else kind_of(name), gap=text[0] == " ")
        after = [Piece(text=" ", kind=Kind.SPACE)] if text[-1] == " " and self._peek() not in _SCRIPT_MARKS else []
        return [word, *after]

    def _delimiter(self) -> str:
        self._skip_spaces()
        item = self._take()
        text = (symbol(item) or item.lstrip("\\")) if item[:1] == "\\" else item
        return {".": "", "<": "⟨", ">": "⟩"}.get(text, text)

    def between(self, _: str) -> list[Piece]:
        r"""What stands between ``\left`` and ``\right``, with its brackets."""
        left = self._delimiter()
        inside = self._deeper(lambda: self._pieces("\\right", "}", "\\end"), flat=False)
        right = self._delimiter() if self._take_if("\\right") else ""
        if any(piece.box for piece in inside):
            return [Piece(text=left + line(inside) + right, box=fenced(box(inside), left, right))]
        opening, closing = Piece(text=left, kind=Kind.OPEN), Piece(text=right, kind=Kind.CLOSE)
        return [*([opening] if left else []), *inside, *([closing] if right else [])]

    def _take_if(self, item: str) -> bool:
        return self._peek() == item and bool(self._take())

    def closing(self, _: str) -> list[Piece]:
        return [Piece(text=text, kind=Kind.CLOSE)] if (text := self._delimiter()) else []

    def middle(self, _: str) -> list[Piece]:
        return [Piece(text=text, kind=Kind.RELATION)] if (text := self._delimiter()) else []

    def over_and_under(self, item: str) -> list[Piece]:
        mark, base = self._argument(), self._argument()
        below, above = (mark, []) if item == "\\underset" else ([], mark)
        return [_with_scripts(together(base) if base else Piece(text=""), "", below, above)]

    def arrow(self, item: str) -> list[Piece]:
        below, above = self._option(), self._argument()
        return [_with_scripts(Piece(text="→" if item == "\\xrightarrow" else "←", kind=Kind.RELATION), "", below, above)]

    def binomial(self, _: str) -> list[Piece]:
        of, out = self._argument(), self._argument()
        return [Piece(text=f"C({line(of, depth=1)}, {line(out, depth=1)})")]

    def modulus(self, _: str) -> list[Piece]:
        return [Piece(text=" ", kind=Kind.SPACE), Piece(text=f"(mod {line(self._argument(), depth=1)})")]

    def tag(self, _: str) -> list[Piece]:
        return [Piece(text="  ", kind=Kind.SPACE), Piece(text=f"({self._raw()})")]

    def stack(self, _: str) -> list[Piece]:
        self._skip_spaces()
        if not self._skip("{"):
            return []
        lines: list[list[list[Piece]]] = []
        self._deeper(lambda: lines.extend(self.lines("}")) or [])
        self._skip("}")
        return [Piece(text=", ".join(line(joined([cells]), script=True) for cells in lines))]

    def thin(self, _: str) -> list[Piece]:
        return [together(inside)] if (inside := self._argument()) else []

    def coloured(self, item: str) -> list[Piece]:
        self._raw()
        return self.thin(item)

    def unshown(self, _: str) -> list[Piece]:
        self._raw()
        return []

    def silent(self, _: str) -> list[Piece]:
        return []

    def wide(self, item: str) -> list[Piece]:
        return [Piece(text="  " if item == "\\quad" else "    ", kind=Kind.SPACE)]

    def negated(self, _: str) -> list[Piece]:
        text = line(self._argument())
        return [Piece(text=NOT_MAP.get(text, text[:1] + "\u0338" + text[1:]), kind=Kind.RELATION)] if text else []

    def environment(self, _: str) -> list[Piece]:
        name = self._raw()
        if name in _WITH_COLUMNS:
            self._raw()
        lines: list[list[list[Piece]]] = []
        self._deeper(lambda: lines.extend(self.lines("\\end", "}", "\\right")) or [], flat=False)
        if self._take_if("\\end"):
            self._raw()
        if not lines:
            return []
        for cell in (cell for cells in lines for cell in cells[1:] if cell and cell[0].kind is Kind.BINARY):
            cell.insert(0, Piece(text=""))  # the operand before the operator stands in the cell before
        return [Piece(text=flat(name, lines), box=None if self._flat else drawn(name, lines))]


def _commands(form: Callable[[_Parser, str], list[Piece]], names: str) -> dict[str, Callable[[_Parser, str], list[Piece]]]:
    return {f"\\{name}": form for name in names.split()}


_FORMS: Mapping[str, Callable[[_Parser, str], list[Piece]]] = {
    **_commands(_Parser.fraction, "frac dfrac tfrac cfrac"),
    **_commands(_Parser.root, "sqrt"),
    **dict.fromkeys(ACCENTS, _Parser.accent),
    **dict.fromkeys(STYLES, _Parser.style),
    **_commands(_Parser.word, "text textrm textup textnormal textbf textit textsf texttt emph mbox hbox"),
    **dict.fromkeys(_MATHS_WORDS, _Parser.word),
    **_commands(_Parser.between, "left"),
    **_commands(_Parser.closing, "right"),
    **_commands(_Parser.middle, "middle"),
    **_commands(_Parser.environment, "begin"),
    **_commands(_Parser.over_and_under, "overset stackrel underset"),
    **_commands(_Parser.arrow, "xrightarrow xleftarrow"),
    **_commands(_Parser.binomial, "binom tbinom dbinom"),
    **_commands(_Parser.modulus, "pmod"),
    **_commands(_Parser.tag, "tag"),
    **_commands(_Parser.stack, "substack"),
    **_commands(_Parser.negated, "not"),
    **_commands(_Parser.wide, "quad qquad"),
    **_commands(_Parser.thin, "boxed cancel bcancel xcancel sout smash ensuremath mathord mathrel mathbin underbrace overbrace"),
    **_commands(_Parser.coloured, "textcolor"),
    **_commands(_Parser.unshown, "end phantom hphantom vphantom hspace vspace color label mspace hskip"),
    **_commands(
        _Parser.silent,
        "! / displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline centering strut mathstrut "
        "big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm",
    ),
}
"""How each command is read that is more than a symbol."""
