"""Decides who is answered: those on the list, if there is one, and nobody more often than the limit allows.  Pure.

Times are arguments: those at which something was sent, so that what waited through an outage is counted as it was asked.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto

_ROOM = 10_000
"""People remembered before those whose window is over are forgotten."""


class Pass(Enum):
    """What becomes of a question."""

    OPEN = auto()
    STRANGER = auto()
    """Not on the list: to be told so."""
    FULL = auto()
    """One more than the limit allows: to be told so."""
    SHUT = auto()
    """Already told: no answer until the window ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many questions in a window that begins with the first of them."""

    most: int
    seconds: float


_STRANGERS = Limit(most=1, seconds=60.0)
"""Where there is no limit: how often strangers are told that they are strangers."""


_PAUSES = 5
"""Pauses that somebody makes in typing a question."""


class Gate:
    """Remembers who asked how often."""

    def __init__(self, allowed: Collection[int] = (), limit: Limit | None = None) -> None:
        """Take who may ask (people and chats; empty for everybody) and how often (``None`` for as often as they like)."""
        self._allowed = frozenset(allowed)
        self._limit = limit
        self._asked: dict[tuple[int, bool | None], tuple[float, int]] = {}
        """For each person (where they may ask, where not, for offers): when the window began, what was asked in it."""
        self._room = _ROOM

    @property
    def limit(self) -> Limit | None:
        """How often somebody may ask."""
        return self._limit

    def admits(self, chat: int, who: int) -> bool:
        """Whether that person may ask in that chat at all."""
        return not self._allowed or chat in self._allowed or who in self._allowed

    def ask(self, chat: int, who: int, at: float) -> Pass:
        """What becomes of a question that was asked at ``at`` (seconds since the epoch); it counts."""
        if not self.admits(chat, who):
            # Strangers are told once a window, whatever the limit is.
            return Pass.STRANGER if self._count((who, False), at, self._limit or _STRANGERS) == 1 else Pass.SHUT
        if self._limit is None:
            return Pass.OPEN
        count = self._count((who, True), at, self._limit)
        if count <= self._limit.most:
            return Pass.OPEN
        return Pass.FULL if count == self._limit.most + 1 else Pass.SHUT

    def offers(self, who: int, at: float) -> bool:
        """Whether somebody who types after the bot's name is offered answers; it counts, apart from questions.

        A query comes with every pause in typing, so that more of them are let through.
        """
        if not self.admits(who, who):
            return False
        return self._limit is None or self._count((who, None), at, self._limit) <= self._limit.most * _PAUSES

    def left(self, who: int, at: float) -> float:
        """Seconds from ``at`` until that person's window ends."""
        began, _ = self._asked.get((who, True), (at, 0))
        return max(0.0, began + self._limit.seconds - at) if self._limit is not None else 0.0

    def _count(self, who: tuple[int, bool | None], at: float, limit: Limit) -> int:
        """How many this is in its window; a time before the window began is taken as within it."""
        began, count = self._asked.get(who, (at, 0))
        if at - began >= limit.seconds:
            began, count = at, 0
        self._asked[who] = began, count + 1
        if len(self._asked) > self._room:
            self._asked = {who: kept for who, kept in self._asked.items() if at - kept[0] < limit.seconds}
            self._room = max(_ROOM, 2 * len(self._asked))
        return count + 1
