"""Updates by webhook: the same promises as by long polling, and nobody but Telegram is heard."""

import signal
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.inbox import Inbox
from bot.messenger.hook import problems
from bot.settings import Secret, Settings, SettingsError
from bot.state import State
from bot.talk import Talk
from tests.telegram.conftest import HASTY, Run, Serving
from tests.telegram.double import ME, TOKEN, Double, Trouble

SECRET = "hook-secret_0123456789"  # noqa: S105 — nobody's


@pytest.fixture
def listen() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


@pytest.fixture
def settings(settings: Settings, listen: str) -> Settings:
    return replace(
        settings,
        telegram_webhook_url=f"http://{listen}/a/hook",
        telegram_webhook_secret=Secret(SECRET),
        telegram_webhook_listen=listen,
    )


@pytest.fixture
def hooked(start: Callable[..., Serving], double: Double) -> Serving:
    serving = start()
    double.wait(lambda: double.fulfilled("setWebhook"))
    return serving


def post(url: str, body: bytes, **headers: str) -> int:
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", **headers})  # noqa: S310 — our own
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_questions_are_answered_and_nobody_polls(hooked: Serving, double: Double) -> None:
    double.say("什么是批归一化")
    (answer,) = double.answers(1)
    double.press(answer, "1")
    assert double.answers(2)[1]["text"].startswith("为什么bn")
    double.wait(lambda: not double.unconfirmed)
    assert not double.called("getUpdates")
    hooked.stop()
    assert double.webhook, "what comes meanwhile waits for the next start"
    assert set(double.brought) == {200}


@pytest.mark.parametrize(
    ("path", "secret", "body", "status"),
    [
        ("/a/hook", "", b'{"update_id": 1}', 403),
        ("/a/hook", SECRET + "x", b'{"update_id": 1}', 403),
        ("/a/hook", "\u00e9", b'{"update_id": 1}', 403),
        ("/elsewhere", SECRET, b'{"update_id": 1}', 404),
        ("/a/hook", SECRET, b"no JSON", 400),
        ("/a/hook", SECRET, b'{"update_id": "1"}', 400),
        ("/a/hook", SECRET, b"[]", 400),
        ("/a/hook", SECRET, b'{"update_id": 1, "message": {"message_id": "none"}}', 200),
    ],
)
def test_only_telegram_is_heard(
    hooked: Serving, double: Double, listen: str, path: str, secret: str, body: bytes, status: int
) -> None:
    assert post(f"http://{listen}{path}", body, **{"X-Telegram-Bot-Api-Secret-Token": secret}) == status
    double.say("/help")
    double.answers(1)
    assert hooked.error is None


def test_it_is_written_down_before_it_is_acknowledged(
    hooked: Serving, double: Double, state: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    accept = Inbox.accept
    with monkeypatch.context() as full:

        def refuse(*_: object) -> None:
            raise OSError("no space left on device")

        full.setattr(Inbox, "accept", refuse)
        double.say("/help")
        double.wait(lambda: 500 in double.brought)
        assert double.unconfirmed == 1
        assert "cannot be written down" in caplog.text
    assert Inbox.accept is accept
    double.answers(1)
    hooked.stop()
    assert len(double.sent()) == 1
    assert Inbox(state, ME["id"]).waiting() == []


def test_what_telegram_brings_twice_is_answered_once(hooked: Serving, double: Double) -> None:
    double.say("/help")
    double.repeat()
    double.answers(1)
    double.wait(lambda: not double.unconfirmed)
    hooked.stop()
    assert len(double.sent()) == 1


def test_what_came_while_it_was_away_is_answered(
    hooked: Serving, double: Double, talk: Talk, settings: Settings, state: State
) -> None:
    hooked.stop()
    double.say("/help")
    double.wait(lambda: 0 in double.brought)
    with Serving(talk, settings, state):
        double.answers(1)


def test_back_to_polling(hooked: Serving, double: Double, talk: Talk, settings: Settings, state: State) -> None:
    hooked.stop()
    with Serving(talk, replace(settings, telegram_webhook_url=None), state):
        double.say("/help")
        double.answers(1)
    assert not double.webhook


class TestBeginning:
    def test_a_server_that_fails_at_first_is_waited_for(self, double: Double, start: Callable[..., Serving]) -> None:
        double.trouble("setWebhook", Trouble(status=502), Trouble(status=429, parameters={"retry_after": 1}))
        start()
        double.say("/help")
        double.answers(1)

    def test_an_address_that_telegram_refuses(self, double: Double, start: Callable[..., Serving]) -> None:
        double.trouble("setWebhook", Trouble(status=400, description="Bad Request: bad webhook: Failed to resolve host"))
        serving = start()
        serving.join()
        assert isinstance(serving.error, SettingsError)
        assert "failed to resolve host" in str(serving.error)
        serving.error = None

    def test_a_port_that_is_taken(self, start: Callable[..., Serving], listen: str) -> None:
        with socket.socket() as taken:
            host, _, port = listen.partition(":")
            taken.bind((host, int(port)))
            taken.listen()
            serving = start()
            serving.join()
        assert isinstance(serving.error, SettingsError)
        assert listen in str(serving.error)
        serving.error = None

    def test_an_extra_that_is_not_installed_is_named(
        self, start: Callable[..., Serving], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "bot.messenger.adapter.webhook", None)
        serving = start()
        serving.join()
        assert "zhuiwen[webhook]" in str(serving.error)
        serving.error = None


class TestWatch:
    PATIENCE = replace(HASTY, stall=0.2)

    def test_a_webhook_that_somebody_else_takes_ends_the_bot(self, double: Double, start: Callable[..., Serving]) -> None:
        serving = start(self.PATIENCE)
        double.wait(lambda: double.called("getWebhookInfo"))
        double.webhook = "https://elsewhere.example.org/"
        serving.join()
        assert getattr(serving.error, "exit_code", None) == 6
        assert "has taken the webhook" in str(serving.error)
        serving.error = None

    def test_what_keeps_telegram_from_bringing_is_logged_once(
        self, double: Double, start: Callable[..., Serving], caplog: pytest.LogCaptureFixture
    ) -> None:
        double.trouble("getWebhookInfo", Trouble(status=502))
        double.webhook_error = "SSL error {certificate verify failed}"
        start(self.PATIENCE)
        double.wait(lambda: len(double.fulfilled("getWebhookInfo")) >= 3)
        assert caplog.text.count("certificate verify failed") == 1


class TestSettings:
    def with_(self, **more: Any) -> Settings:  # noqa: ANN401 — any setting
        good: dict[str, Any] = {
            "telegram_webhook_url": "https://bot.example.org/hook",
            "telegram_webhook_secret": Secret(SECRET),
        }
        return replace(Settings(data=Path()), **(good | more))

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            ({"telegram_webhook_url": "http://bot.example.org/hook"}, "must be https://"),
            ({"telegram_webhook_url": "https://bot.example.org:8080/hook"}, "port 443, 80, 88 or 8443"),
            ({"telegram_webhook_url": "https://bot.example.org:no/hook"}, "port 443"),
            ({"telegram_webhook_url": "https:///hook"}, "names no host"),
            ({"telegram_webhook_secret": None}, "openssl rand"),
            ({"telegram_webhook_secret": Secret("with space")}, "A-Z a-z 0-9"),
        ],
    )
    def test_what_cannot_work_is_said_before_it_is_tried(self, more: dict[str, Any], words: str) -> None:
        (problem,) = problems(self.with_(**more))
        assert words in problem
        assert "with space" not in problem

    def test_what_can_work(self) -> None:
        assert problems(self.with_()) == []
        assert problems(self.with_(telegram_webhook_url="https://bot.example.org:8443")) == []
        assert problems(self.with_(telegram_webhook_url="http://h:8080/x", telegram_api_url="http://127.0.0.1:8081")) == []
        assert problems(self.with_(telegram_webhook_url=None, telegram_webhook_secret=None)) == []


def test_as_a_process(run: Run, double: Double, listen: str) -> None:
    hook = {"webhook_url": f"http://{listen}/hook", "webhook_secret": SECRET, "webhook_listen": listen}
    process = run(token=TOKEN, **hook)
    double.wait(lambda: double.fulfilled("setWebhook"), 30)
    double.say("什么是批归一化")
    double.answers(1)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    process = run("telegram", "--check", token=TOKEN, **hook)
    assert process.wait(30) == 0
    assert double.webhook
