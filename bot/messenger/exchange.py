"""One turn over Telegram: what came in goes to the dialogue, and its reply is rendered and delivered.

Knows no network and no library of Telegram's; the adapter hands it values and a wire.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.layout import page
from bot.messenger.buttons import keyboard, press
from bot.messenger.delivery import Courier, Place
from bot.messenger.hearing import STALE, Heard, Me, addressed, key, question
from bot.messenger.markup import blocks
from bot.messenger.pieces import LONGEST_CAPTION, Piece, pieces
from bot.replies import Incoming, Reply, Typed
from bot.talk import Talk
from bot.wording import say
from knowledge.model import Lang

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A pressed button."""

    chat: int
    private: bool
    who: int
    lang: Lang
    """Language of the person's Telegram."""
    press: str
    """Telegram's id of the press, to acknowledge it by."""
    data: str
    message: int | None
    """The message under which the button is; ``None`` where it can no longer be edited."""
    thread: int | None = None


class Exchange:
    """Answers messages and presses of buttons."""

    def __init__(self, talk: Talk, courier: Courier, *, clock: Callable[[], float] = time.time) -> None:
        """Take the dialogue, the way out, and the clock in seconds since the epoch."""
        self._talk = talk
        self._courier = courier
        self._clock = clock
        self._album: str | None = None
        """The album last seen, whose pictures arrive as one message each and get one reply."""

    async def heard(self, heard: Heard, me: Me) -> None:
        """Answer a message, if it is meant for the bot and somebody still waits for it."""
        if not addressed(heard, me):
            return
        now = self._clock()
        if now - heard.sent > STALE:
            _LOG.info("message dropped: %.0f s old", now - heard.sent)
            return
        place = Place(chat=heard.chat, thread=heard.thread, answers=None if heard.private else heard.message)
        if heard.words is None:
            if heard.album is None or heard.album != self._album:
                await self._say("text_only", heard.lang, place)
            self._album = heard.album
            return
        whose = key(heard.chat, heard.who, private=heard.private)
        await self._turn(whose, Typed(text=question(heard, me)), place, heard.lang)

    async def pressed(self, pressed: Pressed) -> None:
        """Do what a button means; it may take the place of the message it is under."""
        meant = press(pressed.data, self._talk.search.entry_ids)
        if meant is None:
            return
        whose = key(pressed.chat, pressed.who, private=pressed.private)
        place = Place(chat=pressed.chat, thread=pressed.thread)
        await self._turn(whose, meant.incoming, place, pressed.lang, instead_of=pressed.message if meant.in_place else None)

    async def acknowledge(self, pressed: Pressed) -> None:
        """Show at once that the press was noticed, or that the button has lost its meaning."""
        known = press(pressed.data, self._talk.search.entry_ids) is not None
        await self._courier.acknowledge(pressed.press, "" if known else say("expired", pressed.lang))

    async def _turn(self, whose: str, incoming: Incoming, place: Place, lang: Lang, *, instead_of: int | None = None) -> None:
        started = time.perf_counter()
        try:
            reply = self._talk.turn(whose, incoming, self._clock())
            parts = self._messages(reply)
        except Exception:
            # One faulty turn must not take the bot from everybody else; the log has the traceback.
            _LOG.exception("a turn failed")
            await self._say("failed", lang, place)
            return
        _log(reply, time.perf_counter() - started)
        await self._courier.deliver(place, parts, keyboard(reply), instead_of=instead_of)

    def _messages(self, reply: Reply) -> tuple[Piece, ...]:
        """The messages of a reply; where it shows figures and fits under the last of them, it stands there."""
        parts = pieces(blocks(page(reply)))
        photos = list(self._photos(reply))
        if not photos:
            return parts
        caption = pieces(blocks(page(reply)), longest=LONGEST_CAPTION)
        alone = photos[:-1] if len(caption) == 1 else photos
        under = (replace(caption[0], photo=photos[-1]),) if len(caption) == 1 else parts
        return (*(Piece(html="", plain="", photo=photo) for photo in alone), *under)

    def _photos(self, reply: Reply) -> Iterator[bytes]:
        for figure in reply.answer.figures if reply.answer is not None else ():
            try:
                yield self._talk.figure(figure).read_bytes()
            except OSError as fault:
                _LOG.error("the figure %s cannot be read: %s", figure.name, fault)

    async def _say(self, what: str, lang: Lang, place: Place) -> None:
        await self._courier.deliver(place, pieces(blocks(say(what, lang))))


def _log(reply: Reply, seconds: float) -> None:
    entry = reply.answer.entry if reply.answer else "-"
    score = "-" if reply.score is None else f"{reply.score:.3f}"
    _LOG.info("%s entry=%s score=%s %.1f ms", reply.outcome, entry, score, 1000 * seconds)
