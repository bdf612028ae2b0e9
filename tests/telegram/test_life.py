"""How `zhuiwen telegram` begins and ends, as a process: exit codes, messages, signals, and never a word of the token."""

import io
import logging
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messenger.redact import Redaction
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk
from tests.telegram.conftest import HASTY, WRITTEN, Run, Serving
from tests.telegram.double import TOKEN, Double, Trouble
from tests.telegram.socks import Socks

Ended = Callable[[subprocess.Popen[bytes]], tuple[int, str]]
WRONG = TOKEN[:-1] + "y"


@pytest.fixture
def ended(tmp_path: Path) -> Ended:
    """Waits for the process; its exit code and everything that it wrote, which never holds a token."""

    def wait(process: subprocess.Popen[bytes]) -> tuple[int, str]:
        code = process.wait(30)
        text = (tmp_path / WRITTEN).read_text("utf-8")
        for secret in (TOKEN, WRONG):
            assert secret not in text
            assert secret.partition(":")[2] not in text
        return code, text

    return wait


def test_without_a_token(run: Run, ended: Ended) -> None:
    code, text = ended(run())
    assert code == 5
    assert "ZHUIWEN_TELEGRAM_TOKEN is not set" in text
    assert "@BotFather" in text


@pytest.mark.parametrize("token", ["nonsense", "123 456:AA", TOKEN + "\n" + TOKEN, TOKEN.replace(":", "/")])
def test_with_what_is_no_token(run: Run, ended: Ended, token: str) -> None:
    code, text = ended(run(token=token))
    assert code == 5
    assert text.count("\n") == 1
    assert "ZHUIWEN_TELEGRAM_TOKEN is no token" in text
    assert token not in text


def test_with_a_token_that_is_refused(run: Run, ended: Ended) -> None:
    code, text = ended(run(token=WRONG))
    assert code == 6
    assert "refuses the token" in text
    assert "Traceback" not in text


def test_with_a_token_that_is_refused_and_everything_logged(run: Run, ended: Ended) -> None:
    code, text = ended(run("--debug", token=WRONG))
    assert code == 6
    assert "[hidden]" in text


def test_a_second_process_for_the_same_bot_ends_at_once(run: Run, ended: Ended, double: Double) -> None:
    first = run(token=TOKEN)
    double.wait(lambda: double.called("getUpdates"), 30)
    code, text = ended(run(token=TOKEN))
    assert code == 6
    assert "another process already serves this bot" in text
    assert f"telegram-{TOKEN.partition(':')[0]}.lock" in text
    assert len(double.called("getMe")) == 1, "it did not even ask"
    double.say("/help")
    double.answers(1)
    first.kill()
    first.wait()
    run(token=TOKEN)
    double.say("/lang en")
    double.wait(lambda: len(double.sent()) == 2, 30)


def test_with_a_proxy_that_is_none(run: Run, ended: Ended) -> None:
    code, text = ended(run(token=TOKEN, proxy="socks5://user:pa55word@:notaport"))
    assert code == 5
    assert "ZHUIWEN_TELEGRAM_PROXY" in text
    assert "pa55word" not in text


def test_sigterm_lets_what_came_in_be_answered(run: Run, ended: Ended, double: Double) -> None:
    process = run(token=TOKEN)
    double.wait(lambda: double.called("getUpdates"), 30)
    busy = Trouble(status=429, description="Too Many Requests", parameters={"retry_after": 1})
    double.trouble("sendMessage", busy)
    for text in ("什么是批归一化", "2", "/help"):
        double.say(text)
    double.wait(lambda: double.called("sendMessage"))
    process.send_signal(signal.SIGTERM)
    code, text = ended(process)
    assert code == 0
    assert len(double.sent()) == 3
    assert double.unconfirmed == 0
    assert "serving as @zhuiwen_bot" in text
    assert re.search(r"answer entry=batch-norm score=\d\.\d+ \d+\.\d ms", text)
    assert "什么是批归一化" not in text
    assert "Traceback" not in text


def test_interrupt_while_the_server_cannot_be_reached(run: Run, ended: Ended) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        process = run(token=TOKEN, api_url=f"http://127.0.0.1:{silent.getsockname()[1]}")
        silent.settimeout(30)
        connection, _ = silent.accept()
        process.send_signal(signal.SIGINT)
        code, text = ended(process)
        connection.close()
    assert code == 0
    assert "Traceback" not in text


def test_a_whole_talk_with_everything_logged_holds_no_token(run: Run, ended: Ended, double: Double) -> None:
    process = run("--debug", token=TOKEN)
    double.wait(lambda: double.called("getUpdates"), 30)
    double.trouble("getUpdates", Trouble(status=502, page=True))
    double.trouble("sendMessage", Trouble(silent=True), Trouble(status=400, description="Bad Request: chat not found"))
    for _ in range(3):
        double.say("BN")
    double.wait(lambda: len(double.called("sendMessage")) == 3)
    process.send_signal(signal.SIGTERM)
    code, text = ended(process)
    assert code == 0
    assert "Bot API endpoint `sendMessage`" in text
    assert "reply not delivered: refused" in text


def test_an_unexpected_error_comes_out_clean(ended: Ended, tmp_path: Path) -> None:
    script = f"""
from bot.messenger import run
from pathlib import Path
from bot.settings import Secret
from bot.state import State

class Broken:
    telegram_token = Secret("{TOKEN}")
    telegram_proxy = None
    telegram_metrics = telegram_webhook_url = telegram_webhook_secret = None

    @property
    def telegram_api_url(self):
        raise OSError("https://e.com/bot{TOKEN}/getMe")

with State(Path("{tmp_path}")) as state:
    run(None, Broken(), state)
"""
    with (tmp_path / WRITTEN).open("wb") as file:
        process = subprocess.Popen([sys.executable, "-c", script], stdout=file, stderr=file)
    code, text = ended(process)
    assert code == 1
    assert text.count("OSError: https://e.com/bot[hidden]/getMe") >= 2, "in the log and in the error"


def test_addresses_are_clean_even_where_httpx_logs_them(double: Double, start: Callable[..., Serving]) -> None:
    stream, httpx = io.StringIO(), logging.getLogger("httpx")
    handler, level = logging.StreamHandler(stream), httpx.level
    handler.addFilter(Redaction([TOKEN]))
    httpx.addHandler(handler)
    httpx.setLevel(logging.INFO)
    httpx.propagate = False
    try:
        serving = start()
        double.say("/help")
        double.answers(1)
        serving.stop()
    finally:
        httpx.removeHandler(handler)
        httpx.setLevel(level)
        httpx.propagate = True
    assert f"{double.url}/bot[hidden]/sendMessage" in stream.getvalue()
    assert TOKEN not in stream.getvalue()


WATCHFUL = replace(HASTY, poll=1, stall=2.0, give_up=6.0)


class TestStall:
    def test_a_poll_that_hangs_is_given_up_for_new_connections(
        self, double: Double, start: Callable[..., Serving], caplog: pytest.LogCaptureFixture
    ) -> None:
        double.trouble("getUpdates", Trouble(hangs=True))
        start(WATCHFUL)
        double.say("/help")
        double.answers(1)
        assert "opening new connections" in caplog.text

    def test_polls_that_hang_for_ever_end_the_bot(self, double: Double, start: Callable[..., Serving]) -> None:
        double.trouble("getUpdates", *[Trouble(hangs=True)] * 99)
        serving = start(WATCHFUL)
        serving.join(30)
        assert getattr(serving.error, "exit_code", None) == 6
        assert "no poll came back" in str(serving.error)
        serving.error = None

    def test_a_server_that_fails_but_answers_is_no_stall(self, double: Double, start: Callable[..., Serving]) -> None:
        start(replace(WATCHFUL, stall=3.0))
        double.trouble("getUpdates", *[Trouble(status=502)] * 2)
        double.wait(lambda: len(double.called("getUpdates")) > 8, 20)
        double.say("/help")
        double.answers(1)


class TestBeginning:
    """In a thread, with little patience."""

    def test_a_server_that_fails_at_first_is_waited_for(self, double: Double, start: Callable[..., Serving]) -> None:
        down = Trouble(status=502, description="Bad Gateway")
        double.trouble("getMe", down, Trouble(status=502, page=True))
        double.trouble("deleteWebhook", down)
        start()
        double.wait(lambda: double.called("getUpdates"))
        double.say("/help")
        double.answers(1)

    def test_a_proxy_is_asked_for_everything(self, double: Double, talk: Talk, settings: Settings, state: State) -> None:
        beyond = replace(settings, telegram_api_url="http://telegram.invalid", telegram_proxy=double.url)
        with Serving(talk, beyond, state):
            double.say("/help")
            double.answers(1)

    def test_a_socks_proxy_is_asked_for_everything(self, double: Double, talk: Talk, settings: Settings, state: State) -> None:
        with Socks(double.url) as proxy:
            beyond = replace(settings, telegram_api_url="http://telegram.invalid", telegram_proxy=proxy.url)
            with Serving(talk, beyond, state):
                double.say("/help")
                double.answers(1)
        assert set(proxy.asked) == {("telegram.invalid", 80)}

    def test_a_server_that_stays_away_is_given_up(self, double: Double, start: Callable[..., Serving]) -> None:
        double.trouble("getMe", *[Trouble(status=502, description="Bad Gateway")] * 9)
        serving = start()
        serving.join()
        assert getattr(serving.error, "exit_code", None) == 6
        assert str(serving.error).startswith(f"{double.url} cannot be reached (Bad Gateway)")
        assert len(double.called("getMe")) == HASTY.tries
        serving.error = None

    def test_a_server_that_is_not_there_is_given_up(self, talk: Talk, settings: Settings, state: State) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            nowhere = replace(settings, telegram_api_url=f"http://127.0.0.1:{taken.getsockname()[1]}")
            serving = Serving(talk, nowhere, state)
            with serving:
                serving.join()
                assert getattr(serving.error, "exit_code", None) == 6
                assert "ConnectError" in str(serving.error)
                serving.error = None

    def test_commands_that_cannot_be_announced_keep_nobody_from_talking(
        self, double: Double, start: Callable[..., Serving]
    ) -> None:
        double.trouble("setMyCommands", *[Trouble()] * 2)
        start()
        double.say("/help")
        double.answers(1)

    @pytest.mark.parametrize("status", [401, 404])
    def test_a_token_that_is_revoked_later_ends_the_bot(
        self, double: Double, start: Callable[..., Serving], status: int, caplog: pytest.LogCaptureFixture
    ) -> None:
        double.trouble("getUpdates", Trouble(status=status, description="Unauthorized"))
        serving = start()
        serving.join()
        assert getattr(serving.error, "exit_code", None) == 6
        assert "no longer accepts the token" in str(serving.error)
        assert "Traceback" not in caplog.text
        serving.error = None

    def test_another_poller_ends_the_bot_after_a_few_conflicts(self, double: Double, start: Callable[..., Serving]) -> None:
        double.trouble("getUpdates", *[Trouble(status=409, description="Conflict: terminated by other getUpdates request")] * 9)
        serving = start()
        serving.join()
        assert getattr(serving.error, "exit_code", None) == 6
        assert "another program polls with this token" in str(serving.error)
        assert len(double.called("getUpdates")) == HASTY.conflicts
        serving.error = None
