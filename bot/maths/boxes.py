"""Puts lines of text beside and below each other: rows of tables, brackets over several rows.  Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.cells import cells

_TALL = {
    "(": ("⎛", "⎜", "⎜", "⎝"),
    ")": ("⎞", "⎟", "⎟", "⎠"),
    "[": ("⎡", "⎢", "⎢", "⎣"),
    "]": ("⎤", "⎥", "⎥", "⎦"),
    "{": ("⎧", "⎪", "⎨", "⎩"),
    "}": ("⎫", "⎪", "⎬", "⎭"),
}
"""Top, middle, centre and bottom of a bracket over several rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """Lines of text that stand beside other pieces."""

    rows: tuple[str, ...]
    base: int = 0
    """The row on which its neighbours stand."""

    @property
    def width(self) -> int:
        """Cells of its widest row."""
        return max(map(cells, self.rows), default=0)


def beside(boxes: Iterable[Box]) -> Box:
    """The boxes from left to right, their bases on one row."""
    parts = [part for part in boxes if part.rows]
    top = max((part.base for part in parts), default=0)
    bottom = max((len(part.rows) - part.base for part in parts), default=1)
    rows = [""] * (top + bottom)
    for part in parts:
        width, first = part.width, top - part.base
        for number in range(len(rows)):
            here = part.rows[number - first] if 0 <= number - first < len(part.rows) else ""
            rows[number] += here + " " * (width - cells(here))
    return Box(rows=tuple(rows), base=top)


def table(lines: Sequence[Sequence[Box]], *, gaps: Sequence[str], right: Sequence[bool]) -> Box:
    """Boxes in columns.

    Args:
        lines: Its rows of cells.
        gaps: What stands before each column; the last one also before all further columns.
        right: Whether a column is flush right; likewise.
    """
    widths = [0] * max(map(len, lines), default=0)
    for cells_ in lines:
        widths[: len(cells_)] = [max(width, cell.width) for width, cell in zip(widths, cells_, strict=False)]
    rows: list[str] = []
    for cells_ in lines:
        parts = []
        for column, cell in enumerate(cells_):
            pad = Box(rows=(" " * (widths[column] - cell.width),))
            gap = Box(rows=(gaps[min(column, len(gaps) - 1)],))
            parts += [gap, pad, cell] if right[min(column, len(right) - 1)] else [gap, cell, pad]
        rows += beside(parts).rows
    return Box(rows=tuple(rows), base=max(0, len(rows) - 1) // 2)


def fenced(inside: Box, left: str, right: str) -> Box:
    """A box between brackets of its height."""
    height = len(inside.rows)

    def side(bracket: str) -> Box:
        if not bracket or height == 1:
            return Box(rows=(bracket,) * height, base=inside.base)
        top, middle, centre, bottom = _TALL.get(bracket, (bracket,) * 4)
        rows = [top, *([middle] * (height - 2)), bottom]
        if height > 2:  # noqa: PLR2004 — a centre lies between top and bottom
            rows[height // 2] = centre
        return Box(rows=tuple(rows), base=inside.base)

    air = " " if height > 1 else ""
    parts = [side(left), Box(rows=(air if left else "",)), inside, Box(rows=(air if right else "",)), side(right)]
    return beside(parts)
