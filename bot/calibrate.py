"""``zhuiwen eval --fit``: fits the decision on query sets, by cross-validation over entries, and stores its numbers."""

import json
from collections.abc import Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from bot.replay import read_scripts
from index.decision import FEATURES, Model, row
from index.fit import fit_decision
from index.parameters import DECISION_FILE
from index.searcher import Searcher

STRENGTH = 0.3
"""Inverse strength of the penalty; chosen by cross-validation."""
WRONG_COSTS = 1.1
"""What a wrong answer costs, in right answers withheld: the threshold is where the two balance."""
SUGGEST = 0.08
"""A suggestion costs a glance: it is made where the best hit has this probability."""
_FOLDS = 5


def fit_and_store(files: Sequence[Path], searcher: Searcher) -> str:
    """Fit on all queries of ``files``, store the numbers beside the program, and say how well they do on unseen entries."""
    queries = [
        (query, frozenset(script.row.get("expect", ())))
        for file in files
        for script in read_scripts(file)
        for query in script.queries
    ]
    features, right, groups = candidates_of(queries, searcher)
    held_out = np.zeros(len(right))
    for fold in range(_FOLDS):
        test = groups % _FOLDS == fold
        held_out[test] = _probabilities(fit_decision(features[~test], right[~test], strength=STRENGTH), features[test])
    numbers = {
        "features": list(FEATURES),
        **fit_decision(features, right, strength=STRENGTH),
        "answer": round(WRONG_COSTS / (1 + WRONG_COSTS), 3),
        "suggest": SUGGEST,
    }
    Model.of(numbers)
    with resources.as_file(resources.files("index") / DECISION_FILE) as path:
        path.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
    brier = float(np.mean((held_out - right) ** 2))
    return f"{len(queries)} queries, {len(right)} candidates; Brier score on unseen entries {brier:.4f}; stored in index/{DECISION_FILE}"


def candidates_of(
    queries: Sequence[tuple[str, frozenset[str]]], searcher: Searcher
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """The features of every candidate of every reading, whether it is right, and the group of its query.

    Queries with the same right entry are one group, so that no entry's phrasings stand on both sides of a split; those without
    one are a group each.
    """
    ids = {id_: number for number, id_ in enumerate(searcher.entry_ids)}
    features: list[Sequence[float]] = []
    right: list[bool] = []
    groups: list[int] = []
    for number, (query, expected) in enumerate(queries):
        group = min((ids[id_] for id_ in expected if id_ in ids), default=len(ids) + number)
        for found in searcher.readings(query):
            for hit in found.hits:
                features.append(row(hit.signals))
                right.append(hit.entry in expected)
                groups.append(group)
    return np.array(features), np.array(right), np.array(groups)


def _probabilities(numbers: dict[str, Any], features: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    logits = features @ np.array(numbers["coefficients"]) + numbers["intercept"]
    return 1.0 / (1.0 + np.exp(-logits))  # type: ignore[no-any-return]
