"""The durable inbox: every update is written down before anything is done about it, and crossed out when that is done.

What a crash left undone is there at the next start.  An update is known by its number, which counts for one bot; its text is
kept no longer than it waits.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum

from bot.state import State

MOST_ATTEMPTS = 3
"""Failures, crashes among them, after which an update is tried no more."""
REMEMBERED = 2 * 24 * 3600.0
"""Seconds for which a number is known to be settled.  Telegram repeats an update for a day at most."""


class Fate(StrEnum):
    """What becomes of an update."""

    WAITING = "waiting"
    DONE = "done"
    ASIDE = "aside"
    """Tried too often; only its number is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An update that is not settled."""

    number: int
    body: str
    """As it came: JSON."""
    at: float
    """When it came in, in seconds since the epoch."""
    attempts: int
    """How often it was tried and not survived."""


class Inbox:
    """The inbox of one bot."""

    def __init__(self, state: State, bot: int) -> None:
        """Take the state file and the bot's id."""
        self._state = state
        self._bot = bot

    def accept(self, bodies: Mapping[int, str], now: float) -> list[int]:
        """Write updates down, by number; which of them are new, in the given order.

        Raises:
            StateError: The file cannot be written; then none of them is written down.
        """
        with self._state.transaction(lasting=True):
            self._state.execute("DELETE FROM inbox WHERE at < ? AND body IS NULL", (now - REMEMBERED,))
            return [number for number, body in bodies.items() if self._is_new(number, body, now)]

    def waiting(self) -> list[Waiting]:
        """What is not settled, oldest first."""
        rows = self._state.execute(
            "SELECT number, body, at, attempts FROM inbox WHERE bot = ? AND body IS NOT NULL ORDER BY at, number", (self._bot,)
        )
        return [Waiting(number=number, body=body, at=at, attempts=attempts) for number, body, at, attempts in rows]

    @contextmanager
    def attempt(self, number: int) -> Iterator[None]:
        """Count an attempt, and take it back when it is survived: neither an error nor a crash takes it back."""
        self._count(number, 1)
        yield
        self._count(number, -1)

    def finish(self, number: int, keep: Callable[[], None] | None = None) -> None:
        """Settle an update together with what is to be kept of it, so that a repetition finds either both or nothing."""
        with self._state.transaction():
            if keep is not None:
                keep()
            self._settle(number, Fate.DONE)

    def set_aside(self, number: int) -> None:
        """Give an update up."""
        self._settle(number, Fate.ASIDE)

    def _is_new(self, number: int, body: str, now: float) -> bool:
        rows = self._state.execute(
            "INSERT INTO inbox VALUES (?, ?, ?, ?, 0, ?) ON CONFLICT DO NOTHING RETURNING number",
            (self._bot, number, body, now, Fate.WAITING),
        )
        return bool(rows)

    def _count(self, number: int, change: int) -> None:
        self._state.execute(
            "UPDATE inbox SET attempts = attempts + ? WHERE bot = ? AND number = ?", (change, self._bot, number)
        )

    def _settle(self, number: int, fate: Fate) -> None:
        self._state.execute("UPDATE inbox SET body = NULL, fate = ? WHERE bot = ? AND number = ?", (fate, self._bot, number))
