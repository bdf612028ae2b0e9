"""Shows environments, matrices and cases and aligned equations, on one line or with a line for each row.  Pure."""

from collections.abc import Sequence

from bot.maths.boxes import Box, fenced, table
from bot.maths.pieces import Piece, Pieces, box, line

Lines = Sequence[Sequence[Pieces]]
"""Rows of cells."""

_BRACKETS = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
_CASES = frozenset(("cases", "dcases"))


def joined(lines: Lines) -> list[Piece]:
    """All pieces, cell after cell."""
    return [piece for cells in lines for cell in cells for piece in cell]


def flat(name: str, lines: Lines) -> str:
    """An environment on one line."""
    if name in _BRACKETS:
        left, right = _BRACKETS[name]
        rows = [", ".join(line(cell) for cell in cells) for cells in lines]
        if left == right:
            return f"{left}{'; '.join(rows)}{right}"
        return left + ", ".join(f"{left}{row}{right}" for row in rows) + right
    if name in _CASES:
        return "{" + "; ".join(" ".join(_case(cells)) for cells in lines) + "}"
    return "; ".join(line(joined([cells])) for cells in lines)


def _case(cells: Sequence[Pieces]) -> list[str]:
    """Value and condition of a case; the comma between them is ours, not the author's."""
    *values, last = [line(cell) for cell in cells if cell]
    return [*(value.removesuffix(",").rstrip() + "," for value in values), last]


def drawn(name: str, lines: Lines) -> Box:
    """An environment with a line for each row."""
    if name in _BRACKETS:
        return fenced(
            table([[box(cell) for cell in cells] for cells in lines], gaps=("", "  "), right=(False,)), *_BRACKETS[name]
        )
    if name in _CASES:
        boxes = [[Box(rows=(text,)) for text in _case(cells)] for cells in lines]
        return fenced(table(boxes, gaps=("", "  "), right=(False,)), "{", "")
    # equations: their relation signs stand below each other
    return table([[box(cell) for cell in cells] for cells in lines], gaps=("", " "), right=(True, False))
