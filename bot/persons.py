"""Names people in what is stored: by a keyed digest, so that the state file alone does not tell who they are.

The key belongs to the installation and lies beside the state file; without it nobody can try all ids.
"""

import hashlib
import os
import secrets
from contextlib import suppress
from pathlib import Path

from bot.state import StateError

FILE = "installation.key"
_BYTES = 32


class Persons:
    """Names for people and for their talks on Telegram."""

    def __init__(self, key: bytes) -> None:
        """Take the key of the installation."""
        self._key = key

    def person(self, who: int) -> str:
        """What the keys of all that is stored about somebody begin with."""
        return f"telegram:{self._digest(who)}:"

    def talk(self, chat: int, who: int) -> str:
        """The key of somebody's session in a chat: in a group everybody has their own."""
        return self.person(who) + self._digest(chat)

    def chat(self, chat: int, who: int | None) -> str:
        """The key of what a chat has set; that of a private chat with ``who`` is forgotten with the person."""
        return self.talk(chat, who) if who is not None else f"telegram:chat:{self._digest(chat)}"

    def _digest(self, number: int) -> str:
        return hashlib.blake2b(str(number).encode(), key=self._key, digest_size=12).hexdigest()


def installation_key(folder: Path) -> bytes:
    """The key of the installation that keeps its state in ``folder``; made where it is missing, readable by its owner alone.

    Raises:
        StateError: It can neither be read nor made, or is none.
    """
    path = folder / FILE
    try:
        with suppress(FileExistsError):
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(_BYTES))
        key = path.read_bytes()
    except OSError as fault:
        raise StateError(f"the key {path} cannot be used ({fault.strerror}); check the folder, or set ZHUIWEN_DATA") from fault
    if len(key) != _BYTES:
        raise StateError(f"the key {path} is damaged; remove it, and everybody starts afresh")
    return key
