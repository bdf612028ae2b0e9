"""Everything that is fitted: TF-IDF spaces and the decision.  The only importer of scikit-learn and SciPy; does no IO."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy.sparse import csr_array
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler, normalize

from index.fields import Array, Space


def fit_space(documents: Sequence[Mapping[str, int]], places: Mapping[str, int], kinds: Array, first: Array) -> Space:
    """The TF-IDF space of a field.

    Args:
        documents: How often each token occurs, for each document.
        places: Place of each token in the vocabulary that all fields share.
        kinds: Weight of each token's kind, by place; float [V].
        first: First document of each entry; int64 [E + 1].
    """
    size = len(places)
    starts = np.zeros(len(documents) + 1, dtype=np.int64)
    np.cumsum([len(document) for document in documents], out=starts[1:])
    total = int(starts[-1])
    if not total:
        empty = np.zeros(0)
        return Space(
            idf=np.ones(size, dtype=np.float32),
            starts=np.zeros(size + 1, dtype=np.int64),
            documents=empty.astype(np.int32),
            weights=empty.astype(np.float32),
            first=first,
        )
    tokens = np.fromiter((places[token] for document in documents for token in document), dtype=np.int32, count=total)
    times = np.fromiter((times for document in documents for times in document.values()), dtype=np.float64, count=total)
    counts = csr_array((times, tokens, starts), shape=(len(documents), size))
    transformer = TfidfTransformer(norm=None, smooth_idf=True, sublinear_tf=True).fit(counts)
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
