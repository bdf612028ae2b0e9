"""The bare engine compiled, from a text's code points on.  The only importer of numba, an extra; does no IO of ours.

Its start (a third of a second, and seconds once to compile) pays back in a process that answers long, over many documents.
The short lists of a question are read whole, and of the long ones as many as it takes until no owner that was not met can be
among the best (see index.pruning).  For the owners that still can, the rest is not searched for in the long lists but read off
the other way round: each document's grams that are in long lists, one after the other.  A question thus costs what it touches.
"""

from collections.abc import Mapping

import numpy as np
from numba import njit

from index.fields import Array
from index.grams import BITS, LONGEST, Engine, code_points, plain
from index.pruning import QUERY_STEP, SLACK, Best

_LONG = 256
"""A list is long where one document of so many is in it."""
_MOST_SHORT = 2**16
"""Long lists whose numbers fit into 16 bits."""
_WORTH = 8
"""Postings that could be read in the time of adding up what one owner lacks."""
_EPSILON = float(np.finfo(np.float64).eps)
_NEAR = 4.0
"""How many times the bound the other lists may still add when the likeliest owners are first looked at whole."""


def forward(arrays: Mapping[str, Array]) -> dict[str, Array]:
    """What the compiled engine needs besides the arrays of ``index.grams.build``: the long lists by document.

    6 bytes for each posting of a long list, and no more than another 8 for each document.
    """
    starts, size = arrays["starts"], int(arrays["size"][0])
    long = np.flatnonzero(np.diff(starts) * _LONG > max(size, _LONG))
    counts = np.zeros(size + 1, dtype=np.int64)
    for place in long.tolist():
        counts[arrays["owners"][starts[place] : starts[place + 1]] + 1] += 1
    first = np.cumsum(counts)
    free = first[:-1].copy()
    numbers = np.empty(int(first[-1]), dtype=np.uint16 if len(long) <= _MOST_SHORT else np.int32)
    weights = np.empty(int(first[-1]), dtype=np.float32)
    for number, place in enumerate(long.tolist()):
        span = slice(int(starts[place]), int(starts[place + 1]))
        owners = arrays["owners"][span]
        to = free[owners]
        numbers[to], weights[to] = number, arrays["weights"][span]
        free[owners] += 1
    return {"long": long, "forward.first": first, "forward.numbers": numbers, "forward.weights": weights}


class CompiledEngine(Engine):
    """Finds what ``Engine`` finds, to the last bit.  For one thread: it keeps room for the scores of all documents."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Take the arrays of ``index.grams.build`` and those of ``forward``, and make room."""
        super().__init__(arrays)
        self._long = arrays["long"]
        self._forward = arrays["forward.first"], arrays["forward.numbers"], arrays["forward.weights"]
        self._scores = np.zeros(self.postings.size, dtype=np.float64)
        self._met = np.empty(self.postings.size + 1, dtype=np.int32)
        self._asked = np.zeros(len(self._long), dtype=np.float64)

    def best(self, text: str, most: int = 10) -> Best:
        """The documents most like a text, by (-cosine, document)."""
        postings = self.postings
        return Best(
            *_found(
                code_points([plain(text)]),
                self._grams,
                self._rarity,
                self.greatest,
                postings.starts,
                postings.owners,
                postings.weights,
                self._long,
                *self._forward,
                self._asked,
                self._scores,
                self._met,
                most,
            )
        )


def _place(ascending: Array, wanted: int) -> int:
    """The place of a number in an ascending array, or -1."""
    low, high = 0, len(ascending)
    while low < high:
        middle = (low + high) // 2
        if ascending[middle] < wanted:
            low = middle + 1
        else:
            high = middle
    return low if low < len(ascending) and ascending[low] == wanted else -1


_placed = njit(cache=True)(_place)


def _grams_of(codes: Array) -> Array:
    """The grams of a text, ascending, with repeats; uint64.

    Args:
        codes: Its code points, each raised by one; uint64.
    """
    grams = np.empty(LONGEST * len(codes), dtype=np.uint64)
    number = 0
    for start in range(len(codes)):
        gram = np.uint64(0)
        for size in range(min(LONGEST, len(codes) - start)):
            gram |= codes[start + size] << np.uint64(BITS * size)
            grams[number] = gram
            number += 1
    grams = grams[:number]
    grams.sort()
    return grams


_grams = njit(cache=True)(_grams_of)


def _vector_of(codes: Array, vocabulary: Array, rarity: Array) -> tuple[Array, Array]:
    """What ``Engine.vector`` gives, to the last bit."""
    grams = _grams(codes)
    places = np.empty(len(grams), dtype=np.int64)
    weights = np.empty(len(grams))
    known = start = 0
    total = 0.0
    while start < len(grams):
        end = start + 1
        while end < len(grams) and grams[end] == grams[start]:
            end += 1
        place = _placed(vocabulary, grams[start])
        if place >= 0:
            weight = (end - start) * rarity[place]
            places[known], weights[known] = place, weight
            total += weight * weight
            known += 1
        start = end
    length = np.sqrt(total) if total else 1.0
    for number in range(known):
        weights[number] = np.rint(weights[number] / length / QUERY_STEP) * QUERY_STEP
    return places[:known], weights[:known]


_vector = njit(cache=True)(_vector_of)


def _rests(weights: Array, greatest: Array) -> Array:
    """What ``index.pruning.rests`` gives, but for its last bits, which its slack covers."""
    rest = np.zeros(len(weights) + 1)
    one_by_one = together = 0.0
    for place in range(len(weights) - 1, -1, -1):
        one_by_one += weights[place] * greatest[place]
        together += weights[place] * weights[place]
        rest[place] = min(one_by_one, np.sqrt(together)) * (1.0 + SLACK) + _EPSILON
    return rest


_rest = njit(cache=True)(_rests)


def _take(kept: Array, size: int, score: float) -> None:
    """Take a score among the best so far, ascending, in place of their least."""
    place = 0
    while place + 1 < size and kept[place + 1] < score:
        kept[place] = kept[place + 1]
        place += 1
    kept[place] = score


def _rest_of(first: Array, numbers: Array, weights: Array, asked: Array, owner: int) -> float:
    """What the long lists that were not read add to an owner's score."""
    added = 0.0
    for place in range(first[owner], first[owner + 1]):
        added += weights[place] * asked[numbers[place]]
    return added


_took = njit(cache=True)(_take)
_added = njit(cache=True)(_rest_of)


def _search(  # noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917 — one compiled loop over plain arrays
    owners: Array,
    weights: Array,
    starts: Array,
    ends: Array,
    wanted: Array,
    rest: Array,
    long: Array,
    first: Array,
    numbers: Array,
    forward_weights: Array,
    asked: Array,
    scores: Array,
    met: Array,
    most: int,
) -> tuple[Array, Array]:
    """The best owners and all that equal the last of them, in no order, and their scores.

    Args:
        owners: Of all postings; int32.
        weights: Of all postings; float32.
        starts: Where each list of the query begins, shortest list first; int64 [n].
        ends: Where it ends; int64 [n].
        wanted: The query's weight of each; float64 [n].
        rest: What the lists from each one on can add at most; float64 [n + 1].
        long: Number of each list among the long ones, or -1; int64 [n].
        first: Where each document's grams in long lists begin; int64 [N + 1].
        numbers: Of these, the number of the list; uint16 or int32.
        forward_weights: Of these, the weight; float32.
        asked: Zeros for all long lists; zeros again in the end.
        scores: Zeros for all owners; zeros again in the end.
        met: Room for all owners and one more.
        most: How many owners are wanted.
    """
    lists = len(starts)
    kept = np.zeros(most)
    bound = 0.0
    number = done = 0
    since = 0
    closed = False
    for place in range(lists):
        if long[place] >= 0:
            asked[long[place]] = wanted[place]
    while done < lists:
        weight = wanted[done]
        # without a branch: whether an owner was met before is a coin that no processor foresees
        if closed:
            for place in range(starts[done], ends[done]):
                score = scores[owners[place]]
                scores[owners[place]] = score + (weights[place] * weight if score != 0.0 else 0.0)
        else:
            for place in range(starts[done], ends[done]):
                owner = owners[place]
                score = scores[owner]
                met[number] = owner
                number += 1 if score == 0.0 else 0
                scores[owner] = score + weights[place] * weight
        since += ends[done] - starts[done]
        if long[done] >= 0:
            asked[long[done]] = 0.0
        done += 1
        if done < lists and (long[done] < 0 or since < 2 * number):
            continue
        since = 0
        kept[:] = 0.0
        for place in range(number):
            score = scores[met[place]]
            if score > kept[0]:
                _took(kept, most, score)
        if rest[done] < _NEAR * kept[0]:  # the whole scores of the likeliest owners are a better bound
            least = kept[0]
            count = 0
            kept[:] = 0.0
            for place in range(number):
                if scores[met[place]] >= least and count < most:
                    count += 1
                    score = scores[met[place]] + _added(first, numbers, forward_weights, asked, met[place])
                    if score > kept[0]:
                        _took(kept, most, score)
        bound = max(bound, kept[0])
        if rest[done] >= bound:
            continue
        closed = True  # no owner that was not met can be among the best, nor can those that are left out here
        left = 0
        for place in range(number):
            owner = met[place]
            if scores[owner] >= bound - rest[done]:
                met[left] = owner
                left += 1
            else:
                scores[owner] = 0.0
        number = left
        if done < lists and number * _WORTH <= ends[done] - starts[done]:
            break
    # what was not read is added to those that are left
    kept[:] = 0.0
    left = 0
    for place in range(number):
        owner = met[place]
        if scores[owner] >= max(bound, kept[0]) - rest[done]:
            score = scores[owner] + _added(first, numbers, forward_weights, asked, owner)
            if score > kept[0]:
                _took(kept, most, score)
            if score >= bound:
                scores[owner] = score
                met[left], met[place] = owner, met[left]
                left += 1
    chosen = 0
    for place in range(left):
        if scores[met[place]] >= kept[0]:
            chosen += 1
    found = np.empty(chosen, dtype=np.int32)
    its = np.empty(chosen)
    chosen = 0
    for place in range(left):
        if scores[met[place]] >= kept[0]:
            found[chosen], its[chosen] = met[place], scores[met[place]]
            chosen += 1
    for place in range(number):
        scores[met[place]] = 0.0
    for place in range(lists):
        if long[place] >= 0:
            asked[long[place]] = 0.0
    return found, its


_searched = njit(cache=True)(_search)


def _whole_way(  # noqa: PLR0913, PLR0917 — one compiled function over plain arrays
    codes: Array,
    vocabulary: Array,
    rarity: Array,
    greatest: Array,
    starts: Array,
    owners: Array,
    weights: Array,
    long: Array,
    first: Array,
    numbers: Array,
    forward_weights: Array,
    asked: Array,
    scores: Array,
    met: Array,
    most: int,
) -> tuple[Array, Array]:
    """The best owners by (-score, owner), int64, and their scores; of the arguments see ``forward`` and ``_search``."""
    places, wanted = _vector(codes, vocabulary, rarity)
    order = np.argsort(starts[places + 1] - starts[places], kind="mergesort")
    places, wanted = places[order], wanted[order]
    numbered = np.empty(len(places), dtype=np.int64)
    for place in range(len(places)):
        numbered[place] = _placed(long, places[place])
    found, its = _searched(
        owners,
        weights,
        starts[places],
        starts[places + 1],
        wanted,
        _rest(wanted, greatest[places]),
        numbered,
        first,
        numbers,
        forward_weights,
        asked,
        scores,
        met,
        most,
    )
    chosen = np.empty(min(most, len(found)), dtype=np.int64)
    best = np.empty(len(chosen))
    count = 0
    for place in range(len(found)):
        at = count
        while at and (best[at - 1] < its[place] or (best[at - 1] == its[place] and chosen[at - 1] > found[place])):
            at -= 1
        if at == len(chosen):
            continue
        count = min(count + 1, len(chosen))
        for behind in range(count - 1, at, -1):
            chosen[behind], best[behind] = chosen[behind - 1], best[behind - 1]
        chosen[at], best[at] = found[place], its[place]
    return chosen, best


_found = njit(cache=True)(_whole_way)
