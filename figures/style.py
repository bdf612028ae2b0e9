"""One look for every figure: size, letters, colours, and how the files are written.

People read the figures on phones, so a figure is six inches wide and no letter is smaller than 11 points; the colours are
those of Okabe and Ito, which colour-blind people can tell apart.  Nothing here or in a drawing reads a clock or an unseeded
source of randomness: the same script draws the same file.

Lines of text that hold ``$…$`` are set by mathtext, which has no Chinese letters: in a line with Chinese write symbols as
Unicode (λ, σ², √d), and give formulas a line of their own.
"""

import importlib.util
import re
from io import BytesIO, StringIO
from pathlib import Path
from typing import Final

import matplotlib as mpl
from cycler import cycler
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from mpl_toolkits.mplot3d.axes3d import Axes3D  # type: ignore[import-untyped]  # matplotlib has no stubs of it
from PIL import Image

WIDTH: Final = 6.0
"""Width of every figure in inches."""
DPI: Final = 150
PALETTE: Final = 255
"""Colours of a PNG."""

BASE: Final = 13
"""Points of ordinary text."""
SMALL: Final = 11
"""Points of the smallest text that is allowed."""

BLACK: Final = "#000000"
ORANGE: Final = "#E69F00"
SKY: Final = "#56B4E9"
GREEN: Final = "#009E73"
YELLOW: Final = "#F0E442"
BLUE: Final = "#0072B2"
RED: Final = "#D55E00"
PINK: Final = "#CC79A7"
GREY: Final = "#6E6E6E"
PALE: Final = "#D9D9D9"
WHITE: Final = "#FFFFFF"

CYCLE: Final = (BLUE, RED, GREEN, ORANGE, PINK, SKY, BLACK)
"""Colours in the order in which lines take them: neighbours differ in lightness too."""
DASHES: Final = ("-", "--", "-.", ":")

_CHINESE_FONT: Final = "fonts/NotoSansCJKsc-Regular.otf"


def _chinese_font() -> Path:
    """The file with the Chinese letters; found without importing its package, which would set matplotlib up its own way."""
    spec = importlib.util.find_spec("mplfonts")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("the figures need Chinese letters — pip install --no-deps mplfonts")
    return Path(spec.submodule_search_locations[0]) / _CHINESE_FONT


def _set_up() -> None:
    """Make the look that of every figure drawn in this process."""
    path = _chinese_font()
    font_manager.fontManager.addfont(path)
    chinese = font_manager.FontProperties(fname=path).get_name()
    mpl.rcdefaults()
    mpl.use("agg")
    mpl.rcParams.update(
        {
            "figure.facecolor": WHITE,
            "figure.dpi": DPI,
            "figure.constrained_layout.use": True,
            "figure.constrained_layout.h_pad": 0.08,
            "figure.constrained_layout.w_pad": 0.08,
            "savefig.dpi": DPI,
            "font.family": ["DejaVu Sans", chinese],
            "font.size": BASE,
            "mathtext.fontset": "dejavusans",
            "axes.titlesize": BASE,
            "axes.labelsize": BASE,
            "axes.linewidth": 0.8,
            "axes.edgecolor": GREY,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "axes.prop_cycle": cycler(color=CYCLE),
            "grid.color": PALE,
            "grid.linewidth": 0.6,
            "xtick.labelsize": SMALL,
            "ytick.labelsize": SMALL,
            "xtick.color": GREY,
            "ytick.color": GREY,
            "xtick.labelcolor": BLACK,
            "ytick.labelcolor": BLACK,
            "xtick.major.width": 0.8,
            "ytick.major.width": 0.8,
            "lines.linewidth": 2.0,
            "lines.solid_capstyle": "round",
            "legend.fontsize": SMALL,
            "legend.frameon": False,
            "legend.handlelength": 1.6,
            "legend.borderaxespad": 0.3,
            "svg.fonttype": "path",
            "svg.hashsalt": "zhuiwen",
        }
    )


_set_up()


def canvas(height: float) -> tuple[Figure, Axes]:
    """A figure with one pair of axes, ``height`` inches high."""
    fig = Figure(figsize=(WIDTH, height))
    return fig, fig.add_subplot()


def panels(
    height: float,
    columns: int,
    rows: int = 1,
    *,
    widths: tuple[float, ...] | None = None,
    heights: tuple[float, ...] | None = None,
) -> tuple[Figure, list[Axes]]:
    """A figure with several pairs of axes, row by row; ``widths`` and ``heights`` are their shares."""
    fig = Figure(figsize=(WIDTH, height))
    grid = fig.add_gridspec(rows, columns, width_ratios=widths, height_ratios=heights)
    return fig, [fig.add_subplot(grid[row, column]) for row in range(rows) for column in range(columns)]


def sheet(height: float) -> tuple[Figure, Axes]:
    """A figure for a diagram: blank, its units are inches, (0, 0) is the lower left corner."""
    fig = Figure(figsize=(WIDTH, height))
    fig.set_layout_engine("none")
    ax = fig.add_axes((0, 0, 1, 1))
    ax.set(xlim=(0, WIDTH), ylim=(0, height), aspect="equal")
    ax.set_axis_off()
    return fig, ax


def solid(height: float, columns: int) -> tuple[Figure, list[Axes3D]]:
    """Axes for surfaces side by side, not yet in their figure (``fig.add_axes``); there is room for a line above and below."""
    fig = Figure(figsize=(WIDTH, height))
    fig.set_layout_engine("none")
    wide = 1 / columns
    return fig, [Axes3D(fig, (place * wide - 0.005, 0.13, wide + 0.01, 0.68)) for place in range(columns)]


def through_origin(ax: Axes) -> None:
    """Draw thin lines at x = 0 and y = 0, for curves whose sign matters."""
    ax.axhline(0, color=PALE, linewidth=0.8, zorder=0)
    ax.axvline(0, color=PALE, linewidth=0.8, zorder=0)


def no_ticks(*axes: Axes) -> None:
    """Take the ticks away where only the shape counts."""
    for ax in axes:
        ax.set(xticks=[], yticks=[])


def tint(color: str, share: float = 0.25) -> str:
    """A colour mixed with white: ``share`` of the colour; for areas that letters stand on."""
    red, green, blue = (round(255 * (1 - share * (1 - part))) for part in to_rgb(color))
    return f"#{red:02X}{green:02X}{blue:02X}"


_PATH = re.compile(r'(?<= d=")[^"]*')
_LONG = re.compile(r"-?\d+\.\d{3,}")


def _short(number: re.Match[str]) -> str:
    """A number to a hundredth of a point: what finer digits would say cannot be seen, and they differ between processors."""
    return f"{float(number[0]):.2f}".rstrip("0").rstrip(".")


def write(fig: Figure, svg: Path, png: Path) -> None:
    """Write a figure as SVG and as PNG, without date or version of the program."""
    FigureCanvasAgg(fig)
    full = BytesIO()
    fig.savefig(full, format="png", dpi=DPI)
    with Image.open(full) as picture:
        # a palette: a third of the bytes, and no eye sees the difference in drawings
        picture.convert("RGB").quantize(PALETTE, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(png, optimize=True)
    drawn = StringIO()
    fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
    text = _PATH.sub(lambda path: _LONG.sub(_short, path[0]), drawn.getvalue())
    svg.write_text("\n".join(line.rstrip() for line in text.splitlines()) + "\n", encoding="utf-8")
