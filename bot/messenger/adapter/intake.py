"""Takes updates in: each is written into the inbox before anything is done about it, then handed on once.

Whatever brings updates confirms them after this and not before, so that a crash at any moment loses none.
"""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import telegram

from bot.inbox import MOST_ATTEMPTS, Inbox

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An update that stands in the inbox."""

    number: int
    update: telegram.Update
    at: float
    """When it came in, in seconds since the epoch."""
    journalled: float = 0.0
    """Seconds that writing it down took; its share where several came together."""


class Intake:
    """Writes updates down and hands them on."""

    def __init__(self, inbox: Inbox, *, clock: Callable[[], float] = time.time) -> None:
        """Take the inbox, and the clock in seconds since the epoch."""
        self._inbox = inbox
        self._clock = clock
        self.queue: asyncio.Queue[object] = asyncio.Queue()
        """Where updates are handed on, each as an ``Entry``."""

    def take(self, batch: Sequence[Mapping[str, Any]], bot: telegram.Bot) -> None:
        """Take in what Telegram brings; what it brought before is known already, and what cannot be read is left out.

        Raises:
            StateError: They cannot be written down, so they must not be confirmed.
        """
        readable = {
            number: (update, body)
            for number, body in ((int(item["update_id"]), json.dumps(item)) for item in batch)
            if (update := _read(number, body, bot)) is not None
        }
        if not readable:
            return
        now, started = self._clock(), time.perf_counter()
        new = self._inbox.accept({number: body for number, (_, body) in readable.items()}, now)
        share = (time.perf_counter() - started) / len(readable)
        for number in new:
            self.queue.put_nowait(Entry(number=number, update=readable[number][0], at=now, journalled=share))

    def resume(self, bot: telegram.Bot) -> None:
        """Hand on what an earlier run left undone, and set aside what it tried too often."""
        for waiting in self._inbox.waiting():
            update = _read(waiting.number, waiting.body, bot)
            if update is None or waiting.attempts >= MOST_ATTEMPTS:
                _LOG.error("update %d is set aside: it was tried %d times in vain", waiting.number, waiting.attempts)
                self._inbox.set_aside(waiting.number)
            else:
                _LOG.info("update %d is taken up again", waiting.number)
                self.queue.put_nowait(Entry(number=waiting.number, update=update, at=waiting.at))


def _read(number: int, body: str, bot: telegram.Bot) -> telegram.Update | None:
    try:
        return telegram.Update.de_json(json.loads(body), bot)
    except Exception as fault:  # noqa: BLE001 — whatever the library stumbles over
        _LOG.error("update %s cannot be read and is left out (%s)", number, type(fault).__name__)
        return None
