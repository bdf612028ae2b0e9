"""The figures of an entry: pictures that its figure section names.  Pure.

A figure is a file beside the topics' folders, kept as SVG and as PNG; the section names the PNG, so that the file shows it
wherever Markdown is rendered: ``![what one sees](../figures/lstm.png)``.
"""

import re
from dataclasses import dataclass

FOLDER = "figures"
"""The folder of the content that holds them."""
KEPT_AS = ("png", "svg")

_FIGURE = re.compile(r"!\[(?P<alt>[^\]]*)\]\(\.\./" + FOLDER + r"/(?P<name>[a-z0-9-]+)\.png\)")
_PICTURE = re.compile(r"!\[")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A picture with what it shows in words."""

    name: str
    """Name of its files without their ending."""
    alt: str
    """What one sees, for those who do not see it."""

    @property
    def file(self) -> str:
        """Name of the file that is shown."""
        return f"{self.name}.png"


def figures(section: str) -> tuple[Figure, ...]:
    """The figures that a section shows, in their order."""
    return tuple(Figure(name=found["name"], alt=found["alt"].strip()) for found in _FIGURE.finditer(section))


def without_figures(section: str) -> str:
    """What a section says besides."""
    return _FIGURE.sub("", section).strip()


def strays(section: str) -> bool:
    """Whether a section has a picture that is no figure."""
    return _PICTURE.search(without_figures(section)) is not None
