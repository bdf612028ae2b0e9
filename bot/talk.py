"""The seam between front ends and the dialogue: a turn for somebody, with the session kept in between."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Protocol

from bot.dialogue import step
from bot.replies import Incoming, Outcome, Reply, Typed
from bot.session import Session, Shown
from index.searcher import Searcher
from index.text import MOST_CHARACTERS
from knowledge.figures import Figure
from knowledge.folder import figure_file
from knowledge.model import Lang


class Sessions(Protocol):
    """Keeps sessions by key."""

    def session(self, key: str) -> Session | None:
        """The session of that key, if there is one."""

    def keep(self, key: str, session: Session) -> None:
        """Store the session of that key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A turn that was taken, and what is to be kept of it."""

    reply: Reply
    key: str
    """Of the person or place."""
    session: Session
    """The session after the turn."""
    recorded: str | None
    """The question, where it is to be recorded."""


class Talk:
    """Takes turns with many people over one search."""

    __slots__ = ("_folder", "_lang", "_record", "_search", "_sessions")

    def __init__(
        self,
        search: Searcher,
        sessions: Sessions,
        folder: Traversable,
        *,
        lang: Lang | None = None,
        record: Callable[[str, Outcome], None] | None = None,
    ) -> None:
        """Take the parts.

        Args:
            search: Finds entries.
            sessions: Keeps each person's session.
            folder: The folder of the knowledge, where its figures are.
            lang: Language of the replies for people who did not set one; ``None`` for that of the question.
            record: Told each question that was not answered.
        """
        self._search = search
        self._sessions = sessions
        self._folder = folder
        self._lang = lang
        self._record = record

    @property
    def folder(self) -> Traversable:
        """The folder of the knowledge."""
        return self._folder

    def know(self, search: Searcher) -> None:
        """Answer out of another state of the same folder from now on."""
        self._search = search

    @property
    def search(self) -> Searcher:
        """What is known."""
        return self._search

    def figure(self, figure: Figure) -> Traversable:
        """The file of a figure."""
        return figure_file(self._folder, figure)

    def shown(self, key: str) -> Shown | None:
        """The answer last shown to that person or place, if its entry is still there."""
        session = self._sessions.session(key)
        last = session.current if session is not None else None
        return last if last is not None and self._search.has(last.entry) else None

    def turn(self, key: str, incoming: Incoming, now: float) -> Reply:
        """The reply to what came from the person or place ``key`` at ``now`` (seconds since the epoch)."""
        turn = self.take(key, incoming, now)
        self.keep(turn)
        return turn.reply

    def take(self, key: str, incoming: Incoming, now: float, *, spoken: Lang = "zh") -> Turn:
        """The same without keeping anything, for who can only keep it once the reply has arrived.

        Args:
            key: The person or place.
            incoming: What came.
            now: In seconds since the epoch.
            spoken: The language that somebody new is likely to speak.
        """
        session = self._sessions.session(key) or Session(lang=self._lang, spoken=spoken)
        session, reply = step(session, incoming, self._search, now)
        unanswered = reply.outcome in (Outcome.SUGGEST, Outcome.UNKNOWN)
        recorded = incoming.text if unanswered and isinstance(incoming, Typed) and self._asks(incoming.text) else None
        return Turn(reply=reply, key=key, session=session, recorded=recorded)

    def keep(self, turn: Turn) -> None:
        """Keep the session after a turn, and record its question where that is wanted."""
        self._sessions.keep(turn.key, turn.session)
        if self._record is not None and turn.recorded is not None:
            self._record(turn.recorded, turn.reply.outcome)

    def _asks(self, text: str) -> bool:
        """Whether a text can be a question at all."""
        return len(text.strip()) <= MOST_CHARACTERS and bool(self._search.analyser.normal(text))
