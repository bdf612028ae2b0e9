"""Parts of diagrams: boxes, nodes, arrows, grids of cells, blocks.

Made for ``style.sheet``, whose units are inches; they work on any axes.  A shape's place is its centre, except for grids,
whose rows run down from an upper left corner.
"""

from collections.abc import Callable, Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch, Polygon, Rectangle

from figures.style import BASE, BLACK, BLUE, GREY, SMALL, WHITE, tint

Point = tuple[float, float]


def label(
    ax: Axes,
    at: Point,
    text: str,
    *,
    size: float = BASE,
    color: str = BLACK,
    ha: str = "center",
    va: str = "center",
) -> None:
    """Text at a place; ``ha`` and ``va`` as matplotlib has them."""
    ax.text(*at, text, fontsize=size, color=color, ha=ha, va=va, linespacing=1.25)


def box(
    ax: Axes,
    at: Point,
    size: Point,
    text: str = "",
    *,
    color: str = BLUE,
    letters: float = BASE,
    dashed: bool = False,
) -> None:
    """A rounded box with text in it; ``size`` is width and height, the inside is a tint of ``color``."""
    (x, y), (width, height) = at, size
    rounding = min(0.08, width / 4, height / 4)
    ax.add_patch(
        FancyBboxPatch(
            (x - width / 2, y - height / 2),
            width,
            height,
            boxstyle=f"round,pad=0,rounding_size={rounding}",
            facecolor=tint(color),
            edgecolor=color,
            linewidth=1.2,
            linestyle="--" if dashed else "-",
        )
    )
    if text:
        label(ax, at, text, size=letters)


def node(ax: Axes, at: Point, radius: float, text: str = "", *, color: str = BLUE, letters: float = BASE) -> None:
    """A circle with text in it."""
    ax.add_patch(Circle(at, radius, facecolor=tint(color), edgecolor=color, linewidth=1.2, zorder=3))
    if text:
        ax.text(*at, text, fontsize=letters, ha="center", va="center", zorder=4)


def arrow(
    ax: Axes,
    start: Point,
    end: Point,
    *,
    color: str = GREY,
    bend: float = 0.0,
    head: str = "-|>",
    dashed: bool = False,
    width: float = 1.4,
) -> None:
    """An arrow from one place to another; ``bend`` curves it (positive to its right), ``head`` "-" leaves a plain line."""
    ax.add_patch(
        FancyArrowPatch(
            start,
            end,
            arrowstyle=head,
            mutation_scale=12,
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=0,
            shrinkB=0,
            color=color,
            linewidth=width,
            linestyle=(0, (4, 2.5)) if dashed else "-",
            zorder=2,
        )
    )


def route(ax: Axes, points: Sequence[Point], *, color: str = GREY, width: float = 1.4, dashed: bool = False) -> None:
    """An arrow round corners: straight from point to point, its head at the last."""
    *rest, end = points
    xs, ys = zip(*rest, strict=True)
    ax.plot(xs, ys, color=color, linewidth=width, linestyle="--" if dashed else "-", solid_capstyle="butt", zorder=2)
    arrow(ax, rest[-1], end, color=color, width=width, dashed=dashed)


def cells(
    ax: Axes,
    corner: Point,
    values: Sequence[Sequence[object]],
    *,
    size: float = 0.4,
    fill: Callable[[int, int], str] | str = WHITE,
    letters: float = SMALL,
    edge: str = GREY,
    height: float | None = None,
) -> None:
    """A grid of cells with something written in each.

    Args:
        ax: Where to draw.
        corner: The upper left corner.
        values: What stands in each cell, row by row from the top; ``""`` leaves one blank.
        size: Width of a cell, and its height unless that is given.
        fill: The colour of all cells, or a function of row and column.
        letters: Points of the text.
        edge: Colour of the lines between the cells.
        height: Height of a cell.
    """
    tall = size if height is None else height
    for row, line in enumerate(values):
        for column, value in enumerate(line):
            x, y = corner[0] + column * size, corner[1] - (row + 1) * tall
            face = fill if isinstance(fill, str) else fill(row, column)
            ax.add_patch(Rectangle((x, y), size, tall, facecolor=face, edgecolor=edge, linewidth=0.8))
            if value != "":
                label(ax, (x + size / 2, y + tall / 2), str(value), size=letters)


def frame(ax: Axes, corner: Point, size: Point, *, color: str = BLACK, width: float = 2.2, dashed: bool = False) -> None:
    """An empty rectangle that points something out; ``corner`` is the upper left one."""
    (x, y), (wide, tall) = corner, size
    ax.add_patch(
        Rectangle(
            (x, y - tall), wide, tall, fill=False, edgecolor=color, linewidth=width, linestyle="--" if dashed else "-", zorder=5
        )
    )


def block(ax: Axes, corner: Point, size: Point, depth: float, *, color: str = BLUE) -> None:
    """A cuboid seen from its front: feature maps.

    Args:
        ax: Where to draw.
        corner: Lower left corner of the front face.
        size: Width and height of the front face.
        depth: How far it reaches back, drawn up and to the right.
        color: Of its edges; its faces are tints of it.
    """
    (x, y), (wide, tall) = corner, size
    back = depth * 0.5
    top = [(x, y + tall), (x + wide, y + tall), (x + wide + back, y + tall + back), (x + back, y + tall + back)]
    side = [(x + wide, y), (x + wide + back, y + back), (x + wide + back, y + tall + back), (x + wide, y + tall)]
    ax.add_patch(Polygon(top, facecolor=tint(color, 0.2), edgecolor=color, linewidth=1.0))
    ax.add_patch(Polygon(side, facecolor=tint(color, 0.5), edgecolor=color, linewidth=1.0))
    ax.add_patch(Rectangle((x, y), wide, tall, facecolor=tint(color, 0.32), edgecolor=color, linewidth=1.0))


def span(ax: Axes, start: Point, end: Point, text: str = "", *, offset: Point = (0.0, 0.2), color: str = GREY) -> None:
    """A line with a head at each end that measures something, and what it measures, ``offset`` from its middle."""
    arrow(ax, start, end, color=color, head="<|-|>", width=1.1)
    if text:
        middle = ((start[0] + end[0]) / 2 + offset[0], (start[1] + end[1]) / 2 + offset[1])
        label(ax, middle, text, size=SMALL, color=color)
