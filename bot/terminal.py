"""The chat in a terminal: lines in, replies out.

Where both ends are a terminal it is interactive (bot.prompt); else each line of input gets one reply as plain text, and
neither prompt_toolkit nor rich is imported.
"""

import io
import logging
import os
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from bot.layout import plain
from bot.replies import Reply, Typed
from bot.talk import Talk
from bot.wording import say
from knowledge.model import Lang

KEY = "terminal"
"""Key of the one session that a terminal has."""

_log = logging.getLogger(__name__)


def run(
    talk: Talk,
    *,
    lang: Lang | None = None,
    history: Path | None = None,
    stdin: TextIO | None = None,
    stdout: TextIO | None = None,
    now: Callable[[], float] = time.time,
) -> int:
    """Chat until the input ends or the person leaves; the exit code.

    Args:
        talk: Answers.
        lang: Language of what is said outside of replies; ``None`` for Chinese until there was a reply.
        history: File that keeps what was typed across starts; ``None`` for none.
        stdin: Where lines come from; ``None`` for the standard input.
        stdout: Where replies go; ``None`` for the standard output.
        now: The time in seconds since the epoch.
    """
    source, target = stdin or sys.stdin, stdout or sys.stdout
    _use_utf8(source, target)
    if source.isatty() and target.isatty():
        from bot.prompt import converse  # noqa: PLC0415 — a pipe does not pay for the interactive libraries

        return converse(talk, lang=lang, history=history, stdin=source, stdout=target, now=now)
    try:
        _answer_lines(talk, lang, source, target, now)
    except BrokenPipeError:
        _discard(target)
    return 0


def _answer_lines(talk: Talk, lang: Lang | None, source: TextIO, target: TextIO, now: Callable[[], float]) -> None:
    for number, line in enumerate(source):
        text = line.rstrip("\r\n").removeprefix("\ufeff" if number == 0 else "")
        reply = take_turn(talk, text, now())
        lang = reply.lang if reply is not None else lang
        shown = plain(reply, lambda figure: str(talk.figure(figure))) if reply is not None else say("failed", lang or "zh")
        print(f"{chr(10) * (number > 0)}{shown}", file=target, flush=True)


def take_turn(talk: Talk, text: str, now: float) -> Reply | None:
    """The reply to a line; ``None`` where something went wrong, of which the log has the details."""
    try:
        return talk.turn(KEY, Typed(text=text), now)
    except Exception:  # noqa: BLE001 — one bad turn does not end the talk
        _log.debug("a turn failed", exc_info=True)
        return None


def _use_utf8(*streams: TextIO) -> None:
    """Make text UTF-8 whatever the locale says; what is none is replaced, not an error."""
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _discard(target: TextIO) -> None:
    """Send what is still unwritten nowhere, lest the interpreter complain about the closed pipe when it ends."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), target.fileno())
