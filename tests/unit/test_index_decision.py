"""From signals to a probability to one of three outcomes."""

from math import exp

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.decision import FARTHEST, FEATURES, Model, Outcome, Signals, outcome, row
from index.parameters import decision_numbers, digest

NONE = Signals(**dict.fromkeys(FEATURES, 0.0))
SIZE = len(FEATURES)
NUMBERS = {
    "features": list(FEATURES),
    "order": [2.0, -1.0, *[0.0] * (SIZE - 2)],
    "means": [0.0] * SIZE,
    "scales": [1.0] * (SIZE - 1) + [2.0],
    "linear": [1.0] * SIZE,
    "pairs": [0.0, 0.5, *[0.0] * (SIZE * (SIZE + 1) // 2 - 2)],
    "intercept": -2.0,
    "answer": 0.6,
    "suggest": 0.1,
}
MODEL = Model.of(NUMBERS)


def probability(**values: float) -> float:
    return float(MODEL.probabilities(np.array([row(NONE._replace(**values))]))[0])


def test_the_probability_is_the_logistic_of_signals_and_their_products() -> None:
    first, second, last = FEATURES[0], FEATURES[1], FEATURES[-1]
    assert probability() == pytest.approx(1 / (1 + exp(2)))
    assert probability(**{first: 0.5, last: 3.0}) == pytest.approx(0.5)
    assert probability(**{first: 1.0, second: 0.5}) == pytest.approx(1 / (1 + exp(2 - 1 - 0.5 - 0.5 * 1.0 * 0.5)))
    assert probability(**{first: 1e6}) == probability(**{first: FARTHEST})


def test_the_effects_add_up_to_the_probability() -> None:
    rows = np.array([NONE._replace(**{FEATURES[0]: 1.0, FEATURES[1]: -2.0})])
    logit = MODEL.intercept + MODEL.effects(rows)[0].sum()
    assert MODEL.probabilities(rows)[0] == pytest.approx(1 / (1 + exp(-logit)))


def test_the_preference_is_a_weighted_sum_of_signals() -> None:
    rows = np.array([row(NONE._replace(**{FEATURES[0]: 3.0, FEATURES[1]: 1.0, FEATURES[-1]: 7.0})), row(NONE)])
    assert MODEL.preferences(rows).tolist() == [5.0, 0.0]


@given(st.lists(st.floats(-1e9, 1e9), min_size=SIZE, max_size=SIZE))
def test_a_probability_is_one_whatever_the_signals(values: list[float]) -> None:
    signals = Signals(**dict(zip(FEATURES, values, strict=True)))
    assert list(row(signals)) == values
    assert 0.0 < MODEL.probabilities(np.array([values]))[0] < 1.0


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
    assert model.linear.shape == model.means.shape == model.scales.shape == (SIZE,)
    assert len(digest()) == 32
