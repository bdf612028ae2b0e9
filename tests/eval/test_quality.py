"""How well it answers on the judging half of our query sets: bounds that no change may break."""

from pathlib import Path

import pytest

from bot.evaluate import evaluate
from index.metrics import Verdict, rates
from index.searcher import Searcher

SETS = Path(__file__).parent / "judging"
BOUNDS = {
    "single": {"right": (0.82, 1.0), "right_or_offered": (0.92, 1.0), "wrong": (0.0, 0.05)},
    "oos": {"false_answer": (0.0, 0.12)},
    "dialogues": {"turn_ok": (0.82, 1.0), "false_answer": (0.0, 0.1)},
}


@pytest.mark.parametrize("name", sorted(BOUNDS))
def test_rates_stay_within_their_bounds(name: str, searcher: Searcher) -> None:
    judged = evaluate(SETS / f"{name}.jsonl", searcher)
    assert len(judged) >= 100
    found = rates(judged)
    broken = {key: str(found[key]) for key, (low, high) in BOUNDS[name].items() if not low <= found[key].value <= high}
    assert broken == {}


def test_chat_and_noise_are_not_answered(searcher: Searcher) -> None:
    judged = [row for row in evaluate(SETS / "oos.jsonl", searcher) if row.kind in ("chat", "noise")]
    assert len(judged) >= 40
    answered = [row.query for row in judged if row.verdict is Verdict.FALSE_ANSWER]
    assert len(answered) <= len(judged) // 40, answered
