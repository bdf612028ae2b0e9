"""Keeps secrets out of logs: whatever is written has been formatted and cleaned before, tracebacks included.

httpx logs every address, and with it the bot's token; python-telegram-bot puts the token into the text of an error.
"""

import logging
import re
import sys
from collections.abc import Iterable
from urllib.parse import quote

_TOKEN = re.compile(r"(?<![0-9])[0-9]{6,}(?::|%3[Aa])[A-Za-z0-9_-]{30,}")
"""What looks like the token of a bot, whosever it is."""
_HIDDEN = "[hidden]"
_CHATTY = ("httpx", "httpcore")


class Redaction(logging.Filter):
    """Formats records with the secrets hidden.  Belongs on handlers: filters of a logger do not see its children's records."""

    def __init__(self, secrets: Iterable[str]) -> None:
        """Take what must not appear: neither as it is, nor encoded for an address, nor (a token) without its number."""
        super().__init__()
        parts = {part for secret in secrets for part in (secret, quote(secret, safe=""), secret.partition(":")[2])}
        self._secrets = tuple(sorted(filter(None, parts), key=len, reverse=True))

    def clean(self, text: str) -> str:
        """The text with the secrets hidden."""
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return _TOKEN.sub(_HIDDEN, text)

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace the record's message and traceback by their cleaned texts; every record passes."""
        record.msg, record.args = self.clean(record.getMessage()), None
        if record.exc_info:
            record.exc_text = record.exc_text or logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
        if record.exc_text:
            record.exc_text = self.clean(record.exc_text)
        if record.stack_info:
            record.stack_info = self.clean(record.stack_info)
        return True


def install(secrets: Iterable[str], *, level: int = logging.INFO) -> Redaction:
    """Make all logging of the process clean; write it to standard error where nothing else is set up.  Says what does it."""
    root = logging.getLogger()
    if not root.handlers:
        stream = logging.StreamHandler(sys.stderr)
        stream.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
        root.addHandler(stream)
    # A service says what it does, also where the command line is quiet by default.
    ours = logging.getLogger("bot")
    ours.setLevel(min(level, root.getEffectiveLevel()))
    logging.captureWarnings(capture=True)
    redaction = Redaction(secrets)
    for handler in root.handlers:
        handler.addFilter(redaction)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    return redaction
