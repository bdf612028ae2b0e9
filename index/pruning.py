"""The best few owners of term-major postings, exactly, without reading what cannot matter.  Pure.

Lists are read shortest first.  What the lists not yet read can still add to any owner is bounded twice: by the sum over them of
the query's weight times the list's greatest weight, and, since every owner's vector has length 1, by the length of the query's
part that they make up.  Once that bound is below the score of the last of the best, an owner that was not met cannot become one
of them; the long lists are then not read but searched for the few owners that still can.

Sources: Turtle & Flood 1995, "Query evaluation: strategies and optimizations", IPM 31(6) (MaxScore); Manning, Raghavan &
Schütze 2008, Introduction to Information Retrieval, 7.1 (safe top K).  Ours differs in that it works by list and not by
document, so that each step is one of NumPy's, and in the second bound.
"""

from typing import NamedTuple

import numpy as np

from index.fields import Array, Postings

QUERY_STEP = 2.0**-28
"""Query weights are whole multiples of this …"""
WEIGHT_STEP = 2.0**-24
"""… and the weights of postings of this: their products then add up without rounding, in whatever order they are added."""

SLACK = 1e-6
"""By how much a vector of length 1 may be longer, its weights being rounded."""
_BLOCK = 256
"""Scores among which one maximum is taken to find the best few."""
_FIRST = 0.6
"""Lists are read until the others can add no more than this; then the likeliest owners are looked up in those others, and the
last of the best of these is the bound."""
_SHARES = (0.999, 0.7, 0.45, 0.0)
"""Lists are read until the others can add no more than this share of the bound, then those that still matter are counted."""
_LOOK_UP = 1000
"""Postings that could be read in the time of looking one owner up in all lists that were not."""


class Best(NamedTuple):
    """The best owners, by (-score, owner)."""

    owners: Array
    """int64 [at most as many as were wanted]; only those with a score above 0."""
    scores: Array
    """float64, in (0, 1]."""


def rounded(values: Array, step: float) -> Array:
    """Values as whole multiples of a step; float64."""
    multiples: Array = np.rint(values / step) * step
    return multiples


def full_scan(postings: Postings, places: Array, weights: Array, most: int) -> Best:
    """The best owners, all postings of the query read.

    Args:
        postings: Unit vectors, their weights multiples of ``WEIGHT_STEP``.
        places: Places of the query's tokens in the vocabulary, each once; int64 [n].
        weights: The query's unit vector in multiples of ``QUERY_STEP``; float64 [n].
        most: How many owners are wanted; at least 1.
    """
    scores = postings.of(places).weighted(weights)
    found = np.flatnonzero(scores >= _bound(scores, most))
    return _best(found, scores[found], most)


def pruned(postings: Postings, greatest: Array, places: Array, weights: Array, most: int) -> Best:
    """What ``full_scan`` gives, to the last bit, with as little reading as is safe.

    Args:
        postings: As in ``full_scan``.
        greatest: The greatest weight of each token's list; float32 [V].
        places: As in ``full_scan``.
        weights: As in ``full_scan``.
        most: As in ``full_scan``.
    """
    lengths = postings.starts[places + 1] - postings.starts[places]
    order = np.argsort(lengths, kind="stable")
    places, weights = places[order], weights[order]
    still = rests(weights, greatest[places])
    unread = np.append(np.cumsum(lengths[order][::-1])[::-1], 0).tolist()
    done = int(np.argmax(still <= _FIRST))
    scores = postings.of(places[:done]).weighted(weights[:done])
    bound = _bound(scores, most)
    likely = np.flatnonzero(scores >= bound)
    if len(likely) >= most:
        complete = _with_lists(postings, places[done:], weights[done:], likely, scores[likely])
        bound = max(bound, float(np.partition(complete, -most)[-most]))
    for share in _SHARES:
        upto = int(np.argmax(still <= share * bound))
        if upto > done:
            scores += postings.of(places[done:upto]).weighted(weights[done:upto])
            done = upto
        if still[done] < bound:  # so that no owner that was not met can be among the best
            left = np.flatnonzero(scores >= bound - still[done])
            if len(left) * _LOOK_UP <= unread[done]:
                complete = _with_lists(postings, places[done:], weights[done:], left, scores[left])
                return _best(left, complete, most)
    left = np.flatnonzero(scores >= bound)
    return _best(left, scores[left], most)


def _with_lists(postings: Postings, places: Array, weights: Array, owners: Array, scores: Array) -> Array:
    """Scores of some ascending owners with what further lists add to them; float64."""
    complete = scores.copy()
    starts, ends = postings.starts[places].tolist(), postings.starts[places + 1].tolist()
    for start, end, weight in zip(starts, ends, weights, strict=True):
        found = _within(postings.owners[start:end], owners)
        here = found >= 0
        complete[here] += postings.weights[start:end][found[here]] * weight
    return complete


def _bound(scores: Array, most: int) -> float:
    """A score above 0 that at least so many owners reach, if so many have one: near that of the last of the best."""
    blocks = len(scores) // _BLOCK
    least = float(np.nextafter(0.0, 1.0))
    if blocks < most:
        return max(float(np.partition(scores, -most)[-most]), least) if most <= len(scores) else least
    maxima = scores[: blocks * _BLOCK].reshape(blocks, _BLOCK).max(axis=1)
    return max(float(np.partition(maxima, -most)[-most]), least)


def _within(ascending: Array, wanted: Array) -> Array:
    """The place of each wanted number in an ascending array, each number once, or -1; int64."""
    if not len(ascending):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = ascending.searchsorted(wanted.astype(ascending.dtype))
    places[places == len(ascending)] = 0
    places[ascending[places] != wanted] = -1
    return places


def rests(weights: Array, greatest: Array) -> Array:
    """What the lists from each one on can add to an owner's score at most; float64 [n + 1]."""
    backwards = weights[::-1]
    one_by_one = np.cumsum(backwards * greatest[::-1])
    together = np.sqrt(np.cumsum(backwards**2))
    return np.append((np.minimum(one_by_one, together) * (1.0 + SLACK) + np.finfo(np.float64).eps)[::-1], 0.0)


def _best(owners: Array, scores: Array, most: int) -> Best:
    """The best of some ascending owners, each there once."""
    order = np.argsort(-scores, kind="stable")[:most]
    order = order[scores[order] > 0.0]
    return Best(owners[order].astype(np.int64), scores[order])
