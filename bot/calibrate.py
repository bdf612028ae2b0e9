"""``zhuiwen eval --fit``: fits the decision on query sets, judges it by cross-validation over entries, stores its numbers."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.replay import read_scripts
from index.decision import FEATURES, Array, Model, row
from index.fit import fit_decision, fit_order
from index.metrics import rate
from index.parameters import DECISION_FILE
from index.searcher import CERTAIN, Found, Hit, Searcher

ORDER_STRENGTH = 1.0
"""Inverse strength of the penalty on the coefficients of the preference among candidates."""
STRENGTH = 0.1
"""Inverse strength of the penalty on the coefficients of the standardised features and their products."""
LEFT_OUT_COUNTS = 0.8
"""How much a question counts that was asked again with its right entries left out: little less than one that nothing answers,
for a neighbour's answer would sometimes have helped."""
WRONG_COSTS = 1.75
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
    left_out: tuple[Found, ...]
    """What they come to with the right entries left out; nothing where there are none."""


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
        query = script.queries[0]
        questions.append(
            Question(
                expected=expected,
                group=group,
                readings=tuple(searcher.readings(query)),
                left_out=tuple(searcher.readings(query, without=expected)) if expected else (),
            )
        )
    return questions


class Unseen(NamedTuple):
    """What fits answered on queries of entries that they had not seen, query by query."""

    right: list[bool]
    wrong: list[bool]
    false: list[bool]
    left_out: list[bool]
    """Answered though the right entries were left out."""
    errors: list[float]
    """Squared difference between the probability and what came true."""


def unseen(questions: Sequence[Question]) -> Unseen:
    """Fit on all folds but one and answer that one, fold after fold."""
    found = Unseen([], [], [], [], [])
    for fold in range(_FOLDS):
        numbers = _numbers([question for question in questions if question.group % _FOLDS != fold])
        for question in (question for question in questions if question.group % _FOLDS == fold):
            entry, probability, answered = _best(question.readings, numbers)
            right = entry in question.expected
            found.errors.append((probability - right) ** 2)
            if question.expected:
                found.right.append(answered and right)
                found.wrong.append(answered and not right)
                found.left_out.append(_best(question.left_out, numbers)[2])
            else:
                found.false.append(answered)
    return found


def cross_validated(questions: Sequence[Question]) -> str:
    """What a fit answers on the queries of entries that it has not seen, as text."""
    found = unseen(questions)
    return "\n".join(
        [
            f"{len(questions)} queries, {_FOLDS}-fold cross-validation over entries:",
            f"  right         {rate(found.right)}",
            f"  wrong         {rate(found.wrong)}",
            f"  false answer  {rate(found.false)}",
            f"  left out      {rate(found.left_out)}   answered though the right entries were left out",
            f"  Brier score   {np.mean(found.errors):.4f}",
        ]
    )


def _numbers(questions: Sequence[Question]) -> dict[str, Any]:
    """The preference fitted on all candidates of the readings, the rest on the first of each.

    Whether that one is right is what has to be decided.
    """
    order = fit_order(
        [_candidates(found, question) for question in questions for found in question.readings], strength=ORDER_STRENGTH
    )
    preference = np.array(order)
    hits: list[tuple[Hit, bool, float]] = []
    for question in questions:
        for found in (found for found in question.readings if found.hits):
            first = _first(found, preference)
            hits.append((first, first.entry in question.expected, 1.0))
        hits += [(_first(found, preference), False, LEFT_OUT_COUNTS) for found in question.left_out if found.hits]
    features = np.array([row(hit.signals) for hit, _, _ in hits])
    right = np.array([its for _, its, _ in hits])
    weights = np.array([counts for _, _, counts in hits])
    return {
        "features": list(FEATURES),
        "order": order,
        **fit_decision(features, right, weights, strength=STRENGTH),
        "answer": round(WRONG_COSTS / (1 + WRONG_COSTS), 3),
        "suggest": SUGGEST,
    }


def _candidates(found: Found, question: Question) -> tuple[Array, Array]:
    """The signals of a reading's candidates and which are right, by their scores: the lead falls with the score."""
    hits = sorted(found.hits, key=lambda hit: -hit.signals.lead)
    features = np.array([row(hit.signals) for hit in hits]).reshape(len(hits), len(FEATURES))
    return features, np.array([hit.entry in question.expected for hit in hits], dtype=bool)


def _first(found: Found, preference: Array) -> Hit:
    """The candidate that a preference puts first; one asked to the letter is first whatever it says."""
    if found.certain:
        return found.hits[0]
    preferences = np.array([row(hit.signals) for hit in found.hits]) @ preference
    return found.hits[int(np.argmax(preferences))]


def _best(readings: Sequence[Found], numbers: Numbers) -> tuple[str | None, float, bool]:
    """The likeliest candidate, its probability, and whether it is answered."""
    model = Model.of(numbers)
    hits = [_first(found, model.order) for found in readings if found.hits]
    if not hits:
        return None, 0.0, False
    fitted = model.probabilities(np.array([row(hit.signals) for hit in hits])).tolist()
    scored = [max(probability, hit.score * (hit.score >= CERTAIN)) for probability, hit in zip(fitted, hits, strict=True)]
    place = int(np.argmax(scored))
    return hits[place].entry, scored[place], scored[place] >= model.answer and hits[place].answerable_at(scored[place])
