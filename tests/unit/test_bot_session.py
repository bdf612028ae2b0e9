"""A session survives storage, ends by silence, and is as deep as it may be."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import step
from bot.replies import Outcome, Typed
from bot.session import DEEPEST, LONGEST_SILENCE, Session, Shown, from_json, to_json
from index.searcher import Searcher
from knowledge.model import LANGS, Section

TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
SHOWN = st.builds(Shown, entry=TEXT, section=st.none() | st.sampled_from(Section), focus=st.lists(TEXT, max_size=3).map(tuple))
TIMES = st.floats(allow_nan=False, allow_infinity=False)
PLAIN = st.builds(
    Session,
    lang=st.none() | st.sampled_from(LANGS),
    spoken=st.sampled_from(LANGS),
    trail=st.lists(SHOWN, max_size=4).map(tuple),
    listed=st.lists(TEXT, max_size=4).map(tuple),
    focus=st.lists(TEXT, max_size=3).map(tuple),
    lost=st.booleans(),
    away=st.booleans(),
    text=TEXT,
    before=st.none(),
    at=TIMES,
)
SESSIONS = st.one_of(PLAIN, st.builds(lambda one, other: one.__class__(**{**fields(one), "before": other}), PLAIN, PLAIN))


def fields(session: Session) -> dict[str, Any]:
    return {name: getattr(session, name) for name in Session.__slots__}


@given(SESSIONS)
def test_a_session_comes_back_from_json_as_it_was(session: Session) -> None:
    assert from_json(json.loads(json.dumps(to_json(session)))) == session


def test_only_one_session_before_is_kept() -> None:
    """Else a long talk of ellipses would be stored whole, over and over."""
    deep = Session(text="c", before=Session(text="b", before=Session(text="a")))
    stored = from_json(to_json(deep))
    assert stored.before == Session(text="b")


def test_a_stored_session_has_every_field() -> None:
    assert set(to_json(Session())) == set(Session.__slots__)


WHOLE = to_json(
    Session(
        lang="en",
        trail=(Shown(entry="batch-norm", section=Section.CODE, focus=("batch-norm",)),),
        listed=("bn-why-works", "batch-size"),
        focus=("batch-norm",),
        text="代码",
        before=Session(spoken="en", trail=(Shown(entry="batch-norm"),), listed=("bn-why-works",)),
        at=5.0,
    )
)
OTHERS: tuple[Any, ...] = (
    None,
    0,
    7,
    -1.5,
    "",
    "fr",
    "batch-norm",
    [],
    ["x"],
    [None],
    [3],
    [[]],
    {},
    {"entry": "x"},
    [{}],
    [{"entry": 5}],
)


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_field_that_is_missing_is_an_error(name: str) -> None:
    with pytest.raises(KeyError):
        from_json({key: value for key, value in WHOLE.items() if key != name})


@pytest.mark.parametrize("name", list(WHOLE))
def test_a_field_of_another_kind_is_an_error_or_does_no_harm(name: str, searcher: Searcher) -> None:
    harm = {repr(value): found for value in OTHERS if (found := harm_of({**WHOLE, name: value}, searcher)) is not None}
    assert harm == {}


def harm_of(stored: dict[str, Any], searcher: Searcher) -> str | None:
    """What goes wrong in a talk that was taken up from what is stored; ``None`` where nothing does, or it is refused."""
    try:
        session = from_json(stored)
    except (KeyError, TypeError, ValueError):
        return None
    for text in ("1", "返回", "公式", "那L2呢", "不是", "再说一遍", "BN是什么", "why is it useful"):
        try:
            _, reply = step(session, Typed(text=text), searcher, 6.0)
        except Exception as fault:  # noqa: BLE001 — whatever it is, it is the harm
            return f"{text}: {fault!r}"
        if reply.lang not in LANGS:
            return f"{text}: answers in {reply.lang!r}"
    return None


@pytest.mark.parametrize("text", ["[]", '"x"', "5", "null", "{}", "[[]]", "true"])
def test_what_is_no_session_is_an_error(text: str) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        from_json(json.loads(text))


def shows(session: Session, *entries: str) -> Session:
    for entry in entries:
        session = session.shows(Shown(entry=entry), ("next",))
    return session


def test_the_trail_keeps_the_latest_answers() -> None:
    ids = [f"entry-{number}" for number in range(DEEPEST + 7)]
    session = shows(Session(), *ids)
    assert [shown.entry for shown in session.trail] == ids[-DEEPEST:]
    assert session.current == Shown(entry=ids[-1])


def test_another_section_of_an_entry_takes_its_place() -> None:
    session = shows(Session(), "one", "two").shows(Shown(entry="two", section=Section.CODE), ())
    assert session.trail == (Shown(entry="one"), Shown(entry="two", section=Section.CODE))


def test_an_answer_ends_straying() -> None:
    session = Session(lost=True, away=True).shows(Shown(entry="one", focus=("t",)), ("two",))
    assert not session.lost
    assert not session.away
    assert session.focus == ("t",)
    assert session.listed == ("two",)


def test_a_new_session_shows_nothing() -> None:
    assert Session().current is None


def test_a_talk_lasts_to_the_end_of_the_silence() -> None:
    session = shows(Session(lang="en", at=100.0), "one")
    assert session.at_time(100.0 + LONGEST_SILENCE).trail == session.trail
    ended = session.at_time(100.0 + LONGEST_SILENCE + 1)
    assert ended == Session(lang="en", spoken=session.spoken, at=100.0 + LONGEST_SILENCE + 1)


def test_a_clock_that_goes_back_ends_nothing() -> None:
    session = shows(Session(at=1000.0), "one")
    assert session.at_time(10.0).trail == session.trail


def test_every_turn_moves_the_time() -> None:
    assert Session(at=5.0).at_time(9.0).at == 9.0
    session = shows(Session(at=0.0), "one")
    for minute in range(0, 200, 20):
        session = session.at_time(minute * 60.0)
    assert session.trail


def test_a_list_of_suggestions_ends_with_the_silence_too(searcher: Searcher) -> None:
    """What is remembered ends by time, whether an answer was shown or not."""
    session = Session(listed=("batch-norm", "batch-size"), focus=("batch-norm",), away=True, at=0.0)
    _, soon = step(session, Typed(text="2"), searcher, LONGEST_SILENCE)
    assert soon.answer is not None
    _, late = step(session, Typed(text="2"), searcher, LONGEST_SILENCE + 1)
    assert late.outcome is Outcome.CHAT
    assert late.answer is None
