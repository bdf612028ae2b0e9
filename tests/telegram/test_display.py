"""A chat chooses how its answers look, and always gets them whatever the server makes of that."""

from dataclasses import replace
from typing import Any

import pytest

from bot.messenger.display import Display
from bot.messenger.rendering import rendered
from bot.replies import Outcome, Reply
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk
from tests.telegram.conftest import Serving
from tests.telegram.double import ANNA, BERT, GROUP, Double, Trouble


def ask(double: Double, text: str, who: dict[str, Any] = ANNA) -> dict[str, Any]:
    before = len(double.sent(who["id"]))
    double.say(text, who)
    return double.answers(before + 1, who["id"])[-1]


def shows(double: Double, way: str) -> None:
    assert way in ask(double, "/display")["text"]


@pytest.mark.usefixtures("bot")
class TestChoice:
    def test_it_is_told_and_chosen_by_buttons_or_words(self, double: Double) -> None:
        offered = ask(double, "/display")
        assert "现在是 html" in offered["text"]
        assert [button["text"] for button in offered["reply_markup"]["inline_keyboard"][0]] == ["排版", "纯文本", "富文本"]
        double.press(offered, "纯文本")
        double.wait(lambda: double.fulfilled("editMessageText") and not double.unacknowledged)
        assert double.sent()[0]["text"] == "好，以后只用纯文本。"
        shows(double, "现在是 plain")
        assert "以后带排版" in ask(double, "/display HTML")["text"]
        shows(double, "现在是 html")
        assert "It is html now" in ask(double, "/display fancy", BERT)["text"]

    def test_plain_text_has_no_formatting_and_says_the_same(self, double: Double) -> None:
        formatted = ask(double, "什么是批归一化")
        ask(double, "/display plain")
        plain = ask(double, "什么是批归一化")
        assert plain["text"] == formatted["text"]
        assert not plain["entities"]
        assert all("parse_mode" not in call.values for call in double.called("sendMessage")[2:])

    def test_it_is_the_choice_of_a_chat_and_goes_with_the_person(self, double: Double, state: State) -> None:
        ask(double, "/display plain")
        double.say("/display@zhuiwen_bot rich", ANNA, GROUP)
        double.answers(1, GROUP)
        assert ask(double, "什么是批归一化", BERT)["entities"]
        double.wait(lambda: len(state.execute("SELECT * FROM display")) == 2)
        assert str(ANNA["id"]) not in str(state.execute("SELECT * FROM display"))
        ask(double, "/forget")
        double.wait(lambda: len(state.execute("SELECT * FROM display")) == 1)
        shows(double, "现在是 html")


@pytest.mark.usefixtures("bot")
class TestRich:
    def test_formulas_go_out_as_they_are_written(self, double: Double) -> None:
        ask(double, "/display rich")
        answer = ask(double, "什么是批归一化")
        assert answer["text"].startswith("**简述下BN算法**")
        double.press(answer, "公式")
        double.wait(lambda: double.fulfilled("editMessageText") and not double.unacknowledged)
        (_, formula) = double.sent()
        assert "$$" in formula["text"]
        assert "\\sigma" in formula["text"]
        assert formula["reply_markup"]
        assert len(double.called("sendMessage")) == 1

    def test_what_is_refused_comes_formatted(self, double: Double) -> None:
        ask(double, "/display rich")
        double.trouble("sendRichMessage", Trouble(status=400, description="Bad Request: can't parse rich message"))
        assert ask(double, "什么是批归一化")["entities"]
        assert ask(double, "什么是批归一化")["text"].startswith("**")

    def test_a_server_that_does_not_know_it_is_asked_once(self, double: Double, caplog: pytest.LogCaptureFixture) -> None:
        ask(double, "/display rich")
        double.trouble("sendRichMessage", Trouble(status=404, description="Not Found"))
        answer = ask(double, "什么是批归一化")
        assert answer["entities"]
        double.press(answer, "公式")
        double.wait(lambda: double.fulfilled("editMessageText"))
        assert ask(double, "relu激活函数的优点是什么？")["entities"]
        assert len(double.called("sendRichMessage")) == 1
        assert caplog.text.count("knows no rich messages") == 1

    def test_what_may_have_arrived_is_not_sent_again(self, double: Double) -> None:
        ask(double, "/display rich")
        double.trouble("sendRichMessage", Trouble(silent=True))
        ask(double, "什么是批归一化")
        ask(double, "relu激活函数的优点是什么？")
        assert len(double.sent()) == 3

    def test_a_failing_server_is_asked_again(self, double: Double) -> None:
        ask(double, "/display rich")
        double.trouble("sendRichMessage", Trouble(status=502), Trouble(status=429, parameters={"retry_after": 1}))
        assert ask(double, "什么是批归一化")["text"].startswith("**")

    def test_figures_come_as_photos(self, double: Double) -> None:
        ask(double, "/display rich")
        answer = ask(double, "什么是批归一化")
        double.press(answer, "图")
        double.wait(lambda: double.fulfilled("sendPhoto"))

    def test_a_section_of_a_message_that_is_gone_comes_as_a_new_one(self, double: Double) -> None:
        ask(double, "/display rich")
        answer = ask(double, "什么是批归一化")
        double.forget(answer)
        double.press(answer, "公式")
        double.wait(lambda: len(double.sent()) == 2)
        assert "$$" in double.sent()[1]["text"]


def test_it_can_be_the_default(double: Double, talk: Talk, settings: Settings, state: State) -> None:
    with Serving(talk, replace(settings, telegram_rich=True), state):
        assert ask(double, "什么是批归一化")["text"].startswith("**")
        ask(double, "/display html")
        assert ask(double, "什么是批归一化")["entities"]


@pytest.mark.parametrize(("said", "fits"), [("x" * 32_768, True), ("x" * 32_769, False), ("a\n\n" * 501, False), ("", False)])
def test_what_does_not_fit_is_not_tried(talk: Talk, said: str, fits: bool) -> None:  # noqa: FBT001
    reply = Reply(outcome=Outcome.CHAT, lang="zh", query="", said=said)
    assert (rendered(reply, talk, Display.RICH).rich is not None) == fits
