"""The terminal chat: the prompt driven key by key, the screen cell by cell, and real processes on pipes and terminals."""

import fcntl
import io
import logging
import os
import pty
import re
import select
import signal
import stat
import struct
import subprocess
import sys
import termios
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from wcwidth import wcswidth

from bot import prompt
from bot.cells import cells, line_starts
from bot.layout import page
from bot.replies import Answer, Incoming, Option, Outcome, Reply, Typed
from bot.screen import WIDEST, Screen
from bot.talk import Talk
from bot.terminal import run
from bot.wording import say
from knowledge.folder import built_in, snapshot
from knowledge.model import Entry, Lang, Text
from knowledge.reader import read_knowledge

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07")
ENTRIES = read_knowledge(snapshot(built_in())).knowledge.entries


class FakeSearch:
    """Two questions."""

    entry_ids = ("bn", "l2")

    def entry(self, id_: str) -> Entry:
        zh, en = {"bn": ("BN是什么", "What is BN?"), "l2": ("L2正则为什么能防止过拟合", "Why does L2 help?")}[id_]
        texts = {lang: Text(question=q, also=(), points=(), short=q, sections={}) for lang, q in (("zh", zh), ("en", en))}
        return Entry(id=id_, topic="t", seed=False, terms=(), follow_ups=(), sources=(), texts=cast("dict[Lang, Text]", texts))


class FakeTalk:
    """Echoes what was typed, fails at «boom», is interrupted at «stop»."""

    search = FakeSearch()

    def __init__(self) -> None:
        self.asked: list[str] = []

    def turn(self, key: str, incoming: Incoming, now: float) -> Reply:
        assert key == "terminal"
        assert now == 7.0
        assert isinstance(incoming, Typed)
        self.asked.append(incoming.text)
        if incoming.text == "boom":
            raise RuntimeError("secret detail")
        if incoming.text == "stop":
            raise KeyboardInterrupt
        lang: Lang = "en" if incoming.text.isascii() else "zh"
        options = (Option(entry="l2", text="L2正则为什么能防止过拟合"),)
        return Reply(outcome=Outcome.CHAT, lang=lang, query=incoming.text, said=f"**答** {incoming.text}", options=options)


def talk(fake: FakeTalk) -> Talk:
    return cast("Talk", fake)


# ── the prompt ──


def chat(*keys: str, history: Path | None = None, lang: Lang | None = None) -> tuple[list[str], str, int]:
    """What was asked, what the screen showed, and the exit code, after those keys; a pause parts one text from the next."""
    fake, file = FakeTalk(), io.StringIO()

    def type_all() -> None:
        for number, text in enumerate(keys):
            time.sleep(PAUSE * bool(number))
            source.send_text(text)

    with create_pipe_input() as source, create_app_session(input=source, output=DummyOutput()):
        typing = threading.Thread(target=type_all)
        typing.start()
        code = prompt.chat(talk(fake), Screen(file, width=60), lang=lang, history=history, now=lambda: 7.0)
        typing.join()
    return fake.asked, file.getvalue(), code


PAUSE = 0.3
"""Seconds in which completions and history, which come by themselves, have come."""
CTRL_C, CTRL_D, ENTER, TAB, UP = "\x03", "\x04", "\r", "\t", "\x1b[A"


def test_a_question_is_answered_and_ctrl_d_leaves() -> None:
    asked, shown, code = chat(f"BN是什么{ENTER}{CTRL_D}")
    assert asked == ["BN是什么"]
    assert code == 0
    first, *rest = shown.splitlines()
    assert first.startswith("追问 · 2 题")
    assert [line for line in rest if line][1:] == [
        "答 BN是什么",
        " 1. L2正则为什么能防止过拟合",
        say("bye", "zh"),
    ]
    assert "*" not in shown


def test_ctrl_c_clears_a_line_and_leaves_on_an_empty_one() -> None:
    asked, shown, code = chat(f"half a quest{CTRL_C}BN{ENTER}{CTRL_C}never{ENTER}")
    assert asked == ["BN"]
    assert code == 0
    assert shown.endswith(say("bye", "en") + "\n")


@pytest.mark.parametrize("leave", [CTRL_C, CTRL_D, f"/quit{ENTER}", f" /exit {ENTER}"])
def test_every_way_out(leave: str) -> None:
    asked, shown, code = chat(leave, lang="en")
    assert (asked, code) == ([], 0)
    assert "2 questions" in shown
    assert shown.endswith(say("bye", "en") + "\n")


def test_an_empty_line_asks_nothing() -> None:
    assert chat(f"{ENTER}  {ENTER}{CTRL_D}")[0] == []


def test_several_pasted_lines_are_one_question() -> None:
    asked, _, _ = chat(f"\x1b[200~BN\r\n  和 LN\n\n的区别\n\x1b[201~{ENTER}{CTRL_D}")
    assert asked == ["BN 和 LN 的区别"]


def test_tab_completes_a_question() -> None:
    assert chat(f"why does{TAB}", f"{ENTER}{CTRL_D}")[0] == ["Why does L2 help?"]
    assert chat(f"防止{TAB}", f"{ENTER}{CTRL_D}")[0] == ["L2正则为什么能防止过拟合"]
    assert chat(f"/top{TAB}", f"{ENTER}{CTRL_D}")[0] == ["/topics"]
    assert chat(f"nothing like it{TAB}", f"{ENTER}{CTRL_D}")[0] == ["nothing like it"]


def test_completions_begin_with_the_list_last_shown() -> None:
    completer = prompt._Questions(talk(FakeTalk()))

    def complete(typed: str) -> list[str]:
        return [found.text for found in completer.get_completions(Document(typed), CompleteEvent())]

    assert complete("BN") == ["BN是什么", "What is BN?"]
    completer.listed = ("What is BN?", "与列表里的BN")
    assert complete("") == ["What is BN?", "与列表里的BN", "BN是什么", "L2正则为什么能防止过拟合", "Why does L2 help?"]
    assert complete("bn") == ["BN是什么", "What is BN?", "与列表里的BN"]
    assert complete("/lang") == ["/lang zh", "/lang en", "/lang auto"]


def test_a_failed_turn_is_told_and_the_chat_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="bot.terminal"):
        asked, shown, code = chat(f"BN{ENTER}boom{ENTER}stop{ENTER}BN{ENTER}{CTRL_D}")
    assert asked == ["BN", "boom", "stop", "BN"]
    assert code == 0
    assert say("failed", "en") in " ".join(shown.split())
    assert "secret detail" not in shown
    assert "secret detail" in caplog.text
    assert all(record.levelno <= logging.DEBUG for record in caplog.records)


def test_history_is_kept_across_starts_for_its_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "data" / "history"
    chat(f"BN{ENTER}二{ENTER}{CTRL_D}", history=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert chat("", f"{UP}{UP}{ENTER}{CTRL_D}", history=file)[0] == ["BN"]


def test_a_history_file_that_others_may_read_is_closed(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.touch(mode=0o644)
    chat(CTRL_D, history=file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_history_that_cannot_be_kept_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for place in (tmp_path, tmp_path / "file" / "history"):
        asked, _, code = chat(f"BN{ENTER}", f"{UP}{ENTER}{CTRL_D}", history=place)
        assert (asked, code) == (["BN", "BN"], 0)


def test_a_history_that_fails_on_the_way_is_no_error(tmp_path: Path) -> None:
    kept = prompt._history(tmp_path / "data" / "history")
    (tmp_path / "data" / "history").unlink()
    (tmp_path / "data").rmdir()
    kept.store_string("BN")
    assert list(kept.load_history_strings()) == []


def test_half_a_character_in_the_history_is_no_error(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_bytes(b"\n# 2026\n+\xff\xe4\xb8\n")
    kept = prompt._history(file)
    kept.store_string("a\udcff")
    assert [text.startswith(("a", "\ufffd")) for text in kept.load_history_strings()] == [True, True]


# ── the screen ──


class Tty(io.StringIO):
    """A file that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def lines(markdown: str, width: int, *, tty: bool = False) -> list[str]:
    file = Tty() if tty else io.StringIO()
    Screen(file, width=width).show(markdown)
    return file.getvalue().splitlines()


def _pages() -> Iterator[tuple[str, str]]:
    for id_, entry in ENTRIES.items():
        for lang, text in entry.texts.items():
            shown = Answer(
                entry=id_,
                question=text.question,
                short=text.short,
                sections=text.sections,
                more=(),
                points=text.points,
                sources=entry.sources,
            )
            options = tuple(
                Option(entry=other, text=ENTRIES[other].text(lang).question) for other in entry.follow_ups if other in ENTRIES
            )
            yield f"{id_} {lang}", page(Reply(outcome=Outcome.ANSWER, lang=lang, query="", answer=shown, options=options))


PAGES = dict(_pages())


@pytest.mark.parametrize("width", [20, 60, 100, 200])
def test_no_line_of_any_answer_is_wider_than_the_screen(width: int) -> None:
    assert PAGES
    for name, markdown in PAGES.items():
        shown = lines(markdown, width)
        assert len(shown) > 20
        for line in shown:
            assert 0 <= wcswidth(line) <= min(width, WIDEST), f"{name}: {line}"


def test_nothing_of_any_answer_is_lost_on_a_narrow_screen() -> None:
    """The cells of a table share its lines, so that the order may be another."""

    def letters(text: str) -> Counter[str]:
        return Counter(re.findall(r"\w", text))

    for markdown in PAGES.values():
        assert letters("".join(lines(markdown, 30))) == letters("".join(lines(markdown, 100)))


def test_chinese_fills_its_lines_and_breaks_where_it_may() -> None:
    shown = lines("批归一化（Batch Normalization，BN）在训练时对每个通道，用当前 mini-batch 的均值和方差把激活标准化。", 30)
    assert shown == [
        "批归一化（Batch",
        "Normalization，BN）在训练时对",
        "每个通道，用当前 mini-batch 的",
        "均值和方差把激活标准化。",
    ]


def test_a_formula_is_indented_and_keeps_its_columns() -> None:
    shown = lines("前\n\n```formula\nf = ⎧ 1,  x\n    ⎩ 0\n```\n\n后", 60, tty=True)
    assert shown == ["前", "", "    f = ⎧ 1,  x", "        ⎩ 0", "", "后"]


def test_code_is_highlighted_where_there_are_colours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    code = "```python norun\ndef f():\n    return '甲'\n```"
    assert lines(code, 60) == ["  def f():", "      return '甲'"]
    coloured = lines(code, 60, tty=True)
    assert "\x1b[" in coloured[0]
    assert ESCAPES.sub("", coloured[0]) == "  def f():"
    monkeypatch.setenv("NO_COLOR", "1")
    assert not re.search(r"\x1b\[[0-9;]*[349][0-7]", "".join(lines(code, 60, tty=True)))
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in "".join(lines(f"**a**\n\n{code}", 60, tty=True))


def test_headings_stand_left_and_lists_keep_their_numbers() -> None:
    shown = lines("# 题\n\n9. 九\n10. 十 vec<T>\n\n- 点", 60)
    assert shown == ["题", "", " 9. 九", "10. 十 vec<T>", "", " • 点"]


@given(st.text() | st.text(alphabet="ab 甲，（\n̂\u200b"), st.integers(1, 40))
def test_any_text_is_broken_into_lines_that_fit(text: str, width: int) -> None:
    starts = line_starts(text, width)
    assert starts == sorted(set(starts))
    for begin, end in zip([0, *starts], [*starts, len(text)], strict=True):
        line = text[begin:end]
        assert cells(line.rstrip(" ")) <= max(width, 2)
        assert "\n" not in line[:-1]


@given(st.text())
def test_any_markdown_is_shown(text: str) -> None:
    lines(text, 40)


# ── pipes ──


def piped(text: str) -> str:
    target = io.StringIO()
    assert run(talk(FakeTalk()), stdin=io.StringIO(text), stdout=target, now=lambda: 7.0) == 0
    return target.getvalue()


def test_each_line_gets_one_reply_as_plain_text() -> None:
    options = "\n\n1. L2正则为什么能防止过拟合\n"
    assert piped("BN是什么\n\n*b*") == f"答 BN是什么{options}\n答{options}\n答 b{options}"


def test_a_failed_line_is_told_and_the_next_is_answered() -> None:
    shown = piped("hi\nboom\nhi\n")
    assert say("failed", "en") in shown
    assert shown.count("答 hi") == 2


def test_no_input_is_no_output() -> None:
    assert piped("") == ""


PROGRAM = """
import sys, time
from types import SimpleNamespace
from bot.replies import Outcome, Reply
from bot.terminal import run

class Talk:
    search = SimpleNamespace(entry_ids=("a",), entry=None)
    def turn(self, key, incoming, now):
        return Reply(outcome=Outcome.CHAT, lang="zh", query="", said="\\u7b54 " + repr(incoming.text) + " **x**" * 50)

code = run(Talk())
print("exit", code, any(name in sys.modules for name in ("prompt_toolkit", "rich")), file=sys.stderr)
sys.exit(code)
"""


def process(**streams: int) -> "subprocess.Popen[bytes]":
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    environment |= {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "TERM": "xterm"}
    return subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, bufsize=0, **streams)  # type: ignore[call-overload,no-any-return]


def test_a_pipe_speaks_utf8_whatever_the_locale_and_loads_nothing_interactive() -> None:
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as chatting:
        out, errors = chatting.communicate("\ufeffBN是什么\n".encode() + b"\xff\r\n")
    replies = out.decode().split("\n\n")
    assert replies[0].startswith("答 'BN是什么' x x")
    assert replies[1].startswith("答 '\ufffd' x x")
    assert b"\x1b" not in out
    assert errors.decode().split() == ["exit", "0", "False"]


def test_replies_come_line_by_line() -> None:
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as chatting:
        assert chatting.stdin is not None
        assert chatting.stdout is not None
        for number in range(3):
            chatting.stdin.write(f"{number}\n".encode())
            chatting.stdin.flush()
            assert select.select([chatting.stdout], [], [], 15)[0]
            if number:
                assert chatting.stdout.readline() == b"\n"
            assert chatting.stdout.readline().decode().startswith(f"答 '{number}'")
        chatting.stdin.close()
        assert chatting.wait(10) == 0


def test_a_closed_pipe_ends_quietly() -> None:
    with process(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as chatting:
        assert chatting.stdin is not None
        assert chatting.stdout is not None
        assert chatting.stderr is not None
        chatting.stdout.close()
        chatting.stdin.write(b"a\n" * 100)
        chatting.stdin.close()
        assert chatting.stderr.read().decode().split() == ["exit", "0", "False"]
        assert chatting.wait(10) == 0


class Terminal:
    """A process on a terminal of its own."""

    def __init__(self) -> None:
        self._own, its = pty.openpty()
        self.resize(24, 80)
        self._process = process(stdin=its, stdout=its, stderr=subprocess.PIPE)
        os.close(its)
        self._unread = ""

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self._own, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resized(self, rows: int, columns: int) -> None:
        self.resize(rows, columns)
        self._process.send_signal(signal.SIGWINCH)

    def type(self, keys: str) -> None:
        os.write(self._own, keys.encode())

    def until(self, text: str) -> str:
        """What was shown up to ``text``, without escapes; answers where the cursor is, as terminals do."""
        end = time.monotonic() + 15
        while text not in ESCAPES.sub("", self._unread):
            assert time.monotonic() < end, self._unread
            if select.select([self._own], [], [], 0.1)[0]:
                try:
                    part = os.read(self._own, 65536).decode(errors="replace")
                except OSError:  # the process has ended
                    pytest.fail(f"{self._unread} {self.end()}")
                self._unread += part
                if "\x1b[6n" in part:
                    self.type("\x1b[1;1R")
        before, _, self._unread = ESCAPES.sub("", self._unread).partition(text)
        return before

    def end(self) -> tuple[int, str]:
        """The exit code and what went to the standard error."""
        assert self._process.stderr is not None
        errors = self._process.stderr.read().decode()
        return self._process.wait(10), errors

    def close(self) -> None:
        self._process.kill()
        with self._process:  # closes its streams and waits
            os.close(self._own)


@pytest.fixture
def terminal() -> Iterator[Terminal]:
    opened = Terminal()
    yield opened
    opened.close()


@pytest.mark.parametrize("leave", [CTRL_C, CTRL_D])
def test_a_real_terminal(terminal: Terminal, leave: str) -> None:
    assert "追问 · 1 题" in terminal.until("›")
    terminal.type(f"BN是什么{ENTER}")
    terminal.until("答 'BN是什么'")
    terminal.until("›")
    terminal.resized(30, 40)
    terminal.type(f"again{ENTER}")
    terminal.until("答 'again'")
    answer = terminal.until("›")
    assert answer.count("x") == 50
    assert 10 < max(wcswidth(line) for line in answer.splitlines()[1:]) <= 40
    terminal.type(leave)
    terminal.until(say("bye", "zh"))
    code, errors = terminal.end()
    assert code == 0
    assert errors.split() == ["exit", "0", "True"]
