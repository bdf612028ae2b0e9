"""Brings messages to a chat, whatever Telegram says to that.

The catalogue of what can go wrong stands here, in our own words; the adapter only names the fault.

    BLOCKED      the person blocked the bot, or it was thrown out      give the whole reply up
    UNCHANGED    an edit changes nothing (a double tap)                done
    STALE        a press of a button is too old to be acknowledged     let it be
    GONE         the message to edit does not exist any more           send a new one
    UNPARSED     the formatting is refused: our bug                    that message once more as plain text
    THROTTLED    too many messages                                     wait as told, a few times, then postpone
    MOVED        the group became a supergroup                         send to the new chat
    UNSENT       the server was not reached or failed                  try again with growing pauses, then postpone
    UNCERTAIN    no answer came: the message may have arrived          never send it again; an edit is repeated
    UNKNOWN      the server does not know the method            do without it from now on
    REFUSED      anything else                                         log it as our bug
"""

import asyncio
import logging
import math
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from bot.messenger.buttons import Keyboard
from bot.messenger.meter import Meter, Unmetered
from bot.messenger.pace import Pace
from bot.messenger.pieces import Piece
from knowledge.problems import ZhuiwenError

Draw = Callable[[Sequence[str]], Awaitable[bytes | None]]
"""Draws formulas given in LaTeX; ``None`` where that cannot be done."""

_LOG = logging.getLogger(__name__)
TRIES = 4
"""How often one message is sent at most."""
LONGEST_WAIT = 60.0
"""Seconds after which a reply comes too late to be worth waiting for."""
LAST_WAIT = 5.0
"""Seconds after which nothing is waited for any more when the bot is stopping."""
FIRST_PAUSE = 0.5
"""Seconds before a second try; each further pause is twice as long."""


class DeliveryError(ZhuiwenError):
    """Telegram cannot be served: the token is refused, the server out of reach, or another program polls."""

    exit_code = 6


class Fault(StrEnum):
    """What became of a request that was not fulfilled."""

    BLOCKED = "blocked"
    UNCHANGED = "unchanged"
    STALE = "stale"
    GONE = "gone"
    UNPARSED = "unparsed"
    THROTTLED = "throttled"
    MOVED = "moved"
    UNSENT = "unsent"
    UNCERTAIN = "uncertain"
    UNKNOWN = "unknown"
    REFUSED = "refused"


_TELLTALES = (
    ("message is not modified", Fault.UNCHANGED),
    ("query is too old", Fault.STALE),
    ("query id is invalid", Fault.STALE),
    ("message to edit not found", Fault.GONE),
    ("message can't be edited", Fault.GONE),
    ("can't parse entities", Fault.UNPARSED),
)


_PASSING = (Fault.THROTTLED, Fault.UNSENT, Fault.UNCERTAIN)
"""Faults that pass.  What is uncertain comes to this only where a repetition does no harm."""


def refusal(description: str) -> Fault:
    """The fault that a «bad request» is, by Telegram's description of it."""
    return next((fault for telltale, fault in _TELLTALES if telltale in description.lower()), Fault.REFUSED)


class Undelivered(Exception):  # noqa: N818 — an outcome that is handled here, not an error that anybody sees
    """A request was not fulfilled."""

    def __init__(self, fault: Fault, text: str = "", *, wait: float = 0.0, chat: int = 0) -> None:
        """Say what happened.

        Args:
            fault: The kind.
            text: Telegram's words.
            wait: For THROTTLED: how many seconds.
            chat: For MOVED: where to.
        """
        super().__init__(text or fault.value)
        self.fault = fault
        self.wait = wait
        self.chat = chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a reply goes."""

    chat: int
    thread: int | None = None
    """The topic of a forum."""
    answers: int | None = None
    """The message that is answered, shown above the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """An answer that somebody may post in a chat of theirs."""

    entry: str
    title: str
    teaser: str
    piece: Piece


class Postponed(Exception):  # noqa: N818 — a verdict, not an error
    """A reply could not be delivered now, but may be later."""

    def __init__(self, text: str, *, place: Place, arrived: int, wait: float) -> None:
        """Say why, and what is left to do.

        Args:
            text: The reason.
            place: Where the rest goes.
            arrived: How many messages of the reply are out.
            wait: Seconds that Telegram wants us to wait, or 0.
        """
        super().__init__(text)
        self.place = place
        self.arrived = arrived
        self.wait = wait


class Wire(Protocol):
    """Fulfils single requests, or raises ``Undelivered``."""

    async def send(self, place: Place, text: str, keyboard: Keyboard, *, html: bool) -> int:
        """Send a message; its number."""

    async def send_photo(self, place: Place, photo: bytes, text: str, keyboard: Keyboard, *, html: bool) -> int:
        """Send a picture (PNG) with a text under it; the number of the message."""

    async def send_rich(self, place: Place, markdown: str, keyboard: Keyboard) -> int:
        """Send a rich message, given in rich Markdown; its number."""

    async def edit_rich(self, place: Place, message: int, markdown: str, keyboard: Keyboard) -> None:
        """Put another rich text and keyboard in a message of ours."""

    async def edit(self, place: Place, message: int, text: str, keyboard: Keyboard, *, html: bool) -> None:
        """Put another text and keyboard in a message of ours."""

    async def acknowledge(self, press: str, text: str) -> None:
        """Tell Telegram that the press of a button was noticed; the text, if any, is shown for a moment."""

    async def offer(self, query: str, offers: Sequence[Offer]) -> None:
        """Bring offers to who types a query."""


class Courier:
    """Delivers replies over a wire."""

    def __init__(
        self,
        wire: Wire,
        *,
        pace: Pace | None = None,
        meter: Meter | None = None,
        draw: Draw | None = None,
        first_pause: float = FIRST_PAUSE,
    ) -> None:
        """Take the wire, the limits to keep, what takes note of what goes wrong, and what draws formulas, if anything does."""
        self._wire = wire
        self._pace = pace or Pace()
        self._meter = meter or Unmetered()
        self._draw = draw
        self._first_pause = first_pause
        self._rich = True
        """Whether the server is believed to know rich messages."""
        self._hurried = asyncio.Event()
        self._deadline = math.inf

    def hurry(self) -> None:
        """Wait for nothing that takes long from now on: the bot is stopping."""
        self._deadline = min(self._deadline, time.monotonic() + LAST_WAIT)
        self._hurried.set()

    async def deliver(
        self,
        place: Place,
        pieces: Sequence[Piece],
        keyboard: Keyboard = (),
        *,
        instead_of: int | None = None,
        rich: str | None = None,
    ) -> tuple[int, ...]:
        """The numbers of a reply's messages, 0 where it is not known; none where the reply will never arrive.

        The buttons are under the last.

        Args:
            place: Where to.
            pieces: The messages.
            keyboard: The buttons.
            instead_of: A message of ours to be replaced, if the reply is one message and that one still exists.
            rich: The same as one rich message; the others are sent only where the server refuses it for good.

        Raises:
            Postponed: Telegram is out of reach or wants a long pause, or the bot is stopping.
        """
        given, pieces = len(pieces), await self._with_pictures(pieces)
        out: list[int] = []
        try:
            if rich is not None and (number := await self._as_rich(place, rich, keyboard, instead_of)) is not None:
                return (number,)
            if instead_of is not None and len(pieces) == 1 and pieces[0].photo is None:
                try:
                    await self._edit(place, instead_of, pieces[0], keyboard)
                except Undelivered as fault:
                    if fault.fault not in (Fault.GONE, Fault.REFUSED):
                        raise
                else:
                    return (instead_of,)
            for piece in pieces:
                place, number = await self._send(place, piece, keyboard if len(out) == len(pieces) - 1 else ())
                out.append(number)
        except Undelivered as fault:
            if fault.fault in _PASSING:
                arrived = given - len(pieces) + len(out)
                raise Postponed(f"{fault.fault} ({fault})", place=place, arrived=arrived, wait=fault.wait) from fault
            if fault.fault is not Fault.BLOCKED:
                self._meter.error("undelivered")
            level = logging.INFO if fault.fault is Fault.BLOCKED else logging.ERROR
            _LOG.log(level, "reply not delivered: %s (%s)", fault.fault, fault)
            return ()
        return tuple(out)

    async def _with_pictures(self, pieces: Sequence[Piece]) -> Sequence[Piece]:
        """The messages with their formulas drawn; what would be a picture alone and cannot be drawn falls away at the front."""
        if not any(piece.formulas for piece in pieces):
            return pieces
        drawn = [
            replace(piece, photo=await self._draw(piece.formulas)) if piece.formulas and self._draw is not None else piece
            for piece in pieces
        ]
        return [piece for piece in drawn if piece.plain or piece.photo is not None]

    async def rest(self, seconds: float) -> bool:
        """Wait, but not when the bot is stopping; whether it goes on."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._hurried.wait(), seconds)
        return not self._hurried.is_set()

    async def acknowledge(self, press: str, text: str = "") -> None:
        """Acknowledge a press of a button; if that fails, only a symbol spins a little longer."""
        try:
            await self._wire.acknowledge(press, text)
        except Undelivered as fault:
            _LOG.log(logging.DEBUG if fault.fault is Fault.STALE else logging.WARNING, "press not acknowledged: %s", fault)

    async def offer(self, query: str, offers: Sequence[Offer]) -> None:
        """Bring offers to who types; what comes too late is not missed."""
        try:
            await self._wire.offer(query, offers)
        except Undelivered as fault:
            _LOG.log(logging.DEBUG if fault.fault is Fault.STALE else logging.WARNING, "offers not delivered: %s", fault)

    async def _as_rich(self, place: Place, rich: str, keyboard: Keyboard, instead_of: int | None) -> int | None:
        """The number of the rich message, 0 where it is not known; ``None`` where it is refused for good."""

        async def send(place: Place) -> int:
            return await self._wire.send_rich(place, rich, keyboard)

        async def edit(place: Place) -> int:
            await self._wire.edit_rich(place, instead_of or 0, rich, keyboard)
            return instead_of or 0

        for request in (edit, send) if instead_of is not None else (send,):
            if not self._rich:
                break
            try:
                return (await self._attempts(place, request, repeatable=request is edit))[1]
            except Undelivered as fault:
                if fault.fault is Fault.UNKNOWN:
                    _LOG.warning("the server knows no rich messages; answers are sent without them from now on")
                    self._rich = False
                elif fault.fault not in (Fault.REFUSED, Fault.UNPARSED, Fault.GONE):
                    raise
                else:
                    _LOG.log(logging.DEBUG if request is edit else logging.WARNING, "rich message refused: %s", fault)
        return None

    async def _send(self, place: Place, piece: Piece, keyboard: Keyboard) -> tuple[Place, int]:
        async def send(place: Place, text: str, *, html: bool) -> int:
            return await self._wire.send(place, text, keyboard, html=html)

        async def send_photo(place: Place, text: str, *, html: bool) -> int:
            return await self._wire.send_photo(place, piece.photo or b"", text, keyboard, html=html)

        if piece.photo is not None:
            try:
                return await self._formatted(place, piece, send_photo, repeatable=False)
            except Undelivered as fault:
                if fault.fault is not Fault.REFUSED:
                    raise
                _LOG.error("our picture was refused, its text is sent alone: %s", fault)
        return await self._formatted(place, piece, send, repeatable=False)

    async def _edit(self, place: Place, message: int, piece: Piece, keyboard: Keyboard) -> None:
        async def edit(place: Place, text: str, *, html: bool) -> int:
            await self._wire.edit(place, message, text, keyboard, html=html)
            return message

        await self._formatted(place, piece, edit, repeatable=True)

    async def _formatted(self, place: Place, piece: Piece, request: "_Request", *, repeatable: bool) -> tuple[Place, int]:
        """Fulfil a request with the formatted text, or where that is refused with the plain one; say where it went."""
        if piece.formatted:
            try:
                return await self._attempts(place, lambda place: request(place, piece.html, html=True), repeatable=repeatable)
            except Undelivered as fault:
                if fault.fault is not Fault.UNPARSED:
                    raise
                _LOG.error("our formatting was refused, sent as plain text: %s", fault)
        return await self._attempts(place, lambda place: request(place, piece.plain, html=False), repeatable=repeatable)

    async def _attempts(
        self, place: Place, request: Callable[[Place], Awaitable[int]], *, repeatable: bool
    ) -> tuple[Place, int]:
        """Fulfil a request, again where the fault allows it; say where it went, and the message's number if it is known."""
        left, pause = TRIES, self._first_pause
        while True:
            left -= 1
            await self._pause(self._pace.reserve(place.chat, time.monotonic()), Fault.THROTTLED)
            try:
                number = await request(place)
            except Undelivered as fault:
                match fault.fault:
                    case Fault.UNCHANGED:
                        return place, 0
                    case Fault.UNCERTAIN if not repeatable:
                        _LOG.warning("no answer from Telegram; the message may have arrived and is not sent again")
                        return place, 0
                    case Fault.THROTTLED if left and fault.wait <= LONGEST_WAIT:
                        self._pace.hold(place.chat, time.monotonic() + fault.wait)
                    case Fault.MOVED if left:
                        place = replace(place, chat=fault.chat, answers=None)
                    case Fault.UNSENT | Fault.UNCERTAIN if left:
                        await self._pause(pause, fault.fault)
                        pause *= 2
                    case _:
                        raise
            else:
                return place, number

    async def _pause(self, seconds: float, fault: Fault) -> None:
        """Wait, unless the bot is stopping and it would take too long."""
        end = time.monotonic() + seconds
        with suppress(TimeoutError):
            if seconds > 0:
                await asyncio.wait_for(self._hurried.wait(), seconds)
        if end > self._deadline:
            raise Undelivered(fault, "the bot is stopping")
        await asyncio.sleep(end - time.monotonic())


class _Request(Protocol):
    async def __call__(self, place: Place, text: str, *, html: bool) -> int: ...
