"""Everything that is fitted: the postings and the decision.  The only importer of scikit-learn and SciPy; does no IO."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csc_array, csr_array
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import PolynomialFeatures, StandardScaler

from index.decision import FARTHEST
from index.fields import SATURATION, SHARES, Array, FieldName, Postings

_RIVALS = 3
"""Wrong candidates that the right one is set against."""
Documents = Sequence[Mapping[str, int]]
"""How often each token occurs, for each document."""


class Fitted(NamedTuple):
    """What the searcher asks."""

    rarity: Array
    """Smoothed inverse entry frequency of each token, ln((1 + E) / (1 + entries that have it)) + 1; float32 [V]."""
    profiles: Postings
    """By entry: ln(1 + share of the token in the entry's mixture / SATURATION)."""
    asked: Array
    """Of each of these postings, whether a wording has the token, as 0 or 1; uint8."""
    wordings: Postings
    """By wording: its unit TF-IDF vector."""


def fit_postings(documents: Mapping[FieldName, Documents], places: Mapping[str, int], kinds: Array, first: Array) -> Fitted:
    """The postings of all fields; see index.fields for the formulas.

    Args:
        documents: Every wording by entry; points and body, one for each entry.
        places: Place of each token in the vocabulary.
        kinds: Weight of each token's kind, by place; float [V].
        first: First wording of each entry; int64 [E + 1].
    """
    vectors = {name: _dampened(documents[name], places).multiply(kinds).tocsr() for name in FieldName}
    entries = len(first) - 1
    sizes = np.diff(first)
    columns = np.arange(int(first[-1]))
    of_entry = csr_array((np.repeat(1.0 / np.maximum(sizes, 1), sizes), columns, first), shape=(entries, len(columns)))
    asked = (of_entry @ _unit(vectors[FieldName.WORDINGS])).tocsr()
    rest = SHARES[FieldName.POINTS] * _unit(vectors[FieldName.POINTS]) + SHARES[FieldName.BODY] * _unit(vectors[FieldName.BODY])
    mixture = (SHARES[FieldName.WORDINGS] * asked + rest).tocsc()
    mixture.sort_indices()
    holders = np.diff(mixture.indptr)
    rarity = np.log((1 + entries) / (1 + holders)) + 1
    profiles = mixture.copy()
    profiles.data = np.log1p(mixture.data / SATURATION)
    by_wording = _unit(vectors[FieldName.WORDINGS].multiply(rarity).tocsr()).tocsc()
    by_wording.sort_indices()
    return Fitted(
        rarity=rarity.astype(np.float32),
        profiles=_postings(profiles),
        asked=_among(mixture, asked.tocsc()).astype(np.uint8),
        wordings=_postings(by_wording),
    )


def _dampened(documents: Documents, places: Mapping[str, int]) -> csr_array:
    """1 + ln tf of each token in each document."""
    starts = np.zeros(len(documents) + 1, dtype=np.int64)
    np.cumsum([len(document) for document in documents], out=starts[1:])
    total = int(starts[-1])
    tokens = np.fromiter((places[token] for document in documents for token in document), dtype=np.int32, count=total)
    times = np.fromiter((times for document in documents for times in document.values()), dtype=np.float64, count=total)
    counts = csr_array((1.0 + np.log(times), tokens, starts), shape=(len(documents), len(places)))
    counts.sort_indices()
    return counts


def _unit(matrix: csr_array) -> csr_array:
    """The rows at length 1; an empty one stays empty."""
    lengths = np.sqrt(matrix.multiply(matrix).sum(axis=1))
    lengths[lengths == 0.0] = 1.0
    scaled = matrix.copy()
    scaled.data = matrix.data / np.repeat(lengths, np.diff(matrix.indptr))
    return scaled


def _postings(matrix: csc_array) -> Postings:
    return Postings(
        starts=matrix.indptr.astype(np.int64),
        owners=matrix.indices.astype(np.int32),
        weights=matrix.data.astype(np.float32),
        size=matrix.shape[0],
    )


def _among(every: csc_array, some: csc_array) -> Array:
    """For each stored number of the one matrix whether the other has one there; bool."""
    rows = every.shape[0]

    def cells(matrix: csc_array) -> Array:
        columns = np.repeat(np.arange(matrix.shape[1], dtype=np.int64), np.diff(matrix.indptr))
        numbers: Array = columns * rows + matrix.indices
        return numbers

    among: Array = np.isin(cells(every), cells(some))
    return among


def fit_order(candidates: Sequence[tuple[Array, Array]], *, strength: float) -> list[float]:
    """A linear preference, as the coefficient of each feature; see index.decision.Model.

    Fitted on the differences between the best right candidate of a query and its best wrong ones, which should all be above 0:
    Joachims 2002, "Optimizing search engines using clickthrough data", KDD, with the logistic loss for the hinge.

    Args:
        candidates: For each query the features of its candidates, best first, and which are right; float [n, F] and bool [n].
        strength: Inverse strength of the L2 penalty on the coefficients of the standardised features.
    """
    told = [(features, right) for features, right in candidates if right.any() and not right.all()]
    scales = StandardScaler().fit(np.concatenate([features for features, _ in told])).scale_
    better = np.concatenate([(features[right][:1] - features[~right][:_RIVALS]) / scales for features, right in told])
    model = LogisticRegression(C=strength, fit_intercept=False, max_iter=5000).fit(
        np.concatenate([better, -better]), np.repeat([True, False], len(better))
    )
    order: list[float] = (model.coef_[0] / scales).tolist()
    return order


def fit_decision(features: Array, right: Array, weights: Array, *, strength: float) -> dict[str, Any]:
    """A logistic regression of degree 2 on standardised features, as plain numbers; see index.decision.Model.

    Args:
        features: One row for each candidate; float [n, F].
        right: Whether it is right; bool [n].
        weights: How much each row counts; float [n].
        strength: Inverse strength of the L2 penalty.
    """
    scaler = StandardScaler().fit(features)
    at = np.clip(scaler.transform(features), -FARTHEST, FARTHEST)
    model = LogisticRegression(C=strength, max_iter=5000).fit(
        PolynomialFeatures(2, include_bias=False).fit_transform(at), right, weights
    )
    size = features.shape[1]
    return {
        "means": scaler.mean_.tolist(),
        "scales": scaler.scale_.tolist(),
        "linear": model.coef_[0][:size].tolist(),
        "pairs": model.coef_[0][size:].tolist(),
        "intercept": float(model.intercept_[0]),
    }
