"""``zhuiwen eval --fit``: fits the decision on query sets, judges it by cross-validation over entries, stores its numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from bot.replay import read_scripts
from index.decision import FEATURES, row
from index.fit import fit_decision
from index.metrics import rate
from index.parameters import DECISION_FILE
from index.searcher import Found, Searcher

STRENGTH = 0.3
"""Inverse strength of the penalty on the standardised features."""
WRONG_COSTS = 1.5
"""What a wrong answer costs against a right one withheld (it is still offered then): answers begin where the two balance."""
SUGGEST = 0.08
"""A suggestion costs a glance: it is made where the best hit has this probability."""
_FOLDS = 5

Numbers = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A development query with what its readings came to."""

    expected: frozenset[str]
    group: int
    """Queries with the same right entry are one group; those without one are a group each."""
    readings: tuple[Found, ...]


def fit_and_store(files: Sequence[Path], searcher: Searcher) -> str:
    """Fit on all queries of ``files``, store the numbers, and say how well such a fit does on entries that it has not seen."""
    questions = read_questions(files, searcher)
    numbers = _numbers(questions)
    with resources.as_file(resources.files("index") / DECISION_FILE) as path:
        path.write_text(json.dumps(numbers, indent=1) + "\n", "utf-8")
    return f"{cross_validated(questions)}\nstored in index/{DECISION_FILE}"


def read_questions(files: Sequence[Path], searcher: Searcher) -> list[Question]:
    """The single queries of query sets, searched."""
    places = {id_: number for number, id_ in enumerate(searcher.entry_ids)}
    questions: list[Question] = []
    for script in (script for file in files for script in read_scripts(file)):
        expected = frozenset(script.row.get("expect", ()))
        group = min((places[id_] for id_ in expected if id_ in places), default=len(places) + len(questions))
        readings = tuple(searcher.readings(script.queries[0]))
        questions.append(Question(expected=expected, group=group, readings=readings))
    return questions


def cross_validated(questions: Sequence[Question]) -> str:
    """What a fit answers on the queries of entries that it has not seen, as text."""
    asked: list[tuple[bool, bool]] = []
    quiet: list[bool] = []
    errors: list[float] = []
    for fold in range(_FOLDS):
        numbers = _numbers([question for question in questions if question.group % _FOLDS != fold])
        for question in (question for question in questions if question.group % _FOLDS == fold):
            entry, probability, barred = _best(question, numbers)
            answered = probability >= numbers["answer"] and not barred
            errors.append((probability - (entry in question.expected)) ** 2)
            if question.expected:
                right = entry in question.expected
                asked.append((answered and right, answered and not right))
            else:
                quiet.append(answered)
    return "\n".join(
        [
            f"{len(questions)} queries, {_FOLDS}-fold cross-validation over entries:",
            f"  right         {rate([right for right, _ in asked])}",
            f"  wrong         {rate([wrong for _, wrong in asked])}",
            f"  false answer  {rate(quiet)}",
            f"  Brier score   {np.mean(errors):.4f}",
        ]
    )


def _numbers(questions: Sequence[Question]) -> dict[str, Any]:
    hits = [(question, hit) for question in questions for found in question.readings for hit in found.hits]
    features = np.array([row(hit.signals) for _, hit in hits])
    right = np.array([hit.entry in question.expected for question, hit in hits])
    return {
        "features": list(FEATURES),
        **fit_decision(features, right, strength=STRENGTH),
        "answer": round(WRONG_COSTS / (1 + WRONG_COSTS), 3),
        "suggest": SUGGEST,
    }


def _best(question: Question, numbers: Numbers) -> tuple[str | None, float, bool]:
    """The likeliest candidate of a query, its probability, and whether it may not be answered."""
    coefficients = np.array(numbers["coefficients"])
    scored = [
        (float(1 / (1 + np.exp(-(np.dot(coefficients, row(hit.signals)) + numbers["intercept"])))), hit)
        for found in question.readings
        for hit in found.hits
    ]
    if not scored:
        return None, 0.0, False
    probability, hit = max(scored, key=lambda item: item[0])
    return hit.entry, probability, not hit.answerable
