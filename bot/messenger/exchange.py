"""One turn over Telegram: what came in goes to the dialogue, and its reply is rendered; then it is delivered, then kept.

In this order a crash does no harm: what was not delivered is answered again, from the same session as the first time.
Knows no network and no library of Telegram's; the adapter hands it values and a wire.
"""

import logging
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from bot.layout import page
from bot.messenger.buttons import Keyboard, keyboard, press
from bot.messenger.delivery import Courier, Place, Postponed
from bot.messenger.hearing import STALE, Heard, Me, addressed, key, question
from bot.messenger.markup import blocks
from bot.messenger.pieces import LONGEST_CAPTION, Piece, pieces
from bot.replies import Incoming, Reply, Typed
from bot.talk import Talk, Turn
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
    sent: float
    """When the press came in, in seconds since the epoch."""
    thread: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be delivered, and then kept."""

    place: Place
    pieces: tuple[Piece, ...]
    keyboard: Keyboard = ()
    instead_of: int | None = None
    """A message of ours that it takes the place of."""
    turn: Turn | None = None
    """``None`` where there is nothing to keep."""

    def rest(self, postponed: Postponed) -> "Answer":
        """What is left to deliver."""
        out = postponed.arrived
        return replace(self, place=postponed.place, pieces=self.pieces[out:], instead_of=None if out else self.instead_of)


class Exchange:
    """Answers messages and presses of buttons."""

    def __init__(self, talk: Talk, courier: Courier, *, clock: Callable[[], float] = time.time) -> None:
        """Take the dialogue, the way out, and the clock in seconds since the epoch."""
        self._talk = talk
        self._courier = courier
        self._clock = clock
        self._album: str | None = None
        """The album last seen, whose pictures arrive as one message each and get one reply."""

    def heard(self, heard: Heard, me: Me) -> Answer | None:
        """The answer to a message, if it is meant for the bot and somebody still waits for it."""
        if not addressed(heard, me) or self._stale("message", heard.sent):
            return None
        place = Place(chat=heard.chat, thread=heard.thread, answers=None if heard.private else heard.message)
        if heard.words is None:
            seen, self._album = heard.album is not None and heard.album == self._album, heard.album
            return None if seen else _saying("text_only", heard.lang, place)
        whose = key(heard.chat, heard.who, private=heard.private)
        return self._turn(whose, Typed(text=question(heard, me)), place, heard.lang)

    def pressed(self, pressed: Pressed) -> Answer | None:
        """What a button brings, if it still means something; it may take the place of the message it is under."""
        meant = press(pressed.data, self._talk.search.entry_ids)
        if meant is None or self._stale("press", pressed.sent):
            return None
        whose = key(pressed.chat, pressed.who, private=pressed.private)
        place = Place(chat=pressed.chat, thread=pressed.thread)
        return self._turn(whose, meant.incoming, place, pressed.lang, instead_of=pressed.message if meant.in_place else None)

    async def deliver(self, answer: Answer) -> None:
        """Bring an answer to its place.

        Raises:
            Postponed: It could not be brought now.
        """
        await self._courier.deliver(answer.place, answer.pieces, answer.keyboard, instead_of=answer.instead_of)

    def keep(self, answer: Answer) -> None:
        """Keep what is to be kept of an answer that is out."""
        if answer.turn is not None:
            self._talk.keep(answer.turn)

    async def acknowledge(self, pressed: Pressed) -> None:
        """Show at once that the press was noticed, or that the button has lost its meaning."""
        known = press(pressed.data, self._talk.search.entry_ids) is not None
        await self._courier.acknowledge(pressed.press, "" if known else say("expired", pressed.lang))

    def _stale(self, what: str, sent: float) -> bool:
        """Whether nobody waits for it any more; then the log says so."""
        age = self._clock() - sent
        if age > STALE:
            _LOG.info("%s dropped: %.0f s old", what, age)
        return age > STALE

    def _turn(self, whose: str, incoming: Incoming, place: Place, lang: Lang, *, instead_of: int | None = None) -> Answer:
        started = time.perf_counter()
        try:
            turn = self._talk.take(whose, incoming, self._clock())
            parts = self._messages(turn.reply)
        except Exception:
            # One faulty turn must not take the bot from everybody else; the log has the traceback.
            _LOG.exception("a turn failed")
            return _saying("failed", lang, place)
        _log(turn.reply, time.perf_counter() - started)
        return Answer(place=place, pieces=parts, keyboard=keyboard(turn.reply), instead_of=instead_of, turn=turn)

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


def _saying(what: str, lang: Lang, place: Place) -> Answer:
    return Answer(place=place, pieces=pieces(blocks(say(what, lang))))


def _log(reply: Reply, seconds: float) -> None:
    entry = reply.answer.entry if reply.answer else "-"
    score = "-" if reply.score is None else f"{reply.score:.3f}"
    _LOG.info("%s entry=%s score=%s %.1f ms", reply.outcome, entry, score, 1000 * seconds)
