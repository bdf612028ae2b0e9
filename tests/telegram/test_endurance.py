"""Under load: ten minutes of faults, and a thousand chats at once.  The long ones are `make soak`; `pytest -s` shows the figures.

The bot is a process of its own, as people run it; what it measures of itself is fetched as Prometheus would.
"""

import random
import signal
import socket
import subprocess
import time
import urllib.request
from collections import Counter, defaultdict
from itertools import cycle
from pathlib import Path
from typing import Any

import pytest

from index.searcher import Searcher
from tests.telegram.conftest import Run
from tests.telegram.double import TOKEN, Double, Trouble

RATE = 20.0
"""Updates a second."""
PEOPLE = 120
LIMITED = Trouble(status=429, description="Too Many Requests: retry after 1", parameters={"retry_after": 1})
CONFLICT = Trouble(status=409, description="Conflict: terminated by other getUpdates request")
SENDING = (
    *(LIMITED, Trouble(status=502, description="Bad Gateway")),
    *(Trouble(status=502, page=True), Trouble(slow=1.0), Trouble(silent=True)),
)
POLLING = (Trouble(status=502, page=True), Trouble(silent=True), CONFLICT, LIMITED, Trouble(slow=2.0))
MALFORMED: tuple[dict[str, Any], ...] = (
    {"message": {"message_id": "none", "chat": 7}},
    {"message": {"message_id": 1, "date": "yesterday", "chat": {"id": 1}}},
    {"callback_query": {"id": 5, "from": None}},
    {"something_new": {"id": 1}},
)


@pytest.fixture
def listen() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{free.getsockname()[1]}"


def questions(searcher: Searcher) -> list[str]:
    """Questions whose answers have a heading that can be told from others."""
    found = [searcher.entry(entry).text("zh").question for entry in searcher.entry_ids]
    return [text for text in found if not set("$`*_") & set(text)]


def megabytes(process: subprocess.Popen[bytes]) -> float:
    """Memory that the process holds."""
    pages = int(Path(f"/proc/{process.pid}/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def worked(listen: str) -> dict[float, float]:
    """Of the own work on updates: for each bound in seconds how many took no longer."""
    with urllib.request.urlopen(f"http://{listen}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    head = 'zhuiwen_work_seconds_bucket{le="'
    pairs = (line.removeprefix(head).split('"} ') for line in lines if line.startswith(head))
    return {float(bound): float(count) for bound, count in pairs}


def share_within(counts: dict[float, float], bound: float) -> float:
    return counts[bound] / max(counts.values())


def seen(double: Double, chat: int) -> list[str]:
    return [str(message["text"]).partition("\n")[0] for message in double.sent(chat)]


@pytest.mark.parametrize("seconds", [25.0, pytest.param(600.0, marks=pytest.mark.soak)], ids=["short", "long"])
def test_through_faults_every_question_is_answered_and_memory_stays_flat(
    run: Run, double: Double, searcher: Searcher, listen: str, seconds: float
) -> None:
    chance, texts = random.Random(7), questions(searcher)
    people = [double.join(number) for number in range(PEOPLE)]
    process = run(token=TOKEN, metrics=listen)
    double.wait(lambda: double.called("getUpdates"), 30)
    asked: dict[int, list[str]] = defaultdict(list)
    faults: Counter[str] = Counter()

    def weather(method: str) -> Trouble | None:
        often, kinds = {"sendMessage": (0.1, SENDING), "getUpdates": (0.15, POLLING)}.get(method, (0.0, ()))
        if not kinds or chance.random() > often:
            return None
        fault = chance.choice(kinds)
        faults["cut" if fault.silent else "slow" if fault.slow else str(fault.status)] += 1
        return fault

    double.weather = weather
    memory = []
    began = time.monotonic()
    for n, who in enumerate(cycle(people)):
        time.sleep(max(0.0, began + n / RATE - time.monotonic()))
        if time.monotonic() - began > seconds:
            break
        text = texts[(len(asked[who["id"]]) * 7 + who["id"]) % len(texts)]
        double.say(text, who)
        asked[who["id"]].append(text)
        if n % 40 == 0:
            double.push(chance.choice(MALFORMED))
            faults["malformed"] += 1
        if n % 100 == 0:
            memory.append(megabytes(process))
    double.weather = lambda _: None
    wanted = sum(map(len, asked.values()))
    double.wait(lambda: len(double.fulfilled("sendMessage")) >= wanted, 60)
    double.wait(lambda: not double.unconfirmed)
    for chat, mine in asked.items():
        assert seen(double, chat) == mine, "all, once, in the order in which they were asked"
    counts, last = worked(listen), megabytes(process)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    begun = memory[len(memory) // 4]  # once everything has been used
    assert last < begun + 40
    within = ", ".join(f"{100 * share_within(counts, bound):.2f} % in {bound * 1000:.0f} ms" for bound in (0.005, 0.01, 0.02))
    print(
        f"\n{seconds:.0f} s: {wanted} questions of {PEOPLE} people, {dict(faults)}, all answered; "
        f"{begun:.0f} MB, then {last:.0f} MB; own work: {within}"
    )


@pytest.mark.parametrize(("chats", "each"), [(60, 2), pytest.param(1000, 3, marks=pytest.mark.soak)], ids=["short", "long"])
def test_many_chats_at_once_each_in_its_order_and_none_before_all(
    run: Run, double: Double, searcher: Searcher, listen: str, chats: int, each: int
) -> None:
    texts = questions(searcher)
    people = [double.join(number) for number in range(chats)]
    process = run(token=TOKEN, metrics=listen)
    double.wait(lambda: double.called("getUpdates"), 30)
    rounds = [[(who, texts[(n * each + turn) % len(texts)]) for n, who in enumerate(people)] for turn in range(each)]
    began = time.monotonic()
    for asking in rounds:
        for who, text in asking:
            double.say(text, who)
    double.wait(lambda: len(double.fulfilled("sendMessage")) >= chats * each, 60 + chats * each / 10)
    took = time.monotonic() - began
    for n, who in enumerate(people):
        assert seen(double, who["id"]) == [rounds[turn][n][1] for turn in range(each)]
    assert fair(double, chats)
    counts = worked(listen)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    within = ", ".join(f"{100 * share_within(counts, bound):.2f} % in {bound * 1000:.0f} ms" for bound in (0.005, 0.01, 0.02))
    print(f"\n{chats} chats, {each} questions each: all answered in {took:.1f} s; own work: {within}")


def fair(double: Double, chats: int) -> bool:
    """Whether everybody had the first answer before anybody had the third: who asked first is served first."""
    chat_of = [call.values["chat_id"] for call in double.fulfilled("sendMessage")]
    counts: dict[int, int] = defaultdict(int)
    for chat in chat_of:
        counts[chat] += 1
        if counts[chat] > 2 and len(counts) < chats:
            return False
    return len(counts) == chats
