"""How many cells of a terminal a text fills, and where it may be broken.  Pure."""

import unicodedata
from functools import lru_cache

_NOT_FIRST = frozenset("，。、；：？！）」』】》〉”’…—·,.;:?!)]}%")
"""What never begins a line."""
_NOT_LAST = frozenset("（「『【《〈“‘([{")
"""What never ends one."""


@lru_cache(maxsize=4096)
def _cell(character: str) -> int:
    category = unicodedata.category(character)
    if category in ("Mn", "Me", "Cf", "Cc"):
        return 0
    if category == "Cn":  # younger than Python's tables, which are wrong about its width
        return 2 if "\U0001f300" <= character <= "\U0003fffd" else 1
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def cells(text: str) -> int:
    """The number of cells that ``text`` fills: wide characters two, combining ones none.

    >>> cells("x̂ᵢ 批归一化")
    11
    """
    return len(text) if text.isascii() and text.isprintable() else sum(map(_cell, text))


def _breaks(before: str, after: str) -> bool:
    """Whether a line may end between two characters."""
    if before == " ":
        return after != " "
    if after == " " or after in _NOT_FIRST or before in _NOT_LAST or not _cell(after):
        return False
    return _cell(before) == 2 or _cell(after) == 2  # noqa: PLR2004 — cells of a wide character


def line_starts(text: str, width: int) -> list[int]:
    """Where to begin new lines so that each fills at most ``width`` cells (at least 2), trailing spaces aside.

    Chinese breaks between characters but never before closing punctuation or after opening; anything else breaks at
    spaces, and inside a word only where the word is longer than a line.  A line feed always begins a line.

    >>> line_starts("用 mini-batch 的均值。", 14)
    [13]
    """
    width = max(width, 2)  # room for any one character
    starts: list[int] = []
    begin = candidate = used = 0
    for place, character in enumerate(text):
        if place and text[place - 1] == "\n":
            starts.append(place)
            begin = candidate = place
            used = 0
        elif place > begin and _breaks(text[place - 1], character):
            candidate = place
        size = _cell(character)
        if used + size > width and character != " " and place > begin:
            if candidate > begin:
                starts.append(candidate)
                begin, used = candidate, cells(text[candidate:place])
            if used + size > width and place > begin:
                starts.append(place)
                begin, used = place, 0
            candidate = begin
        used += size
    return starts
