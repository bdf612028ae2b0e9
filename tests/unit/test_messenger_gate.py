"""Nobody is answered more often than the limit allows, and nobody who is not on the list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger import gate
from bot.messenger.gate import Gate, Limit, Pass

LIMIT = Limit(most=3, seconds=10.0)
A, B, GROUP = 1, 2, -7


def test_one_message_then_silence_until_the_window_ends() -> None:
    asked = Gate((), LIMIT)
    assert [asked.ask(A, A, at) for at in (0, 1, 2, 3, 4, 9.9)] == [Pass.OPEN] * 3 + [Pass.FULL, Pass.SHUT, Pass.SHUT]
    assert asked.left(A, 4) == 6
    assert asked.ask(B, B, 5) is Pass.OPEN, "others are not concerned"
    assert asked.ask(A, A, 10) is Pass.OPEN


def test_a_person_counts_over_all_chats() -> None:
    asked = Gate((), LIMIT)
    assert [asked.ask(chat, A, 0) for chat in (A, GROUP, -8, -9)][-1] is Pass.FULL


def test_without_a_limit_everybody_asks_for_ever() -> None:
    asked = Gate()
    assert {asked.ask(A, A, 0) for _ in range(1000)} == {Pass.OPEN}
    assert asked.left(A, 0) == 0


@pytest.mark.parametrize(
    ("chat", "who", "admitted"), [(A, A, True), (GROUP, B, True), (B, B, False), (-8, A, True), (-8, B, False)]
)
def test_the_list_names_people_and_chats(chat: int, who: int, admitted: bool) -> None:  # noqa: FBT001
    asked = Gate({A, GROUP}, LIMIT)
    assert asked.admits(chat, who) == admitted
    assert asked.ask(chat, who, 0) is (Pass.OPEN if admitted else Pass.STRANGER)


@pytest.mark.parametrize("limit", [LIMIT, None])
def test_a_stranger_is_told_once_a_window(limit: Limit | None) -> None:
    asked = Gate({A}, limit)
    assert [asked.ask(B, B, at) for at in (0, 1, 2)] == [Pass.STRANGER, Pass.SHUT, Pass.SHUT]
    assert asked.ask(B, B, 100) is Pass.STRANGER


def test_who_fell_silent_is_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "_ROOM", 10)
    asked = Gate((), LIMIT)
    for who in range(1000):
        asked.ask(who, who, who * 1.0)
    assert len(asked._asked) <= 30


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 100)), max_size=60))
def test_no_window_lets_more_through(asks: list[tuple[int, float]]) -> None:
    asked = Gate((), LIMIT)
    let: dict[int, list[float]] = {}
    for who, at in sorted(asks, key=lambda pair: pair[1]):
        if asked.ask(who, who, at) is Pass.OPEN:
            let.setdefault(who, []).append(at)
    for times in let.values():
        # Fixed windows: at most twice the limit falls into any span of one window's length.
        assert all(sum(start <= at < start + LIMIT.seconds for at in times) <= 2 * LIMIT.most for start in times)


def test_offers_count_apart_and_end_as_well() -> None:
    asked = Gate((), LIMIT)
    assert [asked.offers(A, 0) for _ in range(16)] == [True] * 15 + [False]
    assert asked.ask(A, A, 0) is Pass.OPEN
    assert asked.offers(A, 10)
    assert all(Gate().offers(A, 0) for _ in range(99))
    assert not Gate({B}).offers(A, 0)
