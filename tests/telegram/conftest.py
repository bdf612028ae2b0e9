"""The real bot with the built-in knowledge, served over HTTP by a strict double of Telegram."""

import asyncio
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

import pytest

from bot.messenger.adapter.beginning import Patience
from bot.messenger.adapter.polls import Ending
from bot.messenger.adapter.service import serve
from bot.settings import Secret, Settings
from bot.state import State
from bot.talk import Talk
from index import opening
from index.searcher import Searcher
from knowledge.folder import built_in
from tests.telegram.double import TOKEN, Double

HASTY = Patience(tries=3, first_pause=0.05, conflicts=2, second_try=0.2, poll=20, beat=0.1)
Run = Callable[..., subprocess.Popen[bytes]]
WRITTEN = "written"
"""File in the test's folder with what the process wrote last."""


class Serving:
    """The bot, serving in a thread of its own; use it as a context manager."""

    def __init__(self, talk: Talk, settings: Settings, state: State, patience: Patience = HASTY) -> None:
        self.error: BaseException | None = None
        self._loop = asyncio.new_event_loop()
        self._ending: Ending | None = None
        self._thread = threading.Thread(target=self._serve, args=(talk, settings, state, patience), name="bot")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()
        if self.error is not None and error is None:
            raise self.error

    def stop(self) -> None:
        """End as a signal does, and wait for it."""

        def end() -> None:
            if self._ending is not None:
                self._ending.now.set()

        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(end)
        self.join()

    def join(self, seconds: float = 20.0) -> None:
        """Wait for the bot to end by itself."""
        self._thread.join(seconds)
        assert not self._thread.is_alive()

    def _serve(self, talk: Talk, settings: Settings, state: State, patience: Patience) -> None:
        async def main() -> None:
            self._ending = Ending()
            await serve(talk, settings, state, self._ending, patience)

        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            try:
                runner.run(main())
            except Exception as error:  # noqa: BLE001 — told to the test
                self.error = error


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of state, with an index in it once a searcher was opened."""
    return tmp_path_factory.mktemp("data")


@pytest.fixture(scope="session")
def searcher(data: Path) -> Searcher:
    return opening.open_searcher(built_in(), data)


@pytest.fixture
def talk(searcher: Searcher, state: State) -> Talk:
    return Talk(searcher, state, built_in(), record=lambda text, outcome: state.record(text, outcome, 0.0))


@pytest.fixture
def double() -> Iterator[Double]:
    with Double() as double:
        yield double
    assert double.violations == []


@pytest.fixture
def settings(double: Double, tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, telegram_token=Secret(TOKEN), telegram_api_url=double.url)


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    with State(tmp_path) as state:
        yield state


@pytest.fixture
def start(talk: Talk, settings: Settings, state: State) -> Iterator[Callable[..., Serving]]:
    """Starts the bot; it is stopped at the end of the test."""
    with ExitStack() as stack:
        yield lambda patience=HASTY: stack.enter_context(Serving(talk, settings, state, patience))


@pytest.fixture
def home(searcher: Searcher, data: Path, tmp_path: Path) -> Path:  # noqa: ARG001 — builds the index
    """A folder of state for this test alone, with the index in it."""
    return shutil.copytree(data, tmp_path / "home")


@pytest.fixture
def run(home: Path, tmp_path: Path, double: Double) -> Iterator[Run]:
    """Starts `zhuiwen telegram` in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str, **settings: str) -> subprocess.Popen[bytes]:
        environment = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}
        environment |= {"ZHUIWEN_DATA": str(home), "ZHUIWEN_TELEGRAM_API_URL": double.url, "PYTHONIOENCODING": "utf-8"}
        environment |= {f"ZHUIWEN_TELEGRAM_{name.upper()}": value for name, value in settings.items()}
        command = [sys.executable, "-m", "bot", *options, *(() if "telegram" in options else ("telegram",))]
        with (tmp_path / WRITTEN).open("wb") as file:
            process = subprocess.Popen(command, env=environment, cwd=tmp_path, stdout=file, stderr=file)
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()


@pytest.fixture
def bot(start: Callable[..., Serving], double: Double) -> Serving:
    """The bot, polling."""
    serving = start()
    double.wait(lambda: double.called("getUpdates"))
    return serving
