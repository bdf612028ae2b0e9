"""A file that says that the bot is well, for supervisors: it is written again and again while that is so."""

import asyncio
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

_LOG = logging.getLogger(__name__)


async def beat(file: Path, well: Callable[[], bool], every: float) -> None:
    """Write the file each ``every`` seconds while all is well, and remove it when that is over for good.

    It holds JSON: ``at``, the time in seconds since the epoch, and ``pid``.  Its own time of change says the same.
    """
    try:
        while True:
            if well():
                try:
                    _write(file)
                except OSError as fault:
                    _LOG.warning("the health file %s cannot be written: %s", file, fault.strerror)
            await asyncio.sleep(every)
    finally:
        _remove(file)


def _write(file: Path) -> None:
    """In one step: readers see a whole file."""
    new = file.with_name(f".{file.name}.{os.getpid()}")
    new.write_text(json.dumps({"at": round(time.time(), 3), "pid": os.getpid()}) + "\n", "utf-8")
    new.replace(file)


def _remove(file: Path) -> None:
    with suppress(OSError):
        file.unlink(missing_ok=True)
