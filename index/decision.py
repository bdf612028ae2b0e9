"""From the signals of candidates to their order, to the probability that the first is right, and to one of three outcomes.

Pure.

The numbers of the model come out of ``zhuiwen eval --fit``, which fits them on development queries.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]


class Outcome(StrEnum):
    """What became of a search."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    UNKNOWN = "unknown"


class Signals(NamedTuple):
    """What speaks for and against one candidate; a row of what the model is fitted to."""

    profile: float
    """How likely the entry says what the query says; at least 0."""
    cosine: float
    """Cosine in [0, 1] of the query with the likest wording."""
    lead: float
    """Fused score less that of the best other candidate."""
    covered: float
    """Share in [0, 1] of the query's weight that the wordings of the entry have together."""
    unknown: float
    """Share of the query's weight that nothing in the knowledge has."""
    likeness: float
    """RapidFuzz ratio with the likest wording, in [0, 1]."""
    part: float
    """RapidFuzz ratio of the shorter and the likest part of the longer, in [0, 1]."""
    terms_named: float
    """Terms that the query names, at most 3."""
    terms_central: float
    """How much the entry is about the terms named: mean over them of how often its wordings name each, over how often they name
    their commonest; in [0, 1], 0.5 where none is named."""
    terms_least: float
    """The least of these; 0.5 where no term is named."""
    facets_fit: float
    """How often the entry's wordings ask for the query's facets, over how often they ask for their commonest one; in
    [0, 1], 0.5 where the query has none."""
    rest_covered: float
    """Share of what the query says besides its terms and facets that the entry has anywhere; 1 where that is nothing."""
    rest_missing: float
    """Logarithm of 1 and the weight of the part of that rest that its wordings have not."""
    unknown_words: float
    """Logarithm of 1 and the number of Latin words in the query that the knowledge has not."""
    rest_length: float
    """Logarithm of 1 and the number of tokens of that rest."""
    meant: float
    """1 where the query was read with corrections."""


FEATURES = Signals._fields


FARTHEST = 3.5
"""Standard deviations from the mean beyond which a signal counts no more: the model has seen nothing there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """The fitted decision as numbers.

    A linear preference puts the candidates in order; a logistic regression of degree 2 on standardised signals says how
    probable it is that the first of them is right.
    """

    order: Array
    """What each of ``FEATURES`` adds to a candidate's preference; float64 [F]."""

    means: Array
    """Of each of ``FEATURES``; float64 [F]."""
    scales: Array
    """Standard deviation of each; float64 [F]."""
    linear: Array
    """Coefficient of each standardised signal; float64 [F]."""
    pairs: Array
    """Coefficient of each product of two of them, half of it on either side of the diagonal; float64 [F, F]."""
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
        pairs = np.zeros((len(FEATURES), len(FEATURES)))
        pairs[np.triu_indices(len(FEATURES))] = numbers["pairs"]
        return cls(
            order=np.array(numbers["order"]),
            means=np.array(numbers["means"]),
            scales=np.array(numbers["scales"]),
            linear=np.array(numbers["linear"]),
            pairs=(pairs + pairs.T) / 2,
            intercept=numbers["intercept"],
            answer=numbers["answer"],
            suggest=numbers["suggest"],
        )

    def preferences(self, rows: Array) -> Array:
        """How much each candidate is to be preferred to the others of its query; the scale means nothing; float64 [n].

        Args:
            rows: The signals of each candidate in the order of ``FEATURES``; float [n, F].
        """
        preferences: Array = rows @ self.order
        return preferences

    def probabilities(self, rows: Array) -> Array:
        """Probability in (0, 1) of each candidate that it is right; float64 [n].

        Args:
            rows: The signals of each candidate in the order of ``FEATURES``; float [n, F].
        """
        logits = self.intercept + self.effects(rows).sum(axis=1)
        probabilities: Array = 1.0 / (1.0 + np.exp(-np.minimum(np.maximum(logits, -30.0), 30.0)))
        return probabilities

    def effects(self, rows: Array) -> Array:
        """What each signal adds to the logit, a product of two being shared by both; float64 [n, F]."""
        at = np.minimum(np.maximum((rows - self.means) / self.scales, -FARTHEST), FARTHEST)
        effects: Array = at * (self.linear + at @ self.pairs)
        return effects


def row(signals: Signals) -> Sequence[float]:
    """The signals in the order of ``FEATURES``."""
    return signals


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
