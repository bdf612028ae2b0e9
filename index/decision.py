"""From the signals of a candidate to the probability that it is right, and from that to one of three outcomes.  Pure.

The numbers of the model come out of ``zhuiwen eval --fit``, which fits them on development queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from math import exp
from typing import Any


class Outcome(StrEnum):
    """What became of a search."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signals:
    """What speaks for and against one candidate."""

    question: float
    """Cosines in [0, 1] of the query with each field."""
    also: float
    wordings: float
    terms: float
    points: float
    body: float
    fused: float
    """Weighted sum of the cosines."""
    lead: float
    """Fused score less that of the best other candidate."""
    covered_wording: float
    """Share in [0, 1] of the query's weight that the likest wording has."""
    covered_wordings: float
    """… that all wordings of the entry have."""
    covered_all: float
    """… that wordings, points and answer have."""
    unknown: float
    """Share of the query's weight that nothing in the knowledge has."""
    likeness: float
    """RapidFuzz ratio with the likest wording, in [0, 1]."""
    part: float
    """RapidFuzz ratio of the shorter and the likest part of the longer, in [0, 1]."""
    terms_named: float
    """Terms that the query names, at most 3."""
    terms_shared: float
    """Share in [0, 1] of these that the entry is asked about."""
    terms_central: float
    """How much the entry is about the terms named: mean over them of how often its wordings name each, over how often they name
    their commonest; in [0, 1], 0.5 where none is named."""
    terms_foreign: float
    """Of these, how many the entry does not even mention; at most 3."""
    facets_fit: float
    """How often the entry's wordings ask for the query's facets, over how often they ask for their commonest one; in
    [0, 1], 0.5 where the query has none."""
    rest_covered_wordings: float
    """Share of what the query says besides its terms and facets that all wordings of the entry have; 1 where that is
    nothing."""
    rest_covered_all: float
    """… that wordings, points and answer have."""
    rest_length: float
    """Logarithm of 1 and the number of tokens of that rest."""
    meant: float
    """1 where the query was read with corrections."""


FEATURES = tuple(field.name for field in fields(Signals))


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The fitted decision as numbers."""

    coefficients: tuple[float, ...]
    """One for each of ``FEATURES``."""
    intercept: float
    answer: float
    """Least probability of an answer."""
    suggest: float
    """Least probability of a suggestion."""

    @classmethod
    def of(cls, numbers: Mapping[str, Any]) -> "Model":
        """The model stored as ``numbers``.

        Raises:
            ValueError: It was fitted for other features.
        """
        if tuple(numbers["features"]) != FEATURES:
            raise ValueError("the decision was fitted for other features; run «zhuiwen eval --fit»")
        return cls(
            coefficients=tuple(numbers["coefficients"]),
            intercept=numbers["intercept"],
            answer=numbers["answer"],
            suggest=numbers["suggest"],
        )

    def probability(self, signals: Signals) -> float:
        """Probability in (0, 1) that the candidate is right."""
        values = row(signals)
        logit = self.intercept + sum(a * b for a, b in zip(self.coefficients, values, strict=True))
        return 1.0 / (1.0 + exp(-max(-30.0, min(30.0, logit))))


def row(signals: Signals) -> Sequence[float]:
    """The signals in the order of ``FEATURES``."""
    return [getattr(signals, name) for name in FEATURES]


def outcome(model: Model, best: float | None, *, barred: bool) -> Outcome:
    """What to do with the best candidate.

    Args:
        model: The thresholds.
        best: Its probability; ``None`` where there is no candidate.
        barred: Whether the query names a term that forbids answering with it.
    """
    if best is None or best < model.suggest:
        return Outcome.UNKNOWN
    return Outcome.ANSWER if best >= model.answer and not barred else Outcome.SUGGEST
