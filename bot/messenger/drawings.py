"""Pictures of formulas, each drawn once, while others are served."""

import asyncio
import hashlib
import logging
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

_LOG = logging.getLogger(__name__)
_MOST = 256
"""Pictures that are kept in memory."""
_STYLE = "1"
"""Raised whenever pictures of the same formulas come to look otherwise."""

Draw = Callable[[Sequence[str]], bytes]


class Drawings:
    """Draws formulas in a thread of its own and keeps the pictures, in memory and in a folder."""

    def __init__(self, folder: Path, draw: Draw | None = None) -> None:
        """Take the folder of the pictures, and what draws them: ``bot.drawing`` where nothing else is given."""
        self._folder = folder
        self._draw = draw or _drawn
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="formulas")
        self._kept: dict[str, bytes | None] = {}
        """Oldest first; ``None`` for what cannot be drawn."""

    async def picture(self, formulas: Sequence[str]) -> bytes | None:
        """The formulas as a PNG; ``None`` where they cannot be drawn."""
        name = hashlib.blake2b("\0".join((_STYLE, *formulas)).encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
        if name not in self._kept:
            made = await asyncio.get_running_loop().run_in_executor(self._thread, self._made, name, formulas)
            self._kept[name] = made
            while len(self._kept) > _MOST:
                del self._kept[next(iter(self._kept))]
        return self._kept[name]

    def _made(self, name: str, formulas: Sequence[str]) -> bytes | None:
        file = self._folder / f"{name}.png"
        try:
            return file.read_bytes()
        except OSError:
            pass  # it is not there yet
        try:
            picture = self._draw(formulas)
        except ValueError as fault:
            _LOG.info("a formula is shown as text only: %s", fault)
            return None
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            new = file.with_suffix(f".{os.getpid()}")
            new.write_bytes(picture)
            new.replace(file)
        except OSError as fault:
            _LOG.warning("the picture of a formula cannot be kept in %s: %s", self._folder, fault.strerror)
        return picture


def _drawn(formulas: Sequence[str]) -> bytes:
    from bot.drawing import picture  # noqa: PLC0415 — an extra, and half a second in this thread

    return picture(formulas)
