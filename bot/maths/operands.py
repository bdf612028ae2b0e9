"""Makes pieces of pieces: fractions, roots, scripts, with the brackets that a line of text needs.  Pure."""

import re
from dataclasses import replace

from bot.maths.boxes import Box, beside
from bot.maths.pieces import BARE_ROOT, Kind, Piece, Pieces, line, resolved

_RAISED = re.compile(
    r"(?:[\u00b2\u00b3\u00b9\u02b0-\u02b8\u02e0-\u02e4\u1d2c-\u1d6a\u1d9c-\u1dbf\u2070-\u207f\u2c7d]|\^\w+|\^\(.*\))\Z"
)
"""A text that ends in a superscript."""
_SUMS = frozenset({Kind.BINARY, Kind.RELATION, Kind.PUNCTUATION, Kind.BIG, Kind.SLASH, Kind.SPACE})


def _group_end(parts: Pieces, start: int) -> int:
    """The place after the bracket that closes the one at ``start``; ``-1`` if none does."""
    depth = 0
    for place in range(start, len(parts)):
        depth += (parts[place].kind is Kind.OPEN) - (parts[place].kind is Kind.CLOSE)
        if not depth:
            return place + 1
    return -1


def _is_factor(parts: Pieces) -> bool:
    """Whether the pieces, after a slash, are read as one: n, σ², ‖w‖², P(B), ∂x."""
    first = parts[0]
    whole = len(parts)
    if whole == 1:
        return first.kind in (Kind.ORD, Kind.WORD) and not first.loose
    if first.kind is Kind.OPEN:
        return _group_end(parts, 0) == whole
    if first.text.startswith(("∂", "∇")) or first.text == "d":
        return whole == 2 and parts[1].kind in (Kind.ORD, Kind.WORD) and not parts[1].loose  # noqa: PLR2004 — the sign and its variable
    # a letter before brackets is a function unless they hold a sum: f(x), but n(n−1)
    name = first.kind is Kind.WORD or (first.kind is Kind.ORD and first.text[:1].isalpha())
    return (
        name
        and parts[1].kind is Kind.OPEN
        and _group_end(parts, 1) == whole
        and (first.kind is Kind.WORD or all(part.kind is not Kind.BINARY for part in parts))
    )


def _is_product(parts: Pieces) -> bool:
    """Whether the pieces, before a slash, are read as one."""
    depth = 0
    for place, part in enumerate(parts):
        depth += (part.kind is Kind.OPEN) - (part.kind is Kind.CLOSE)
        if depth or part.kind is Kind.CLOSE:
            continue
        if part.kind in _SUMS or part.loose or (part.kind is Kind.SIGN and place):
            return False
        if part.kind is Kind.WORD and place + 1 < len(parts) and parts[place + 1].kind is not Kind.OPEN:
            return False
    return True


def fraction(above: Pieces, below: Pieces, vulgar: str = "") -> Piece:
    """A fraction with a slash and the brackets that it needs, or the single character ``vulgar`` for it."""
    if vulgar:
        return Piece(text=vulgar)
    above, below = resolved(above), resolved(below)
    over, under = line(above, depth=1), line(below, depth=1)
    if over and not _is_product(above):
        over = f"({over})"
    if under and not _is_factor(below):
        under = f"({under})"
    return Piece(text=f"{over}/{under}", loose=True)


def root(sign: str, inside: Pieces) -> Piece:
    """A root; what is more than one symbol stands in brackets."""
    text = line(inside, depth=1)
    simple = len(inside) == 1 and inside[0].kind is Kind.ORD and not inside[0].loose and (text.isdigit() or len(text) == 1)
    return Piece(text=f"{sign}{text}" if simple else f"{sign}({text})")


def together(pieces: Pieces) -> Piece:
    """The pieces as one, in brackets where they are several."""
    if len(pieces) == 1:
        return pieces[0]
    return Piece(text=f"({line(pieces, depth=1)})")


def scripted(piece: Piece, primes: str, below: str, above: str) -> Piece:
    """The piece with its primes and scripts, each already as text."""
    text = piece.text
    if piece.loose or (above and (_RAISED.search(text) or BARE_ROOT.match(text))):
        text = f"({text})"
    drawn = piece.box
    if drawn is not None and len(drawn.rows) > 1:
        upper, lower = beside((Box(rows=drawn.rows[:1]), Box(rows=(primes + above,)))), Box(rows=(drawn.rows[-1] + below,))
        drawn = Box(rows=(*upper.rows, *drawn.rows[1:-1], *lower.rows), base=drawn.base)
    return replace(piece, text=text + primes + below + above, loose=False, box=drawn)
