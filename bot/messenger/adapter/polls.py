"""Watches what comes in by long polling: the place to filter it, to end where it is pointless, and to journal it."""

import asyncio
import json
import logging
from typing import Any

import telegram
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
    """Passes polls on, ends the bot where polling has become pointless, and takes out updates that cannot be read.

    The library would poll for ever beside another poller, stop silently on a revoked token, and fetch a batch with one
    unreadable update again and again.
    """

    def __init__(self, inner: BaseRequest, ending: Ending, conflicts: int) -> None:
        """Take what does the requests."""
        self._inner = inner
        self._ending = ending
        self._most_conflicts = conflicts
        self._conflicts = 0

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
        self._conflicts = self._conflicts + 1 if code == _CONFLICT else 0
        if self._conflicts >= self._most_conflicts:
            self._ending.fail("another program polls with this token, or a webhook is set for it; stop that, then start again")
        elif code in (_UNAUTHORIZED, _NOT_FOUND):
            self._ending.fail("Telegram no longer accepts the token in ZHUIWEN_TELEGRAM_TOKEN; get the current one")
        if self._ending.error is not None:
            return _OK, _NOTHING
        return code, _readable(body) if code == _OK else body


def _readable(body: bytes) -> bytes:
    """The batch with each update that cannot be read replaced by an empty one: it is confirmed, and the others are served."""
    try:
        batch = {update["update_id"]: update for update in json.loads(body)["result"]}
    except (ValueError, KeyError, TypeError):
        return body
    for number, update in batch.items():
        try:
            telegram.Update.de_json(update, None)
        except Exception as fault:  # noqa: BLE001 — whatever the library stumbles over
            _LOG.error("update %s cannot be read and is left out (%s)", number, type(fault).__name__)
            batch[number] = {"update_id": number}
    return json.dumps({"ok": True, "result": list(batch.values())}).encode()
