"""Sets a formula's pieces on a line: the spaces between them, and brackets where two would be read as one.  Pure.

Knows no LaTeX.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.maths.boxes import Box, beside


class Kind(Enum):
    """What a piece is to its neighbours."""

    ORD = auto()
    WORD = auto()
    """A name of several letters: log, max, tr."""
    BIG = auto()
    """∑, ∏, ∫."""
    BINARY = auto()
    SIGN = auto()
    """A minus or plus before a single operand."""
    RELATION = auto()
    SLASH = auto()
    OPEN = auto()
    CLOSE = auto()
    BAR = auto()
    """A stroke of which only its place tells whether it opens or closes; ``resolved`` decides."""
    PUNCTUATION = auto()
    SPACE = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """The least thing that spaces stand around."""

    text: str
    kind: Kind = Kind.ORD
    gap: bool = False
    """Whether the author left a space before it."""
    loose: bool = False
    """Whether it falls apart beside a factor: a fraction written with a slash."""
    box: Box | None = None
    """What to show instead of the text where there is room for several rows."""


Pieces = Sequence[Piece]

_BINARY = frozenset("+−±∓×÷*∗·⋅∘∙⊙⊗⊕⊖⊘∩∪∧∨∖⊎⋆⊓⊔⊞⊟⊠⊡")
_BIG = frozenset("∑∏∐∫∬∭∮⋃⋂⋁⋀⨁⨂⨀⊎⨌")
_OPENING = frozenset("([{⌊⌈⟨")
_CLOSING = frozenset(")]}⌋⌉⟩")
_RELATIONS = re.compile(
    r"[=<>∣∥∝≔≕\u2190-\u21ff\u27f5-\u27ff\u2208-\u220d\u223c-\u223f\u2241-\u228b\u228f-\u2292\u22a2\u22a3\u22a5\u22a7-\u22af"
    r"\u22d0-\u22eb]|:="
)
_PLAIN_SCRIPT = re.compile(r"[^_^][_^]")
BARE_ROOT = re.compile(r"[√∛∜][^(]*\Z")
_FACTOR_ENDS = frozenset({Kind.ORD, Kind.CLOSE})
_FACTOR_STARTS = frozenset({Kind.ORD, Kind.OPEN, Kind.WORD, Kind.BIG})
_OPERANDS = frozenset({Kind.ORD, Kind.WORD, Kind.CLOSE, Kind.BAR})
"""What a minus is an operator after; after anything else it is a sign."""


def kind_of(text: str) -> Kind:
    """What a symbol is to its neighbours."""
    kind = Kind.ORD
    if text in _BIG:
        kind = Kind.BIG
    elif text in _BINARY:
        kind = Kind.BINARY
    elif text in _OPENING:
        kind = Kind.OPEN
    elif text in _CLOSING:
        kind = Kind.CLOSE
    elif text in ("|", "‖"):
        kind = Kind.BAR
    elif text == "/":
        kind = Kind.SLASH
    elif text in (",", ";", ":"):
        kind = Kind.PUNCTUATION
    elif _RELATIONS.fullmatch(text):
        kind = Kind.RELATION
    elif len(text) > 1 and text[0].isalpha() and not any(map(unicodedata.combining, text)):
        kind = Kind.WORD
    return kind


def resolved(pieces: Pieces) -> list[Piece]:
    """The pieces with strokes told into opening and closing ones, and minus into operator and sign."""
    found: list[Piece] = []
    bars: list[list[int]] = [[]]
    """Places of the strokes that are open, for each bracket that is."""
    for place, piece in enumerate(pieces):
        kind = piece.kind
        if kind is Kind.OPEN:
            bars.append([])
        elif kind is Kind.CLOSE and len(bars) > 1:
            _unpaired(found, bars.pop())
        elif kind is Kind.BAR:
            spaced = piece.gap and place + 1 < len(pieces) and pieces[place + 1].gap
            closes = next((n for n in reversed(bars[-1]) if found[n].text[0] == piece.text[0]), None)
            if closes is not None:
                del bars[-1][bars[-1].index(closes) :]
                kind = Kind.CLOSE
            elif spaced and found and found[-1].kind in _FACTOR_ENDS:
                kind = Kind.RELATION
            else:
                bars[-1].append(len(found))
                kind = Kind.OPEN
        elif kind is Kind.BINARY and piece.text in ("+", "−", "±", "∓") and not _is_operand(found):
            kind = Kind.SIGN
        found.append(piece if kind is piece.kind else replace(piece, kind=kind))
    for open_ones in bars:
        _unpaired(found, open_ones)
    return found


def _is_operand(found: Pieces) -> bool:
    """Whether the pieces end in something that a minus can take from."""
    solid = [piece.kind for piece in found[-3:] if piece.kind is not Kind.SPACE]
    if not solid or (found[-1].kind is Kind.SPACE and solid[-1] is Kind.WORD):  # «if −1 < x»
        return False
    return solid[-1] in _OPERANDS


def _unpaired(found: list[Piece], bars: Iterable[int]) -> None:
    for place in bars:
        found[place] = replace(found[place], kind=Kind.ORD)


def line(pieces: Pieces, *, depth: int = 0, script: bool = False) -> str:
    """The pieces as one line of text.

    Args:
        pieces: What to set.
        depth: How many brackets stand around them; inside brackets operators are as tight as the author wrote them.
        script: Whether they are a script, which has no spaces but between words.
    """
    return "".join(space + text for space, text, _ in _set(pieces, depth, script=script)).strip()


def box(pieces: Pieces) -> Box:
    """The pieces side by side, each with all of its rows."""
    boxes = [
        part
        for space, text, piece in _set(pieces, 0, script=False)
        for part in (Box(rows=(space,)), piece.box or Box(rows=(text,)))
    ]
    return beside(boxes)


def _set(pieces: Pieces, depth: int, *, script: bool) -> Iterable[tuple[str, str, Piece]]:
    """Each piece with the space before it and its text."""
    parts = resolved(pieces)
    before: Piece | None = None
    wide_before = False
    for place, piece in enumerate(parts):
        after = parts[place + 1] if place + 1 < len(parts) else None
        depth -= piece.kind is Kind.CLOSE
        wide = piece.kind is Kind.BINARY and not script and (depth <= 0 or piece.gap or (after is not None and after.gap))
        text = piece.text
        if piece.loose and (
            (after is not None and (after.kind in _FACTOR_STARTS or after.kind is Kind.SLASH))
            or (before is not None and (before.kind in _FACTOR_ENDS or before.kind in (Kind.WORD, Kind.SLASH)))
        ):
            text = f"({text})"
        space = ""
        if before is not None and before.text and Kind.SPACE not in (before.kind, piece.kind):
            space = " " if wide or wide_before else _space(before, replace(piece, text=text), depth, script=script)
        yield space, text, piece
        depth += piece.kind is Kind.OPEN
        before, wide_before = replace(piece, text=text), wide


def _space(a: Piece, b: Piece, depth: int, *, script: bool) -> str:
    """What stands between two neighbours that no spaced operator parts."""
    if a.kind in (Kind.OPEN, Kind.SIGN) or b.kind is Kind.CLOSE:
        return ""
    if Kind.RELATION in (a.kind, b.kind):
        return "" if script or a.kind is b.kind else " "
    if Kind.SLASH in (a.kind, b.kind) or Kind.BINARY in (a.kind, b.kind) or b.kind is Kind.PUNCTUATION:
        return ""
    if a.kind is Kind.PUNCTUATION:
        return " " if not script and (b.gap or (depth <= 0 and a.text != ":")) else ""
    if Kind.BIG in (a.kind, b.kind):
        return " "
    return " " if _parted(a, b, script=script) else ""


def _parted(a: Piece, b: Piece, *, script: bool) -> bool:
    """Whether two factors would run into each other."""
    if b.kind is Kind.WORD:
        return a.text[-1:] not in ("∂", "∇")
    if a.kind is Kind.WORD:
        # log(x) needs no space, log |x| does
        return b.text[:1] not in ("(", "[", "{")
    if a.text[-1:].isdigit() and b.text[:1].isdigit():
        return True
    if script:
        return _PLAIN_SCRIPT.search(a.text) is not None and b.text[:1].isalnum()
    if b.kind is Kind.OPEN or b.text[:1] == "(":
        return BARE_ROOT.match(a.text) is not None
    return a.loose or _PLAIN_SCRIPT.search(a.text) is not None or BARE_ROOT.match(a.text) is not None
