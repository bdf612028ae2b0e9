"""Everything that is fitted: TF-IDF spaces and the decision.  The only importer of scikit-learn; does no IO."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler, normalize

from index.fields import Array, Space
from index.tokens import KIND_WEIGHTS, kind


def fit_space(documents: Sequence[Mapping[str, int]], vocabulary: Sequence[str], first: Array) -> Space:
    """The TF-IDF space of a field.

    Args:
        documents: How often each token occurs, for each document.
        vocabulary: The tokens that all fields share, in the order of their keys.
        first: First document of each entry; int64 [E + 1].
    """
    size = len(vocabulary)
    if not documents or not vocabulary:
        empty = np.zeros(0)
        starts = np.zeros(size + 1, dtype=np.int64)
        return Space(
            idf=np.ones(size, dtype=np.float32),
            starts=starts,
            documents=empty.astype(np.int32),
            weights=empty.astype(np.float32),
            first=first,
        )
    counter = CountVectorizer(analyzer=_repeated, vocabulary={token: n for n, token in enumerate(vocabulary)})
    counts = counter.transform(documents)
    transformer = TfidfTransformer(norm=None, smooth_idf=True, sublinear_tf=True).fit(counts)
    kinds = np.array([KIND_WEIGHTS[kind(token)] for token in vocabulary])
    weighted = normalize(transformer.transform(counts).multiply(kinds).tocsr()).tocsc()
    weighted.sort_indices()
    return Space(
        idf=transformer.idf_.astype(np.float32),
        starts=weighted.indptr.astype(np.int64),
        documents=weighted.indices.astype(np.int32),
        weights=weighted.data.astype(np.float32),
        first=first,
    )


def fit_decision(features: Array, right: Array, *, strength: float) -> dict[str, Any]:
    """A logistic regression as plain numbers on unscaled features.

    Args:
        features: One row for each candidate; float [n, F].
        right: Whether it is right; bool [n].
        strength: Inverse strength of the L2 penalty on the standardised features.

    Returns:
        ``coefficients`` (list of F numbers) and ``intercept``.
    """
    scaler = StandardScaler().fit(features)
    model = LogisticRegression(C=strength, max_iter=5000).fit(scaler.transform(features), right)
    coefficients = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - np.dot(coefficients, scaler.mean_))
    return {"coefficients": [float(number) for number in coefficients], "intercept": intercept}


def _repeated(counts: Mapping[str, int]) -> list[str]:
    return [token for token, times in counts.items() for _ in range(times)]
