"""Who is answered, and how often."""

import time
from dataclasses import replace

import pytest

from bot.feedback import Feedback
from bot.settings import Settings
from bot.state import State
from tests.telegram.conftest import Serving
from tests.telegram.double import ANNA, BERT, GROUP, Double


class TestLimit:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, telegram_limit=(3, 3.0))

    def test_one_clear_message_then_silence_until_the_window_ends(self, bot: Serving, double: Double) -> None:
        for _ in range(6):
            double.say("/help")
        double.say("/help", BERT)
        double.answers(1, BERT["id"])
        told = double.answers(4)[-1]["text"]
        assert told.startswith("问得太快了：3 个问题")
        double.say("/privacy")
        assert double.answers(5)[-1]["text"].startswith("我会保存什么")
        time.sleep(4.1)  # Telegram's times are whole seconds
        double.say("/lang en")
        assert "English" in double.answers(6)[-1]["text"]
        bot.stop()
        assert len(double.sent()) == 6
        assert double.unconfirmed == 0

    def test_presses_count_too(self, double: Double, bot: Serving) -> None:
        double.say("/start batch-norm")
        (answer,) = double.answers(1)
        for _ in range(5):
            double.press(answer, "1")
        assert double.answers(4)[-1]["text"].startswith("问得太快了")
        double.wait(lambda: not double.unacknowledged)
        bot.stop()
        assert len(double.sent()) == 4


class TestList:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, telegram_allowed=frozenset({ANNA["id"]}))

    def test_only_those_on_it_are_answered(self, double: Double, bot: Serving, state: State) -> None:
        double.say("/start batch-norm")
        (answer,) = double.answers(1)
        for _ in range(3):
            double.say("what is batch norm", BERT)
        told = double.answers(1, BERT["id"])[0]["text"]
        assert str(BERT["id"]) in told
        assert "only people on its list" in told
        double.say("/start@zhuiwen_bot batch-norm", BERT, GROUP)
        elsewhere = {"id": GROUP, "type": "supergroup", "title": "g"}
        double.press({**answer, "chat": elsewhere}, "👍", BERT)
        query = double.type("batch norm", BERT)
        double.wait(lambda: any(call.values["inline_query_id"] == query for call in double.fulfilled("answerInlineQuery")))
        double.say("/start@zhuiwen_bot relu-advantages", ANNA, GROUP)
        assert double.answers(1, GROUP)[0]["text"].startswith("relu")
        bot.stop()
        assert len(double.sent(BERT["id"])) == 1
        assert len(double.sent(GROUP)) == 1
        assert not double.fulfilled("answerInlineQuery")[0].values["results"]
        assert Feedback(state).votes() == {}
        assert double.fulfilled("answerCallbackQuery")[0].values["text"] == "This bot answers only people on its list."

    def test_what_is_kept_is_told_and_deleted_for_everybody(self, double: Double, bot: Serving) -> None:
        double.say("/privacy", BERT)
        double.say("/forget", BERT)
        assert "deleted" in double.answers(2, BERT["id"])[1]["text"]
        assert bot.error is None


class TestChat:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return replace(settings, telegram_allowed=frozenset({GROUP}))

    def test_a_group_on_it_is_open_to_all_its_members(self, double: Double, bot: Serving) -> None:
        for who in (ANNA, BERT):
            double.say("/help@zhuiwen_bot", who, GROUP)
        double.answers(2, GROUP)
        double.say("/help")
        assert "名单" in double.answers(1)[0]["text"]
        assert bot.error is None
