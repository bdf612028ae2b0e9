"""What the settings of a webhook have to be.  Pure."""

import re
from urllib.parse import urlsplit

from bot.settings import TELEGRAM_API, Settings

LISTEN = "127.0.0.1:8443"
"""Where it listens unless the settings say otherwise: behind a proxy that ends TLS."""
_PORTS = (443, 80, 88, 8443)
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def problems(settings: Settings) -> list[str]:
    """What is wrong with the settings of the webhook, each with its remedy; nothing where none is wanted.

    A Bot API server of one's own takes any address; Telegram's takes HTTPS on four ports.
    """
    if settings.telegram_webhook_url is None:
        return []
    found: list[str] = []
    address = urlsplit(settings.telegram_webhook_url)
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
    except ValueError:
        port = 0
    if not address.hostname:
        found.append("ZHUIWEN_TELEGRAM_WEBHOOK_URL names no host; write it like https://bot.example.org/hook")
    elif settings.telegram_api_url == TELEGRAM_API and (address.scheme != "https" or port not in _PORTS):
        found.append("ZHUIWEN_TELEGRAM_WEBHOOK_URL must be https:// on port 443, 80, 88 or 8443: Telegram calls no other")
    secret = settings.telegram_webhook_secret
    if secret is None:
        found.append(
            "ZHUIWEN_TELEGRAM_WEBHOOK_SECRET is not set, so anybody could pass for Telegram; set it to a long random word, "
            "such as «openssl rand -hex 32» prints"
        )
    elif _SECRET.fullmatch(secret.reveal()) is None:
        found.append("ZHUIWEN_TELEGRAM_WEBHOOK_SECRET must be 1 to 256 letters of A-Z a-z 0-9 _ -: Telegram takes no others")
    return found
