"""What happens when Telegram, the network or people make trouble while the bot serves."""

import time
from pathlib import Path

import pytest

from bot.messenger.order import MOST_WAITING
from bot.replies import Incoming, Outcome, Reply, Typed
from bot.session import Session
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk, Turn
from knowledge.folder import built_in
from knowledge.model import Lang
from tests.telegram.conftest import Serving
from tests.telegram.double import ANNA, BERT, Double, Trouble

BUSY = Trouble(status=429, description="Too Many Requests: retry after 1", parameters={"retry_after": 1})
DOWN = Trouble(status=502, description="Bad Gateway")
PAGE = Trouble(status=502, page=True)
CUT = Trouble(silent=True)


class Told(Talk):
    """Says what it is told to say, and fails on «fail»."""

    def take(self, key: str, incoming: Incoming, now: float, *, spoken: Lang = "zh") -> Turn:  # noqa: ARG002 — as a talk has it
        assert isinstance(incoming, Typed)
        if incoming.text == "fail":
            raise RuntimeError("this turn fails")
        reply = Reply(outcome=Outcome.CHAT, lang="zh", query=incoming.text, said=incoming.text.replace("LONG", LONG))
        return Turn(reply=reply, key=key, session=Session(), recorded=None)


LONG = "```python\n" + "\n".join(f"line_{n} = {n} < 1 & 2" for n in range(300)) + "\n```\n\nend"


@pytest.fixture
def talk(searcher: object, talk: Talk) -> Talk:  # noqa: ARG001 — built from the same searcher
    return Told(talk.search, talk._sessions, built_in())


pytestmark = pytest.mark.usefixtures("bot")


def texts(double: Double, chat: int = ANNA["id"]) -> list[str]:
    return [message["text"] for message in double.sent(chat)]


def test_a_long_message_is_split_and_its_code_reopened(double: Double) -> None:
    double.say("LONG")
    found = double.answers(2)
    assert [message["entities"][0]["type"] for message in found] == ["pre", "pre"]
    assert [message["entities"][0]["language"] for message in found] == ["python", "python"]
    assert found[1]["text"].endswith("\n\nend")


def test_telegram_s_waiting_time_is_kept_and_only_that_chat_waits(double: Double) -> None:
    double.trouble("sendMessage", BUSY)
    double.say("one")
    double.wait(lambda: double.called("sendMessage"))
    double.say("two", BERT)
    double.answers(1, BERT["id"])
    assert texts(double) == []
    double.answers(1)
    first, *_, last = (call.at for call in double.called("sendMessage") if call.values["chat_id"] == ANNA["id"])
    assert 1.0 <= last - first < 2.0


@pytest.mark.parametrize("trouble", [DOWN, PAGE], ids=["json", "page"])
def test_a_failing_server_is_asked_again(double: Double, trouble: Trouble) -> None:
    double.trouble("sendMessage", trouble, trouble)
    double.say("one")
    double.answers(1)
    assert len(double.called("sendMessage")) == 3


def test_what_may_have_arrived_is_not_sent_again(double: Double) -> None:
    double.trouble("sendMessage", CUT)
    double.say("one")
    double.answers(1)
    double.say("two")
    double.answers(2)
    assert texts(double) == ["one", "two"]


def test_who_blocked_the_bot_is_left_alone_and_others_are_served(double: Double) -> None:
    double.blocked.add(ANNA["id"])
    double.say("LONG")
    double.wait(lambda: double.called("sendMessage"))
    double.say("two", BERT)
    double.answers(1, BERT["id"])
    assert [call.values["chat_id"] for call in double.called("sendMessage")] == [ANNA["id"], BERT["id"]]


def test_refused_formatting_is_sent_plain_and_logged(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    double.trouble("sendMessage", Trouble(status=400, description="Bad Request: can't parse entities: Unsupported start tag"))
    double.say("**b** & `c`")
    assert double.answers(1)[0]["text"] == "b & c"
    assert "parse_mode" not in double.called("sendMessage")[1].values
    assert "our formatting was refused" in caplog.text


def test_a_failing_turn_is_owned_up_to_and_the_next_one_works(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    double.say("fail")
    double.say("fail", BERT)
    assert double.answers(1)[0]["text"].startswith("抱歉，我这边出错了")
    assert double.answers(1, BERT["id"])[0]["text"].startswith("Sorry")
    double.say("next")
    assert double.answers(2)[1]["text"] == "next"
    assert "this turn fails" in caplog.text


def test_polling_goes_on_after_an_outage(double: Double) -> None:
    double.trouble("getUpdates", DOWN, CUT)
    double.say("one")
    double.answers(1)
    double.say("two")
    double.answers(2)


def test_an_update_that_cannot_be_read_holds_nothing_up(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    double.say("one")
    double.push({"message": {"message_id": "none", "chat": 7}})
    double.say("two")
    double.answers(2)
    assert texts(double) == ["one", "two"]
    double.wait(lambda: not double.unconfirmed)
    assert caplog.text.count("cannot be read") == 1


def test_updates_that_are_not_asked_for_are_ignored(double: Double) -> None:
    double.push(
        {
            "poll": {
                "id": "1",
                "question": "?",
                "options": [],
                "total_voter_count": 0,
                "is_closed": True,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
            }
        }
    )
    double.say("one")
    double.answers(1)


def test_order_is_kept_within_a_chat_and_others_do_not_wait(double: Double) -> None:
    double.trouble("sendMessage", BUSY)
    for n in range(4):
        double.say(f"a{n}")
        double.say(f"b{n}", BERT)
    double.answers(4, BERT["id"])
    assert len(texts(double)) < 4
    double.answers(4)
    assert texts(double) == [f"a{n}" for n in range(4)]
    assert texts(double, BERT["id"]) == [f"b{n}" for n in range(4)]


def test_a_flood_is_cut_off_for_its_chat_alone(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    double.trouble("sendMessage", Trouble(status=429, description="Too Many Requests", parameters={"retry_after": 3600}))
    for n in range(3 * MOST_WAITING):
        double.say(f"a{n}")
    before = time.monotonic()
    double.say("b", BERT)
    double.answers(1, BERT["id"])
    assert time.monotonic() - before < 2.0
    assert "too many waiting" in caplog.text


def test_a_second_poller_wins_or_loses_but_somebody_serves(
    double: Double, bot: Serving, talk: Talk, settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Two on different machines: no lock file keeps them apart."""
    with State(tmp_path / "elsewhere") as state, Serving(talk, settings, state) as other:
        _fight(double, bot, other, caplog)


def _fight(double: Double, bot: Serving, other: Serving, caplog: pytest.LogCaptureFixture) -> None:
    deadline = time.monotonic() + 15
    while bot._thread.is_alive() and other._thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.05)
    ended = [serving for serving in (bot, other) if serving.error is not None]
    assert len(ended) == 1
    assert "another program polls with this token" in str(ended[0].error)
    assert getattr(ended[0].error, "exit_code", None) == 6
    ended[0].error = None
    double.say("one")
    double.answers(1)
    assert texts(double) == ["one"]
    assert "Traceback" not in caplog.text
