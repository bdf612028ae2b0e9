"""Updates by webhook: each is written into the inbox before Telegram is told that it arrived."""

import asyncio
import hmac
import json
import logging
import socket
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from telegram import error
from telegram.ext import ExtBot
from tornado.httpserver import HTTPServer
from tornado.web import Application, RequestHandler

from bot.messenger.adapter.beginning import UPDATES, Patience, persistently
from bot.messenger.adapter.polls import Ending
from bot.messenger.hook import LISTEN
from bot.settings import Settings, SettingsError
from knowledge.problems import ZhuiwenError

_LOG = logging.getLogger(__name__)
_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — the name of the header
_LARGEST = 2**20
"""Bytes of an update; Telegram's are a fraction of that."""
_BAD, _FORBIDDEN, _BROKEN = 400, 403, 500
Take = Callable[[Sequence[Any]], None]


class Webhook:
    """Has updates brought."""

    def __init__(self, bot: ExtBot[None], take: Take, ending: Ending, settings: Settings, patience: Patience) -> None:
        """Take the bot, what takes updates in, the end, and the settings, whose webhook has no problems."""
        assert settings.telegram_webhook_url is not None  # noqa: S101 — else there is nothing to serve
        assert settings.telegram_webhook_secret is not None  # noqa: S101 — likewise
        self._bot = bot
        self._ending = ending
        self._settings = settings
        self._patience = patience
        self._url = settings.telegram_webhook_url
        self._secret = settings.telegram_webhook_secret.reveal()
        path = urlsplit(self._url).path or "/"
        routes = [(_exactly(path), _Handler, {"secret": self._secret, "take": take})]
        self._server = HTTPServer(Application(routes, log_function=lambda _: None), max_body_size=_LARGEST)
        self._well = False

    def well(self) -> bool:
        """Whether Telegram said so when last asked."""
        return self._well

    async def begin(self) -> None:
        """Listen, then tell Telegram where.

        Raises:
            SettingsError: Nothing can listen there, or Telegram refuses the address.
            DeliveryError: The server is out of reach.
        """
        listen = self._settings.telegram_webhook_listen or LISTEN
        host, _, port = listen.rpartition(":")
        try:
            self._server.add_socket(_listening(host, int(port)))
        except OSError as fault:
            raise SettingsError(f"ZHUIWEN_TELEGRAM_WEBHOOK_LISTEN: nothing can listen on {listen} ({fault.strerror})") from None

        async def tell() -> None:
            await self._bot.set_webhook(self._url, secret_token=self._secret, allowed_updates=UPDATES)

        try:
            await persistently(tell, self._settings, self._patience)
        except error.BadRequest as fault:
            raise SettingsError(f"Telegram refuses ZHUIWEN_TELEGRAM_WEBHOOK_URL ({fault}); mend it") from None
        self._well = True

    async def watch(self) -> None:
        """See that Telegram still brings updates here, and say what keeps it from that; end where they go elsewhere."""
        told = None
        while True:
            await asyncio.sleep(self._patience.stall)
            try:
                info = await self._bot.get_webhook_info()
            except error.TelegramError as fault:
                _LOG.warning("no news from Telegram: %s", fault)
                self._well = False
                continue
            if info.url != self._url:
                self._ending.fail("another program has taken the webhook of this token away; stop that, then start again")
            if info.last_error_date not in (None, told):
                told = info.last_error_date
                _LOG.warning("Telegram cannot bring updates: %s; %d wait", info.last_error_message, info.pending_update_count)
            self._well = info.url == self._url

    async def end(self) -> None:
        """Take nothing in any more; Telegram keeps what comes for the next start."""
        self._server.stop()
        await self._server.close_all_connections()


class _Handler(RequestHandler):
    """Takes one update in."""

    def initialize(self, secret: str, take: Take) -> None:
        self._secret = secret
        self._take = take

    def post(self) -> None:
        """200 means: written down."""
        if not hmac.compare_digest(self.request.headers.get(_SECRET, "").encode(), self._secret.encode()):
            self.send_error(_FORBIDDEN)
            return
        update = _update(self.request.body)
        if update is None:
            _LOG.error("what came by the webhook is no update, although its secret is right")
            self.send_error(_BAD)
            return
        try:
            self._take([update])
        except (ZhuiwenError, OSError) as fault:
            _LOG.error("an update cannot be written down, Telegram will bring it again: %s", fault)
            self.send_error(_BROKEN)


def _update(body: bytes) -> dict[str, Any] | None:
    """The update, if it is one at all."""
    try:
        update = json.loads(body)
    except ValueError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        OSError: There is none to be had.
    """
    host = host.strip("[]")
    found = socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=128)
    found.setblocking(False)
    return found


def _exactly(path: str) -> str:
    """A route's pattern for one path."""
    return "".join(f"\\{letter}" if letter in r"\.^$*+?{}[]|()%" else letter for letter in path)
