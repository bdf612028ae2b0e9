"""Asks Telegram about the bot, and judges what it says."""

import asyncio
import logging
from collections.abc import Iterator

import telegram
from telegram import error

from bot.messenger.adapter.connections import connections, token_of
from bot.messenger.delivery import DeliveryError
from bot.messenger.findings import Finding, Verdict, fault
from bot.messenger.redact import install
from bot.settings import Settings


def probe(settings: Settings) -> list[Finding]:
    """Findings about the token, the webhook and what BotFather has switched on.

    Raises:
        SettingsError: The token or the proxy cannot be used.
    """
    redaction = install([token_of(settings)], level=logging.WARNING)
    try:
        return asyncio.run(_probe(settings))
    except error.InvalidToken:
        text = f"{settings.telegram_api_url} refuses it (or is no Bot API server); copy it again from @BotFather"
        return [fault("token", text, DeliveryError.exit_code)]
    except error.TelegramError as found:
        text = redaction.clean(f"{settings.telegram_api_url} cannot be reached ({found})")
        remedy = "check the network, ZHUIWEN_TELEGRAM_API_URL and ZHUIWEN_TELEGRAM_PROXY"
        return [fault("server", f"{text}; {remedy}", DeliveryError.exit_code)]


async def _probe(settings: Settings) -> list[Finding]:
    base = settings.telegram_api_url
    bot = telegram.Bot(
        token_of(settings),
        base_url=f"{base}/bot",
        request=connections(settings, 1),
        get_updates_request=connections(settings, 1),
    )
    async with bot:
        return [
            Finding(subject="token", text=f"@{bot.username}"),
            *_webhook(await bot.get_webhook_info(), settings.telegram_webhook_url),
            *_switches(await bot.get_me()),
        ]


def _webhook(info: telegram.WebhookInfo, wanted: str | None) -> Iterator[Finding]:
    if wanted is None and not info.url:
        yield Finding(subject="webhook", text="none: it serves by long polling")
    elif wanted is None:
        text = f"{info.url} is set; starting here removes it, so stop what serves there"
        yield Finding(subject="webhook", text=text, verdict=Verdict.ADVICE)
    elif info.url != wanted:
        now = f"{info.url} is set" if info.url else "none is set yet"
        yield Finding(subject="webhook", text=f"{now}; starting here sets {wanted}", verdict=Verdict.ADVICE)
    elif info.last_error_message:
        why, waiting = info.last_error_message, info.pending_update_count
        text = f"{wanted}; Telegram could not bring updates there lately ({why}), {waiting} wait"
        yield Finding(subject="webhook", text=f"{text}; check the proxy before it and its certificate", verdict=Verdict.ADVICE)
    else:
        yield Finding(subject="webhook", text=wanted)


def _switches(me: telegram.User) -> Iterator[Finding]:
    if me.supports_inline_queries:
        yield Finding(subject="inline", text="on")
    else:
        text = "off, so «@bot question» offers nothing in other chats; send /setinline to @BotFather"
        yield Finding(subject="inline", text=text, verdict=Verdict.ADVICE)
    if me.can_join_groups and not me.can_read_all_group_messages:
        text = "commands and replies only (privacy mode); if mentions do not arrive, send /setprivacy to @BotFather"
        yield Finding(subject="groups", text=text, verdict=Verdict.ADVICE)
