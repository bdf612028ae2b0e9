"""The commands that are a matter of this front end; all others go to the dialogue."""

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.feedback import Mistake
from bot.formulas import literal
from bot.messenger.buttons import Keyboard, displays
from bot.messenger.display import Display
from bot.messenger.hearing import Heard
from bot.messenger.markup import sendable
from bot.messenger.records import Records
from bot.persons import Persons
from bot.replies import Chosen, Incoming, Typed
from bot.talk import Talk
from bot.wording import SECTION_NAMES, say
from knowledge.model import Lang

_COMMAND = re.compile(r"/(?P<name>\w+)(?:\s+(?P<rest>\S.*))?\Z", re.DOTALL)


_ABOUT_ONESELF = ("privacy", "forget")


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A reply of this front end's own."""

    text: str
    """Markdown."""
    keyboard: Keyboard = ()
    keep: Callable[[], None] | None = None
    """Does what is to be done once it is out."""


def concerns_oneself(text: str) -> bool:
    """Whether a text asks what is kept about the person, or to delete it: that is everybody's right."""
    command = _COMMAND.match(text)
    return command is not None and command["name"].lower() in _ABOUT_ONESELF


class Commands:
    """Answers the commands of this front end."""

    def __init__(
        self, talk: Talk, persons: Persons, records: Records, *, choose: Callable[[Sequence[str]], str] = random.choice
    ) -> None:
        """Take the parts; ``choose`` picks one at random."""
        self._talk = talk
        self._persons = persons
        self._records = records
        self._choose = choose

    def take(self, heard: Heard, text: str) -> Incoming | Said:
        """What is said to a text, or what goes to the dialogue."""
        command = _COMMAND.match(text)
        name, rest = (command["name"].lower(), command["rest"] or "") if command else ("", "")
        person, lang = self._persons.person(heard.who), heard.lang
        match name:
            case "privacy":
                return Said(text=say("privacy", lang))
            case "forget":
                return Said(text=say("forgotten", lang), keep=lambda: self._records.forget(person))
            case "feedback":
                return self._feedback(heard, person, " ".join(sendable(rest).split()))
            case "display":
                return self._display(heard, rest.strip().lower())
            case "random":
                return Chosen(entry=self._choose(self._talk.search.entry_ids))
            case "start" if rest:
                # What a link carries is an entry's id and says nothing about the person's language.
                return Chosen(entry=rest) if self._talk.search.has(rest) else Typed(text="/start")
            case _:
                return Typed(text=text)

    def shows(self, chat: str, way: Display, lang: Lang) -> Said:
        """What is said to the choice of a display."""
        return Said(text=say(f"display_{way}", lang), keep=lambda: self._records.show(chat, way))

    def _feedback(self, heard: Heard, person: str, text: str) -> Said:
        shown = self._talk.shown(self._persons.talk(heard.chat, heard.who))
        about = say("feedback_nothing", heard.lang)
        if shown is not None:
            question = literal(self._talk.search.entry(shown.entry).text(heard.lang).question)
            part = f" · {SECTION_NAMES[heard.lang][shown.section]}" if shown.section else ""
            about = say("feedback_about", heard.lang, question=question + part)
        if not text:
            return Said(text=say("feedback_usage", heard.lang, about=about))
        mistake = Mistake(entry=shown.entry if shown else None, section=shown.section if shown else None, text=text)
        return Said(text=say("feedback_kept", heard.lang, about=about), keep=lambda: self._records.report(person, mistake))

    def _display(self, heard: Heard, wanted: str) -> Said:
        chat = self._persons.chat(heard.chat, heard.who if heard.private else None)
        if wanted in set(Display):
            return self.shows(chat, Display(wanted), heard.lang)
        now = self._records.display(chat)
        return Said(text=say("display_usage", heard.lang, now=now), keyboard=displays(heard.lang))
