"""Patterns of closed lists of words that a search passes over quickly.  Pure.

The words become a tree, so that a place is left after one character instead of being tried with every word; and every
alternative begins with a plain character, by which Python's ``re`` skips the places where none can begin.  Such patterns are
meant to stand alone or beside others of their kind: an alternative that begins otherwise, with an assertion or a repetition,
undoes that for all of them.
"""

import re
from collections.abc import Iterable


class LazyPattern:
    """A pattern that is made when a text first has something that all its matches have.

    Making all the patterns of this program takes several times as long as answering, and few texts need many of them.
    """

    __slots__ = ("_made", "flags", "needs", "pattern")

    def __init__(self, pattern: str, needs: Iterable[str], flags: re.RegexFlag = re.NOFLAG) -> None:
        """Take the pattern, and strings of which each match has at least one."""
        self.pattern = pattern
        self.needs = tuple(needs)
        self.flags = flags
        self._made: re.Pattern[str] | None = None

    def _for(self, text: str) -> re.Pattern[str] | None:
        """The pattern, unless nothing in the text can match it and it is not made yet."""
        if self._made is None and any(map(text.__contains__, self.needs)):
            self._made = re.compile(self.pattern, self.flags)
        return self._made

    def search(self, text: str) -> re.Match[str] | None:
        """As of ``re.Pattern``."""
        made = self._for(text)
        return None if made is None else made.search(text)

    def fullmatch(self, text: str) -> re.Match[str] | None:
        """As of ``re.Pattern``."""
        made = self._for(text)
        return None if made is None else made.fullmatch(text)

    def sub(self, replacement: str, text: str, count: int = 0) -> str:
        """As of ``re.Pattern``."""
        made = self._for(text)
        return text if made is None else made.sub(replacement, text, count)


_Tree = dict[str, "_Tree"]
_END = ""
"""The key that says that a word ends here."""


def any_of(words: Iterable[str]) -> str:
    """A pattern of these words, wherever they stand; of several that fit the longest."""
    return "|".join(re.escape(first) + _pattern(rest) for first, rest in _tree(words).items())


def whole_words(words: Iterable[str]) -> str:
    """The same of Latin words that stand alone: no letter or digit before or behind."""
    return "|".join(
        f"{re.escape(first)}(?<![a-z0-9]{re.escape(first)}){_pattern(rest)}(?![a-z0-9])" for first, rest in _tree(words).items()
    )


def _tree(words: Iterable[str]) -> _Tree:
    """The words by their first characters, and so on.

    Raises:
        ValueError: A word is empty: it would be everywhere.
    """
    tree: _Tree = {}
    for word in words:
        if not word:
            raise ValueError("an empty word is everywhere")
        at = tree
        for character in word:
            at = at.setdefault(character, {})
        at[_END] = {}
    return tree


def _pattern(tree: _Tree) -> str:
    """What may follow, longest first."""
    longer = [re.escape(first) + _pattern(rest) for first, rest in tree.items() if first != _END]
    if not longer:
        return ""
    if len(longer) == 1 and _END not in tree:
        return longer[0]
    return f"(?:{'|'.join(longer)})" + ("?" if _END in tree else "")
