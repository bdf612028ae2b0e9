"""Flood limits are kept, and nobody waits for somebody else."""

from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.pace import Limit, Pace

FEW = Limit(burst=2, interval=1.0)
MANY = Limit(burst=1000, interval=0.001)


def test_a_burst_then_one_an_interval() -> None:
    pace = Pace(person=FEW, group=FEW, everywhere=MANY)
    assert [pace.reserve(1, 0.0) for _ in range(4)] == [0.0, 0.0, 1.0, 2.0]
    assert pace.reserve(1, 2.5) == 0.5
    assert pace.reserve(1, 60.0) == 0.0


def test_groups_have_their_own_limit() -> None:
    pace = Pace(person=FEW, group=Limit(burst=1, interval=3.0), everywhere=MANY)
    assert [pace.reserve(-1, 0.0) for _ in range(3)] == [0.0, 3.0, 6.0]


def test_one_chat_does_not_hold_up_another() -> None:
    pace = Pace(person=FEW, everywhere=MANY)
    for _ in range(50):
        pace.reserve(1, 0.0)
    pace.hold(2, 100.0)
    assert pace.reserve(2, 0.0) == 100.0
    assert pace.reserve(3, 0.0) == 0.0


def test_the_total_is_limited() -> None:
    pace = Pace(person=FEW, everywhere=Limit(burst=3, interval=1.0))
    assert [pace.reserve(chat, 0.0) for chat in range(1, 6)] == [0.0, 0.0, 0.0, 1.0, 2.0]


def test_what_telegram_says_counts_and_is_never_shortened() -> None:
    pace = Pace()
    pace.hold(1, 10.0)
    pace.hold(1, 5.0)
    assert pace.reserve(1, 4.0) == 6.0
    assert pace.reserve(1, 20.0) == 0.0


def test_idle_chats_are_forgotten() -> None:
    pace = Pace(everywhere=MANY)
    for chat in range(1, 5000):
        pace.reserve(chat, float(chat * 10))
    assert len(pace._full) <= 1001


@given(st.lists(st.floats(0.0, 3.0), max_size=80))
def test_no_second_sees_more_than_the_burst_and_what_drips(pauses: list[float]) -> None:
    pace = Pace(person=FEW, everywhere=MANY)
    now, sent = 0.0, []
    for pause in pauses:
        now += pause
        sent.append(now + pace.reserve(1, now))
    for first in sent:
        assert sum(first <= at < first + 1.0 - 1e-6 for at in sent) <= FEW.burst
