"""`zhuiwen telegram --check` says all that is to be mended, and how, in one go."""

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.messenger.checkup import _lacking
from bot.settings import Secret, Settings
from tests.telegram.conftest import WRITTEN, Run
from tests.telegram.double import TOKEN, Double, Trouble

Checked = Callable[..., tuple[int, str]]


@pytest.fixture
def checked(run: Run, tmp_path: Path) -> Checked:
    """Runs the check; its exit code and what it says, which never holds the token."""

    def check(*options: str, **settings: str) -> tuple[int, str]:
        process: subprocess.Popen[bytes] = run("telegram", "--check", *options, **settings)
        code = process.wait(60)
        text = (tmp_path / WRITTEN).read_text("utf-8")
        assert TOKEN.partition(":")[2] not in text
        assert "Traceback" not in text
        return code, text

    return check


def verdicts(text: str) -> dict[str, str]:
    return {subject: verdict for verdict, subject in re.findall(r"^(ok|note|mend) +(\w+)", text, re.MULTILINE)}


def test_where_nothing_is_lacking(checked: Checked, double: Double) -> None:
    code, text = checked(token=TOKEN)
    assert code == 0
    assert verdicts(text) == {
        "state": "ok",
        "knowledge": "ok",
        "token": "ok",
        "webhook": "ok",
        "inline": "ok",
        "groups": "note",
    }
    assert "@zhuiwen_bot" in text
    assert not double.called("getUpdates"), "nobody's updates are touched"


def test_what_can_be_had_from_botfather(checked: Checked, double: Double) -> None:
    double.inline, double.webhook = False, "https://bot.example.org/hook"
    code, text = checked(token=TOKEN)
    assert code == 0
    assert "/setinline" in text
    assert "https://bot.example.org/hook is set" in text
    assert double.webhook, "looking changes nothing"


def test_everything_at_once(checked: Checked, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    (bad / "topic").mkdir(parents=True)
    (bad / "topic/entry.md").write_text("---\nquestion: [\n---\n", "utf-8")
    code, text = checked("--knowledge", str(bad))
    assert code == 3
    assert verdicts(text) == {"state": "ok", "knowledge": "mend", "settings": "mend"}
    assert re.search(r"topic/entry\.md:\d+: .* — ", text)
    assert "ZHUIWEN_TELEGRAM_TOKEN is not set" in text


def test_a_token_that_is_refused(checked: Checked) -> None:
    code, text = checked(token=TOKEN[:-1] + "y")
    assert code == 6
    assert ("token", "mend") in verdicts(text).items()
    assert "@BotFather" in text


def test_a_server_that_is_away(checked: Checked, double: Double) -> None:
    double.trouble("getMe", *[Trouble(status=502, description="Bad Gateway")] * 9)
    code, text = checked(token=TOKEN)
    assert code == 6
    assert verdicts(text)["server"] == "mend"
    assert "Bad Gateway" in text


HOOK = {"webhook_url": "http://127.0.0.1:8099/hook", "webhook_secret": "s3cret", "webhook_listen": "127.0.0.1:8099"}


@pytest.mark.parametrize(
    ("now", "error", "verdict", "words"),
    [
        ("", "", "note", "none is set yet; starting here sets http://127.0.0.1:8099/hook"),
        ("https://elsewhere.example.org/", "", "note", "https://elsewhere.example.org/ is set; starting here sets"),
        (HOOK["webhook_url"], "", "ok", "http://127.0.0.1:8099/hook"),
        (HOOK["webhook_url"], "Connection refused", "note", "lately (Connection refused), 0 wait"),
    ],
    ids=["unset", "elsewhere", "set", "failing"],
)
def test_a_webhook(checked: Checked, double: Double, now: str, error: str, verdict: str, words: str) -> None:
    double.webhook, double.webhook_error = now, error
    code, text = checked(token=TOKEN, **HOOK)
    assert code == 0
    assert verdicts(text)["webhook"] == verdict
    assert words in text
    double.webhook = ""


def test_a_webhook_without_a_secret(checked: Checked) -> None:
    code, text = checked(token=TOKEN, webhook_url="https://bot.example.org/hook")
    assert code == 5
    assert "ZHUIWEN_TELEGRAM_WEBHOOK_SECRET is not set" in text


def test_what_the_settings_want_and_is_not_installed(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("bot.messenger.checkup.find_spec", lambda _: None)
    wanting = replace(
        settings,
        telegram_webhook_url="http://127.0.0.1:8099/hook",
        telegram_webhook_secret=Secret("s3cret"),
        telegram_metrics="127.0.0.1:9464",
        telegram_health=tmp_path / "none/health",
    )
    text = "\n".join(_lacking(wanting))
    assert "install zhuiwen[webhook]" in text
    assert "install zhuiwen[metrics]" in text
    assert "there is no folder" in text
