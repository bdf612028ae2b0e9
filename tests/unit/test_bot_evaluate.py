"""An evaluation judges every turn, and explains itself."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.evaluate import evaluate, report
from bot.explain import explain
from bot.replay import ReplayError
from index.decision import FEATURES
from index.metrics import Judged, Verdict
from index.searcher import BEYOND_DOUBT, Searcher


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "set.jsonl"


def judged(file: Path, searcher: Searcher, *rows: dict[str, Any]) -> list[Judged]:
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf-8")
    return evaluate(file, searcher)


def test_every_turn_is_judged(file: Path, searcher: Searcher) -> None:
    found = judged(
        file,
        searcher,
        {"query": "BN是什么", "expect": ["batch-norm"], "style": "plain"},
        {"query": "BN是什么", "expect": ["batch-size"]},
        {"query": "BN是什么", "expect": []},
        {"query": "今天天气怎么样", "expect": []},
        {"query": "今天天气怎么样", "expect": ["batch-norm"]},
        {
            "id": "d",
            "turns": [{"query": "BN是什么", "expect": ["x", "batch-norm"]}, {"query": "为什么", "expect": ["bn-why-works"]}],
        },
    )
    assert [row.verdict for row in found] == [
        Verdict.RIGHT,
        Verdict.WRONG,
        Verdict.FALSE_ANSWER,
        Verdict.SILENT,
        Verdict.MISSED,
        Verdict.RIGHT,
        Verdict.RIGHT,
    ]
    assert [row.id for row in found] == ["1.0", "2.0", "3.0", "4.0", "5.0", "d.0", "d.1"]
    assert found[0].kind == "plain"
    assert found[0].rank == 1
    assert "batch-norm" in found[1].got


def test_what_was_offered_is_no_miss(file: Path, searcher: Searcher) -> None:
    texts = ("归一化", "卷积", "attention", "训练", "batch")
    text = next(text for text in texts if searcher.search(text).outcome == "suggest")
    offered = searcher.search(text).hits[0].entry
    (row,) = judged(file, searcher, {"query": text, "expect": [offered]})
    assert row.verdict is Verdict.OFFERED
    assert row.rank == 1
    other = next(id_ for id_ in searcher.entry_ids if id_ not in {hit.entry for hit in searcher.search(text).hits})
    (row,) = judged(file, searcher, {"query": text, "expect": [other]})
    assert row.verdict is Verdict.MISSED


@pytest.mark.parametrize(("pick", "verdict"), [("2", Verdict.RIGHT), ("第一个", Verdict.RIGHT), ("9", Verdict.SILENT)])
def test_a_pick_is_right_where_it_shows_what_the_list_had_there(
    pick: str, verdict: Verdict, file: Path, searcher: Searcher
) -> None:
    turns = [{"query": "BN是什么", "expect": ["batch-norm"]}, {"query": pick, "expect": [], "by_number": True}]
    assert judged(file, searcher, {"turns": turns})[1].verdict is verdict


def test_a_set_without_expectations_is_an_error(file: Path, searcher: Searcher) -> None:
    for row in ({"query": "x"}, {"query": "x", "expect": "batch-norm"}, {"query": "x", "expect": [1]}):
        with pytest.raises(ReplayError, match="expect"):
            judged(file, searcher, row)


def test_a_report_counts_each_kind_and_shows_the_misses(file: Path, searcher: Searcher) -> None:
    found = judged(
        file,
        searcher,
        {"query": "BN是什么", "expect": ["batch-norm"], "kind": "plain"},
        {"query": "L1和L2范数", "expect": ["batch-size"], "kind": "odd"},
    )
    shown = report("set.jsonl", found, misses=True)
    assert shown.startswith("set.jsonl: 2 turns\n")
    assert "· plain" in shown
    assert "· odd" in shown
    assert "50.0" in shown
    (miss,) = [line for line in shown.splitlines() if "wanted batch-size" in line]
    assert "l1-l2-norm" in miss
    assert "wanted" not in report("set.jsonl", found, misses=False)
    assert "0 turns" in report("empty.jsonl", [], misses=True)


@pytest.mark.parametrize("text", ["BN是什么", "LN是什么", "今天天气怎么样", "", "\ud800", "bachnorm", "x" * 2000])
def test_an_explanation_says_what_came_of_it(text: str, searcher: Searcher) -> None:
    found = searcher.search(text)
    lines = explain(text, found, searcher).splitlines()
    assert any(line.startswith("outcome") and str(found.outcome) in line for line in lines)
    assert any(f"answer from {searcher.model.answer:.2f}" in line for line in lines)
    assert sum("probability" in line for line in lines) == min(3, len(found.hits))
    named = re.findall(r"^   [+-] *\d+\.\d+  (\w+) = ", "\n".join(lines), re.MULTILINE)
    assert bool(named) == bool(found.hits)
    assert set(named) <= set(FEATURES)


def test_an_explanation_says_why_a_hit_is_never_answered(searcher: Searcher) -> None:
    barred = [
        text
        for text in ("LN是什么", "层归一化的公式", "L1 prevents overfitting, why", "什么是层归一化")
        if any(hit.barred for hit in searcher.search(text).hits[:3])
    ]
    assert barred
    for text in barred:
        assert "never answered" in explain(text, searcher.search(text), searcher)


def test_what_is_named_in_passing_makes_an_answer_doubtful(searcher: Searcher) -> None:
    """A framework or a length of training that an entry does not know does not hide what is asked, if that is clear."""
    text = "想给 YOLO 加注意力，SE 和 CBAM 有什么区别"
    hit = searcher.search(text).hits[0]
    assert hit.entry == "channel-attention"
    assert hit.doubted
    assert not hit.barred
    assert hit.answerable_at(BEYOND_DOUBT)
    assert not hit.answerable_at(BEYOND_DOUBT - 0.01)
    assert "probably another question" in explain(text, searcher.search(text), searcher)
