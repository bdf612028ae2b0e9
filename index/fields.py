"""What an entry is found by, as term-major postings, and how a query is scored against them.  Pure.

Two measures rank the entries.  The *profile* asks how likely each entry says what the query says: a mixture of its wordings,
its points and its answer, each token's share in it saturated by a logarithm, so that saying a thing once counts much and
saying it ten times little more.  The *likest wording* asks how near the query is to one wording as a whole (TF-IDF cosine).

Sources: Zhai & Lafferty 2004, "A study of smoothing methods for language models", ACM TOIS 22(2): the query likelihood with
additive smoothing is, but for a constant, a sum of log(1 + share / smoothing) over the query's tokens; Ogilvie & Callan 2003,
"Combining document representations for known-item search": a mixture of fields; Manning, Raghavan & Schütze 2008,
Introduction to Information Retrieval, 6.2-6.4: the weights of query and wording.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


_BYTE = 128
"""Owners whose numbers fit into a signed byte, of which more are read at once."""


class FieldName(StrEnum):
    """What an entry's profile is mixed of."""

    WORDINGS = "wordings"
    """Its questions and their other wordings, each of equal weight."""
    POINTS = "points"
    """Its points and the terms that it is about."""
    BODY = "body"
    """Its answer."""


SHARES: Mapping[FieldName, float] = MappingProxyType({FieldName.WORDINGS: 1.0, FieldName.POINTS: 0.05, FieldName.BODY: 0.15})
"""Share of each field's unit vector in the profile.  These and the next two are tuned on development queries."""
SATURATION = 3e-4
"""The share of a token that counts ln 2."""
LIKEST = 3.0
"""What the likest wording's cosine counts beside the profile."""


@dataclass(frozen=True, slots=True)
class Postings:
    """For each of ``V`` tokens the owners that have it: entries, or wordings."""

    starts: Array
    """Where the postings of each token begin; int64 [V + 1]."""
    owners: Array
    """Owner of each posting, ascending within a token; int32."""
    weights: Array
    """Weight of the token for that owner; float32."""
    size: int
    """How many owners there are."""

    def of(self, places: Array) -> "Touched":
        """The postings of some tokens.

        Args:
            places: Places of the tokens in the vocabulary; int64 [n].
        """
        starts, ends = self.starts[places], self.starts[places + 1]
        spans = tuple(map(slice, starts.tolist(), ends.tolist()))
        return Touched(self, spans, taken(self.owners, spans), starts, ends - starts)


@dataclass(frozen=True, slots=True)
class Touched:
    """The postings that a query touches."""

    postings: Postings
    spans: tuple[slice, ...]
    """Where the postings of each token stand."""
    owners: Array
    """Of all of them, token after token."""
    starts: Array
    """Where the postings of each token begin in the index; int64."""
    lengths: Array
    """How many each token has; int64."""

    def weighted(self, values: Array) -> Array:
        """For each owner the sum over the tokens that it has of value times weight; float64."""
        spread = np.repeat(values, self.lengths)
        spread *= taken(self.postings.weights, self.spans)
        sums = np.bincount(self.owners, weights=spread, minlength=self.postings.size)
        return sums.astype(np.float64, copy=False)  # of no posting at all NumPy makes integers

    def held(self, few: Array) -> "Held":
        """The postings of a few owners.

        Args:
            few: Owners, each once; int64 [k].
        """
        rows = np.full(self.postings.size, -1, dtype=np.int8 if len(few) < _BYTE else np.int64)
        rows[few] = np.arange(len(few))
        row_of = rows[self.owners]
        at = np.flatnonzero(np.greater_equal(row_of, 0))
        ends = self.lengths.cumsum()
        tokens = ends.searchsorted(at, side="right")
        return Held(row_of[at], tokens, at + (self.starts - ends + self.lengths)[tokens], len(few))


@dataclass(frozen=True, slots=True)
class Held:
    """The postings that a query touches of a few owners."""

    rows: Array
    """Number of the owner among the few, for each posting."""
    tokens: Array
    """Number of the token among the query's; int64, ascending."""
    places: Array
    """Where the posting stands in the index; int64."""
    size: int
    """How many owners they are."""

    def sums(self, values: Array, among: Array | None = None) -> Array:
        """For each of the few owners the sum of the values of the tokens that it has; float64 [size].

        Args:
            values: A value for each token.
            among: What each posting of the index counts, or ``None`` where all count 1.
        """
        spread = values[self.tokens]
        if among is not None:
            spread = spread * among[self.places]
        sums = np.bincount(self.rows, weights=spread, minlength=self.size)
        return sums.astype(np.float64, copy=False)  # of no posting at all NumPy makes integers


def taken(array: Array, spans: Sequence[slice]) -> Array:
    """Some spans of an array, one after the other: copied whole, which is several times faster than number by number."""
    return np.concatenate([array[span] for span in spans]) if spans else array[:0]


def query_weights(times: Array, kinds: Array, rarity: Array) -> Array:
    """The query's unit vector, (1 + ln tf) · weight of the kind · rarity of the token; float64.

    Args:
        times: How often each token occurs; at least 1.
        kinds: Weight of each token's kind.
        rarity: Of each token, its smoothed inverse entry frequency.
    """
    raw = (1.0 + np.log(times)) * kinds * rarity
    length = float(np.sqrt(np.dot(raw, raw)))
    unit: Array = raw / length if length else raw
    return unit
