"""Finds the lexicon's terms in a text: the longest name at each place, whatever its language or spelling.  Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

_WORD = re.compile(r"[a-z0-9+#]")
_PIECE = re.compile(r"[a-z0-9]+(?:\+\+|#)?|[^ \-_/.a-z0-9]")
_SHORTEST_PLURAL = 3
_HEAD = 2
"""Characters by which the names that may begin at a place are told; a name of one character has itself."""


@dataclass(frozen=True, slots=True)
class Span:
    """A term named at a place of a normal text."""

    term: str
    start: int
    end: int


class TermFinder:
    """Finds terms by their names."""

    __slots__ = ("_names", "_sizes")

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the names in tight normal form with the term's id."""
        self._names = names
        sizes: dict[str, set[int]] = {}
        for name in names:
            sizes.setdefault(name[:_HEAD], set()).add(len(name))
        self._sizes = {head: tuple(sorted(of_head, reverse=True)) for head, of_head in sizes.items()}

    @property
    def names(self) -> Mapping[str, str]:
        """Name in tight normal form: id of its term."""
        return self._names

    def spans(self, normal: str) -> list[Span]:
        """The terms that a normal text names, left to right, longest first and never overlapping.

        A Latin name counts only as a whole word (a plural «s» aside): «gan» is not in «organ».
        """
        pieces = [(found.group(), found.start()) for found in _PIECE.finditer(normal)]
        text = "".join(piece for piece, _ in pieces)
        places = [start + n for piece, start in pieces for n in range(len(piece))]
        edges = _edges(pieces)
        found: list[Span] = []
        at = done = 0
        for piece, _ in pieces:
            size = self._longest(text, at, edges) if at >= done else 0
            if size:
                end = at + size
                found.append(Span(self._names[text[at:end]], places[at], places[end - 1] + 1))
                done = end + (text[end : end + 1] == "s" and end + 1 in edges)
            at += len(piece)
        return found

    def terms(self, normal: str) -> tuple[str, ...]:
        """Ids of the terms that a normal text names, each once, in order of place."""
        return tuple(dict.fromkeys(span.term for span in self.spans(normal)))

    def _longest(self, text: str, at: int, edges: frozenset[int]) -> int:
        for size in (*self._sizes.get(text[at : at + _HEAD], ()), *self._sizes.get(text[at], ())):
            end = at + size
            name = text[at:end]
            if len(name) < size or name not in self._names:
                continue
            if _WORD.match(name[-1]) is None or end in edges:
                return size
            if size >= _SHORTEST_PLURAL and text[end : end + 1] == "s" and end + 1 in edges:
                return size
        return 0


def tight(normal: str) -> str:
    """A normal text without what is nothing in a name: spaces, hyphens and the like."""
    return "".join(_PIECE.findall(normal))


def _edges(pieces: Iterable[tuple[str, int]]) -> frozenset[int]:
    """Offsets in the tight text at which a Latin word begins or ends."""
    edges: set[int] = set()
    at = 0
    for piece, _ in pieces:
        if _WORD.match(piece):
            edges.update((at, at + len(piece)))
        at += len(piece)
    return frozenset(edges)


def named(names: Iterable[tuple[str, str]], normalise: Callable[[str], str]) -> dict[str, str]:
    """Tight normal form of each name with its term; of a name claimed twice the first term keeps it."""
    found: dict[str, str] = {}
    for name, term in names:
        form = tight(normalise(name))
        if form:
            found.setdefault(form, term)
    return found
