"""From signals to a probability to one of three outcomes."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decision import FEATURES, Model, Outcome, Signals, outcome, row
from index.parameters import decision_numbers, digest

NONE = Signals(**dict.fromkeys(FEATURES, 0.0))
NUMBERS = {"features": list(FEATURES), "coefficients": [1.0] * len(FEATURES), "intercept": -2.0, "answer": 0.6, "suggest": 0.1}
MODEL = Model.of(NUMBERS)


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    assert MODEL.probability(NONE) == pytest.approx(1 / (1 + exp(2)))
    assert MODEL.probability(replace(NONE, **{FEATURES[0]: 0.5, FEATURES[-1]: 1.5})) == pytest.approx(0.5)


@given(st.lists(st.floats(-1e9, 1e9), min_size=len(FEATURES), max_size=len(FEATURES)))
def test_a_probability_is_one_whatever_the_signals(values: list[float]) -> None:
    signals = Signals(**dict(zip(FEATURES, values, strict=True)))
    assert row(signals) == values
    assert 0.0 < MODEL.probability(signals) < 1.0


def test_a_model_of_other_features_is_refused() -> None:
    with pytest.raises(ValueError, match="zhuiwen eval --fit"):
        Model.of({**NUMBERS, "features": list(FEATURES[1:])})
    with pytest.raises(ValueError, match="zhuiwen eval --fit"):
        Model.of({**NUMBERS, "features": list(reversed(FEATURES))})


@pytest.mark.parametrize(
    ("best", "barred", "verdict"),
    [
        (None, False, Outcome.UNKNOWN),
        (0.0999, False, Outcome.UNKNOWN),
        (0.0999, True, Outcome.UNKNOWN),
        (0.1, False, Outcome.SUGGEST),
        (0.5999, False, Outcome.SUGGEST),
        (0.6, False, Outcome.ANSWER),
        (0.6, True, Outcome.SUGGEST),
        (0.9999, True, Outcome.SUGGEST),
    ],
)
def test_outcomes(best: float | None, *, barred: bool, verdict: Outcome) -> None:
    assert outcome(MODEL, best, barred=barred) is verdict


def test_the_model_that_comes_with_the_program_fits_it() -> None:
    model = Model.of(decision_numbers())
    assert 0.0 < model.suggest < model.answer < 1.0
    assert len(model.coefficients) == len(FEATURES)
    assert len(digest()) == 32
