"""Reads a formula from left to right into pieces: sequences, arguments, scripts, and what is no command.  Pure.

Nothing written is lost, and nothing makes it fail: a brace too many is a character, an unknown command a word.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.maths.operands import scripted, together
from bot.maths.pieces import Kind, Piece, Pieces, kind_of, line
from bot.maths.symbols import has_small, small, symbol
from bot.maths.tokens import Tokens

DEEPEST = 40
"""Nesting beyond which braces are read as if they were not there."""
SCRIPT_MARKS = frozenset("_^'")
_KINDS: Mapping[str, Kind] = {
    "\\mid": Kind.RELATION,
    "\\lvert": Kind.OPEN,
    "\\rvert": Kind.CLOSE,
    "\\lVert": Kind.OPEN,
    "\\rVert": Kind.CLOSE,
}
"""Commands whose sign alone does not tell what they are."""
_SPACES = frozenset(("&", "\\\\", "\\newline"))
"""What is but a space outside of tables."""
_NEVER_BARE = frozenset("/()[]^_ ,")

Lines = list[list[list[Piece]]]
"""Rows of cells."""


class Reader(Tokens):
    """Reads one formula."""

    def __init__(self, latex: str, forms: Mapping[str, "Form"], *, flat: bool, depth: int = 0) -> None:
        """Begin a formula.

        Args:
            latex: The formula.
            forms: How each command is read that is more than a symbol.
            flat: Whether there is room for one line only.
            depth: How deep it is nested in another.
        """
        super().__init__(latex)
        self._forms = forms
        self._flat = int(flat)
        self.depth = depth

    @property
    def flat(self) -> bool:
        """Whether there is room for one line only: in scripts, fractions, and formulas within text."""
        return self._flat > 0

    def within(self, latex: str) -> "Reader":
        """A reader for a formula inside this one."""
        return Reader(latex, self._forms, flat=True, depth=self.depth + 1)

    # ── sequences ──

    def lines(self, *stops: str) -> Lines:
        """Rows of cells up to a stop or the end; empty ones left out."""
        rows: Lines = [[]]
        while True:
            rows[-1].append(self.pieces("&", "\\\\", "\\cr", *stops))
            if self.skip("&"):
                continue
            if not (self.skip("\\\\") or self.skip("\\cr")):
                return [cells for cells in rows if any(cells)]
            self.option()  # the space to leave below the row
            rows.append([])

    def pieces(self, *stops: str) -> list[Piece]:
        """Pieces up to a stop or the end."""
        found: list[Piece] = []
        gap = False
        while (item := self.peek()) and item not in stops:
            if item.isspace() or item in _SPACES:
                self.take()
                gap = True
                continue
            stray = item in SCRIPT_MARKS
            new = [] if stray else self._atom(self.take())
            scripts = self._scripts()
            if any(scripts):
                if stray and found:
                    new, gap = [found.pop()], False
                elif item == "{" or not new:
                    new = [together(new) if new else Piece(text="")]
                new[-1] = with_scripts(new[-1], *scripts)
            if new and gap:
                new[0] = replace(new[0], gap=True)
                gap = False
            found += new
        return found

    def deeper(self, read: Callable[[], Lines], *, flat: bool) -> Lines:
        """What ``read`` gives inside something; nothing is read where that is nested beyond all reason."""
        if self.depth >= DEEPEST:
            return []
        self.depth += 1
        self._flat += flat
        try:
            return read()
        finally:
            self.depth -= 1
            self._flat -= flat

    def _inside(self, end: str, *, flat: bool) -> list[Piece]:
        """Pieces up to ``end``, which is taken, or to a closing brace, which is not."""
        found = self.deeper(lambda: [[self.pieces(end, "}")]], flat=flat)
        if not found:
            return []
        self.skip(end)
        return found[0][0]

    def argument(self) -> list[Piece]:
        """The argument that comes next: a group or a single item."""
        self.skip_spaces()
        item = self.peek()
        if not item or item in ("}", "&", "\\\\"):
            return []
        self.take()
        if item == "{":
            return self._inside("}", flat=True)
        if item.isdigit():
            return [Piece(text=item)]
        found = self.deeper(lambda: [[self._atom(item)]], flat=True)
        return found[0][0] if found else []

    def option(self) -> list[Piece]:
        """What stands in square brackets, if that comes next."""
        return self._inside("]", flat=True) if self.skip_after_spaces("[") else []

    def _scripts(self) -> tuple[str, list[Piece], list[Piece]]:
        """The primes, sub- and superscripts that come next."""
        primes, below, above = "", list[Piece](), list[Piece]()
        while mark := self.skip_after_spaces("'", "_", "^", "\\limits", "\\nolimits"):
            if mark == "'":
                primes += "′"
            elif mark == "_":
                below += self.argument()
            elif mark == "^":
                above += self.argument()
        return primes, below, above

    # ── single things ──

    def _atom(self, item: str) -> list[Piece]:
        """What begins with an item that was taken."""
        if item == "{":
            return self._inside("}", flat=False)
        if item.isdigit():
            return [Piece(text=self._number(item))]
        if item == "." and self.peek() == self.peek(1) == ".":
            self.take()
            self.take()
            return [Piece(text="…")]
        if item == ":" and self.skip("="):
            return [Piece(text=":=", kind=Kind.RELATION)]
        if item[0] == "\\":
            return self._command(item)
        if item == "~":
            return [Piece(text=" ", kind=Kind.SPACE)]
        text = "−" if item == "-" else item
        return [Piece(text=text, kind=kind_of(text))]

    def _number(self, text: str) -> str:
        while self.peek().isdigit() or (self.peek() == "." and self.peek(1).isdigit()):
            text += self.take()
        return text

    def _command(self, item: str) -> list[Piece]:
        form = self._forms.get(item)
        if form is not None:
            return form(self, item)
        text = symbol(item)
        if text is not None:
            return [Piece(text=text, kind=_KINDS.get(item) or kind_of(text))] if text else []
        name = item.lstrip("\\").strip()
        arguments = []
        while self.peek() == "{":
            arguments.append(line(self.argument(), depth=1))
        called = f"{name}({', '.join(arguments)})" if arguments else name
        return [Piece(text=called, kind=Kind.WORD if len(name) > 1 else kind_of(called))] if called else []


Form = Callable[[Reader, str], list[Piece]]
"""Reads what follows a command, given its name."""


def with_scripts(piece: Piece, primes: str, below: Pieces, above: Pieces) -> Piece:
    """The piece with its primes, sub- and superscript, in small characters where those exist."""
    (small_below, plain_below), (small_above, plain_above) = _script("_", below), _script("^", above)
    if piece.kind is Kind.BIG and ((below and not small_below) or (above and not small_above)):
        return scripted(piece, primes, plain_below, plain_above)  # the two limits look alike
    return scripted(piece, primes, small_below or plain_below, small_above or plain_above)


def _script(mark: str, pieces: Pieces) -> tuple[str, str]:
    """A script in small characters, or ``""``; and as plain text after its mark: μ_B, w_(t+1)."""
    text = line(pieces, script=True)
    if not text:
        return "", ""
    one = len(pieces) == 1
    bare = not has_small(text) and ((text.isalnum() and (one or mark == "_")) or (one and _NEVER_BARE.isdisjoint(text)))
    return small(mark, text), f"{mark}{text}" if bare else f"{mark}({text})"
