"""Rates over judged questions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.metrics import Judged, Verdict, rate, rates, reciprocal_rank, verdicts


def judged(verdict: Verdict, rank: int, expected: tuple[str, ...] = ("a",)) -> Judged:
    return Judged(id="1", kind="zh", query="q", expected=expected, got="", verdict=verdict, rank=rank)


ROWS = [
    judged(Verdict.RIGHT, 1),
    judged(Verdict.RIGHT, 1),
    judged(Verdict.OFFERED, 2),
    judged(Verdict.WRONG, 4),
    judged(Verdict.MISSED, 0),
    judged(Verdict.SILENT, 0, ()),
    judged(Verdict.FALSE_ANSWER, 0, ()),
    judged(Verdict.SILENT, 0, ()),
]


def test_rates() -> None:
    assert {name: round(value.value, 4) for name, value in rates(ROWS).items()} == {
        "right": 0.4,
        "right_or_offered": 0.6,
        "wrong": 0.2,
        "hit@1": 0.4,
        "hit@3": 0.6,
        "false_answer": 0.3333,
        "turn_ok": 0.5,
    }


def test_a_question_without_a_result_counts_nothing() -> None:
    assert reciprocal_rank(ROWS) == pytest.approx((1 + 1 + 1 / 2 + 1 / 4 + 0) / 5)
    assert reciprocal_rank([row for row in ROWS if not row.expected]) is None


def test_of_nothing_there_is_no_rate() -> None:
    assert rate([]) is None
    assert rates([]) == {}
    assert "false_answer" not in rates(ROWS[:2])
    assert rates(ROWS[5:]).keys() == {"false_answer", "turn_ok"}


def test_verdicts() -> None:
    assert verdicts(ROWS) == {"right": 2, "offered": 1, "wrong": 1, "missed": 1, "silent": 2, "false_answer": 1}


@given(st.lists(st.booleans(), min_size=1, max_size=60))
def test_an_interval_holds_its_rate(hits: list[bool]) -> None:
    found = rate(hits)
    assert found is not None
    assert found.value == pytest.approx(sum(hits) / len(hits))
    assert 0.0 <= found.low <= found.value <= found.high <= 1.0
    assert rate(hits) == found
    if len(set(hits)) == 1:
        assert found.low == found.high


def test_a_rate_reads_in_per_cent() -> None:
    found = rate([True] * 20)
    assert str(found) == "100.0 % [100.0, 100.0]"
