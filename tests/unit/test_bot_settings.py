"""Settings: environment over .env over default, every problem at once, secrets unseen."""

import re
from pathlib import Path

import pytest

from bot import settings
from bot.settings import Secret, Settings, SettingsError, read_settings

TOKEN = "123456789:AAE-very_secret_part_of_a_token"  # noqa: S105 — nobody's
ROOT = Path(__file__).parents[2]

GOOD = {
    "ZHUIWEN_KNOWLEDGE": "/srv/knowledge",
    "ZHUIWEN_DATA": "/srv/data",
    "ZHUIWEN_LANG": "en",
    "ZHUIWEN_RECORD": "unanswered",
    "ZHUIWEN_TELEGRAM_TOKEN": TOKEN,
    "ZHUIWEN_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
    "ZHUIWEN_TELEGRAM_PROXY": "socks5://127.0.0.1:1080",
    "ZHUIWEN_TELEGRAM_WEBHOOK_URL": "https://bot.example.org/hook",
    "ZHUIWEN_TELEGRAM_WEBHOOK_SECRET": "hook-secret-0123456789abcdef",
    "ZHUIWEN_TELEGRAM_WEBHOOK_LISTEN": "127.0.0.1:8443",
    "ZHUIWEN_TELEGRAM_ALLOWED": "501, -1007",
    "ZHUIWEN_TELEGRAM_LIMIT": "5/10",
    "ZHUIWEN_TELEGRAM_METRICS": "127.0.0.1:9464",
    "ZHUIWEN_TELEGRAM_HEALTH": "/run/zhuiwen/health",
    "ZHUIWEN_TELEGRAM_RICH": "on",
}
BAD = {
    "ZHUIWEN_LANG": "fr",
    "ZHUIWEN_RECORD": "everything",
    "ZHUIWEN_TELEGRAM_API_URL": "api.telegram.org",
    "ZHUIWEN_TELEGRAM_PROXY": "127.0.0.1:1080",
    "ZHUIWEN_TELEGRAM_WEBHOOK_URL": "ftp://bot.example.org",
    "ZHUIWEN_TELEGRAM_WEBHOOK_LISTEN": "8443",
    "ZHUIWEN_TELEGRAM_ALLOWED": "anna",
    "ZHUIWEN_TELEGRAM_LIMIT": "0/60",
    "ZHUIWEN_TELEGRAM_METRICS": "9464",
    "ZHUIWEN_TELEGRAM_RICH": "perhaps",
}


def test_names_are_those_of_the_example_file() -> None:
    named = re.findall(r"^#?(ZHUIWEN_\w+)=", (ROOT / ".env.example").read_text("utf-8"), re.MULTILINE)
    assert len(named) > 8
    assert sorted(named) == sorted(settings.names())


def test_names_are_those_of_the_contract() -> None:
    assert set(settings.names()) == set(GOOD)


def test_everything_can_be_set(tmp_path: Path) -> None:
    found, slips = read_settings(GOOD, tmp_path)
    assert slips == []
    assert found.knowledge == Path("/srv/knowledge")
    assert found.data == Path("/srv/data")
    assert found.lang == "en"
    assert found.record == "unanswered"
    assert found.telegram_token is not None
    assert found.telegram_token.reveal() == TOKEN
    assert found.telegram_api_url == "http://127.0.0.1:8081"
    assert found.telegram_proxy == "socks5://127.0.0.1:1080"
    assert found.telegram_webhook_url == "https://bot.example.org/hook"
    assert found.telegram_metrics == "127.0.0.1:9464"
    assert found.telegram_health == Path("/run/zhuiwen/health")
    assert found.telegram_allowed == {501, -1007}
    assert found.telegram_limit == (5, 10.0)
    assert found.telegram_webhook_secret is not None
    assert found.telegram_webhook_secret.reveal() == "hook-secret-0123456789abcdef"
    assert found.telegram_webhook_listen == "127.0.0.1:8443"
    assert found.telegram_rich is True


def test_defaults(tmp_path: Path) -> None:
    found, slips = read_settings({}, tmp_path)
    assert slips == []
    assert found.data.name == "zhuiwen"
    assert found.data.is_absolute()
    assert found == Settings(data=found.data)
    assert found.knowledge is None
    assert found.lang is None
    assert found.record is None
    assert found.telegram_token is None
    assert found.telegram_api_url == "https://api.telegram.org"
    assert found.telegram_rich is False


def test_environment_wins_over_file_and_file_over_default(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# ours\nZHUIWEN_LANG=en\nZHUIWEN_RECORD='off'\nOTHER=1\nZHUIWEN_DATA=/from/file\n", "utf-8")
    found, slips = read_settings({"ZHUIWEN_LANG": "zh"}, tmp_path)
    assert slips == []
    assert found.lang == "zh"
    assert found.record == "off"
    assert found.data == Path("/from/file")


def test_the_example_file_as_it_stands_sets_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes((ROOT / ".env.example").read_bytes())
    assert read_settings({}, tmp_path) == read_settings({}, tmp_path / "elsewhere")


def test_the_example_file_with_its_lines_uncommented_is_the_default(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=ZHUIWEN_)", "", (ROOT / ".env.example").read_text("utf-8"), flags=re.MULTILINE)
    assert text.count("\nZHUIWEN_") == len(settings.names())
    (tmp_path / ".env").write_text(text, "utf-8")
    found, slips = read_settings({}, tmp_path)
    default, _ = read_settings({}, tmp_path / "elsewhere")
    assert slips == []
    assert found.record in (None, "off")
    assert Settings(data=found.data, knowledge=found.knowledge, lang=found.lang) == default


@pytest.mark.parametrize("blank", ["", "   ", "\t"])
def test_a_blank_value_is_none(blank: str, tmp_path: Path) -> None:
    found, slips = read_settings(dict.fromkeys(GOOD, blank), tmp_path)
    assert slips == []
    assert found == read_settings({}, tmp_path)[0]


@pytest.mark.parametrize(("text", "lang"), [("auto", None), ("AUTO", None), ("zh", "zh"), ("EN", "en"), (" en ", "en")])
def test_language(text: str, lang: str | None, tmp_path: Path) -> None:
    assert read_settings({"ZHUIWEN_LANG": text}, tmp_path)[0].lang == lang


@pytest.mark.parametrize(
    ("text", "value"), [("on", True), ("1", True), ("Yes", True), ("off", False), ("0", False), ("False", False)]
)
def test_flag(text: str, value: bool, tmp_path: Path) -> None:  # noqa: FBT001 — the value that is expected
    assert read_settings({"ZHUIWEN_TELEGRAM_RICH": text}, tmp_path)[0].telegram_rich is value


@pytest.mark.parametrize("text", ["8443", ":8443", "host:", "host:0", "host:65536", "host:http", "host:-1", "host:８４４３x"])
def test_listen_needs_host_and_port(text: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="host:port"):
        read_settings({"ZHUIWEN_TELEGRAM_WEBHOOK_LISTEN": text}, tmp_path)


def test_all_wrong_values_are_reported_at_once(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings(BAD, tmp_path)
    assert caught.value.exit_code == 5
    lines = str(caught.value).splitlines()
    for name, value in BAD.items():
        about = [line for line in lines if line.strip().startswith(f"{name} ")]
        assert len(about) == 1, name
        assert "must" in about[0]
        assert value in about[0]


def test_a_wrong_value_in_the_file_is_an_error_too(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZHUIWEN_LANG=fr\n", "utf-8")
    with pytest.raises(SettingsError, match="ZHUIWEN_LANG"):
        read_settings({}, tmp_path)
    assert read_settings({"ZHUIWEN_LANG": "en"}, tmp_path)[0].lang == "en"


@pytest.mark.parametrize("content", [b"\xff\xfeZ\x00", b"ZHUIWEN_LANG=\xe4\xb8\n"])
def test_a_file_that_is_no_text_is_a_settings_error_that_names_it(content: bytes, tmp_path: Path) -> None:
    (tmp_path / ".env").write_bytes(content)
    with pytest.raises(SettingsError, match=re.escape(str(tmp_path / ".env"))):
        read_settings({}, tmp_path)


def test_home_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    found, _ = read_settings({"ZHUIWEN_DATA": "~/state", "ZHUIWEN_KNOWLEDGE": "~"}, tmp_path)
    assert found.data == tmp_path / "state"
    assert found.knowledge == tmp_path


def test_an_unknown_home_is_a_settings_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="ZHUIWEN_DATA"):
        read_settings({"ZHUIWEN_DATA": "~nobody-of-that-name/state"}, tmp_path)


SLIPS = {
    "ZHUIWEN_LNAG": "ZHUIWEN_LANG",
    "ZHUIWEN_LANGUAGE": "ZHUIWEN_LANG",
    "ZHUIWEN_TELEGRAM_TOKE": "ZHUIWEN_TELEGRAM_TOKEN",
    "ZHUIWEN_TELEGRAM_API": "ZHUIWEN_TELEGRAM_API_URL",
    "ZHUIWEN_KNOWLEGE": "ZHUIWEN_KNOWLEDGE",
}


@pytest.mark.parametrize("slip", list(SLIPS))
def test_an_unknown_name_is_reported_with_the_nearest(slip: str, tmp_path: Path) -> None:
    _, slips = read_settings({slip: TOKEN, "PATH": "/bin", "ZHUI": "1"}, tmp_path)
    assert len(slips) == 1
    assert re.search(rf"\b{slip}\b", slips[0])
    assert re.search(rf"\b{SLIPS[slip]}\b", slips[0])
    assert TOKEN not in slips[0]


def test_every_unknown_name_of_both_places_is_reported(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("ZHUIWEN_RECROD=off\n", "utf-8")
    _, slips = read_settings({"ZHUIWEN_XYZZY": "1"}, tmp_path)
    assert len(slips) == 2
    assert "ZHUIWEN_RECORD" in "".join(slips)
    assert ".env.example" in next(slip for slip in slips if "XYZZY" in slip)


def test_secrets_are_hidden(tmp_path: Path) -> None:
    found, _ = read_settings(GOOD, tmp_path)
    shown = [
        repr(found),
        str(found),
        f"{found.telegram_token}",
        f"{found.telegram_token!r:>40}",
        str(found.telegram_webhook_secret),
    ]
    shown.append(repr(vars(Secret).keys()))
    for secret in (TOKEN, "very_secret", "hook-secret"):
        assert not [text for text in shown if secret in text]


def test_errors_show_no_secret(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        read_settings({**BAD, "ZHUIWEN_TELEGRAM_TOKEN": TOKEN, "ZHUIWEN_TELEGRAM_WEBHOOK_SECRET": "hook-secret"}, tmp_path)
    assert "very_secret" not in str(caught.value)
    assert "hook-secret" not in str(caught.value)


def test_a_proxys_password_is_hidden(tmp_path: Path) -> None:
    found, _ = read_settings({"ZHUIWEN_TELEGRAM_PROXY": "socks5://me:hunter2@127.0.0.1:1080"}, tmp_path)
    assert "hunter2" not in repr(found)
    with pytest.raises(SettingsError) as caught:
        read_settings({"ZHUIWEN_TELEGRAM_PROXY": "me:hunter2@127.0.0.1:1080"}, tmp_path)
    assert "hunter2" not in str(caught.value)
