"""Serves changed knowledge without a restart: built and checked in a process of its own, then swapped in.

Building takes seconds of computing, during which nobody who asks may wait.  Knowledge that cannot be served changes nothing.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from importlib.resources.abc import Traversable
from pathlib import Path

from index import opening
from index.searcher import Searcher
from knowledge import folder as folders
from knowledge.problems import ZhuiwenError

_LOG = logging.getLogger(__name__)
_SECRETS = ("ZHUIWEN_TELEGRAM_TOKEN", "ZHUIWEN_TELEGRAM_WEBHOOK_SECRET")
"""What a build need not know."""


class Refresh:
    """Watches a folder of knowledge."""

    def __init__(self, folder: Traversable, data: Path, serve: Callable[[Searcher], None]) -> None:
        """Take the folder as it is served now.

        Args:
            folder: The knowledge.
            data: Where its index is kept.
            serve: Takes a new searcher.
        """
        self._folder = folder.resolve() if isinstance(folder, Path) else folder
        self._data = data.resolve()
        self._serve = serve
        self._tried = folders.signature(folder)
        """The state of the folder that was tried last."""
        self._wanted = asyncio.Event()

    def ask(self) -> None:
        """Want it reloaded now, whether it has changed or not."""
        self._wanted.set()

    async def watch(self, every: float) -> None:
        """Reload whenever it is wanted, and when the folder has changed and then stayed the same for ``every`` seconds."""
        seen = self._tried
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._wanted.wait(), every)
            now = await asyncio.to_thread(folders.signature, self._folder)
            if self._wanted.is_set() or (now and now != self._tried and now == seen):
                self._wanted.clear()
                self._tried = now
                await self._renew()
            seen = now

    async def _renew(self) -> None:
        """Build the index of the folder, and serve it if that can be done."""
        if not isinstance(self._folder, Path):
            _LOG.warning("the knowledge is in no folder and cannot be reloaded; start again")
            return
        told = await self._built(self._folder)
        try:
            if told is None:
                searcher = await asyncio.to_thread(opening.open_searcher, self._folder, self._data)
                self._serve(searcher)
                _LOG.info("the knowledge is reloaded: %d entries", len(searcher.entry_ids))
        except ZhuiwenError as fault:  # it changed once more in between
            told = str(fault)
        if told is not None:
            _LOG.error("the knowledge is not reloaded, and the former one goes on serving:\n%s", told)

    async def _built(self, folder: Path) -> str | None:
        """Build and store the index; ``None`` if that works, else why not: every problem with file, line and remedy."""
        environment = {name: value for name, value in os.environ.items() if name not in _SECRETS}
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "build", "--knowledge", str(folder)),
            env={**environment, "ZHUIWEN_DATA": str(self._data), "PYTHONIOENCODING": "utf-8"},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            _, told = await process.communicate()
        except asyncio.CancelledError:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
            raise
        return told.decode("utf-8", "replace").strip() if process.returncode else None
