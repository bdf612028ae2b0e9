"""Decides which messages are meant for the bot and what they say.  Pure.

In a private chat everything is.  In a group only a command, a mention or an answer to one of the bot's messages is.
The bot's own names are no part of the question.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.model import Lang

COMMANDS = ("start", "help", "topics", "random", "new", "back", "lang", "display", "feedback", "privacy", "forget")
"""Commands that the bot offers; in a group others are left to other bots."""
STALE = 600.0
"""Seconds after which nobody waits for an answer any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    """Who the bot is."""

    id: int
    name: str
    """Its name without the @."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A part of a message that Telegram recognised: a command or somebody's name."""

    kind: str
    offset: int
    """In UTF-16 units, like the length."""
    length: int
    who: int | None = None
    """The person, where the name is no @name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message."""

    chat: int
    private: bool
    who: int
    """The person; in the name of a group, that group."""
    lang: Lang
    """Language of the person's Telegram."""
    message: int
    sent: float
    """In seconds since the epoch."""
    words: str | None
    """Text; ``None`` where the message is a picture, a voice or anything else but text."""
    marks: tuple[Mark, ...] = ()
    """Of the text or of what stands under a picture."""
    caption: str = ""
    """What stands under a picture."""
    answers: int | None = None
    """Who wrote the message that this one answers."""
    buttons: tuple[str, ...] = ()
    """Data of the buttons under the message that this one answers, in their order."""
    thread: int | None = None
    """The topic of a forum in which it was said."""
    album: str | None = None
    """What pictures sent together have in common."""
    edited: bool = False
    """Whether it takes the place of what was said before."""


def addressed(heard: Heard, me: Me) -> bool:
    """Whether the message is meant for the bot."""
    if heard.private or heard.answers == me.id:
        return True
    text = heard.caption if heard.words is None else heard.words
    for mark, part in _parts(text, heard.marks):
        if mark.kind == "bot_command" and mark.offset == 0:
            command, at, name = part[1:].partition("@")
            if (name.lower() == me.name.lower()) if at else command.lower() in COMMANDS:
                return True
        elif _names(mark, part, me):
            return True
    return False


def question(heard: Heard, me: Me) -> str:
    """The text without the bot's own names, which are how it was called and not what was asked."""
    text = _encoded(heard.words or "")
    for mark, part in sorted(_parts(heard.words or "", heard.marks), key=lambda pair: -pair[0].offset):
        start, end = 2 * mark.offset, 2 * (mark.offset + mark.length)
        if mark.kind == "bot_command" and part.lower().endswith(f"@{me.name.lower()}"):
            text = text[: end - 2 * (len(me.name) + 1)] + text[end:]
        elif _names(mark, part, me):
            text = text[:start] + text[end:]
    return _decoded(text).strip()


def _names(mark: Mark, part: str, me: Me) -> bool:
    """Whether a mark is a name of the bot."""
    if mark.kind == "mention":
        return part.lower() == f"@{me.name.lower()}"
    return mark.kind == "text_mention" and mark.who == me.id


def _parts(text: str, marks: tuple[Mark, ...]) -> Iterator[tuple[Mark, str]]:
    """Each mark with the text that it covers."""
    units = _encoded(text)
    for mark in marks:
        yield mark, _decoded(units[2 * mark.offset : 2 * (mark.offset + mark.length)])


def _encoded(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _decoded(units: bytes) -> str:
    return units.decode("utf-16-le", "surrogatepass")
