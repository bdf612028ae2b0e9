"""What the arrays of an index say about one analysed text: who says it, and how much of the text each entry covers.

Pure.  Every number is over all entries at once; what is done with the best few is the searcher's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from index.analysis import Analysis
from index.fields import LIKEST, Array, Postings, query_weights
from index.keys import keys, lookup
from index.tokens import KIND_WEIGHTS, kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """One text against all entries."""

    profile: Array
    """How likely each entry says what the text says; float64 [E], 0 for one that says nothing of it."""
    cosine: Array
    """Cosine in [0, 1] of each entry's likest wording; float64 [E]."""
    fused: Array
    """Both, weighted; float64 [E]."""
    cosines: Array
    """Cosine of each wording; float64 [D]."""
    covered: Array
    """The share of the text's weight that each entry's wordings have together; float64 [E]."""
    rest_in_wordings: Array
    """The share of the text's rest (see Analysis) that each entry's wordings have; float64 [E], 1 where there is none."""
    rest_in_all: Array
    """… that all of its text has."""
    rest_mass: float
    """The weight of that rest."""
    unknown_words: int
    """Words that are not Chinese and not in the vocabulary."""
    rest_length: float
    """Logarithm of 1 and the number of tokens of that rest."""
    unknown: float
    """Share of the text's weight that nothing in the knowledge has."""


class Scorer:
    """Scores texts against the arrays of one index."""

    __slots__ = ("_asked", "_first", "_full", "_profiles", "_rarity", "_vocabulary", "_wordings")

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Take the arrays; see index.build."""
        self._vocabulary = arrays["vocabulary"]
        self._rarity = arrays["rarity"]
        self._asked = arrays["profiles.asked"]
        self._first = arrays["wordings.first"]
        self._full = np.flatnonzero(np.diff(self._first))
        self._profiles = _postings("profiles", arrays, len(self._first) - 1)
        self._wordings = _postings("wordings", arrays, int(self._first[-1]))

    def scores(self, analysis: Analysis) -> Scores:
        """Everything that the arrays say about a text."""
        names = list(analysis.tokens)
        places = lookup(self._vocabulary, keys(names))
        known = places >= 0
        at = places[known]
        times = np.fromiter(analysis.tokens.values(), dtype=np.float64, count=len(names))[known]
        kinds = np.array([KIND_WEIGHTS[kind(name)] for name in names])[known]
        rarity = self._rarity[at]
        weights = query_weights(times, kinds, rarity)
        measured, said_besides = analysis.measured, analysis.rest
        mass = np.full(len(names), log(1 + self._profiles.size) + 1)
        mass[known] = rarity
        mass *= [name in measured for name in names]
        rest = mass * [name in said_besides for name in names]
        profiles, wordings = self._profiles.of(at), self._wordings.of(at)
        profile = profiles.weighted(weights)
        cosines = np.minimum(wordings.weighted(weights), 1.0)
        cosine = self._best(cosines)
        known_rest = rest[known]
        return Scores(
            profile=profile,
            cosine=cosine,
            fused=profile + LIKEST * cosine,
            cosines=cosines,
            covered=_share(profiles.sums(mass[known], self._asked), mass),
            rest_in_wordings=_share(profiles.sums(known_rest, self._asked), rest, of_nothing=1.0),
            rest_in_all=_share(profiles.sums(known_rest), rest, of_nothing=1.0),
            rest_mass=float(rest.sum()),
            unknown_words=sum(
                1 for name, is_known in zip(names, known.tolist(), strict=True) if not is_known and name[0] == "w"
            ),
            rest_length=log(1 + int(np.count_nonzero(rest))),
            unknown=float(mass[~known].sum()) / (float(mass.sum()) or 1.0),
        )

    def likest(self, scores: Scores, entry: int) -> int:
        """The wording of an entry that is nearest, by its place among all; of equal ones the first; -1 where it has none."""
        start, end = self._first[entry], self._first[entry + 1]
        return int(start + np.argmax(scores.cosines[start:end])) if start < end else -1

    def _best(self, cosines: Array) -> Array:
        best = np.zeros(self._profiles.size)
        if len(self._full):
            best[self._full] = np.maximum.reduceat(cosines, self._first[self._full])
        return best


def _share(parts: Array, whole: Array, *, of_nothing: float = 0.0) -> Array:
    total = float(whole.sum())
    share: Array = parts / total if total else np.full(len(parts), of_nothing)
    return share


def _postings(name: str, arrays: Mapping[str, Array], size: int) -> Postings:
    return Postings(arrays[f"{name}.starts"], arrays[f"{name}.owners"], arrays[f"{name}.weights"], size)
