"""Finds the lexicon's terms in a text: the longest name at each place, whatever its language or spelling.  Pure."""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise

_WORD = frozenset("abcdefghijklmnopqrstuvwxyz0123456789+#")
_PIECE = re.compile(r"[a-z0-9]+(?:\+\+|#)?|[^ \-_/.a-z0-9]")
_SHORTEST_PLURAL = 3
_HEAD = 2
"""Characters by which the names that may begin at a place are told; a name of one character has itself."""
_SIZES = ord(" ")


@dataclass(frozen=True, slots=True)
class Span:
    """A term named at a place of a normal text."""

    term: str
    start: int
    end: int


class TermFinder:
    """Finds terms by their names."""

    __slots__ = ("_heads", "_names")

    def __init__(self, names: Mapping[str, str], begun: Mapping[str, str] | None = None) -> None:
        """Take the names in tight normal form with the term's id, and what ``heads`` says of them if that is at hand."""
        self._names = names
        self._heads = heads(names) if begun is None else begun

    @property
    def names(self) -> Mapping[str, str]:
        """Name in tight normal form: id of its term."""
        return self._names

    def spans(self, normal: str) -> list[Span]:
        """The terms that a normal text names, left to right, longest first and never overlapping.

        A Latin name counts only as a whole word (a plural «s» aside): «gan» is not in «organ».
        """
        pieces = [found.span() for found in _PIECE.finditer(normal)]
        text = "".join([normal[start:end] for start, end in pieces])
        offsets = list(accumulate((end - start for start, end in pieces), initial=0))
        edges: frozenset[int] | None = None
        found: list[Span] = []
        done = 0
        for at, (start, _) in zip(offsets, pieces, strict=False):  # the last offset is the text's end
            if at < done or (text[at : at + _HEAD] not in self._heads and text[at] not in self._heads):
                continue
            if edges is None:
                edges = _edges(text, offsets)
            size = self._longest(text, at, edges)
            if size:
                end = at + size
                last = bisect_left(offsets, end) - 1
                found.append(Span(self._names[text[at:end]], start, pieces[last][0] + end - offsets[last]))
                done = end + (text[end : end + 1] == "s" and end + 1 in edges)
        return found

    def terms(self, normal: str) -> tuple[str, ...]:
        """Ids of the terms that a normal text names, each once, in order of place."""
        return tuple(dict.fromkeys(span.term for span in self.spans(normal)))

    def _longest(self, text: str, at: int, edges: frozenset[int]) -> int:
        for code in self._heads.get(text[at : at + _HEAD], "") + self._heads.get(text[at], ""):
            size = ord(code) - _SIZES
            end = at + size
            name = text[at:end]
            if len(name) < size or name not in self._names:
                continue
            if name[-1] not in _WORD or end in edges:
                return size
            if size >= _SHORTEST_PLURAL and text[end : end + 1] == "s" and end + 1 in edges:
                return size
        return 0


def heads(names: Iterable[str]) -> dict[str, str]:
    """How long the names are that begin with the same characters, longest first, each length as a character from ``_SIZES`` on.

    A string of them is read from an index several times faster than a list.
    """
    sizes: dict[str, set[int]] = {}
    for name in names:
        sizes.setdefault(name[:_HEAD], set()).add(len(name))
    return {head: "".join(chr(_SIZES + size) for size in sorted(of_head, reverse=True)) for head, of_head in sizes.items()}


def tight(normal: str) -> str:
    """A normal text without what is nothing in a name: spaces, hyphens and the like."""
    return "".join(_PIECE.findall(normal))


def _edges(text: str, offsets: Sequence[int]) -> frozenset[int]:
    """Offsets in a tight text at which a Latin word begins or ends, out of those at which its pieces begin and its end."""
    return frozenset(chain.from_iterable(edge for edge in pairwise(offsets) if text[edge[0]] in _WORD))


def named(names: Iterable[tuple[str, str]], normalise: Callable[[str], str]) -> dict[str, str]:
    """Tight normal form of each name with its term; of a name claimed twice the first term keeps it."""
    found: dict[str, str] = {}
    for name, term in names:
        form = tight(normalise(name))
        if form:
            found.setdefault(form, term)
    return found
