"""Likeness of two short texts, character by character.  The only importer of RapidFuzz; does no IO."""

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA


def likeness(one: str, other: str) -> float:
    """Twice the characters in common in order over all characters, in [0, 1]; both texts in normal form."""
    return fuzz.ratio(one, other) / 100.0


def shared_part(one: str, other: str) -> float:
    """Best ``likeness`` of the shorter text and an equally long part of the longer one, in [0, 1]."""
    return fuzz.partial_ratio(one, other) / 100.0


def slips(one: str, other: str, most: int) -> int:
    """Letters inserted, dropped, changed or swapped with their neighbour between two words; ``most + 1`` for more."""
    return OSA.distance(one, other, score_cutoff=most)
