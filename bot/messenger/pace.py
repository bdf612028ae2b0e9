"""Says when the next message may go out, so that Telegram's flood limits are kept rather than hit.

Pure: the time is an argument.  Each limit is a bucket (generic cell rate algorithm): after a burst, one message an interval.
Telegram publishes no exact values; these are what it advises: about one message a second to a person, twenty a minute to a
group, thirty a second altogether.
"""

from dataclasses import dataclass

_ROOM = 1000
"""Chats remembered before those whose bucket is empty again are forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """So many messages at once, then one an interval."""

    burst: int
    interval: float
    """In seconds."""


PERSON = Limit(burst=5, interval=1.0)
GROUP = Limit(burst=10, interval=3.0)
ALL = Limit(burst=30, interval=1 / 30)


class Pace:
    """Remembers what went where and when."""

    def __init__(self, *, person: Limit = PERSON, group: Limit = GROUP, everywhere: Limit = ALL) -> None:
        """Start with empty buckets."""
        self._person, self._group, self._everywhere = person, group, everywhere
        self._full: dict[int, float] = {}
        """For each chat, when its bucket will be empty."""
        self._full_all = 0.0
        self._room = _ROOM
        self._held: dict[int, float] = {}
        """For each chat that Telegram told to wait, until when."""

    def reserve(self, chat: int, now: float) -> float:
        """How many seconds to wait before the next message to this chat; it then counts as sent."""
        limit, total = (self._group if chat < 0 else self._person), self._everywhere
        full = self._full.get(chat, now)
        start = max(now, self._held.get(chat, now), full - limit.interval * (limit.burst - 1))
        self._full[chat] = max(full, start) + limit.interval
        # A chat that has to wait must not make the others wait: the total is counted from now, not from that chat's start.
        start = max(start, self._full_all - total.interval * (total.burst - 1))
        self._full_all = max(self._full_all, now) + total.interval
        self._forget(now)
        return start - now

    def hold(self, chat: int, until: float) -> None:
        """Take note that Telegram wants nothing for this chat before ``until``."""
        self._held[chat] = max(until, self._held.get(chat, until))

    def _forget(self, now: float) -> None:
        if len(self._full) > self._room:
            self._full = {chat: full for chat, full in self._full.items() if full > now}
            self._held = {chat: until for chat, until in self._held.items() if until > now}
            self._room = max(_ROOM, 2 * len(self._full))
