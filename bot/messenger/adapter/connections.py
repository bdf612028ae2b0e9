"""Connections to the Bot API server as the settings want them."""

import re

import httpx
from telegram.request import HTTPXRequest

from bot.settings import Settings, SettingsError

_TOKEN = re.compile(r"[0-9]+:[A-Za-z0-9_-]+")


def token_of(settings: Settings) -> str:
    """The token, if it can be one; a wrong one is never shown.

    Raises:
        SettingsError: There is none, or it is none.
    """
    if settings.telegram_token is None:
        raise SettingsError("ZHUIWEN_TELEGRAM_TOKEN is not set; get a token from @BotFather and put it into .env")
    token = settings.telegram_token.reveal()
    if _TOKEN.fullmatch(token) is None:
        raise SettingsError("ZHUIWEN_TELEGRAM_TOKEN is no token: one looks like 123456789:AAbb…; copy it from @BotFather")
    return token


def connections(settings: Settings, most: int) -> HTTPXRequest:
    """A pool of so many connections, through the proxy if there is one.

    Raises:
        SettingsError: The proxy's address is none.
    """
    try:
        return HTTPXRequest(
            most, proxy=settings.telegram_proxy, connect_timeout=15, read_timeout=20, write_timeout=20, pool_timeout=10
        )
    except (ValueError, httpx.InvalidURL):
        raise SettingsError("ZHUIWEN_TELEGRAM_PROXY is no address of a proxy, such as socks5://127.0.0.1:1080") from None
