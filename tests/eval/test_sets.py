"""The query sets: large enough, well formed, split by hash, nothing on both sides."""

import json
from collections import Counter
from hashlib import blake2b
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import Knowledge

SETS = Path(__file__).parent
FEWEST = {"single": 800, "oos": 300, "dialogues": 120}


def half(text: str) -> str:
    """The half that a query, or a dialogue's id, belongs to."""
    return ("tuning", "judging")[blake2b(text.encode(), digest_size=2).digest()[0] % 2]


def rows(part: str, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SETS / part / f"{name}.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("name", sorted(FEWEST))
def test_the_halves_are_split_by_hash_and_share_nothing(name: str) -> None:
    keys = {part: [row["id" if name == "dialogues" else "query"] for row in rows(part, name)] for part in ("tuning", "judging")}
    assert {key: half(key) for part in keys for key in keys[part]} == {key: part for part in keys for key in keys[part]}
    assert Counter(key for part in keys.values() for key in part).most_common(1)[0][1] == 1
    assert sum(map(len, keys.values())) >= FEWEST[name]


def test_every_entry_is_asked_for_at_least_four_times(knowledge: Knowledge) -> None:
    asked = Counter(id_ for part in ("tuning", "judging") for row in rows(part, "single") for id_ in row["expect"])
    assert asked.keys() == knowledge.entries.keys()
    assert [id_ for id_, times in asked.items() if times < 4] == []


def test_what_is_out_of_scope_expects_nothing() -> None:
    found = [row for part in ("tuning", "judging") for row in rows(part, "oos")]
    assert [row for row in found if row["expect"]] == []
    assert {row["kind"] for row in found} == {"near-miss", "other-computing", "chat", "noise"}


def test_dialogues_name_entries_that_there_are(knowledge: Knowledge) -> None:
    turns = [turn for part in ("tuning", "judging") for row in rows(part, "dialogues") for turn in row["turns"]]
    assert {id_ for turn in turns for id_ in turn["expect"]} <= knowledge.entries.keys()
