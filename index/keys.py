"""Keys of texts: 64-bit digests, so that a vocabulary is a sorted array that needs no loading.  Pure."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


def key(text: str) -> int:
    """The key of a text; equal for equal texts, on every machine."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def keys(texts: Iterable[str]) -> Array:
    """The keys of texts, in their order; uint64."""
    joined = b"".join(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest() for text in texts)
    return np.frombuffer(joined, dtype="<u8")


def lookup(sorted_keys: Array, wanted: Array) -> Array:
    """For each wanted key its place among the sorted keys, or -1; int64."""
    if not len(sorted_keys):
        return np.full(len(wanted), -1, dtype=np.int64)
    places = sorted_keys.searchsorted(wanted)
    places[places == len(sorted_keys)] = 0
    places[sorted_keys[places] != wanted] = -1
    return places


class Blob:
    """Many texts in two arrays: their UTF-8 joined, and where each begins."""

    __slots__ = ("_bytes", "_starts")

    def __init__(self, joined: Array, starts: Array) -> None:
        """Take the bytes (uint8) and the starts (int64, one more than there are texts)."""
        self._bytes = joined
        self._starts = starts

    def __len__(self) -> int:
        """How many texts there are."""
        return len(self._starts) - 1

    def __getitem__(self, place: int) -> str:
        """The text at a place."""
        return self._bytes[self._starts[place] : self._starts[place + 1]].tobytes().decode("utf-8", "surrogatepass")


def blob(texts: Sequence[str]) -> tuple[Array, Array]:
    """The two arrays of a ``Blob``."""
    encoded = [text.encode("utf-8", "surrogatepass") for text in texts]
    starts = np.zeros(len(encoded) + 1, dtype=np.int64)
    np.cumsum([len(piece) for piece in encoded], out=starts[1:])
    return np.frombuffer(b"".join(encoded) or b"", dtype=np.uint8), starts
