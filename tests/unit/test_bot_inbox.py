"""The inbox forgets no update and takes none twice."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.inbox import MOST_ATTEMPTS, REMEMBERED, Inbox
from bot.session import Session
from bot.state import State, StateError


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path) as state:
        yield state


@pytest.fixture
def inbox(state: State) -> Inbox:
    return Inbox(state, 7)


def numbers(inbox: Inbox) -> list[int]:
    return [waiting.number for waiting in inbox.waiting()]


def bodies(state: State) -> list[str | None]:
    return [row[0] for row in state.execute("SELECT body FROM inbox ORDER BY number")]


def test_what_came_waits_until_it_is_settled(inbox: Inbox, state: State) -> None:
    assert inbox.accept({2: "b", 1: "a", 3: "c"}, 5.0) == [2, 1, 3]
    assert [(waiting.number, waiting.body, waiting.at) for waiting in inbox.waiting()] == [
        (1, "a", 5.0),
        (2, "b", 5.0),
        (3, "c", 5.0),
    ]
    inbox.finish(2)
    inbox.set_aside(1)
    assert numbers(inbox) == [3]
    assert bodies(state) == [None, None, "c"], "no text is kept of what is settled"


def test_a_repetition_is_known_whatever_became_of_the_first(inbox: Inbox) -> None:
    inbox.accept({1: "a", 2: "b", 3: "c"}, 5.0)
    inbox.finish(1)
    inbox.set_aside(2)
    assert inbox.accept({1: "a", 2: "b", 3: "c", 4: "d"}, 6.0) == [4]
    assert numbers(inbox) == [3, 4]


def test_numbers_are_remembered_longer_than_telegram_repeats_and_no_longer(inbox: Inbox, state: State) -> None:
    inbox.accept({1: "a", 2: "b"}, 0.0)
    inbox.finish(1)
    assert inbox.accept({1: "a"}, REMEMBERED) == []
    assert inbox.accept({9: "z"}, REMEMBERED + 1) == [9]
    assert bodies(state) == ["b", "z"], "what waits is not forgotten"


def test_bots_do_not_share_an_inbox(inbox: Inbox, state: State) -> None:
    other = Inbox(state, 8)
    assert inbox.accept({1: "a"}, 0.0) == other.accept({1: "x"}, 0.0) == [1]
    inbox.finish(1)
    assert numbers(other) == [1]


def test_an_attempt_that_is_survived_does_not_count(inbox: Inbox) -> None:
    inbox.accept({1: "a"}, 0.0)
    for _ in range(2 * MOST_ATTEMPTS):
        with inbox.attempt(1):
            assert inbox.waiting()[0].attempts == 1
    assert inbox.waiting()[0].attempts == 0


def test_one_that_is_not_survived_counts_across_restarts(tmp_path: Path) -> None:
    for attempts in range(3):
        with State(tmp_path) as state:
            inbox = Inbox(state, 7)
            inbox.accept({1: "a"}, 0.0)
            assert inbox.waiting()[0].attempts == attempts
            with pytest.raises(ValueError, match="poison"), inbox.attempt(1):
                raise ValueError("poison")


def test_what_is_kept_is_kept_together_with_the_end_or_not_at_all(inbox: Inbox, state: State) -> None:
    inbox.accept({1: "a"}, 0.0)

    def keep(*, fail: bool) -> None:
        state.keep("k", Session(at=1.0))
        if fail:
            raise RuntimeError("in the middle")

    with pytest.raises(RuntimeError):
        inbox.finish(1, lambda: keep(fail=True))
    assert state.session("k") is None
    assert numbers(inbox) == [1]
    inbox.finish(1, lambda: keep(fail=False))
    assert state.session("k") is not None
    assert numbers(inbox) == []


def test_what_cannot_be_written_down_is_not_taken(inbox: Inbox, state: State) -> None:
    with closing(sqlite3.connect(state.path, isolation_level=None)) as connection:
        connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON inbox WHEN NEW.number = 2 BEGIN SELECT RAISE(FAIL, 'full'); END"
        )
    with pytest.raises(StateError, match="full"):
        inbox.accept({1: "a", 2: "b"}, 0.0)
    assert numbers(inbox) == []
    assert inbox.accept({1: "a"}, 0.0) == [1]
