"""Messages that are meant for the bot, and what they ask."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.hearing import Heard, Mark, Me, addressed, question

ME = Me(id=7, name="zhuiwen_bot")
MARKS = re.compile(r"(?P<bot_command>(?<!\S)/\w+(?:@\w+)?)|(?P<mention>(?<!\S)@\w+)")


def heard(words: str | None, *, private: bool = False, caption: str = "", answers: int | None = None) -> Heard:
    text = caption if words is None else words
    marks = tuple(
        Mark(kind=str(found.lastgroup), offset=units(text[: found.start()]), length=units(found.group()))
        for found in MARKS.finditer(text)
    )
    return Heard(
        chat=-1,
        private=private,
        who=1,
        lang="zh",
        message=1,
        sent=0.0,
        words=words,
        marks=marks,
        caption=caption,
        answers=answers,
    )


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("@zhuiwen_bot BN是什么", "BN是什么"),
        ("𝛼𝛽 @ZhuiWen_Bot 是什么", "𝛼𝛽  是什么"),
        ("/help@zhuiwen_bot", "/help"),
        ("/lang@Zhuiwen_Bot en", "/lang en"),
        ("/topics", "/topics"),
        ("@zhuiwen_bot @zhuiwen_bot", ""),
        ("@anna 问 @zhuiwen_bot ReLU", "@anna 问  ReLU"),
    ],
)
def test_called_in_a_group(words: str, asked: str) -> None:
    assert addressed(heard(words), ME)
    assert question(heard(words), ME) == asked


@pytest.mark.parametrize(
    "words", ["BN是什么", "@zhuiwen_bot2 BN", "x@zhuiwen_bot", "/help@other_bot", "/weather", "see /help", "@anna BN", ""]
)
def test_not_called_in_a_group(words: str) -> None:
    assert not addressed(heard(words), ME)
    assert addressed(heard(words, private=True), ME)
    assert addressed(heard(words, answers=ME.id), ME)
    assert not addressed(heard(words, answers=8), ME)


def test_a_name_without_at_counts() -> None:
    name = Mark(kind="text_mention", offset=0, length=2, who=7)
    by_name = replace(heard("追问 BN"), marks=(name,))
    assert addressed(by_name, ME)
    assert question(by_name, ME) == "BN"


def test_a_caption_can_call() -> None:
    assert addressed(heard(None, caption="@zhuiwen_bot 看"), ME)
    assert not addressed(heard(None, caption="看"), ME)


@given(
    st.text(), st.lists(st.tuples(st.sampled_from(["mention", "bot_command", "url"]), st.integers(0, 50), st.integers(0, 50)))
)
def test_no_text_and_no_marks_are_too_strange(words: str, marks: list[tuple[str, int, int]]) -> None:
    strange = replace(
        heard(words), marks=tuple(Mark(kind=kind, offset=offset, length=length) for kind, offset, length in marks)
    )
    addressed(strange, ME)
    question(strange, ME)
