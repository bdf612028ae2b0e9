"""The bare engine: TF-IDF of character 1- to 3-grams over one text a document, equal to scikit-learn's.  Pure.

An n-gram is its code points packed into 64 bits, so a vocabulary is a sorted array: nothing to hash, to load or to collide.
Formulas as of ``TfidfVectorizer(analyzer="char", ngram_range=(1, 3))``: tf · (ln((1 + N) / (1 + df)) + 1), at length 1.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from index.fields import Array, Postings
from index.keys import lookup
from index.pruning import QUERY_STEP, WEIGHT_STEP, Best, full_scan, pruned, rounded

LONGEST = 3
BITS = 21
"""Bits of a code point, raised by one so that no gram is another one with zeros behind it."""
_CHUNK = 20_000
"""Documents that are analysed at once: what building holds besides the index is theirs."""
_FEW = 1_000_000
"""Postings up to which reading all of them is faster than finding out which may be left; see docs/performance.md."""
_SPACES = re.compile(r"\s\s+")

Progress = Callable[[int, int], None]
"""Told how many documents are done and how many there are."""


def plain(text: str) -> str:
    """A text as its grams are taken: in lower case, runs of blanks as one."""
    return _SPACES.sub(" ", text.lower())


def code_points(texts: Sequence[str]) -> Array:
    """The code points of texts, one text after the other, each raised by one; uint64."""
    encoded = "".join(texts).encode("utf-32-le", "surrogatepass")
    raised: Array = np.frombuffer(encoded, dtype="<u4").astype(np.uint64) + np.uint64(1)
    return raised


def packed(texts: Sequence[str]) -> tuple[Array, Array]:
    """The grams of texts, with repeats: the packed grams (uint64), and for each the text's place (int32)."""
    codes = code_points(texts)
    owners = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in texts])
    grams, whose = [codes], [owners]
    for size in range(2, LONGEST + 1):
        longer = grams[-1][:-1] | codes[size - 1 :] << np.uint64(BITS * (size - 1))
        grams.append(longer)
        whose.append(owners[: len(longer)])
    within = [its == owners[size:] for size, its in enumerate(whose)]
    return (
        np.concatenate([its[here] for its, here in zip(grams, within, strict=True)]),
        np.concatenate([its[here] for its, here in zip(whose, within, strict=True)]),
    )


class _Part(NamedTuple):
    """The postings of some documents, by gram and then by document."""

    grams: Array
    """Each once, ascending; uint64 [n]."""
    lengths: Array
    """Postings of each gram; int64 [n]."""
    owners: Array
    """Place of the document of each posting in the whole; int32."""
    times: Array
    """How often it has the gram; float32."""


def build(texts: Sequence[str], *, progress: Progress = lambda *_: None) -> dict[str, Array]:
    """The arrays of an ``Engine`` over texts.

    Besides the index itself (8 bytes a posting) it holds the postings as counts (8 bytes each, freed as they are taken over)
    and one chunk's grams.
    """
    parts: list[_Part] = []
    for start in range(0, len(texts), _CHUNK):
        progress(start, len(texts))
        part = _part([plain(text) for text in texts[start : start + _CHUNK]], start)
        if len(part.owners):  # a chunk of empty texts has nothing
            parts.append(part)
    every = np.unique(np.concatenate([part.grams for part in parts])) if parts else np.zeros(0, dtype=np.uint64)
    holders = np.zeros(len(every), dtype=np.int64)
    for part in parts:
        holders[every.searchsorted(part.grams)] += part.lengths
    starts = np.zeros(len(every) + 1, dtype=np.int64)
    np.cumsum(holders, out=starts[1:])
    rarity = np.log((1 + len(texts)) / (1 + holders)) + 1
    owners = np.empty(int(starts[-1]), dtype=np.int32)
    weights = np.empty(int(starts[-1]), dtype=np.float32)
    greatest = np.zeros(len(every), dtype=np.float32)
    free = starts[:-1].copy()
    parts.reverse()
    while parts:
        part = parts.pop()
        at = every.searchsorted(part.grams)
        raw = part.times * np.repeat(rarity[at], part.lengths)
        first = int(part.owners.min())
        lengths = np.sqrt(np.bincount(part.owners - first, weights=raw * raw))
        unit = rounded(raw / lengths[part.owners - first], WEIGHT_STEP).astype(np.float32)
        ends = np.cumsum(part.lengths)
        to = np.repeat(free[at] - ends + part.lengths, part.lengths) + np.arange(len(unit))
        owners[to], weights[to] = part.owners, unit
        free[at] += part.lengths
        greatest[at] = np.maximum(greatest[at], np.maximum.reduceat(unit, ends - part.lengths))
    progress(len(texts), len(texts))
    return {
        "grams": every,
        "rarity": rarity,
        "greatest": greatest,
        "starts": starts,
        "owners": owners,
        "weights": weights,
        "size": np.array([len(texts)], dtype=np.int64),
    }


def _part(texts: Sequence[str], start: int) -> _Part:
    keys, whose = packed(texts)
    grams, places = np.unique(keys, return_inverse=True)
    cells, times = np.unique(places.astype(np.int64) << 32 | whose, return_counts=True)
    return _Part(
        grams=grams,
        lengths=np.bincount(cells >> 32, minlength=len(grams)),
        owners=((cells & 0xFFFFFFFF) + start).astype(np.int32),
        times=times.astype(np.float32),
    )


class Engine:
    """Finds the documents most like a text."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Take the arrays of ``build``, in memory or mapped."""
        self._grams, self._rarity = arrays["grams"], arrays["rarity"]
        self.postings = Postings(arrays["starts"], arrays["owners"], arrays["weights"], int(arrays["size"][0]))
        self.greatest = arrays["greatest"]

    def vector(self, text: str) -> tuple[Array, Array]:
        """The places of a text's known grams in the vocabulary, ascending, and its unit vector there."""
        grams, times = np.unique(packed([plain(text)])[0], return_counts=True)
        places = lookup(self._grams, grams)
        known = places >= 0
        raw = times[known] * self._rarity[places[known]]
        length = float(np.sqrt(np.cumsum(raw * raw)[-1])) if len(raw) else 1.0  # added up in order, as index.compiled does
        return places[known], rounded(raw / length, QUERY_STEP)

    def touched(self, places: Array) -> int:
        """How many postings some grams have."""
        return int((self.postings.starts[places + 1] - self.postings.starts[places]).sum())

    def best(self, text: str, most: int = 10) -> Best:
        """The documents most like a text, by (-cosine, document)."""
        places, weights = self.vector(text)
        if self.touched(places) <= _FEW:
            return full_scan(self.postings, places, weights, most)
        return pruned(self.postings, self.greatest, places, weights, most)

    def full(self, text: str, most: int = 10) -> Best:
        """The same by reading every posting."""
        return full_scan(self.postings, *self.vector(text), most)
