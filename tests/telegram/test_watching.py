"""What an operator can see of a bot that serves: counts for Prometheus, and a file that says that it is well."""

import json
import os
import signal
import socket
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.settings import Settings, SettingsError
from bot.state import State
from bot.talk import Talk
from tests.telegram.conftest import HASTY, WRITTEN, Run, Serving
from tests.telegram.double import TOKEN, Double, Trouble


@pytest.fixture
def listen() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def counts(listen: str) -> dict[str, float]:
    """Each sample by name and labels, as Prometheus reads them."""
    with urllib.request.urlopen(f"http://{listen}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    assert samples
    return {" ".join([sample.name, *sample.labels.values()]): sample.value for sample in samples}


class TestCounts:
    @pytest.fixture
    def settings(self, settings: Settings, listen: str) -> Settings:
        return replace(settings, telegram_metrics=listen)

    def test_they_are_0_before_anything_happens(self, double: Double, bot: Serving, listen: str) -> None:
        assert bot.error is None
        found = counts(listen)
        assert found["zhuiwen_turns_total answer"] == 0
        assert found["zhuiwen_errors_total update"] == 0
        assert found["zhuiwen_queue_updates"] == 0
        assert double.called("getMe")

    def test_turns_errors_and_times_are_counted(self, double: Double, bot: Serving, listen: str) -> None:
        double.trouble("sendMessage", Trouble(status=400, description="Bad Request: chat not found"))
        for text in ("/help", "什么是批归一化", "今天晚上吃什么好呢", "/privacy"):
            double.say(text)
        double.answers(3)
        double.wait(lambda: not double.unconfirmed)
        time.sleep(0.2)  # the last one is settled after it is out
        found = counts(listen)
        assert found["zhuiwen_turns_total chat"] == 1
        assert found["zhuiwen_turns_total answer"] == 1
        assert found["zhuiwen_turns_total unknown"] == 1
        assert found["zhuiwen_errors_total undelivered"] == 1
        assert found["zhuiwen_work_seconds_count"] == 4
        assert found["zhuiwen_update_seconds_count"] == 4
        assert 0 < found["zhuiwen_work_seconds_sum"] < found["zhuiwen_update_seconds_sum"] + 1
        assert found["zhuiwen_work_seconds_bucket +Inf"] == 4
        assert bot.error is None

    def test_the_queue_is_how_many_wait(self, double: Double, bot: Serving, listen: str) -> None:
        double.trouble("sendMessage", Trouble(status=429, description="Too Many Requests", parameters={"retry_after": 30}))
        for _ in range(5):
            double.say("/help")
        double.wait(lambda: double.called("sendMessage") and not double.unconfirmed)
        assert counts(listen)["zhuiwen_queue_updates"] == 5
        assert bot.error is None

    def test_nobody_listens_any_more_when_it_has_ended(self, double: Double, bot: Serving, listen: str) -> None:
        assert double.called("getMe")
        bot.stop()
        with pytest.raises(OSError, match="refused"):
            counts(listen)


def test_an_address_that_is_taken_is_said_so(talk: Talk, settings: Settings, state: State) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with Serving(talk, replace(settings, telegram_metrics=listen), state) as serving:
            serving.join()
            assert isinstance(serving.error, SettingsError)
            assert listen in str(serving.error)
            serving.error = None


def test_an_extra_that_is_not_installed_is_named(
    talk: Talk, settings: Settings, state: State, listen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "bot.messenger.metrics", None)
    with Serving(talk, replace(settings, telegram_metrics=listen), state) as serving:
        serving.join()
        assert "zhuiwen[metrics]" in str(serving.error)
        serving.error = None


class TestHealth:
    @pytest.fixture
    def settings(self, settings: Settings, tmp_path: Path) -> Settings:
        return replace(settings, telegram_health=tmp_path / "health")

    def test_the_file_is_fresh_while_it_is_well_and_gone_after(
        self, double: Double, start: Callable[..., Serving], tmp_path: Path
    ) -> None:
        file = tmp_path / "health"
        serving = start(replace(HASTY, poll=1))
        double.wait(lambda: double.called("getUpdates"))
        _until(file.exists)
        first = json.loads(file.read_text())
        assert first["pid"] == os.getpid()
        _until(lambda: json.loads(file.read_text())["at"] > first["at"])
        serving.stop()
        assert not file.exists()

    def test_it_grows_old_while_polls_do_not_come_back(
        self, double: Double, start: Callable[..., Serving], tmp_path: Path
    ) -> None:
        file = tmp_path / "health"
        double.trouble("getUpdates", *[Trouble(hangs=True)] * 2)
        start(replace(HASTY, poll=1, stall=2.0, give_up=60.0))
        _until(file.exists)
        _until(lambda: time.time() - file.stat().st_mtime > 1.5)
        _until(lambda: time.time() - file.stat().st_mtime < 0.5)
        double.say("/help")
        double.answers(1)

    def test_a_folder_that_is_not_there_stops_nobody(
        self, double: Double, talk: Talk, settings: Settings, state: State, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        with Serving(talk, replace(settings, telegram_health=tmp_path / "none/health"), state):
            double.say("/help")
            double.answers(1)
            _until(lambda: "health file" in caplog.text)


def test_as_a_process(run: Run, double: Double, listen: str, tmp_path: Path) -> None:
    process = run(token=TOKEN, metrics=listen, health=str(tmp_path / "health"))
    double.wait(lambda: double.called("getUpdates"), 30)
    double.say("/help")
    double.answers(1)
    _until((tmp_path / "health").exists)
    assert counts(listen)["zhuiwen_turns_total chat"] == 1
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    assert "Traceback" not in (tmp_path / WRITTEN).read_text("utf-8")


def _until(done: Callable[[], bool]) -> None:
    """Wait for something that the double does not hear of."""
    end = time.monotonic() + 20
    while not done():
        assert time.monotonic() < end
        time.sleep(0.02)
