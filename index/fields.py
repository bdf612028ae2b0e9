"""The fields of an entry and how a query is scored against them: TF-IDF cosines from term-major postings.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import numpy as np

from index.tokens import KIND_WEIGHTS, kind

Array = np.ndarray[Any, np.dtype[Any]]


class FieldName(StrEnum):
    """What an entry is found by; each is a TF-IDF space of its own."""

    QUESTION = "question"
    """The question, a document for each language."""
    ALSO = "also"
    """Every other wording, a document each."""
    WORDINGS = "wordings"
    """All wordings of an entry together."""
    TERMS = "terms"
    """The terms that the entry is about or that its wordings name."""
    POINTS = "points"
    BODY = "body"


WEIGHTS: Mapping[FieldName, float] = MappingProxyType(
    {
        FieldName.QUESTION: 0.06,
        FieldName.ALSO: 0.07,
        FieldName.WORDINGS: 0.39,
        FieldName.TERMS: 0.1,
        FieldName.POINTS: 0.12,
        FieldName.BODY: 0.26,
    }
)
"""Share of each field's cosine in the fused score; tuned by cross-validation on development queries."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Space:
    """One field's TF-IDF space over ``V`` tokens of the shared vocabulary and ``D`` documents."""

    idf: Array
    """Inverse document frequency of each token; float32 [V]."""
    starts: Array
    """Where the postings of each token begin; int64 [V + 1]."""
    documents: Array
    """Document of each posting, ascending within a token; int32."""
    weights: Array
    """Weight of the token in that document, the document's vector having length 1; float32."""
    first: Array
    """First document of each entry; int64 [E + 1].  The documents of an entry stand together."""


def query_weights(counts: Mapping[str, int], places: Array, space: Space) -> Array:
    """The query's unit vector in one space; float64, one weight for each token that the vocabulary has.

    (1 + ln tf) · idf · weight of the kind, divided by the length over all tokens of the vocabulary.
    Source: Manning, Raghavan & Schütze 2008, Introduction to Information Retrieval, 6.4.1; the idf is smoothed as in
    scikit-learn.
    """
    frequencies = np.array(list(counts.values()), dtype=np.float64)
    kinds = np.array([KIND_WEIGHTS[kind(token)] for token in counts])
    raw = (1.0 + np.log(frequencies)) * kinds * space.idf[places]
    length = float(np.sqrt(np.dot(raw, raw)))
    unit: Array = raw / length if length else raw
    return unit


def accumulate(space: Space, places: Array, values: Array, *, weighted: bool) -> Array:
    """For each document the sum of the tokens' values over its postings; float64 [D].

    Args:
        space: The space.
        places: Tokens of the vocabulary.
        values: A value for each.
        weighted: Whether a posting counts by its weight, or by 1.
    """
    starts, ends = space.starts[places], space.starts[places + 1]
    lengths = ends - starts
    total = int(lengths.sum())
    if not total:
        return np.zeros(int(space.first[-1]))
    offsets = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(total)
    spread = np.repeat(values, lengths)
    if weighted:
        spread = spread * space.weights[offsets]
    return np.bincount(space.documents[offsets], weights=spread, minlength=int(space.first[-1]))


def best_of_each(space: Space, scores: Array) -> tuple[Array, Array]:
    """For each entry the best score of its documents and that document; 0 and -1 for an entry without documents."""
    entries = len(space.first) - 1
    sizes = np.diff(space.first)
    full = np.flatnonzero(sizes)
    best = np.zeros(entries)
    which = np.full(entries, -1, dtype=np.int64)
    if len(full):
        tops = np.maximum.reduceat(scores, space.first[full])
        best[full] = tops
        is_top = scores == np.repeat(tops, sizes[full])
        documents = np.flatnonzero(is_top)
        owners = np.repeat(full, sizes[full])[documents]
        which[owners[::-1]] = documents[::-1]
    return best, which
