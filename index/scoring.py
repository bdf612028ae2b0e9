"""What the arrays of an index say about one analysed text: who says it, and how much of the text each entry covers.

Pure.  Every number is over all entries at once; what is done with the best few is the searcher's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import log

import numpy as np

from index.analysis import Analysis
from index.fields import LIKEST, Array, Postings, Touched, query_weights
from index.keys import keys, lookup
from index.tokens import KIND_WEIGHTS

_KINDS = {f"{kind}:"[:2]: weight for kind, weight in KIND_WEIGHTS.items()}
"""Weight of each kind by the first two characters of its tokens, which tell it."""


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
    touched: Touched
    """The postings of profiles that the text touches."""
    mass: Array
    """What each of its tokens that are known counts where coverage is measured; float64."""
    total: float
    """What all its tokens count there, the unknown ones too."""
    rest: Array
    """What each token that is known counts in the text's rest (see Analysis); float64."""
    rest_mass: float
    """The weight of that rest."""
    unknown_words: int
    """Words that are not Chinese and not in the vocabulary."""
    rest_length: float
    """Logarithm of 1 and the number of tokens of that rest."""
    unknown: float
    """Share of the text's weight that nothing in the knowledge has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """How much of a text each of a few entries covers; float64, one number an entry."""

    covered: Array
    """The share of the text's weight that the entry's wordings have together."""
    rest_in_wordings: Array
    """The share of the text's rest that its wordings have; 1 where there is no rest."""
    rest_in_all: Array
    """… that all of its text has."""


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
        kinds = np.array([_KINDS[name[:2]] for name in names])[known]
        rarity = self._rarity[at]
        weights = query_weights(times, kinds, rarity)
        measured, said_besides = analysis.measured, analysis.rest
        mass = np.full(len(names), log(1 + self._profiles.size) + 1)
        mass[known] = rarity
        mass *= [name in measured for name in names]
        rest = mass * [name in said_besides for name in names]
        profiles, wordings = self._profiles.of(at), self._wordings.of(at)
        profile = profiles.weighted(weights)
        cosines = wordings.weighted(weights)
        np.minimum(cosines, 1.0, out=cosines)
        cosine = self._best(cosines)
        total = float(mass.sum())
        return Scores(
            profile=profile,
            cosine=cosine,
            fused=profile + LIKEST * cosine,
            cosines=cosines,
            touched=profiles,
            mass=mass[known],
            total=total,
            rest=rest[known],
            rest_mass=float(rest.sum()),
            unknown_words=sum(
                1 for name, is_known in zip(names, known.tolist(), strict=True) if not is_known and name[0] == "w"
            ),
            rest_length=log(1 + int(np.count_nonzero(rest))),
            unknown=float(mass[~known].sum()) / (total or 1.0),
        )

    def shares(self, scores: Scores, entries: Array) -> Shares:
        """How much of a text some entries cover; asked for those alone that may be its answer.

        Args:
            scores: Of the text.
            entries: Places of the entries, each once; int64 [n].
        """
        held = scores.touched.held(entries)
        return Shares(
            covered=_share(held.sums(scores.mass, self._asked), scores.total),
            rest_in_wordings=_share(held.sums(scores.rest, self._asked), scores.rest_mass, of_nothing=1.0),
            rest_in_all=_share(held.sums(scores.rest), scores.rest_mass, of_nothing=1.0),
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


def _share(parts: Array, total: float, *, of_nothing: float = 0.0) -> Array:
    share: Array = parts / total if total else np.full(len(parts), of_nothing)
    return share


def _postings(name: str, arrays: Mapping[str, Array], size: int) -> Postings:
    return Postings(arrays[f"{name}.starts"], arrays[f"{name}.owners"], arrays[f"{name}.weights"], size)
