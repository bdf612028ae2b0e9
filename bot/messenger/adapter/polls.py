"""Watches what comes in by long polling: takes it in before it is confirmed, and ends where polling is pointless."""

import asyncio
import json
import logging
import time
from collections.abc import Callable, Sequence
from typing import Any

from telegram.request import BaseRequest

from bot.messenger.delivery import DeliveryError

_LOG = logging.getLogger(__name__)
_NOTHING = b'{"ok":true,"result":[]}'
_IDLE = 0.1
"""Seconds between polls that are none, until the bot has stopped."""
_OK, _UNAUTHORIZED, _NOT_FOUND, _CONFLICT = 200, 401, 404, 409


class Ending:
    """When to end, and with which error."""

    def __init__(self) -> None:
        """Not yet."""
        self.now = asyncio.Event()
        self.error: DeliveryError | None = None

    def fail(self, text: str) -> None:
        """End because of an error; the first one counts."""
        self.error = self.error or DeliveryError(text)
        self.now.set()


class Polls(BaseRequest):
    """Passes polls on, takes in what they bring, and ends the bot where polling has become pointless.

    The library would confirm updates before anything is done about them, poll for ever beside another poller, stop silently
    on a revoked token, and fetch a batch with one unreadable update again and again.  It gets to see nothing but numbers.
    """

    def __init__(self, inner: BaseRequest, take: Callable[[Sequence[Any]], None], ending: Ending, conflicts: int) -> None:
        """Take what does the requests, what takes updates in, the end, and how many conflicts in a row bring it."""
        self._inner = inner
        self._take = take
        self._ending = ending
        self._most_conflicts = conflicts
        self._conflicts = 0
        self._back = time.monotonic()
        """When a poll last came back, by the monotonic clock."""

    @property
    def read_timeout(self) -> float | None:
        """That of the inner one."""
        return self._inner.read_timeout

    async def initialize(self) -> None:
        """Open the inner one."""
        await self._inner.initialize()

    async def shutdown(self) -> None:
        """Close the inner one."""
        await self._inner.shutdown()

    async def do_request(self, *args: Any, **kwargs: Any) -> tuple[int, bytes]:  # noqa: ANN401 — passed on
        """The status and body of one poll."""
        if self._ending.error is not None:
            # One more poll would take the updates away from whoever goes on.
            await asyncio.sleep(_IDLE)
            return _OK, _NOTHING
        code, body = await self._inner.do_request(*args, **kwargs)
        if code != _OK:
            self._back = time.monotonic()
        self._conflicts = self._conflicts + 1 if code == _CONFLICT else 0
        if self._conflicts >= self._most_conflicts:
            self._ending.fail("another program polls with this token, or a webhook is set for it; stop that, then start again")
        elif code in (_UNAUTHORIZED, _NOT_FOUND):
            self._ending.fail("Telegram no longer accepts the token in ZHUIWEN_TELEGRAM_TOKEN; get the current one")
        if self._ending.error is not None:
            return _OK, _NOTHING
        if code == _OK:
            body = self._taken(body)
            self._back = time.monotonic()
        return code, body

    def silent(self) -> float:
        """Seconds since a poll last came back."""
        return time.monotonic() - self._back

    async def watch(self, stall: float, give_up: float) -> None:
        """See that polls come back, or end the bot.

        The library waits for ever and in silence where a connection neither works nor fails.

        Args:
            stall: Seconds after which new connections are opened, again and again.
            give_up: Seconds after which that is no use.
        """
        self._back = opened = time.monotonic()
        while (silent := self.silent()) < give_up:
            if time.monotonic() - max(opened, self._back) > stall:
                _LOG.warning("no poll came back for %.0f s: opening new connections", silent)
                await self._inner.shutdown()
                await self._inner.initialize()
                opened = time.monotonic()
            await asyncio.sleep(stall / 10)
        self._ending.fail(
            f"no poll came back for {silent:.0f} s; check the network and ZHUIWEN_TELEGRAM_PROXY, then start again"
        )

    def _taken(self, body: bytes) -> bytes:
        """The numbers of a batch that is taken in, for the library to confirm."""
        try:
            batch = [update for update in json.loads(body)["result"] if isinstance(update["update_id"], int)]
        except (ValueError, KeyError, TypeError):
            return body
        self._take(batch)
        return json.dumps({"ok": True, "result": [{"update_id": update["update_id"]} for update in batch]}).encode()
