"""Against servers that other people wrote to test bots with.  `make foreign` installs them; without them this is skipped.

What they do otherwise than Telegram is mended in between, so that what is left is what they know of it.
"""

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest

from bot.settings import Secret, Settings
from bot.state import State
from bot.talk import Talk
from index.searcher import Searcher
from knowledge.model import Section
from tests.telegram.between import Between
from tests.telegram.conftest import Serving
from tests.telegram.double import TOKEN

FOREIGN = Path(__file__).parents[2] / ".cache" / "foreign"
PYTHON = FOREIGN / "python" / "bin" / "python"
NODE = shutil.which("node")
EMULATOR = FOREIGN / "node_modules" / "telegram-test-api"
SECRET = "hook-secret_0123456789"  # noqa: S105 — nobody's
KEY = "test-key"
"""Of telemelya's control."""
PERSON = {"id": 501, "first_name": "Anna", "is_bot": False}
CHAT = {"id": 501, "type": "private", "first_name": "Anna"}
T = TypeVar("T")


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def call(url: str, values: object = None) -> dict[str, Any]:
    body = None if values is None else json.dumps(values).encode()
    request = urllib.request.Request(url, body, {"Content-Type": "application/json", "Authorization": f"Bearer {KEY}"})  # noqa: S310 — our own
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
        return cast(dict[str, Any], json.load(answer))


def listens(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


def until(look: Callable[[], T], seconds: float = 20.0) -> T:
    """What ``look`` finds as soon as it finds something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if found := look():
                return found
        except OSError:
            pass  # the server is not there yet
        time.sleep(0.05)
    raise AssertionError("nothing came")


@pytest.fixture
def run() -> Iterator[Callable[..., None]]:
    """Starts programs; they are stopped at the end of the test."""
    with ExitStack() as stack:

        def start(*command: str | Path, **settings: str) -> None:
            process = subprocess.Popen(
                [str(part) for part in command],
                env={**os.environ, **settings},
                cwd=FOREIGN,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
            stack.callback(process.wait)
            stack.callback(process.kill)

        yield start


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, telegram_token=Secret(TOKEN))


def data_of(message: dict[str, Any], label: str) -> str:
    """What the button of that label sends."""
    rows = message["reply_markup"]["inline_keyboard"]
    return next(str(button["callback_data"]) for row in rows for button in row if button["text"] == label)


@pytest.mark.skipif(not PYTHON.exists(), reason="telemelya is not installed; make foreign")
class TestTelemelya:
    """By webhook."""

    @pytest.fixture
    def server(self, run: Callable[..., None]) -> str:
        redis, storage, port = free_port(), free_port(), free_port()
        serve = f"from fakeredis import TcpFakeServer; TcpFakeServer(('127.0.0.1', {redis})).serve_forever()"
        run(PYTHON, "-c", serve)
        run(PYTHON, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(storage))
        until(lambda: listens(redis) and listens(storage))
        run(
            PYTHON,
            *("-m", "telemelya.server.app"),
            AUTH_KEYS=KEY,
            MOCK_SERVER_HOST="127.0.0.1",
            MOCK_SERVER_PORT=str(port),
            REDIS_URL=f"redis://127.0.0.1:{redis}/0",
            MINIO_ENDPOINT=f"127.0.0.1:{storage}",
        )
        url = f"http://127.0.0.1:{port}"
        until(lambda: call(url))
        return url

    def test_questions_buttons_pictures_and_offers(
        self, server: str, talk: Talk, settings: Settings, state: State, searcher: Searcher
    ) -> None:
        listen = f"127.0.0.1:{free_port()}"

        def come() -> list[dict[str, Any]]:
            return list(call(f"{server}/api/v1/test/responses?session_id=default")["responses"])

        def answers(method: str, count: int = 1) -> list[dict[str, Any]]:
            return until(lambda: its if len(its := [one for one in come() if one["method"] == method]) >= count else [])

        def say(what: str = "send_update", **values: object) -> None:
            call(f"{server}/api/v1/test/{what}?bot_token={TOKEN}", {"chat_id": CHAT["id"], "from_user": PERSON, **values})

        # it does not send the secret along
        with Between(f"http://{listen}", headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}) as hook:
            hooked = replace(
                settings,
                telegram_api_url=server,
                telegram_webhook_url=f"{hook.url}/a/hook",
                telegram_webhook_secret=Secret(SECRET),
                telegram_webhook_listen=listen,
            )
            with Serving(talk, hooked, state):
                until(lambda: call(f"{server}/bot{TOKEN}/getWebhookInfo", {})["result"]["url"])
                say(text="什么是批归一化")
                (answer,) = answers("sendMessage")
                assert answer["text"].startswith("简述下BN算法") or "批归一化" in answer["text"]
                say(callback_data=data_of(answer, "公式"), callback_message_id=answer["message_id"])
                (section,) = answers("editMessageText")
                assert section["message_id"] == answer["message_id"]
                assert "公式" in section["text"]
                drawn = next(id_ for id_ in searcher.entry_ids if Section.FIGURE in searcher.entry(id_).text("zh").sections)
                say(text=searcher.entry(drawn).text("zh").question)
                shown = answers("sendMessage", 2)[1]
                say(callback_data=data_of(shown, "图"), callback_message_id=shown["message_id"])
                assert answers("sendPhoto")
                say("send_inline_query", query="梯度消失")
                assert answers("answerInlineQuery")


def mended(method: str, status: int, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    """What telegram-test-api answers, as Telegram answers it."""
    result = body.get("result")
    match method:
        case "getMe":
            return status, {"ok": True, "result": {**(result or {}), "is_bot": True, "can_join_groups": True}}
        case "getUpdates":
            for update in result or ():
                if "callback_query" in update:
                    update["callback_query"]["chat_instance"] = "1"
            if not result:
                time.sleep(0.1)  # it never waits
            return status, body
        case "sendMessage":
            kept = {name: (result or {})[name] for name in ("message_id", "text", "chat")}
            return status, {"ok": True, "result": {**kept, "date": int(time.time())}}
        case "editMessageText":
            return status, {"ok": True, "result": {"message_id": 1, "date": int(time.time()), "chat": CHAT, "text": "edited"}}
        case "getWebhookInfo":
            return 200, {"ok": True, "result": {"url": "", "has_custom_certificate": False, "pending_update_count": 0}}
        case _:
            return 200, {"ok": True, "result": True}  # it knows no others


@pytest.mark.skipif(NODE is None or not EMULATOR.exists(), reason="telegram-test-api is not installed; make foreign")
class TestTelegramTestApi:
    """By long polling."""

    @pytest.fixture
    def server(self, run: Callable[..., None]) -> str:
        port = free_port()
        start = f"const T = require('telegram-test-api'); new (T.default || T)({{port: {port}, host: '127.0.0.1'}}).start()"
        run(NODE or "", "-e", start)
        url = f"http://127.0.0.1:{port}"
        until(lambda: call(f"{url}/getUpdatesHistory", {"token": TOKEN}) is not None)
        return url

    def test_questions_buttons_and_edits(self, server: str, talk: Talk, settings: Settings, state: State) -> None:
        def sent() -> list[dict[str, Any]]:
            history: list[dict[str, Any]] = call(f"{server}/getUpdatesHistory", {"token": TOKEN})["result"]
            return [one for one in history if "chat_id" in one.get("message", {})]

        def say(what: str, **values: object) -> None:
            call(f"{server}/{what}", {"botToken": TOKEN, "from": PERSON, "chat": CHAT, "date": int(time.time()), **values})

        with Between(server, mend=mended) as between, Serving(talk, replace(settings, telegram_api_url=between.url), state):
            say("sendMessage", text="什么是批归一化")
            (answer,) = until(sent)
            assert "批归一化" in answer["message"]["text"]
            message = {"message_id": answer["messageId"], "date": int(time.time()), "chat": CHAT, "text": "-"}
            say("sendCallback", message=message, data=data_of(answer["message"], "公式"))
            until(lambda: "公式" in sent()[0]["message"]["text"].partition("\n\n")[2][:40])
            say("sendMessage", text="它有什么缺点")
            until(lambda: len(sent()) == 2)
