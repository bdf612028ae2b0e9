"""One turn over Telegram: what came in goes to the dialogue, and its reply is rendered; then it is delivered, then kept.

In this order a crash does no harm: what was not delivered is answered again, from the same session as the first time.
Knows no network and no library of Telegram's; the adapter hands it values and a wire.
"""

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.messenger.buttons import Keyboard, display, keyboard, press, quoted, rating, reported
from bot.messenger.commands import Commands, Said, concerns_oneself
from bot.messenger.delivery import Courier, Offer, Place, Postponed
from bot.messenger.gate import Gate, Pass
from bot.messenger.hearing import STALE, Heard, Me, addressed, question
from bot.messenger.meter import Meter, Unmetered
from bot.messenger.pieces import Piece
from bot.messenger.records import Records
from bot.messenger.rendering import offer, rendered, said
from bot.persons import Persons
from bot.replies import Incoming, Outcome, Reply, Typed
from bot.talk import Talk
from bot.wording import say
from knowledge.model import Lang

_LOG = logging.getLogger(__name__)
_MOST_REPLIES = 4096
"""Replies that are remembered, to be edited when their questions are."""
_MOST_ALBUMS = 1024
"""Chats whose last album is remembered."""
_ASKED_LATELY = 30.0
"""Seconds after which nobody waits for offers any more."""


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
class Asked:
    """What somebody types in any chat after the bot's name, as far as it is typed."""

    id: str
    """Telegram's id of it, to bring the offers to."""
    who: int
    lang: Lang
    text: str
    sent: float
    """When it came in, in seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is to be delivered, and then kept."""

    place: Place
    pieces: tuple[Piece, ...]
    keyboard: Keyboard = ()
    instead_of: int | None = None
    """A message of ours that it takes the place of."""
    keep: Callable[[], None] | None = None
    """Does what is to be done once it is out."""
    rich: str | None = None
    """The same as one rich message, to be tried first."""
    question: tuple[int, int] | None = None
    """Chat and number of the message that it answers."""

    def rest(self, postponed: Postponed) -> "Answer":
        """What is left to deliver."""
        out = postponed.arrived
        return replace(
            self,
            place=postponed.place,
            pieces=self.pieces[out:],
            rich=None if out else self.rich,
            instead_of=None if out else self.instead_of,
        )


class Exchange:
    """Answers messages and presses of buttons."""

    def __init__(
        self,
        talk: Talk,
        courier: Courier,
        persons: Persons,
        records: Records,
        gate: Gate,
        *,
        meter: Meter | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the parts.

        Args:
            talk: The dialogue.
            courier: The way out.
            persons: Names people in what is stored.
            records: Keeps what people think, and how they want to be answered.
            gate: Says who is answered.
            meter: Takes note of what turns come to.
            clock: Gives seconds since the epoch.
        """
        self._talk = talk
        self._courier = courier
        self._persons = persons
        self._records = records
        self._gate = gate
        self._meter = meter or Unmetered()
        self._commands = Commands(talk, persons, records)
        self._clock = clock
        self._replies: dict[tuple[int, int], int] = {}
        """For each question (chat and message) that got one message in reply: that message.  Oldest first."""
        self._albums: dict[int, str] = {}
        """For each chat the album last seen: its pictures arrive as one message each and get one reply.  Oldest first."""

    def heard(self, heard: Heard, me: Me) -> Answer | None:
        """The answer to a message, if it is meant for the bot and somebody still waits for it."""
        if not addressed(heard, me) or self._stale("message", heard.sent):
            return None
        place = Place(chat=heard.chat, thread=heard.thread, answers=None if heard.private else heard.message)
        text = question(heard, me)
        passed = Pass.OPEN if concerns_oneself(text) else self._gate.ask(heard.chat, heard.who, heard.sent)
        if passed is not Pass.OPEN:
            return self._kept_out(passed, heard, place)
        if heard.words is None:
            return None if self._seen(heard) else self._saying(Said(text=say("text_only", heard.lang)), heard, place)
        question_ = (heard.chat, heard.message)
        taken = self._commands.take(heard, text)
        if isinstance(taken, Typed) and heard.answers == me.id:
            taken = replace(taken, quoted=quoted(heard.buttons, self._talk.search.entry_ids))
        answer = self._saying(taken, heard, place) if isinstance(taken, Said) else self._turn(heard, taken, place)
        return replace(answer, question=question_, instead_of=self._replies.get(question_) if heard.edited else None)

    def _kept_out(self, passed: Pass, by: Heard | Pressed, place: Place) -> Answer | None:
        """What somebody is told who is not answered; ``None`` for nothing."""
        if passed is Pass.FULL and self._gate.limit is not None:
            wait = math.ceil(self._gate.left(by.who, by.sent))
            return self._saying(Said(text=say("too_many", by.lang, most=self._gate.limit.most, wait=wait)), by, place)
        if passed is Pass.STRANGER and by.private:
            return self._saying(Said(text=say("stranger", by.lang, id=by.who)), by, place)
        return None

    def _seen(self, heard: Heard) -> bool:
        """Whether a picture belongs to an album that had its reply."""
        last = self._albums.pop(heard.chat, None)
        if heard.album is None:
            return False
        self._albums[heard.chat] = heard.album
        if len(self._albums) > _MOST_ALBUMS:
            del self._albums[next(iter(self._albums))]
        return heard.album == last

    def pressed(self, pressed: Pressed) -> Answer | None:
        """What a button brings, if it still means something; it may take the place of the message it is under."""
        entries, person, place = self._talk.search.entry_ids, self._persons.person(pressed.who), Place(chat=pressed.chat)
        if not self._gate.admits(pressed.chat, pressed.who):
            return None
        judged, wrong, way = rating(pressed.data, entries), reported(pressed.data, entries), display(pressed.data)
        if judged is not None:
            return Answer(place=place, pieces=(), keep=lambda: self._records.rate(person, judged))
        if wrong is not None:
            return Answer(place=place, pieces=(), keep=lambda: self._records.report(person, wrong))
        if way is not None:
            chosen = self._commands.shows(self._chat(pressed), way, pressed.lang)
            return replace(self._saying(chosen, pressed, replace(place, thread=pressed.thread)), instead_of=pressed.message)
        meant = press(pressed.data, entries)
        if meant is None or self._stale("press", pressed.sent):
            return None
        place = replace(place, thread=pressed.thread)
        passed = self._gate.ask(pressed.chat, pressed.who, pressed.sent)
        if passed is not Pass.OPEN:
            return self._kept_out(passed, pressed, place)
        return self._turn(pressed, meant.incoming, place, instead_of=pressed.message if meant.in_place else None)

    async def deliver(self, answer: Answer) -> None:
        """Bring an answer to its place.

        Raises:
            Postponed: It could not be brought now.
        """
        out = await self._courier.deliver(
            answer.place, answer.pieces, answer.keyboard, instead_of=answer.instead_of, rich=answer.rich
        )
        if answer.question is not None:
            self._replies.pop(answer.question, None)
            if len(out) == 1 and out[0]:
                self._replies[answer.question] = out[0]
            if len(self._replies) > _MOST_REPLIES:
                del self._replies[next(iter(self._replies))]

    async def offer(self, asked: Asked) -> None:
        """Offer answers that can be posted in any chat."""
        if self._clock() - asked.sent > _ASKED_LATELY:
            return
        await self._courier.offer(asked.id, self._offers(asked))

    def _offers(self, asked: Asked) -> tuple[Offer, ...]:
        search = self._talk.search
        if not self._gate.offers(asked.who, asked.sent):
            return ()
        if not asked.text.strip():
            lang, entries = asked.lang, [topic.start for topic in search.topics if topic.start and search.has(topic.start)]
        else:
            reply = self._talk.take(
                self._persons.talk(0, asked.who), Typed(text=asked.text), self._clock(), spoken=asked.lang
            ).reply
            lang = reply.lang
            first = [reply.answer.entry] if reply.answer else []
            near = [option.entry for option in reply.options] if reply.outcome is Outcome.SUGGEST else []
            entries = [*first, *near]
        return tuple(offer(entry, self._talk, lang) for entry in entries)

    async def acknowledge(self, pressed: Pressed) -> None:
        """Show at once that the press was noticed, or that the button has lost its meaning."""
        entries = self._talk.search.entry_ids
        text = "" if press(pressed.data, entries) is not None or display(pressed.data) else say("expired", pressed.lang)
        if not self._gate.admits(pressed.chat, pressed.who):
            text = say("not_yours", pressed.lang)
        elif rating(pressed.data, entries) is not None:
            text = say("rated", pressed.lang)
        elif reported(pressed.data, entries) is not None:
            text = say("reported", pressed.lang)
        await self._courier.acknowledge(pressed.press, text)

    def _stale(self, what: str, sent: float) -> bool:
        """Whether nobody waits for it any more; then the log says so."""
        age = self._clock() - sent
        if age > STALE:
            _LOG.info("%s dropped: %.0f s old", what, age)
        return age > STALE

    def _turn(self, by: Heard | Pressed, incoming: Incoming, place: Place, *, instead_of: int | None = None) -> Answer:
        started = time.perf_counter()
        try:
            # A group has a language of its own, whatever that of somebody's Telegram is.
            turn = self._talk.take(
                self._persons.talk(by.chat, by.who), incoming, self._clock(), spoken=by.lang if by.private else "zh"
            )
            shown = rendered(turn.reply, self._talk, self._records.display(self._chat(by)))
        except Exception:
            # One faulty turn must not take the bot from everybody else; the log has the traceback.
            _LOG.exception("a turn failed")
            self._meter.error("turn")
            return self._saying(Said(text=say("failed", by.lang)), by, place)
        self._meter.turn(turn.reply.outcome)
        _log(turn.reply, time.perf_counter() - started)
        return Answer(
            place=place,
            pieces=shown.pieces,
            rich=shown.rich,
            keyboard=keyboard(turn.reply),
            instead_of=instead_of,
            keep=lambda: self._talk.keep(turn),
        )

    def _saying(self, said_: Said, by: Heard | Pressed, place: Place) -> Answer:
        parts = said(said_.text, self._records.display(self._chat(by)))
        return Answer(place=place, pieces=parts, keyboard=said_.keyboard, keep=said_.keep)

    def _chat(self, by: Heard | Pressed) -> str:
        """The key of what a chat has set."""
        return self._persons.chat(by.chat, by.who if by.private else None)


def _log(reply: Reply, seconds: float) -> None:
    entry = reply.answer.entry if reply.answer else "-"
    score = "-" if reply.score is None else f"{reply.score:.3f}"
    _LOG.info("%s entry=%s score=%s %.1f ms", reply.outcome, entry, score, 1000 * seconds)
