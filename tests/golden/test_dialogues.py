"""Whole dialogues as readable transcripts: what was said, what was understood, what was shown and offered.

A transcript holds what the dialogue decides and not the answers' texts, which change with the content, nor what is offered
after the likest suggestion, which changes with every tuning of the search.  Lines that begin with
«› » are turns; all that follows a turn is written by ``--update-golden``.  Besides text a turn can be

    › [button batch-norm code]     a button, of an entry or of its section
    › [undo]                       the button that takes an understanding back
    › [1801 seconds pass]          silence
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.dialogue import step
from bot.replies import Chosen, Incoming, Outcome, Reply, Typed, Undone
from bot.session import Session
from index.searcher import Searcher
from knowledge.model import Section

FOLDER = Path(__file__).parent / "dialogues"
FILES = sorted(FOLDER.glob("*.md"))
TURN = "› "
BETWEEN = 10.0
"""Seconds between two turns."""


def parts(text: str) -> tuple[str, list[str]]:
    """What stands before the first turn, and the turns."""
    lines = text.split("\n")
    first = next(number for number, line in enumerate(lines) if line.startswith(TURN))
    return "\n".join(lines[:first]).strip(), [line.removeprefix(TURN) for line in lines if line.startswith(TURN)]


def incoming(turn: str) -> Incoming | float:
    """What a turn does; a number of seconds is silence."""
    passing = re.fullmatch(r"\[(\d+) seconds pass\]", turn)
    button = re.fullmatch(r"\[button ([a-z0-9-]+)(?: ([a-z]+))?\]", turn)
    if passing:
        return float(passing[1])
    if button:
        return Chosen(entry=button[1], section=Section(button[2]) if button[2] else None)
    return Undone() if turn == "[undo]" else Typed(text=turn)


def shown(reply: Reply) -> Iterator[str]:
    """A reply in lines."""
    facts = [reply.outcome.value, reply.lang, reply.answer and reply.answer.entry, reply.section and reply.section.value]
    yield " · ".join(fact for fact in facts if fact) + (" · can be undone" if reply.undoable else "")
    if reply.resolved:
        yield f"understood: {reply.resolved}"
    yield from (line for line in reply.said.split("\n") if line)
    if reply.answer is not None:
        yield f"**{reply.answer.question}**"
        yield f"shows {', '.join([*(['short'] if reply.answer.short else []), *reply.answer.sections])}; has {', '.join(reply.answer.more)}"
    certain = len(reply.options) if reply.outcome is not Outcome.SUGGEST else 1
    for number, option in enumerate(reply.options[:certain], 1):
        yield f"{number}. {option.text} ({option.entry})"
    if reply.options[certain:]:
        yield "…"
    for name, options in reply.topics:
        yield f"{name}: {', '.join(option.entry for option in options)}"


def transcript(text: str, searcher: Searcher) -> tuple[str, list[Reply]]:
    """The transcript of the turns in ``text`` as they go now."""
    head, turns = parts(text)
    session, now = Session(), 1_000_000.0
    blocks, replies = [head], []
    for turn in turns:
        blocks.append(f"{TURN}{turn}")
        what = incoming(turn)
        if isinstance(what, float):
            now += what
            continue
        now += BETWEEN
        session, reply = step(session, what, searcher, now)
        replies.append(reply)
        blocks.append("\n".join(f"> {line}" for line in shown(reply)))
    return "\n\n".join(blocks) + "\n", replies


def test_there_are_dialogues_of_every_kind(searcher: Searcher) -> None:
    assert len(FILES) >= 15
    replies = [reply for file in FILES for reply in transcript(file.read_text("utf-8"), searcher)[1]]
    assert len(replies) > 4 * len(FILES)
    assert {reply.outcome for reply in replies} == set(Outcome)
    assert {reply.lang for reply in replies} == {"zh", "en"}
    assert {reply.section for reply in replies} >= {None, Section.FORMULA, Section.CODE, Section.PITFALLS, Section.DETAILS}


@pytest.mark.parametrize("file", FILES, ids=[file.stem for file in FILES])
def test_a_dialogue_goes_as_it_is_written(file: Path, searcher: Searcher, update_golden: bool) -> None:  # noqa: FBT001 — a fixture
    text = file.read_text("utf-8")
    now, replies = transcript(text, searcher)
    assert len(replies) > 1
    if update_golden:
        file.write_text(now, "utf-8")
    else:
        assert now == text
