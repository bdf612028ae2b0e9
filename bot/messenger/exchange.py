"""One turn over Telegram: what came in goes to the dialogue, and its reply is rendered; then it is delivered, then kept.

In this order a crash does no harm: what was not delivered is answered again, from the same session as the first time.
Knows no network and no library of Telegram's; the adapter hands it values and a wire.
"""

import logging
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.layout import page
from bot.messenger.buttons import Keyboard, Rating, keyboard, press, rating
from bot.messenger.delivery import Courier, Offer, Place, Postponed
from bot.messenger.hearing import STALE, Heard, Me, addressed, question
from bot.messenger.markup import blocks
from bot.messenger.pieces import LONGEST_CAPTION, Piece, pieces
from bot.persons import Persons
from bot.replies import Chosen, Incoming, Outcome, Reply, Typed
from bot.show import entry_reply
from bot.talk import Talk
from bot.wording import say
from knowledge.model import Lang

_LOG = logging.getLogger(__name__)
_COMMAND = re.compile(r"/(?P<name>\w+)(?:\s+(?P<rest>\S.*))?\Z", re.DOTALL)
_MOST_REPLIES = 4096
"""Replies that are remembered, to be edited when their questions are."""
_MOST_ALBUMS = 1024
"""Chats whose last album is remembered."""
_LONGEST_TEASER = 100
"""Characters of an answer shown in a list of offers."""
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
    question: tuple[int, int] | None = None
    """Chat and number of the message that it answers."""

    def rest(self, postponed: Postponed) -> "Answer":
        """What is left to deliver."""
        out = postponed.arrived
        return replace(self, place=postponed.place, pieces=self.pieces[out:], instead_of=None if out else self.instead_of)


class Exchange:
    """Answers messages and presses of buttons."""

    def __init__(
        self,
        talk: Talk,
        courier: Courier,
        persons: Persons,
        forget: Callable[[str], None],
        rate: Callable[[str, Rating], None],
        *,
        clock: Callable[[], float] = time.time,
        choose: Callable[[Sequence[str]], str] = random.choice,
    ) -> None:
        """Take the parts.

        Args:
            talk: The dialogue.
            courier: The way out.
            persons: Names people in what is stored.
            forget: Deletes all that is stored about a person, by that name.
            rate: Keeps what a person, by that name, thinks of a reply.
            clock: Gives seconds since the epoch.
            choose: Picks one at random.
        """
        self._talk = talk
        self._courier = courier
        self._persons = persons
        self._forget = forget
        self._rate = rate
        self._clock = clock
        self._choose = choose
        self._replies: dict[tuple[int, int], int] = {}
        """For each question (chat and message) that got one message in reply: that message.  Oldest first."""
        self._albums: dict[int, str] = {}
        """For each chat the album last seen: its pictures arrive as one message each and get one reply.  Oldest first."""

    def heard(self, heard: Heard, me: Me) -> Answer | None:
        """The answer to a message, if it is meant for the bot and somebody still waits for it."""
        if not addressed(heard, me) or self._stale("message", heard.sent):
            return None
        place = Place(chat=heard.chat, thread=heard.thread, answers=None if heard.private else heard.message)
        if heard.words is None:
            return None if self._seen(heard) else _saying("text_only", heard.lang, place)
        question_ = (heard.chat, heard.message)
        answer = self._said(heard, question(heard, me), place)
        return replace(answer, question=question_, instead_of=self._replies.get(question_) if heard.edited else None)

    def _seen(self, heard: Heard) -> bool:
        """Whether a picture belongs to an album that had its reply."""
        last = self._albums.pop(heard.chat, None)
        if heard.album is None:
            return False
        self._albums[heard.chat] = heard.album
        if len(self._albums) > _MOST_ALBUMS:
            del self._albums[next(iter(self._albums))]
        return heard.album == last

    def _said(self, heard: Heard, text: str, place: Place) -> Answer:
        """The answer to a text: some commands are a matter of this front end, all else goes to the dialogue."""
        incoming: Incoming = Typed(text=text)
        command = _COMMAND.match(text)
        name, rest = (command["name"].lower(), command["rest"]) if command else ("", None)
        if name == "privacy":
            return _saying("privacy", heard.lang, place)
        if name == "forget":
            person = self._persons.person(heard.who)
            return replace(_saying("forgotten", heard.lang, place), keep=lambda: self._forget(person))
        if name == "random":
            incoming = Chosen(entry=self._choose(self._talk.search.entry_ids))
        elif name == "start" and rest is not None:
            # What a link carries is an entry's id and says nothing about the person's language.
            incoming = Chosen(entry=rest) if self._talk.search.has(rest) else Typed(text="/start")
        return self._turn(heard, incoming, place)

    def pressed(self, pressed: Pressed) -> Answer | None:
        """What a button brings, if it still means something; it may take the place of the message it is under."""
        judged = rating(pressed.data, self._talk.search.entry_ids)
        if judged is not None:
            person, place = self._persons.person(pressed.who), Place(chat=pressed.chat)
            return Answer(place=place, pieces=(), keep=lambda: self._rate(person, judged))
        meant = press(pressed.data, self._talk.search.entry_ids)
        if meant is None or self._stale("press", pressed.sent):
            return None
        place = Place(chat=pressed.chat, thread=pressed.thread)
        return self._turn(pressed, meant.incoming, place, instead_of=pressed.message if meant.in_place else None)

    async def deliver(self, answer: Answer) -> None:
        """Bring an answer to its place.

        Raises:
            Postponed: It could not be brought now.
        """
        out = await self._courier.deliver(answer.place, answer.pieces, answer.keyboard, instead_of=answer.instead_of)
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
        return tuple(self._offer(entry, lang) for entry in entries)

    def _offer(self, entry: str, lang: Lang) -> Offer:
        """An entry's short answer with its key points: what fits into one message."""
        reply = entry_reply(self._talk.search, entry, lang, query="")
        assert reply.answer is not None  # noqa: S101 — an entry was asked for
        short = replace(reply, answer=replace(reply.answer, sections={}, more=(), sources=()), options=())
        piece = pieces(blocks(page(short)))[0]
        title, _, teaser = piece.plain.partition("\n")
        return Offer(entry=entry, title=title, teaser=teaser.strip()[:_LONGEST_TEASER], piece=piece)

    async def acknowledge(self, pressed: Pressed) -> None:
        """Show at once that the press was noticed, or that the button has lost its meaning."""
        entries = self._talk.search.entry_ids
        if rating(pressed.data, entries) is not None:
            text = say("rated", pressed.lang)
        else:
            text = "" if press(pressed.data, entries) is not None else say("expired", pressed.lang)
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
            parts = self._messages(turn.reply)
        except Exception:
            # One faulty turn must not take the bot from everybody else; the log has the traceback.
            _LOG.exception("a turn failed")
            return _saying("failed", by.lang, place)
        _log(turn.reply, time.perf_counter() - started)
        return Answer(
            place=place, pieces=parts, keyboard=keyboard(turn.reply), instead_of=instead_of, keep=lambda: self._talk.keep(turn)
        )

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
