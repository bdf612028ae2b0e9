"""Whatever Telegram says to a message, the right thing happens, and no more often than it should."""

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import replace
from typing import Any

import pytest

from bot.messenger.buttons import Button, Keyboard
from bot.messenger.delivery import Courier, Draw, Fault, Offer, Place, Postponed, Undelivered, refusal
from bot.messenger.pace import Limit, Pace
from bot.messenger.pieces import Piece

HERE = Place(chat=5)
ONE = (Piece(html="<b>1</b>", plain="1"),)
TWO = (*ONE, Piece(html="<i>2</i>", plain="2"))
ROW: Keyboard = ((Button(label="1", data="q:x"),),)


class Script:
    """A wire on which the given faults happen, one a request, and everything after them succeeds."""

    def __init__(self, *faults: Undelivered | None) -> None:
        self.done: list[tuple[Any, ...]] = []
        self._faults = list(faults)

    async def send(self, place: Place, text: str, keyboard: Keyboard, *, html: bool) -> int:
        return self._request("send", place.chat, text, keyboard, html)

    async def send_photo(self, place: Place, photo: bytes, text: str, keyboard: Keyboard, *, html: bool) -> int:
        return self._request("photo", place.chat, photo, text, keyboard, html)

    async def send_rich(self, place: Place, markdown: str, keyboard: Keyboard) -> int:
        return self._request("rich", place.chat, markdown, keyboard)

    async def edit_rich(self, place: Place, message: int, markdown: str, keyboard: Keyboard) -> None:
        self._request("edit rich", place.chat, message, markdown, keyboard)

    async def edit(self, place: Place, message: int, text: str, keyboard: Keyboard, *, html: bool) -> None:
        self._request("edit", place.chat, message, text, keyboard, html)

    async def acknowledge(self, press: str, text: str) -> None:
        self._request("acknowledge", press, text)

    async def offer(self, query: str, offers: Sequence[Offer]) -> None:
        self._request("offer", query, *offers)

    def _request(self, *what: object) -> int:
        self.done.append(what)
        fault = self._faults.pop(0) if self._faults else None
        if fault is not None:
            raise fault
        return len(self.done)


def deliver(
    script: Script,
    place: Place,
    pieces: tuple[Piece, ...],
    keyboard: Keyboard = (),
    *,
    instead_of: int | None = None,
    draw: Draw | None = None,
) -> tuple[int, ...]:
    async def main() -> tuple[int, ...]:
        pace = Pace(person=Limit(burst=99, interval=0.0))
        courier = Courier(script, pace=pace, draw=draw, first_pause=0.001)
        return await courier.deliver(place, pieces, keyboard, instead_of=instead_of)

    return asyncio.run(main())


def sent(*texts: str, chat: int = 5, keyboard: Keyboard = ()) -> list[tuple[Any, ...]]:
    return [("send", chat, text, keyboard, text.startswith("<")) for text in texts]


def test_the_buttons_are_under_the_last_message() -> None:
    script = Script()
    assert deliver(script, HERE, TWO, ROW) == (1, 2)
    assert script.done == sent("<b>1</b>") + sent("<i>2</i>", keyboard=ROW)


@pytest.mark.parametrize(
    ("fault", "texts"),
    [
        (Undelivered(Fault.UNPARSED), ["<b>1</b>", "1", "<i>2</i>"]),
        (Undelivered(Fault.THROTTLED, wait=0.01), ["<b>1</b>", "<b>1</b>", "<i>2</i>"]),
        (Undelivered(Fault.UNSENT), ["<b>1</b>", "<b>1</b>", "<i>2</i>"]),
        (Undelivered(Fault.UNCERTAIN), ["<b>1</b>", "<i>2</i>"]),
    ],
    ids=lambda value: value.fault if isinstance(value, Undelivered) else "",
)
def test_faults_that_are_overcome(fault: Undelivered, texts: list[str]) -> None:
    script = Script(fault)
    assert deliver(script, HERE, TWO)
    assert script.done == sent(*texts)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (Undelivered(Fault.BLOCKED), 1),
        (Undelivered(Fault.REFUSED), 1),
        (Undelivered(Fault.MOVED, chat=5), 4),
    ],
    ids=lambda value: value.fault if isinstance(value, Undelivered) else "",
)
def test_faults_that_persist_end_the_reply(fault: Undelivered, tries: int) -> None:
    script = Script(*[fault] * 50)
    assert not deliver(script, HERE, TWO)
    assert script.done == sent(*["<b>1</b>"] * tries)


@pytest.mark.parametrize(
    ("fault", "tries"),
    [
        (Undelivered(Fault.THROTTLED, wait=3600), 1),
        (Undelivered(Fault.THROTTLED, wait=0.001), 4),
        (Undelivered(Fault.UNSENT), 4),
    ],
)
def test_faults_that_pass_postpone_what_is_left_of_the_reply(fault: Undelivered, tries: int) -> None:
    script = Script(None, *[fault] * 50)
    with pytest.raises(Postponed) as caught:
        deliver(script, HERE, TWO)
    assert script.done == sent("<b>1</b>", *["<i>2</i>"] * tries)
    assert caught.value.arrived == 1
    assert caught.value.place == HERE
    assert caught.value.wait == fault.wait


def test_an_edit_without_an_answer_is_postponed_as_a_whole() -> None:
    with pytest.raises(Postponed) as caught:
        deliver(Script(*[Undelivered(Fault.UNCERTAIN)] * 9), HERE, ONE, instead_of=7)
    assert caught.value.arrived == 0


def test_plain_text_is_tried_once_and_no_more() -> None:
    script = Script(Undelivered(Fault.UNPARSED), Undelivered(Fault.UNPARSED))
    assert not deliver(script, HERE, ONE)
    assert script.done == sent("<b>1</b>", "1")


def test_a_group_that_moved_is_followed() -> None:
    script = Script(Undelivered(Fault.MOVED, chat=-100))
    assert deliver(script, Place(chat=-5, answers=3), TWO)
    assert [(what[1], what[2]) for what in script.done] == [(-5, "<b>1</b>"), (-100, "<b>1</b>"), (-100, "<i>2</i>")]


def test_telegram_s_waiting_time_is_kept() -> None:
    script = Script(Undelivered(Fault.THROTTLED, wait=0.2))
    before = time.monotonic()
    assert deliver(script, HERE, ONE)
    assert time.monotonic() - before >= 0.2


@pytest.mark.parametrize(
    ("fault", "requests"),
    [
        (None, ["edit"]),
        (Undelivered(Fault.UNCHANGED), ["edit"]),
        (Undelivered(Fault.UNCERTAIN), ["edit", "edit"]),
        (Undelivered(Fault.UNSENT), ["edit", "edit"]),
        (Undelivered(Fault.UNPARSED), ["edit", "edit"]),
        (Undelivered(Fault.GONE), ["edit", "send"]),
        (Undelivered(Fault.REFUSED), ["edit", "send"]),
    ],
    ids=lambda value: value.fault if isinstance(value, Undelivered) else "",
)
def test_a_message_is_replaced_or_a_new_one_sent(fault: Undelivered | None, requests: list[str]) -> None:
    script = Script(fault)
    assert deliver(script, HERE, ONE, ROW, instead_of=7)
    assert [what[0] for what in script.done] == requests


def test_who_blocked_the_bot_gets_no_new_message_for_a_replaced_one() -> None:
    script = Script(Undelivered(Fault.BLOCKED))
    assert not deliver(script, HERE, ONE, instead_of=7)
    assert [what[0] for what in script.done] == ["edit"]


def test_several_messages_replace_none() -> None:
    script = Script()
    assert deliver(script, HERE, TWO, instead_of=7)
    assert script.done == sent("<b>1</b>", "<i>2</i>")


PHOTO = (Piece(html="<b>1</b>", plain="1", photo=b"png"),)


def test_a_picture_comes_with_its_text_and_the_buttons_and_never_replaces_a_message() -> None:
    script = Script()
    assert deliver(script, HERE, PHOTO, ROW, instead_of=7)
    assert script.done == [("photo", 5, b"png", "<b>1</b>", ROW, True)]


def test_under_a_picture_refused_formatting_becomes_plain() -> None:
    script = Script(Undelivered(Fault.UNPARSED))
    assert deliver(script, HERE, PHOTO)
    assert script.done == [("photo", 5, b"png", "<b>1</b>", (), True), ("photo", 5, b"png", "1", (), False)]


def test_the_text_of_a_refused_picture_is_sent_alone(caplog: pytest.LogCaptureFixture) -> None:
    script = Script(Undelivered(Fault.REFUSED, "PHOTO_INVALID_DIMENSIONS"))
    assert deliver(script, HERE, PHOTO, ROW)
    assert script.done == [("photo", 5, b"png", "<b>1</b>", ROW, True), *sent("<b>1</b>", keyboard=ROW)]
    assert "PHOTO_INVALID_DIMENSIONS" in caplog.text


def test_the_number_of_a_message_that_may_have_arrived_is_not_known() -> None:
    assert deliver(Script(Undelivered(Fault.UNCERTAIN)), HERE, TWO) == (0, 2)


def test_offers_that_come_too_late_are_let_be(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    script = Script(Undelivered(Fault.STALE), Undelivered(Fault.REFUSED, "odd"))

    async def main() -> None:
        courier = Courier(script)
        for query in ("q1", "q2", "q3"):
            await courier.offer(query, ())

    asyncio.run(main())
    assert script.done == [("offer", "q1"), ("offer", "q2"), ("offer", "q3")]
    assert [record.message for record in caplog.records] == ["offers not delivered: odd"]


def test_a_press_that_is_too_old_is_let_be(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    script = Script(Undelivered(Fault.STALE), Undelivered(Fault.REFUSED, "odd"))

    async def main() -> None:
        courier = Courier(script)
        await courier.acknowledge("p1", "gone")
        await courier.acknowledge("p2")

    asyncio.run(main())
    assert script.done == [("acknowledge", "p1", "gone"), ("acknowledge", "p2", "")]
    assert [record.message for record in caplog.records] == ["press not acknowledged: odd"]


def hurried(prepare: Callable[[Courier], Coroutine[Any, Any, tuple[int, ...]]]) -> float:
    async def main() -> float:
        courier = Courier(Script(*[Undelivered(Fault.THROTTLED, wait=30.0)] * 9))
        started = time.monotonic()
        reply = asyncio.create_task(prepare(courier))
        await asyncio.sleep(0.05)
        courier.hurry()
        with pytest.raises(Postponed):
            await reply
        return time.monotonic() - started

    return asyncio.run(main())


def test_stopping_ends_long_pauses() -> None:
    assert hurried(lambda courier: courier.deliver(HERE, ONE)) < 2.0


@pytest.mark.parametrize(
    ("description", "fault"),
    [
        ("Message is not modified: specified new message content…", Fault.UNCHANGED),
        ("Query is too old and response timeout expired or query id is invalid", Fault.STALE),
        ("MESSAGE TO EDIT NOT FOUND", Fault.GONE),
        ("Can't parse entities: unclosed start tag at byte offset 3", Fault.UNPARSED),
        ("Chat not found", Fault.REFUSED),
        ("", Fault.REFUSED),
    ],
)
def test_refusals_by_their_words(description: str, fault: Fault) -> None:
    assert refusal(description) is fault


FORMULA = replace(ONE[0], formulas=(r"\frac{a}{b}",))
ALONE = Piece(html="", plain="", formulas=(r"\frac{a}{b}",))


async def draws(formulas: Sequence[str]) -> bytes | None:
    return " ".join(formulas).encode()


async def cannot(formulas: Sequence[str]) -> bytes | None:
    assert formulas
    return None


def test_a_formula_is_drawn_above_its_text() -> None:
    script = Script()
    assert deliver(script, HERE, (FORMULA,), ROW, instead_of=9, draw=draws) == (1,)
    assert script.done == [("photo", 5, rb"\frac{a}{b}", "<b>1</b>", ROW, True)]


@pytest.mark.parametrize("draw", [None, cannot])
def test_a_formula_that_cannot_be_drawn_is_its_text(draw: Draw | None) -> None:
    script = Script()
    assert deliver(script, HERE, (FORMULA,), ROW, instead_of=9, draw=draw) == (9,)
    assert script.done == [("edit", 5, 9, "<b>1</b>", ROW, True)]


@pytest.mark.parametrize(("draw", "left"), [(draws, 2), (cannot, 1)])
def test_a_picture_alone_that_cannot_be_drawn_counts_as_arrived(draw: Draw, left: int) -> None:
    script = Script()
    deliver(script, HERE, (ALONE, *ONE), ROW, draw=draw)
    assert len(script.done) == left
    assert script.done[-1] == ("send", 5, "<b>1</b>", ROW, True)
    away = Script(*[None] * (left - 1), *[Undelivered(Fault.UNSENT, "away")] * 9)
    with pytest.raises(Postponed) as caught:
        deliver(away, HERE, (ALONE, *ONE), ROW, draw=draw)
    assert caught.value.arrived == 1
