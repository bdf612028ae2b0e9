"""The ways in which a chat can have its answers shown."""

from enum import StrEnum


class Display(StrEnum):
    """How answers look."""

    HTML = "html"
    """Bold headings, code blocks, quotes; formulas as Unicode."""
    PLAIN = "plain"
    """Nothing but text."""
    RICH = "rich"
    """Telegram's own rich messages with set formulas and tables, where the server and the message allow it."""
