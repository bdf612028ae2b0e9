"""The suite's own parts: equal questions everywhere, and figures that say what they measure.  No peer and no clock is tested."""

import hashlib
import statistics

import pytest

from tests.bench.engines import RACES
from tests.bench.knowledges import WORDINGS, knowledge_of
from tests.bench.questions import Questions
from tests.bench.report import BASE, HEADS, between, percentile, races, ratios, stages


def test_questions_are_the_same_everywhere() -> None:
    texts = Questions(seed=7).texts(500)
    assert texts == Questions(seed=7).texts(500)
    assert texts != Questions(seed=8).texts(500)
    assert hashlib.blake2b("\n".join(texts).encode(), digest_size=8).hexdigest() == "a4111f8f8ff32ed0"


@pytest.mark.parametrize("number", [1, 7, 200])
def test_there_are_as_many_as_asked_for(number: int) -> None:
    made = Questions(seed=1)
    texts = made.texts(number)
    assert len(texts) == number
    assert all(texts)
    assert len(made.queries(texts, 40)) == 40


def test_they_are_in_two_languages_and_much_alike_real_ones() -> None:
    texts = Questions(seed=1).texts(2000)
    english = sum(text.isascii() for text in texts)
    assert 50 < english < 500
    assert 15 < statistics.mean(map(len, texts)) < 30
    assert len(set(texts)) > 1500


def test_they_can_be_served() -> None:
    texts = Questions(seed=1).texts(22)
    knowledge = knowledge_of(texts)
    assert len(knowledge.entries) == -(-22 // WORDINGS)
    assert [w for entry in knowledge.entries.values() for w in entry.texts["zh"].wordings] == texts


def its(times: list[list[float]]) -> dict[str, object]:
    return {
        "rounds": times,
        "starts": [[0.2, 0.01], [0.3, 0.01]],
        "build": {"seconds": 2.0, "peak": 10**8, "size": 10**6},
        "load": 0.001,
        "memory": 10**8,
    }


def test_a_ratio_is_taken_within_a_round() -> None:
    slow, fast = its([[0.2, 0.4, 0.9], [2.0, 2.0, 2.0]]), its([[0.1, 0.2, 0.1], [0.5, 0.5, 0.5]])
    assert ratios(slow, fast) == pytest.approx([4.0, 4.0])


def test_a_percentile_is_one_of_the_values() -> None:
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
    assert percentile([1.0], 0.99) == 1.0


def test_what_stands_between_markers_is_replaced_and_nothing_else() -> None:
    page = "# A\n\n<!-- x: written by make bench -->\nold\n<!-- end of x -->\n\nb\n"
    once = between(page, "x", "new")
    assert "old" not in once
    assert once.startswith("# A\n\n<!-- x")
    assert once.endswith("<!-- end of x -->\n\nb\n")
    assert between(once, "x", "new") == once
    with pytest.raises(ValueError, match="markers"):
        between(page, "y", "new")


def test_the_limit_is_bytes_over_bandwidth() -> None:
    found = {
        "questions": 2,
        "mean": 1e-3,
        "median": 9e-4,
        "postings": 1e4,
        "bandwidth": 8e9,
        "stages": {"postings summed": 1e-4},
    }
    text = stages(found)
    assert "| postings summed | 100 | 100 |" in text
    assert "less than 10 µs; ours takes 100 µs, 10 times" in text


def test_the_page_has_a_row_for_each_engine() -> None:
    engines = {name: its([[0.1, 0.2], [0.1, 0.3]]) for name in RACES}
    machine = {"processor": "P", "cores": 2, "python": "3", "system": "S", "versions": {"n": "1"}, "commit": "c", "load": 0.0}
    text = races(
        {"machine": machine, "asking": {"ask": [0.2], "pass": [0.1]}, "sizes": {"200": {"questions": 200, "engines": engines}}}
    )
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + len(RACES)
    assert {line.count("|") for line in rows} == {len(HEADS) + 1}
    assert f"| {BASE} |" in text
    assert "2.0 times" in text
