"""Updates by long polling: begin, watch, end."""

import logging
from contextlib import suppress
from datetime import timedelta
from typing import Any

from telegram import error
from telegram.ext import Application

from bot.messenger.adapter.beginning import UPDATES, Patience, unreachable
from bot.messenger.adapter.polls import Polls
from bot.settings import Settings

_LOG = logging.getLogger(__name__)


class Polling:
    """Brings updates by long polling."""

    def __init__(
        self, application: Application[Any, Any, Any, Any, Any, Any], polls: Polls, settings: Settings, patience: Patience
    ) -> None:
        """Take the parts."""
        self._application = application
        self._polls = polls
        self._settings = settings
        self._patience = patience

    def well(self) -> bool:
        """Whether polls come back."""
        return self._polls.silent() < self._patience.stall

    async def begin(self) -> None:
        """Begin to poll.

        Raises:
            DeliveryError: The server is out of reach.
        """
        assert self._application.updater is not None  # noqa: S101 — the builder makes one
        try:
            await self._application.updater.start_polling(
                timeout=timedelta(seconds=self._patience.poll),
                bootstrap_retries=self._patience.tries,
                allowed_updates=UPDATES,
                error_callback=lambda fault: _LOG.warning("no news from Telegram: %s", fault),
            )
        except error.TelegramError as fault:
            raise unreachable(self._settings, fault) from None

    async def watch(self) -> None:
        """See that polls come back, or end the bot."""
        await self._polls.watch(self._patience.stall, self._patience.give_up)

    async def end(self) -> None:
        """Poll no more."""
        if self._application.updater is not None and self._application.updater.running:
            with suppress(error.TelegramError):
                await self._application.updater.stop()
