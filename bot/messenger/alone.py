"""Sees to it that one process at a time serves a bot.

Telegram lets the newer of two pollers win, so the two would take updates from each other for ever.  The lock is SQLite's own on
an empty file: the same on every system, and gone with the process however that ends.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot.messenger.delivery import DeliveryError


@contextmanager
def alone(folder: Path, bot: int) -> Iterator[None]:
    """Nobody else serves this bot out of this folder meanwhile.

    Raises:
        DeliveryError: Somebody does already, or the lock file cannot be written.
    """
    file = folder / f"telegram-{bot}.lock"
    try:
        connection = sqlite3.connect(file, timeout=0, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as fault:
        if fault.sqlite_errorcode == sqlite3.SQLITE_BUSY:
            raise DeliveryError(f"another process already serves this bot (it holds {file}); stop that one first") from None
        raise DeliveryError(
            f"the lock file {file} cannot be written ({fault}); check the folder, or set ZHUIWEN_DATA"
        ) from None
    with closing(connection):
        yield
