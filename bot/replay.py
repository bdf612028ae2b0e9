"""Replays files of dialogues through the dialogue's core, and says each reply as JSON.  Contract: DESIGN §6."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.dialogue import step
from bot.replies import Outcome, Reply, Typed
from bot.session import Session
from index.searcher import Searcher
from knowledge.model import Lang
from knowledge.problems import ZhuiwenError

_BETWEEN_TURNS = 10.0
"""Seconds that pass from turn to turn."""


class ReplayError(ZhuiwenError):
    """A file that holds no dialogues; names each line at fault."""

    exit_code = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What one person types."""

    id: str
    queries: tuple[str, ...]
    row: dict[str, Any]
    """The line as it stands in the file."""


def read_scripts(path: Path) -> list[Script]:
    """The dialogues of a JSON Lines file.

    Raises:
        ReplayError: It cannot be read, or lines are not well-formed; names all of them.
    """
    try:
        lines = path.read_text("utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as fault:
        why = fault.strerror if isinstance(fault, OSError) else "it is not UTF-8"
        raise ReplayError(f"{path} cannot be read: {why}") from fault
    scripts: list[Script] = []
    wrong: list[str] = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        script = _script(line, number)
        if isinstance(script, str):
            wrong.append(f"  {path}:{number}: {script}")
        else:
            scripts.append(script)
    if wrong:
        raise ReplayError("\n".join(["lines that are no dialogue:", *wrong]))
    return scripts


def _script(line: str, number: int) -> Script | str:
    try:
        row = json.loads(line)
    except ValueError as fault:
        return f"not valid JSON ({fault})"
    except RecursionError:
        return "nested too deeply"
    if not isinstance(row, dict):
        return 'not an object; write {"id": "…", "turns": [{"query": "…"}]}'
    turns = row.get("turns", [row])
    if not isinstance(turns, list) or not all(isinstance(turn, dict) and isinstance(turn.get("query"), str) for turn in turns):
        return 'no queries; write {"query": "…"} or {"turns": [{"query": "…"}]}'
    return Script(id=str(row.get("id", number)), queries=tuple(turn["query"] for turn in turns), row=row)


def replay(script: Script, searcher: Searcher, lang: Lang | None = None) -> Iterator[Reply]:
    """The replies to a dialogue, turn by turn, from a fresh session."""
    session = Session(lang=lang)
    for number, query in enumerate(script.queries):
        session, reply = step(session, Typed(text=query), searcher, number * _BETWEEN_TURNS)
        yield reply


def as_json(reply: Reply, *, id_: str, turn: int) -> dict[str, Any]:
    """A reply as the object that ``replay --json`` and ``ask --json`` print."""
    answer = reply.answer
    follows = reply.options if reply.outcome is Outcome.ANSWER else ()
    return {
        "id": id_,
        "turn": turn,
        "query": reply.query,
        "resolved": reply.resolved,
        "outcome": reply.outcome.value,
        "entry": answer.entry if answer else None,
        "section": reply.section.value if reply.section else None,
        "question": answer.question if answer else None,
        "score": reply.score,
        "lang": reply.lang,
        "candidates": [{"entry": c.entry, "question": c.question, "score": c.score} for c in reply.candidates],
        "follow_ups": [{"entry": option.entry, "question": option.text} for option in follows],
    }
