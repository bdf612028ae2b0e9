r"""Draws formulas.  The only importer of matplotlib in the program, an extra of its own; does no IO.

Importing it takes half a second; import it where a formula is to be drawn, and not in a loop that serves.
"""

import io
import re
from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import PathPatch
from matplotlib.text import TextPath
from matplotlib.transforms import Affine2D

_SIZE = 12.0
"""Points of a letter."""
_GAP = 12.0
"""Points between two formulas, and around them."""
_DOTS = 250.0
"""Dots an inch."""
_POINTS = 72.0
"""Points an inch."""
_NARROWEST = 1 / 8
"""Least height of a picture in terms of its width: a client cuts or refuses what is flatter."""
_FONT = FontProperties(family=["STIXGeneral", "DejaVu Serif"], math_fontfamily="stix")
_OTHER_NAMES = {
    r"\lVert": r"\Vert",
    r"\rVert": r"\Vert",
    r"\lvert": r"\vert",
    r"\rvert": r"\vert",
    r"\ge": r"\geq",
    r"\le": r"\leq",
    r"\ne": r"\neq",
    r"\land": r"\wedge",
    r"\lor": r"\vee",
    r"\gets": r"\leftarrow",
    r"\tfrac": r"\frac",
    r"\dots": r"\ldots",
}
"""Commands that matplotlib knows by another name."""
_COMMAND = re.compile(r"\\[A-Za-z]+")
_WIDE_LETTER = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")


class UndrawableError(ValueError):
    """No formula of several can be drawn."""


def picture(formulas: Sequence[str]) -> bytes:
    """The formulas, one below the other, as a PNG: black on white.  Those that cannot be drawn are left out.

    Args:
        formulas: LaTeX without the dollars.

    Raises:
        UndrawableError: None can be drawn: they have environments, unknown commands, or letters that the fonts lack.
    """
    paths: list[TextPath] = []
    faults: list[str] = []
    for latex in formulas:
        try:
            paths.append(_path(latex))
        except UndrawableError as fault:
            faults.append(str(fault))
    if not paths:
        raise UndrawableError("; ".join(faults))
    boxes = [path.get_extents() for path in paths]
    width = max(box.width for box in boxes) + 2 * _GAP
    drawn = sum(box.height for box in boxes) + (len(boxes) + 1) * _GAP
    height = max(drawn, width * _NARROWEST)
    figure = Figure(figsize=(width / _POINTS, height / _POINTS), dpi=_DOTS, facecolor="white")
    top = height - (height - drawn) / 2 - _GAP
    for path, box in zip(paths, boxes, strict=True):
        moved = Affine2D().translate(_GAP - box.x0, top - box.y1).scale(_DOTS / _POINTS)
        figure.add_artist(PathPatch(path, transform=moved, facecolor="black", linewidth=0))
        top -= box.height + _GAP
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=_DOTS)
    return file.getvalue()


def _path(latex: str) -> TextPath:
    if _WIDE_LETTER.search(latex):
        raise UndrawableError(f"no font has all letters of {latex}")
    known = _COMMAND.sub(lambda found: _OTHER_NAMES.get(found[0], found[0]), " ".join(latex.split()))
    try:
        return TextPath((0, 0), f"${known}$", size=_SIZE, prop=_FONT)
    except ValueError as fault:
        raise UndrawableError(f"{latex}: {str(fault).strip().splitlines()[-1]}") from fault
