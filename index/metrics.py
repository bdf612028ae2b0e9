"""Rates over judged questions, with bootstrap intervals.  Pure: the same input gives the same output."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

_RESAMPLES = 1000
_SEED = 20261122


class Verdict(StrEnum):
    """How a turn ended, against what was expected."""

    RIGHT = "right"
    """Answered, and rightly."""
    OFFERED = "offered"
    """Not answered; a right entry is among the suggestions."""
    WRONG = "wrong"
    """Answered, wrongly."""
    MISSED = "missed"
    """Neither answered nor offered."""
    SILENT = "silent"
    """Not answered, where nothing should be."""
    FALSE_ANSWER = "false_answer"
    """Answered, where nothing should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One question and how it ended."""

    id: str
    kind: str
    query: str
    expected: tuple[str, ...]
    """Ids of the right entries; empty where nothing should be answered."""
    got: str
    """Outcome and entries, for people."""
    verdict: Verdict
    rank: int
    """Place from 1 of the first right entry among the candidates; 0 where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share in [0, 1] with the 95 % interval of its bootstrap distribution."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        """In percent."""
        return f"{100 * self.value:5.1f} % [{100 * self.low:.1f}, {100 * self.high:.1f}]"


def rate(hits: Sequence[bool]) -> Rate | None:
    """The share of hits; ``None`` of nothing.

    Source: the percentile bootstrap, Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapter 13.
    """
    if not hits:
        return None
    values = np.asarray(hits, dtype=float)
    random = np.random.default_rng(_SEED)
    means = values[random.integers(0, len(values), size=(_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return Rate(value=float(values.mean()), low=float(low), high=float(high))


def rates(judged: Sequence[Judged]) -> dict[str, Rate]:
    """The rates of DESIGN §7: over the questions that have an answer, and over those that have none."""
    asked = [row for row in judged if row.expected]
    quiet = [row for row in judged if not row.expected]
    found = {
        "right": rate([row.verdict is Verdict.RIGHT for row in asked]),
        "right_or_offered": rate([row.verdict in (Verdict.RIGHT, Verdict.OFFERED) for row in asked]),
        "wrong": rate([row.verdict is Verdict.WRONG for row in asked]),
        "hit@1": rate([row.rank == 1 for row in asked]),
        "hit@3": rate([1 <= row.rank <= 3 for row in asked]),  # noqa: PLR2004 — its name
        "false_answer": rate([row.verdict is Verdict.FALSE_ANSWER for row in quiet]),
        "turn_ok": rate([row.verdict in (Verdict.RIGHT, Verdict.SILENT) for row in judged]),
    }
    return {name: value for name, value in found.items() if value is not None}


def reciprocal_rank(judged: Sequence[Judged]) -> float | None:
    """Mean reciprocal rank of the first right candidate, in [0, 1]; a question without one counts 0."""
    asked = [row for row in judged if row.expected]
    return sum(1 / row.rank if row.rank else 0.0 for row in asked) / len(asked) if asked else None


def verdicts(judged: Sequence[Judged]) -> Counter[Verdict]:
    """How many ended how."""
    return Counter(row.verdict for row in judged)
