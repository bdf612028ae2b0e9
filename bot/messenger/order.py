"""Keeps the order within a chat while chats go on side by side."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_WAITING = 32
"""Turns of one chat that may be taken or waited for; beyond that somebody is flooding, and theirs alone are dropped."""


class Flooded(Exception):  # noqa: N818 — a verdict, not an error
    """A chat has too many turns waiting."""


class Turns:
    """Hands out turns, for each chat one at a time and in the order in which they were asked for."""

    def __init__(self, most: int = MOST_WAITING) -> None:
        """Begin with nobody waiting."""
        self._most = most
        self._chats: dict[int, tuple[asyncio.Lock, int]] = {}
        """Of each chat that has turns: its lock, and how many turns are taken or waited for."""

    def __len__(self) -> int:
        """How many chats have turns."""
        return len(self._chats)

    @asynccontextmanager
    async def turn(self, chat: int) -> AsyncIterator[None]:
        """Wait for a turn of that chat and keep it.

        Raises:
            Flooded: Too many are waiting.
        """
        lock, count = self._chats.get(chat) or (asyncio.Lock(), 0)
        if count >= self._most:
            raise Flooded
        self._chats[chat] = lock, count + 1
        try:
            async with lock:
                yield
        finally:
            count = self._chats[chat][1] - 1
            if count:
                self._chats[chat] = lock, count
            else:
                del self._chats[chat]
