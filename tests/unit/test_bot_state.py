"""The state file keeps what it was given, moves forward, and is refused where it is not ours."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.session import Session, Shown
from bot.state import _APPLICATION, _MIGRATIONS, FILE, MemorySessions, State, StateError
from knowledge.model import Section

SESSION = Session(
    lang="en",
    trail=(Shown(entry="batch-norm", section=Section.CODE, focus=("batch-norm",)),),
    listed=("bn-why-works",),
    text="代码\n🙂",
    before=Session(spoken="en"),
    at=123.5,
)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path / "deep" / "folder") as opened:
        yield opened


def rewrite(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def refusal(folder: Path) -> str:
    with pytest.raises(StateError) as caught, State(folder):
        pass
    assert caught.value.exit_code == 5
    return str(caught.value)


def test_a_session_comes_back(state: State) -> None:
    assert state.session("terminal") is None
    state.keep("terminal", SESSION)
    state.keep("other", Session())
    assert state.session("terminal") == SESSION
    assert state.session("other") == Session()
    state.keep("terminal", Session(at=9.0))
    assert state.session("terminal") == Session(at=9.0)


def test_everything_outlives_the_process(tmp_path: Path) -> None:
    with State(tmp_path) as first:
        first.keep("k", SESSION)
        first.record("LSTM 是什么", "unknown", 1.0)
    with State(tmp_path) as second:
        assert second.session("k") == SESSION
        assert second.recorded() == [("LSTM 是什么", 1)]


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "'; DROP TABLE session; --", "\u202e", "x" * 5000])
def test_odd_texts_are_kept(text: str, state: State) -> None:
    odd = Session(text=text, before=Session(), listed=(text,))
    state.keep("k", odd)
    assert state.session("k") == odd
    state.record(text, "unknown", 1.0)
    ((kept, times),) = state.recorded()
    assert times == 1
    assert len(kept) <= 500
    assert kept[:3] == text[:3].encode("utf-8", "replace").decode()


def test_questions_are_counted_without_who_asked(state: State) -> None:
    for text in ("b", "a", "c", "a", "c", "c"):
        state.record(text, "unknown", 1.0)
    assert state.recorded() == [("c", 3), ("a", 2), ("b", 1)]
    with closing(sqlite3.connect(state.path)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(question)")]
    assert columns == ["text", "outcome", "times", "last"]


def test_two_processes_share_the_file(tmp_path: Path) -> None:
    with State(tmp_path) as one, State(tmp_path) as other:
        one.keep("k", SESSION)
        assert other.session("k") == SESSION
        other.record("x", "unknown", 1.0)
        assert one.recorded() == [("x", 1)]


@pytest.mark.parametrize("value", ["", "{}", "[]", "null", "5", "not json", '{"lang": "fr"}', '{"trail": 3}', "[" * 100_000])
def test_an_unreadable_session_is_none(value: str, state: State) -> None:
    with closing(sqlite3.connect(state.path, isolation_level=None)) as connection:
        connection.execute("INSERT INTO session VALUES ('k', ?, 0)", (value,))
    assert state.session("k") is None
    state.keep("k", SESSION)
    assert state.session("k") == SESSION


def schema(path: Path) -> list[str]:
    with closing(sqlite3.connect(path)) as connection:
        return sorted(str(row[0]) for row in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL"))


@pytest.mark.parametrize("version", range(len(_MIGRATIONS)))
def test_every_older_file_moves_forward_to_the_same_schema(version: int, tmp_path: Path) -> None:
    with State(tmp_path / "new") as new:
        wanted = schema(new.path)
    (tmp_path / "old").mkdir()
    with closing(sqlite3.connect(tmp_path / "old" / FILE, isolation_level=None)) as connection:
        for script in _MIGRATIONS[:version]:
            connection.executescript(script)
        if version:
            connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {version}")
    with State(tmp_path / "old") as old:
        assert schema(old.path) == wanted
        old.keep("k", SESSION)
        assert old.session("k") == SESSION
    assert wanted


def test_the_first_schema_is_the_one_that_was_released() -> None:
    """What was released is never changed: files out there have it."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(_MIGRATIONS[0])
        columns = {
            table: [tuple(row[1:3]) for row in connection.execute(f"PRAGMA table_info({table})")]
            for table in ("session", "question")
        }
    assert columns["session"] == [("key", "TEXT"), ("value", "TEXT"), ("at", "REAL")]
    assert columns["question"] == [("text", "TEXT"), ("outcome", "TEXT"), ("times", "INTEGER"), ("last", "REAL")]


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with State(tmp_path) as first:
        first.keep("k", SESSION)
        before = schema(first.path)
    monkeypatch.setattr("bot.state._MIGRATIONS", (*_MIGRATIONS, "CREATE TABLE more (x); CREATE TABLE session (y);"))
    assert str(tmp_path / FILE) in refusal(tmp_path)
    monkeypatch.undo()
    with State(tmp_path) as again:
        assert schema(again.path) == before
        assert again.session("k") == SESSION


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path) -> None:
    with State(tmp_path) as first:
        first.keep("k", SESSION)
    newer = len(_MIGRATIONS) + 1
    rewrite(tmp_path / FILE, f"PRAGMA user_version = {newer}")
    message = refusal(tmp_path)
    assert str(tmp_path / FILE) in message
    assert "newer" in message
    assert str(newer) in message
    rewrite(tmp_path / FILE, f"PRAGMA user_version = {len(_MIGRATIONS)}")
    with State(tmp_path) as again:
        assert again.session("k") == SESSION


def test_a_foreign_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    rewrite(tmp_path / FILE, "CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('soup')")
    before = (tmp_path / FILE).read_bytes()
    message = refusal(tmp_path)
    assert str(tmp_path / FILE) in message
    assert "ZHUIWEN_DATA" in message
    assert (tmp_path / FILE).read_bytes() == before


def test_a_foreign_database_of_our_version_is_refused(tmp_path: Path) -> None:
    rewrite(tmp_path / FILE, "PRAGMA user_version = 1")
    assert str(tmp_path / FILE) in refusal(tmp_path)


@pytest.mark.parametrize("content", [b"hello, this is no database at all", b"SQLite format 3\x00" + b"\xff" * 200, bytes(4096)])
def test_a_file_that_is_no_database_is_refused_and_left_alone(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(content)
    message = refusal(tmp_path)
    assert str(tmp_path / FILE) in message
    assert "move" in message
    assert (tmp_path / FILE).read_bytes() == content


def test_a_file_damaged_inside_is_a_state_error(tmp_path: Path) -> None:
    with State(tmp_path) as first:
        for number in range(200):
            first.keep(f"key-{number}", SESSION)
            first.record(f"question {number}", "unknown", 1.0)
    content = bytearray((tmp_path / FILE).read_bytes())
    assert len(content) > 3 * 4096
    content[4096:] = b"\xa5" * (len(content) - 4096)
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(StateError, match="state file") as caught, State(tmp_path) as damaged:
        damaged.session("key-1")
    assert str(tmp_path / FILE) in str(caught.value)
    with pytest.raises(StateError), State(tmp_path) as damaged:
        damaged.keep("key-1", SESSION)
    with pytest.raises(StateError), State(tmp_path) as damaged:
        damaged.record("question", "unknown", 1.0)


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", "utf-8")
    message = refusal(tmp_path / "file" / "data")
    assert str(tmp_path / "file" / "data") in message
    assert "ZHUIWEN_DATA" in message
    assert str(tmp_path / "file") in refusal(tmp_path / "file")


def test_a_folder_in_the_place_of_the_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / FILE).mkdir()
    assert str(tmp_path / FILE) in refusal(tmp_path)


def test_a_file_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """A read-only file would not stop the superuser; what stands in the way of SQLite's journals stops everybody."""
    rewrite(tmp_path / FILE, "PRAGMA user_version = 0")
    (tmp_path / f"{FILE}-journal").mkdir()
    (tmp_path / f"{FILE}-wal").mkdir()
    assert str(tmp_path / FILE) in refusal(tmp_path)


def test_sessions_in_memory_behave_alike() -> None:
    sessions = MemorySessions()
    assert sessions.session("k") is None
    sessions.keep("k", SESSION)
    assert sessions.session("k") == SESSION
    assert sessions.session("other") is None
