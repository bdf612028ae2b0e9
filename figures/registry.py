"""Which figures there are: each by the name of its files, with the function that draws it.

A module of a field registers its figures when it is imported; ``load`` imports every module of the package, so that a new
field is found without being listed anywhere.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable

from matplotlib.figure import Figure

Draw = Callable[[], Figure]

_DRAWN_BY: dict[str, Draw] = {}
_NAME = re.compile(r"[a-z0-9-]+")


def figure(name: str) -> Callable[[Draw], Draw]:
    """Register a function as the one that draws a figure.

    Args:
        name: Name of its files without their ending, as entries show it; kebab-case.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a figure: use small letters, digits and hyphens")

    def register(draw: Draw) -> Draw:
        if name in _DRAWN_BY:
            raise ValueError(f"the figure {name} is drawn twice: rename one")
        _DRAWN_BY[name] = draw
        return draw

    return register


def load() -> dict[str, Draw]:
    """Every figure of every module, by name and in the order of names."""
    package = importlib.import_module("figures")
    for module in pkgutil.iter_modules(package.__path__):
        if not module.name.startswith("_"):
            importlib.import_module(f"figures.{module.name}")
    return dict(sorted(_DRAWN_BY.items()))
