"""The interactive chat: a prompt with completion and history, replies on the screen.  The only importer of prompt_toolkit."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.output import create_output

from bot.layout import page
from bot.pictures import inline
from bot.screen import Screen
from bot.talk import Talk
from bot.terminal import take_turn
from bot.wording import say
from knowledge.model import Lang

_PROMPT = "› "
_LEAVE = ("/quit", "/exit")
_COMMANDS = ("/topics", "/help", "/new", "/back", "/lang zh", "/lang en", "/lang auto", "/quit")


def converse(
    talk: Talk, *, lang: Lang | None, history: Path | None, stdin: TextIO, stdout: TextIO, now: Callable[[], float]
) -> int:
    """Chat on a terminal until the person leaves; the exit code."""
    with create_app_session(input=create_input(stdin), output=create_output(stdout)):
        return chat(talk, Screen(stdout), lang=lang, history=history, now=now)


def chat(talk: Talk, screen: Screen, *, lang: Lang | None, history: Path | None, now: Callable[[], float]) -> int:
    """Chat in the current application session; the exit code."""
    completer = _Questions(talk)
    session: PromptSession[str] = PromptSession(
        _PROMPT, history=_history(history), completer=completer, complete_while_typing=False, key_bindings=_keys()
    )
    screen.show(say("banner", lang or "zh", entries=len(talk.search.entry_ids)))
    while True:
        try:
            text = session.prompt()
        except (EOFError, KeyboardInterrupt):
            break
        if text.strip() in _LEAVE:
            break
        if not text.strip():
            continue
        with suppress(KeyboardInterrupt):  # leaves the reply, not the chat
            reply = take_turn(talk, text, now())
            if reply is None:
                screen.show(say("failed", lang or "zh"))
                continue
            lang = reply.lang
            completer.listed = tuple(option.text for option in reply.options) or completer.listed
            for figure in reply.answer.figures if reply.answer is not None else ():
                screen.draw(inline(talk.figure(figure), os.environ))
            screen.show(f"{page(reply, lambda figure: str(talk.figure(figure)))}\n")
    screen.show(say("bye", lang or "zh"))
    return 0


class _Questions(Completer):
    """Completes a line to a question, first to one of the list last shown, or to a command."""

    def __init__(self, talk: Talk) -> None:
        self._search = talk.search
        self._questions: tuple[str, ...] | None = None
        self.listed: tuple[str, ...] = ()
        """The options of the list last shown."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:  # noqa: ARG002
        """Questions that begin with what was typed, then those that contain it."""
        typed = document.text_before_cursor
        wanted = typed.strip().casefold()
        texts = _COMMANDS if wanted.startswith("/") else dict.fromkeys((*self.listed, *self._all()))
        found = [text for text in texts if wanted in text.casefold()]
        for text in sorted(found, key=lambda text: not text.casefold().startswith(wanted)):
            yield Completion(text, start_position=-len(typed))

    def _all(self) -> tuple[str, ...]:
        """Every question in every language; read when first asked for, as most talks never do."""
        if self._questions is None:
            entries = [self._search.entry(id_) for id_ in self._search.entry_ids]
            self._questions = tuple(text.question for entry in entries for text in entry.texts.values())
        return self._questions


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(event: KeyPressEvent) -> None:
        """Clear the line; leave where it is clear."""
        if event.current_buffer.text:
            event.current_buffer.reset()
        else:
            event.app.exit(exception=EOFError)

    @keys.add(Keys.BracketedPaste)
    def _(event: KeyPressEvent) -> None:
        """Paste several lines as one question."""
        event.current_buffer.insert_text(re.sub(r"\s*[\r\n]+\s*", " ", event.data.strip("\r\n")))

    return keys


def _history(file: Path | None) -> History:
    """What was typed before; kept in the file where that can be written, for its owner's eyes only."""
    if file is None:
        return InMemoryHistory()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600))
        file.chmod(0o600)  # it may be there from elsewhere
    except OSError:
        return InMemoryHistory()
    return _KeptHistory(file)


class _KeptHistory(FileHistory):
    """A history whose file may fail at any time without the chat noticing."""

    def load_history_strings(self) -> Iterable[str]:
        """What was typed, the latest first."""
        with suppress(OSError):
            yield from super().load_history_strings()

    def store_string(self, string: str) -> None:
        """Append what was typed; what is no text is replaced."""
        with suppress(OSError):
            super().store_string(string.encode(errors="replace").decode())
