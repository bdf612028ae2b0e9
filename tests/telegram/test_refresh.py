"""Changed knowledge is served without a restart; knowledge that cannot be served changes nothing."""

import asyncio
import shutil
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.refresh import Refresh
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk
from index import opening
from tests.conftest import BICYCLES
from tests.telegram.conftest import HASTY, WRITTEN, Run, Serving
from tests.telegram.double import TOKEN, Double

EAGER = replace(HASTY, look=0.2)
ENTRY = "brakes/disc-brake.md"
SLOW = 60.0
"""Seconds to wait for a build, which is another process."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The small knowledge in a folder."""
    for name, text in BICYCLES.items():
        file = tmp_path / "knowledge" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    return tmp_path / "knowledge"


@pytest.fixture
def talk(folder: Path, tmp_path: Path, state: State) -> Talk:
    return Talk(opening.open_searcher(folder, tmp_path), state, folder)


@pytest.fixture
def serving(talk: Talk, settings: Settings, state: State, double: Double) -> Iterator[Serving]:
    with Serving(talk, settings, state, EAGER) as serving:
        double.wait(lambda: double.called("getUpdates"))
        yield serving


def short(folder: Path, text: str) -> None:
    """Put something else in the place of an answer."""
    file = folder / ENTRY
    head, rule, _ = file.read_text("utf-8").rpartition("---\n")
    file.write_text(f"{head}{rule}{text}\n\n## 展开\n\n更多。\n", "utf-8")


def test_a_changed_answer_is_served(folder: Path, serving: Serving, double: Double, caplog: pytest.LogCaptureFixture) -> None:
    double.say("/start disc-brake")
    assert "来令片夹住" in double.answers(1)[0]["text"]
    with caplog.at_level("INFO"):
        short(folder, "新的回答。")
        _until(lambda: "the knowledge is reloaded" in caplog.text)
    double.say("/start disc-brake")
    double.wait(lambda: "新的回答" in str(double.sent()[-1]["text"]))
    assert serving.error is None


def test_a_bad_file_keeps_the_old_knowledge_and_is_reported(
    folder: Path, serving: Serving, double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    good = (folder / ENTRY).read_text("utf-8")
    (folder / ENTRY).write_text("---\nquestion: [\n---\n", "utf-8")
    _until(lambda: "not reloaded" in caplog.text)
    assert f"{ENTRY}:" in caplog.text
    assert " — " in caplog.text, "with a remedy"
    double.say("/start disc-brake")
    assert "来令片夹住" in double.answers(1)[0]["text"]
    (folder / ENTRY).write_text(good.replace("来令片夹住", "来令片紧紧夹住"), "utf-8")
    with caplog.at_level("INFO"):
        _until(lambda: "the knowledge is reloaded" in caplog.text)
    double.say("/start disc-brake")
    assert "紧紧" in double.answers(2)[1]["text"]
    assert caplog.text.count("not reloaded") == 1, "the same state of the folder is tried once"
    assert serving.error is None


def test_an_entry_that_went_takes_no_talk_with_it(
    folder: Path, serving: Serving, double: Double, caplog: pytest.LogCaptureFixture
) -> None:
    double.say("/start disc-brake")
    (answer,) = double.answers(1)
    for file in folder.glob("brakes/disc-brake*"):
        file.unlink()
    with caplog.at_level("INFO"):
        _until(lambda: "the knowledge is reloaded" in caplog.text)
    double.press(answer, "展开" if "展开" in str(answer["reply_markup"]) else "👍")
    double.say("为什么")
    double.say("/feedback 没了")
    double.say("/help")
    double.wait(lambda: len(double.sent()) >= 4)
    assert serving.error is None
    assert "a turn failed" not in caplog.text


def test_a_signal_reloads(run: Run, home: Path, folder: Path, double: Double, tmp_path: Path) -> None:
    assert home.is_dir()
    process = run("telegram", "--knowledge", str(folder), token=TOKEN)
    double.wait(lambda: double.called("getUpdates"), SLOW)
    process.send_signal(signal.SIGHUP)
    _until(lambda: "the knowledge is reloaded: " in (tmp_path / WRITTEN).read_text("utf-8"))
    shutil.rmtree(folder)
    process.send_signal(signal.SIGHUP)
    _until(lambda: "the knowledge is not reloaded" in (tmp_path / WRITTEN).read_text("utf-8"))
    double.say("/start disc-brake")
    assert "来令片夹住" in double.answers(1)[0]["text"]
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0


def test_a_folder_that_stays_the_same_is_left_alone(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def never(*_: object) -> None:
        raise AssertionError

    monkeypatch.setattr(Refresh, "_renew", never)

    async def main() -> None:
        await asyncio.wait_for(Refresh(folder, tmp_path, lambda _: None).watch(0.02), 0.3)

    with pytest.raises(TimeoutError):
        asyncio.run(main())


def _until(done: Callable[[], bool]) -> None:
    """Wait for something that the double does not hear of."""
    end = time.monotonic() + SLOW
    while not done():
        assert time.monotonic() < end
        time.sleep(0.05)
