"""The first words with the server: who are we, and which commands are there."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from telegram import error
from telegram.ext import Application, ExtBot

from bot.messenger.adapter.outgoing import seconds
from bot.messenger.delivery import DeliveryError
from bot.messenger.hearing import COMMANDS
from bot.settings import Settings
from bot.wording import say
from knowledge.model import LANGS

_LOG = logging.getLogger(__name__)
UPDATES = ("message", "edited_message", "callback_query", "inline_query")
"""What is asked for; Telegram remembers the list, so everybody who asks names it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to put up with what."""

    tries: int = 6
    """To reach the server at the start."""
    first_pause: float = 1.0
    """Seconds before the second try; each further pause is twice as long."""
    longest_pause: float = 60.0
    """Seconds between two tries at most, whatever the server wants."""
    conflicts: int = 6
    """Polls in a row that another poller may take away."""
    second_try: float = 15.0
    """Seconds before a reply that could not be delivered is tried again."""
    poll: int = 30
    """Seconds that a poll waits for news."""
    stall: float = 120.0
    """Seconds without a poll that came back, after which new connections are opened; and between two looks at a webhook."""
    give_up: float = 900.0
    """Seconds without a poll that came back, after which to end."""
    look: float = 5.0
    """Seconds between two looks at the knowledge, which must not change in between to be reloaded."""
    beat: float = 10.0
    """Seconds between two signs of health."""


async def persistently(request: Callable[[], Awaitable[None]], settings: Settings, patience: Patience) -> None:
    """Do a request, a few times if need be; what Telegram refuses outright is not repeated but raised as it is.

    Raises:
        DeliveryError: The server is out of reach.
        TelegramError: The token or the request is refused.
    """
    pause = patience.first_pause
    for left in range(patience.tries - 1, -1, -1):
        try:
            await request()
        except (error.InvalidToken, error.BadRequest):
            raise
        except error.TelegramError as fault:
            if not left:
                raise unreachable(settings, fault) from None
            _LOG.warning("%s cannot be reached, trying again: %s", settings.telegram_api_url, fault)
            wait = seconds(fault) if isinstance(fault, error.RetryAfter) else pause
            await asyncio.sleep(min(wait, patience.longest_pause))
            pause *= 2
        else:
            return


async def reach(application: Application[Any, Any, Any, Any, Any, Any], settings: Settings, patience: Patience) -> None:
    """Ask the server who we are.

    Raises:
        DeliveryError: The token is refused, or the server is out of reach.
    """
    try:
        await persistently(application.initialize, settings, patience)
    except error.InvalidToken:
        # Not chained: the library puts the token into its error.
        raise DeliveryError(
            f"{settings.telegram_api_url} refuses the token in ZHUIWEN_TELEGRAM_TOKEN (or is no Bot API server); "
            "copy the token again from @BotFather, or mend ZHUIWEN_TELEGRAM_API_URL"
        ) from None
    except error.BadRequest as fault:
        raise unreachable(settings, fault) from None


async def announce(bot: ExtBot[None]) -> None:
    """Tell Telegram the commands with their descriptions; if that fails, only a list is missing."""
    try:
        for lang in LANGS:
            commands = [(name, say(f"command_{name}", lang)) for name in COMMANDS]
            await bot.set_my_commands(commands, language_code=lang if lang == "zh" else None)
    except error.TelegramError as fault:
        _LOG.warning("the commands could not be announced: %s", fault)


def unreachable(settings: Settings, fault: error.TelegramError) -> DeliveryError:
    """The error that the server is out of reach."""
    proxy = " through the proxy in ZHUIWEN_TELEGRAM_PROXY" if settings.telegram_proxy else ""
    return DeliveryError(
        f"{settings.telegram_api_url} cannot be reached{proxy} ({fault}); check the network, "
        "ZHUIWEN_TELEGRAM_API_URL and ZHUIWEN_TELEGRAM_PROXY"
    )
