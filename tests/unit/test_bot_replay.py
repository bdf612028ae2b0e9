"""``replay --json`` prints what DESIGN §6 says: these keys, in this order, of these types."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.replay import ReplayError, Script, as_json, read_scripts, replay
from bot.replies import Outcome
from index.searcher import Searcher
from knowledge.model import LANGS, Section

KEYS = [
    "id",
    "turn",
    "query",
    "resolved",
    "outcome",
    "entry",
    "section",
    "question",
    "score",
    "lang",
    "candidates",
    "follow_ups",
]
SUGGESTED = ("归一化", "卷积", "attention", "训练", "what about dropout", "矩阵")
"""Texts some of which come to a suggestion, whatever the decision was fitted to."""
TURNS = (
    "BN是什么",
    "为什么",
    "公式",
    "2",
    "9",
    "返回",
    "再说一遍",
    "谢谢",
    "今天天气怎么样",
    "不是",
    "/new",
    "SVM和随机森林的区别",
    *SUGGESTED,
    "/topics",
    "/help",
    "/lang en",
    "show me the formula of batch norm",
    "back",
    "/nonsense",
    "",
    "   ",
    "\ud800",
    "x" * 1000,
    "LSTM",
    "那L2呢",
    "不是",
    "1",
)


def rows(searcher: Searcher, *queries: str) -> list[dict[str, Any]]:
    script = Script(id="d", queries=queries, row={})
    return [as_json(reply, id_="d", turn=turn) for turn, reply in enumerate(replay(script, searcher))]


def check_contract(row: dict[str, Any], searcher: Searcher) -> None:
    assert list(row) == KEYS
    assert isinstance(row["id"], str)
    assert type(row["turn"]) is int
    assert isinstance(row["query"], str)
    assert row["resolved"] is None or (isinstance(row["resolved"], str) and row["resolved"])
    assert type(row["outcome"]) is str
    assert row["outcome"] in {"answer", "suggest", "unknown", "chat"}
    assert row["lang"] in LANGS
    assert (row["entry"] is not None) == (row["question"] is not None) == (row["outcome"] == "answer")
    if row["entry"] is not None:
        assert searcher.has(row["entry"])
        assert row["question"] == searcher.entry(row["entry"]).text(row["lang"]).question
        assert row["follow_ups"] == [
            {"entry": id_, "question": searcher.entry(id_).text(row["lang"]).question}
            for id_ in searcher.entry(row["entry"]).follow_ups
        ]
    else:
        assert row["follow_ups"] == []
    assert row["section"] is None or (type(row["section"]) is str and row["section"] in set(Section) and row["entry"])
    assert row["score"] is None or (type(row["score"]) is float and 0.0 <= row["score"] <= 1.0)
    assert len(row["candidates"]) <= 5
    scores = []
    for candidate in row["candidates"]:
        assert list(candidate) == ["entry", "question", "score"]
        assert candidate["question"] == searcher.entry(candidate["entry"]).text(row["lang"]).question
        assert type(candidate["score"]) is float
        assert 0.0 <= candidate["score"] <= 1.0
        scores.append(candidate["score"])
    assert scores == sorted(scores, reverse=True)
    assert len({candidate["entry"] for candidate in row["candidates"]}) == len(row["candidates"])


def test_every_kind_of_turn_keeps_the_contract(searcher: Searcher) -> None:
    found = rows(searcher, *TURNS)
    assert [row["turn"] for row in found] == list(range(len(TURNS)))
    assert [row["query"] for row in found] == list(TURNS)
    assert {row["outcome"] for row in found} == set(Outcome)
    assert {row["section"] for row in found} > {None}
    assert {row["resolved"] is None for row in found} == {True, False}
    for row in found:
        check_contract(row, searcher)
        assert json.loads(json.dumps(row)) == row


def test_what_was_searched_has_candidates_whatever_came_of_it(searcher: Searcher) -> None:
    answered, resolved, unknown = rows(searcher, "BN是什么", "公式", "今天天气怎么样")
    suggested = next(row for text in SUGGESTED if (row := rows(searcher, text)[0])["outcome"] == "suggest")
    assert answered["outcome"] == "answer"
    assert answered["candidates"][0] == {"entry": "batch-norm", "question": "简述下BN算法", "score": answered["score"]}
    assert resolved["section"] == "formula"
    assert resolved["candidates"]
    assert unknown["outcome"] == "unknown"
    assert unknown["candidates"]
    assert unknown["score"] == unknown["candidates"][0]["score"]
    assert suggested["candidates"]
    assert suggested["score"] == suggested["candidates"][0]["score"]


def test_what_was_not_searched_has_none(searcher: Searcher) -> None:
    _, picked, thanked, listed = rows(searcher, "BN是什么", "1", "谢谢", "/topics")
    for row in (picked, thanked, listed):
        assert row["candidates"] == []
        assert row["score"] is None


def test_every_dialogue_begins_afresh(searcher: Searcher) -> None:
    first = rows(searcher, "BN是什么", "公式")
    second = rows(searcher, "公式")
    assert first[1]["entry"] == "batch-norm"
    assert second[0]["entry"] != "batch-norm"


def test_a_language_can_be_set(searcher: Searcher) -> None:
    script = Script(id="d", queries=("BN是什么",), row={})
    assert [reply.lang for reply in replay(script, searcher, "en")] == ["en"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "set.jsonl"


def test_lines_are_dialogues_or_single_queries(file: Path) -> None:
    file.write_text(
        '{"id": "a", "turns": [{"query": "1", "expect": []}, {"query": "2"}], "kind": "x"}\n'
        "\n"
        '{"query": "3", "expect": ["y"]}\r\n'
        '{"id": 7, "query": "\\ud800"}\n'
        '  {"query": "\u2028", "turns": []}  \n'
        '{"id": "last", "query": ""}',
        "utf-8",
        newline="",
    )
    scripts = read_scripts(file)
    assert [(script.id, script.queries) for script in scripts] == [
        ("a", ("1", "2")),
        ("3", ("3",)),
        ("7", ("\ud800",)),
        ("5", ()),
        ("last", ("",)),
    ]
    assert scripts[0].row["kind"] == "x"


def test_an_empty_file_holds_no_dialogue(file: Path) -> None:
    file.write_text("\n  \n", "utf-8")
    assert read_scripts(file) == []


BAD_LINES = {
    2: "not json",
    3: '["a"]',
    5: '{"id": "x"}',
    6: '{"query": 5}',
    7: '{"turns": "x"}',
    8: '{"turns": [{"query": "x"}, {}]}',
    9: '{"turns": ["x"]}',
    10: '{"turns": null}',
    11: "null",
    12: "[" * 100_000,
    13: '{"query": "unclosed',
    15: "\ufeff{}",
}


def test_a_bad_file_names_every_line_at_fault(file: Path) -> None:
    lines = [BAD_LINES.get(number, '{"query": "fine"}') for number in range(1, 17)]
    file.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ReplayError) as caught:
        read_scripts(file)
    assert caught.value.exit_code == 2
    named = [line.strip().removeprefix(f"{file}:").partition(":")[0] for line in str(caught.value).splitlines()[1:]]
    assert named == [str(number) for number in BAD_LINES]


@pytest.mark.parametrize("content", [b'{"query": "\xff"}', b"\xff\xfe{\x00"])
def test_a_file_that_is_no_text_is_named(content: bytes, file: Path) -> None:
    file.write_bytes(content)
    with pytest.raises(ReplayError, match="UTF-8") as caught:
        read_scripts(file)
    assert str(file) in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.jsonl", tmp_path):
        with pytest.raises(ReplayError) as caught:
            read_scripts(path)
        assert str(path) in str(caught.value)
