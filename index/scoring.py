"""What the arrays of an index say about one analysed text: the fields' cosines, and how much of the text each entry covers.

Pure.  Every number is over all entries at once; what is done with the best few is the searcher's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from index.analysis import Analysis
from index.fields import WEIGHTS, Array, FieldName, Space, accumulate, best_of_each, query_weights
from index.keys import keys, lookup

_COVERING = (FieldName.QUESTION, FieldName.ALSO, FieldName.WORDINGS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One text against all entries."""

    cosines: Mapping[FieldName, Array]
    """For each field and entry its best document's cosine, in [0, 1]; float64 [E]."""
    documents: Mapping[FieldName, Array]
    """For each field and entry that document, or -1; int64 [E]."""
    fused: Array
    """Weighted sum of the cosines; float64 [E]."""
    covered: Mapping[FieldName, Array]
    """For the fields of wordings: the share of the text's weight that each document has; float64 [D]."""
    covered_all: Array
    """The same for each entry with all its text; float64 [E]."""
    rest_in_wordings: Array
    """For each entry the share of the text's rest (see Analysis) that its wordings have; float64 [E], 1 where there is none."""
    rest_in_all: Array
    """… that all its text has."""
    rest_length: float
    """Logarithm of 1 and the number of tokens of that rest."""
    unknown: float
    """Share of the text's weight that nothing in the knowledge has."""


class Scorer:
    """Scores texts against the arrays of one index."""

    __slots__ = ("_arrays", "_entries", "_spaces")

    def __init__(self, arrays: Mapping[str, Array], entries: int) -> None:
        """Take the arrays and the number of entries."""
        self._arrays = arrays
        self._entries = entries
        self._spaces = {name: _space(name, arrays) for name in FieldName}

    def scores(self, analysis: Analysis) -> Scores:
        """Everything that the arrays say about a text."""
        names = list(analysis.tokens)
        places = lookup(self._arrays["vocabulary"], keys(names))
        known = places >= 0
        at = places[known]
        counts = {name: analysis.tokens[name] for name, is_known in zip(names, known.tolist(), strict=True) if is_known}
        measured, said_besides = analysis.measured, analysis.rest
        mass = self._mass(places) * np.array([name in measured for name in names], dtype=bool)
        rest = mass * np.array([name in said_besides for name in names], dtype=bool)
        cosines: dict[FieldName, Array] = {}
        documents: dict[FieldName, Array] = {}
        for name, space in self._spaces.items():
            found = np.minimum(accumulate(space, at, query_weights(counts, at, space), weighted=True), 1.0)
            cosines[name], documents[name] = best_of_each(space, found)
        wordings = self._spaces[FieldName.WORDINGS]
        return Scores(
            cosines=cosines,
            documents=documents,
            fused=np.sum([WEIGHTS[name] * cosines[name] for name in FieldName], axis=0),
            covered={name: _share(accumulate(self._spaces[name], at, mass[known], weighted=False), mass) for name in _COVERING},
            covered_all=_share(self._present(at, mass[known]), mass),
            rest_in_wordings=_share(accumulate(wordings, at, rest[known], weighted=False), rest, of_nothing=1.0),
            rest_in_all=_share(self._present(at, rest[known]), rest, of_nothing=1.0),
            rest_length=log(1 + int(np.count_nonzero(rest))),
            unknown=float(mass[~known].sum()) / (float(mass.sum()) or 1.0),
        )

    def _mass(self, places: Array) -> Array:
        """The weight of each token for coverage: its rarity among entries, the greatest for one that none has."""
        ceiling = log(1 + self._entries) + 1
        rarity = self._arrays["presence.rarity"]
        masses: Array = np.array([rarity[place] if place >= 0 else ceiling for place in places.tolist()], dtype=np.float64)
        return masses

    def _present(self, places: Array, values: Array) -> Array:
        """For each entry the sum of the values of the tokens that stand anywhere in it; float64 [E]."""
        starts, ends = self._arrays["presence.starts"][places], self._arrays["presence.starts"][places + 1]
        lengths = ends - starts
        offsets = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(int(lengths.sum()))
        spread = np.repeat(values, lengths)
        return np.bincount(self._arrays["presence.entries"][offsets], weights=spread, minlength=self._entries)


def _share(parts: Array, whole: Array, *, of_nothing: float = 0.0) -> Array:
    total = float(whole.sum())
    share: Array = parts / total if total else np.full(len(parts), of_nothing)
    return share


def _space(name: FieldName, arrays: Mapping[str, Array]) -> Space:
    return Space(
        idf=arrays[f"{name}.idf"],
        starts=arrays[f"{name}.starts"],
        documents=arrays[f"{name}.documents"],
        weights=arrays[f"{name}.weights"],
        first=arrays[f"{name}.first"],
    )
