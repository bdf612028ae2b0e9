"""No question is lost: not by a crash, not by a restart, not by a server that stays away; and none is answered over and over."""

import json
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.inbox import MOST_ATTEMPTS, Inbox
from bot.messenger.exchange import Answer, Exchange
from bot.messenger.hearing import STALE, Heard, Me
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk
from index.searcher import Searcher
from tests.telegram.conftest import HASTY, Run, Serving
from tests.telegram.double import ANNA, BERT, ME, TOKEN, Double, Trouble

DOWN = Trouble(status=502, description="Bad Gateway")
POISON = f"""
import os, sys
from pathlib import Path
from bot.messenger import run
from bot.settings import Secret, Settings
from bot.state import State
from bot.talk import Talk
from index.opening import open_searcher
from knowledge.folder import built_in

class Mortal(Talk):
    def take(self, key, incoming, now, *, spoken):
        if incoming.text == "poison":
            os._exit(9)
        return super().take(key, incoming, now, spoken=spoken)

data = Path(sys.argv[1])
settings = Settings(data=data, telegram_token=Secret("{TOKEN}"), telegram_api_url=sys.argv[2])
with State(data) as state:
    run(Mortal(open_searcher(built_in(), data), state, built_in()), settings, state)
"""


def undone(data: Path) -> list[int]:
    with State(data) as state:
        return [waiting.number for waiting in Inbox(state, ME["id"]).waiting()]


def webhook() -> dict[str, str]:
    """Settings of a webhook on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        listen = f"127.0.0.1:{free.getsockname()[1]}"
    return {"webhook_url": f"http://{listen}/hook", "webhook_secret": "s3cret", "webhook_listen": listen}


def headings(double: Double, chat: int) -> list[str]:
    return [str(message["text"]).partition("\n")[0] for message in double.sent(chat)]


def questions(double: Double, searcher: Searcher, *, updates: int, chats: int) -> list[tuple[dict[str, Any], str]]:
    """Who asks what, one after the other; nobody asks the same twice."""
    texts = [searcher.entry(entry).text("zh").question for entry in searcher.entry_ids]
    plain = [text for text in texts if not set("$`*_") & set(text)]
    people = [double.join(number) for number in range(chats)]
    return [(people[n % chats], plain[(n // chats + n % chats) % len(plain)]) for n in range(updates)]


@pytest.mark.parametrize("way", ["polling", "webhook"])
@pytest.mark.parametrize(
    ("updates", "chats", "kills"), [(48, 12, 4), pytest.param(500, 100, 20, marks=pytest.mark.soak)], ids=["short", "long"]
)
def test_killed_at_random_moments_it_answers_every_question(  # noqa: PLR0917 — a table
    run: Run, double: Double, searcher: Searcher, home: Path, updates: int, chats: int, kills: int, way: str
) -> None:
    hook = webhook() if way == "webhook" else {}
    chance = random.Random(6)
    asking = questions(double, searcher, updates=updates, chats=chats)
    share = -(-updates // (kills + 1))
    for life in range(kills + 1):
        for who, text in asking[life * share : (life + 1) * share]:
            double.say(text, who)
        process = run(token=TOKEN, **hook)
        double.wait(lambda life=life: len(double.called("getMe")) > life, 30)  # type: ignore[misc]
        if life < kills:
            time.sleep(chance.uniform(0.0, 0.5))
            process.kill()
            process.wait()
    asked: dict[int, list[str]] = defaultdict(list)
    for who, text in asking:
        asked[who["id"]].append(text)
    double.wait(lambda: all(set(asked[chat]) <= set(headings(double, chat)) for chat in asked), 60)
    double.wait(lambda: not double.unconfirmed)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    often = {(chat, text): headings(double, chat).count(text) for chat in asked for text in asked[chat]}
    assert min(often.values()) == 1
    assert max(often.values()) <= 1 + kills
    for chat, texts in asked.items():
        assert list(dict.fromkeys(headings(double, chat))) == texts, "in the order in which they were asked"
    assert undone(home) == []
    print(
        f"{way}: {updates} updates, {chats} chats, {kills} kills: all answered, {sum(often.values()) - updates} more than once"
    )


def test_an_update_that_kills_the_process_is_set_aside_and_the_others_are_answered(
    double: Double, home: Path, tmp_path: Path
) -> None:
    double.say("poison")
    double.say("/help", BERT)
    command, written = [sys.executable, "-c", POISON, str(home), double.url], tmp_path / "log"
    for _ in range(MOST_ATTEMPTS):
        assert subprocess.run(command, check=False, timeout=60, capture_output=True).returncode == 9
    with written.open("wb") as file:
        process = subprocess.Popen(command, stderr=file)
    double.answers(1, BERT["id"])
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    text = written.read_text("utf-8")
    assert re.search(r"update \d+ is set aside: it was tried 3 times in vain", text)
    assert "poison" not in text
    assert double.sent() == []
    assert undone(home) == []


def test_an_update_that_fails_outside_its_turn_is_tried_again_while_the_bot_runs(
    bot: Serving, double: Double, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    deliver, tries = Exchange.deliver, 0

    async def fails_at_first(self: Exchange, answer: Answer) -> None:
        nonlocal tries
        tries += 1
        if tries < MOST_ATTEMPTS:
            raise RuntimeError("not this time")
        await deliver(self, answer)

    monkeypatch.setattr(Exchange, "deliver", fails_at_first)
    double.say("/help")
    double.answers(1)
    bot.stop()
    assert tries == MOST_ATTEMPTS
    assert len(double.sent()) == 1
    assert caplog.text.count("RuntimeError: not this time") == MOST_ATTEMPTS - 1


def test_an_update_that_always_fails_is_set_aside_while_the_bot_runs(
    bot: Serving, double: Double, state: State, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    heard = Exchange.heard

    def fails(self: Exchange, heard_: Heard, me: Me) -> Answer | None:
        if heard_.words == "poison":
            raise RuntimeError("never")
        return heard(self, heard_, me)

    monkeypatch.setattr(Exchange, "heard", fails)
    double.say("poison")
    double.say("/help")
    double.answers(1)
    bot.stop()
    assert re.search(r"update \d+ is set aside: it was tried 3 times in vain", caplog.text)
    assert "poison" not in caplog.text
    assert Inbox(state, ME["id"]).waiting() == []


def test_an_update_that_comes_twice_is_answered_once(bot: Serving, double: Double) -> None:
    double.say("/help")
    double.repeat()
    double.answers(1)
    double.repeat()
    double.say("/lang en", BERT)
    double.answers(1, BERT["id"])
    bot.stop()
    assert len(double.sent()) == 1
    assert double.unconfirmed == 0


def test_what_could_not_be_delivered_before_the_stop_is_delivered_by_the_next_run(
    double: Double, start: Callable[..., Serving]
) -> None:
    first = start()
    double.trouble("sendMessage", Trouble(status=429, description="Too Many Requests", parameters={"retry_after": 50}))
    double.say("什么是批归一化")
    double.say("2")
    double.wait(lambda: double.called("sendMessage"))
    first.stop()
    assert double.sent() == []
    assert double.unconfirmed == 0
    start()
    double.answers(2)
    assert headings(double, ANNA["id"])[0] == "简述下BN算法"
    assert "没有可选的列表" not in double.sent()[1]["text"], "the second leans on the first"


def test_a_follow_up_that_is_answered_again_is_answered_as_before(
    double: Double, talk: Talk, settings: Settings, state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer goes out, then the process dies before it is settled: the session is still that of before."""
    with Serving(talk, settings, state):
        double.say("什么是批归一化")
        double.answers(1)
    with monkeypatch.context() as broken:

        def dies(*_: object) -> None:
            raise RuntimeError("no time left")

        broken.setattr(Inbox, "finish", dies)
        with Serving(talk, settings, state, replace(HASTY, second_try=30)):
            double.say("2")
            double.answers(2)
    with Serving(talk, settings, state):
        _, once, again = double.answers(3)
    assert once["text"] == again["text"]


def test_a_server_that_stays_away_for_long_is_waited_for(bot: Serving, double: Double) -> None:
    double.trouble("sendMessage", *[DOWN] * 6)
    double.say("/help")
    double.answers(1)
    bot.stop()
    assert len(double.sent()) == 1


def test_what_was_left_undone_too_long_ago_is_dropped_and_said_so(
    double: Double, state: State, start: Callable[..., Serving], caplog: pytest.LogCaptureFixture
) -> None:
    then = time.time() - STALE - 60
    message = {"message_id": 1, "date": int(then), "chat": {"id": ANNA["id"], "type": "private"}, "from": ANNA, "text": "BN"}
    query = {"id": "1", "from": ANNA, "chat_instance": "1", "data": "q:batch-norm", "message": message}
    updates = ({"update_id": 1, "message": message}, {"update_id": 2, "callback_query": query})
    Inbox(state, ME["id"]).accept({int(str(update["update_id"])): json.dumps(update) for update in updates}, then)
    with caplog.at_level("INFO"):
        serving = start()
        double.say("/help")
        double.answers(1)
        serving.stop()
    assert "message dropped: 66" in caplog.text
    assert "press dropped: 66" in caplog.text
    assert headings(double, ANNA["id"]) == ["怎么用"]
    assert Inbox(state, ME["id"]).waiting() == []


def test_updates_that_cannot_be_written_down_are_not_confirmed(
    bot: Serving, double: Double, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    assert bot.error is None
    with monkeypatch.context() as full:

        def refuse(*_: object) -> None:
            raise OSError("no space left on device")

        full.setattr(Inbox, "accept", refuse)
        double.say("/help")
        double.wait(lambda: "no space left" in caplog.text or double.called("getUpdates")[2:])
        assert double.unconfirmed == 1
    double.answers(1)
