"""People report mistakes, by a button or in words, and whoever mends the knowledge sees what and where."""

import subprocess
import sys
from typing import Any

import pytest

from bot.feedback import LONGEST_REPORT, Feedback, Mistake
from bot.mistakes import listing
from bot.settings import Settings
from bot.state import State
from knowledge.model import Section
from tests.telegram.conftest import Serving
from tests.telegram.double import ANNA, BERT, GROUP, Double

pytestmark = pytest.mark.usefixtures("bot")
WRONG = "⚠ 有误"


def ask(double: Double, text: str, who: dict[str, Any] = ANNA) -> dict[str, Any]:
    before = len(double.sent(who["id"]))
    double.say(text, who)
    return double.answers(before + 1, who["id"])[-1]


def test_a_button_reports_the_answer_or_the_section_shown(double: Double, state: State) -> None:
    answer = ask(double, "什么是批归一化")
    double.press(answer, WRONG)
    double.press(answer, WRONG, BERT)
    double.press(answer, "公式")
    double.wait(lambda: len(double.fulfilled("editMessageText")) == 1)
    (section,) = double.sent()
    double.press(section, WRONG)
    double.press(section, WRONG)
    double.wait(lambda: len(Feedback(state).mistakes()) == 3 and not double.unacknowledged)
    about = Mistake(entry="batch-norm")
    assert Feedback(state).mistakes() == [about, about, Mistake(entry="batch-norm", section=Section.FORMULA)]
    assert {call.values.get("text", "")[:6] for call in double.fulfilled("answerCallbackQuery")} == {
        "",
        "谢谢，记下了",
        "Thanks",
    }


def test_a_sentence_is_filed_under_what_was_shown_last(double: Double, state: State) -> None:
    double.say("/feedback 很好用")
    double.answers(1)
    answer = ask(double, "什么是批归一化")
    double.press(answer, "代码")
    double.wait(lambda: double.fulfilled("editMessageText"))
    said = ask(double, "/feedback  第二个公式\n少了负号 " + "x" * 600)
    assert "简述下BN算法 · 代码" in said["text"]
    double.wait(lambda: len(Feedback(state).mistakes()) == 2)
    general, filed = Feedback(state).mistakes()
    assert general == Mistake(entry=None, text="很好用")
    assert (filed.entry, filed.section) == ("batch-norm", Section.CODE)
    assert filed.text.startswith("第二个公式 少了负号 xx")
    assert len(filed.text) == LONGEST_REPORT


def test_without_a_sentence_it_says_how(double: Double, state: State) -> None:
    assert "/feedback 第二个公式" in ask(double, "/feedback")["text"]
    assert "the bot as a whole" in ask(double, "/feedback", BERT)["text"]
    ask(double, "什么是批归一化")
    assert "简述下BN算法" in ask(double, "/feedback")["text"]
    assert Feedback(state).mistakes() == []


def test_in_a_group_it_is_about_what_that_person_saw(double: Double, state: State) -> None:
    double.say("/start@zhuiwen_bot batch-norm", ANNA, GROUP)
    double.say("/feedback@zhuiwen_bot wrong", BERT, GROUP)
    double.say("/feedback@zhuiwen_bot 错了", ANNA, GROUP)
    double.answers(3, GROUP)
    double.wait(lambda: len(Feedback(state).mistakes()) == 2)
    assert Feedback(state).mistakes() == [Mistake(entry=None, text="wrong"), Mistake(entry="batch-norm", text="错了")]


def test_it_is_forgotten_with_the_person(double: Double, state: State) -> None:
    ask(double, "/feedback 一")
    ask(double, "/feedback two", BERT)
    ask(double, "/forget")
    double.wait(lambda: Feedback(state).mistakes() == [Mistake(entry=None, text="two")])
    kept = str(state.execute("SELECT * FROM mistake"))
    assert str(BERT["id"]) not in kept


def test_a_button_whose_entry_is_gone_says_so(double: Double, state: State) -> None:
    answer = ask(double, "什么是批归一化")
    double.press_data(answer, "!:no-longer-there")
    double.wait(lambda: double.fulfilled("answerCallbackQuery"))
    assert "失效" in double.fulfilled("answerCallbackQuery")[0].values["text"]
    assert Feedback(state).mistakes() == []


def test_unanswered_lists_them(double: Double, bot: Serving, settings: Settings, state: State) -> None:
    answer = ask(double, "什么是批归一化")
    double.press(answer, WRONG)
    ask(double, "/feedback 少了负号")
    bot.stop()
    assert len(Feedback(state).mistakes()) == 2
    done = subprocess.run(
        [sys.executable, "-m", "bot", "unanswered"],
        env={"ZHUIWEN_DATA": str(settings.data), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    assert done.stdout.splitlines() == ["nothing was asked in vain", "batch-norm: reported 2×", "  - 少了负号"]


def test_a_listing_tells_entries_and_sections_apart() -> None:
    assert listing([]) == ""
    reports = [Mistake(entry=None, text="a"), Mistake(entry="x"), Mistake(entry="x", section=Section.CODE, text="b")]
    assert listing(reports).splitlines() == [
        "no answer in particular: reported 1×",
        "  - a",
        "x: reported 1×",
        f"x, {Section.CODE}: reported 1×",
        "  - b",
    ]
