"""Patterns of closed lists of words that a search passes over quickly.  Pure.

The words become a tree, so that a place is left after one character instead of being tried with every word; and every
alternative begins with a plain character, by which Python's ``re`` skips the places where none can begin.  Such patterns are
meant to stand alone or beside others of their kind: an alternative that begins otherwise, with an assertion or a repetition,
undoes that for all of them.
"""

import re
from collections.abc import Iterable

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
