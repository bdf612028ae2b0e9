"""The seam between front ends and the dialogue keeps each person's session and records what had no answer."""

import pytest

from bot.replies import Chosen, Outcome, Typed, Undone
from bot.session import Session
from bot.state import MemorySessions
from bot.talk import Talk
from index.decision import Outcome as Verdict
from index.searcher import Searcher
from knowledge.folder import built_in
from knowledge.model import Lang


def test_people_do_not_share_a_talk(searcher: Searcher) -> None:
    talk = Talk(searcher, MemorySessions(), built_in())
    talk.turn("ann", Typed(text="BN是什么"), 0.0)
    talk.turn("bob", Typed(text="L1和L2范数"), 1.0)
    formula = talk.turn("ann", Typed(text="公式"), 2.0)
    assert formula.answer is not None
    assert formula.answer.entry == "batch-norm"
    assert talk.turn("eve", Typed(text="公式"), 3.0).answer is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_set_language_is_for_people_who_set_none(lang: Lang, searcher: Searcher) -> None:
    sessions = MemorySessions()
    sessions.keep("ann", Session(lang="en"))
    talk = Talk(searcher, sessions, built_in(), lang=lang)
    assert talk.turn("ann", Typed(text="BN是什么"), 0.0).lang == "en"
    assert talk.turn("bob", Typed(text="BN是什么"), 0.0).lang == lang
    assert talk.turn("bob", Typed(text="what is batch normalisation"), 1.0).lang == lang


def test_only_typed_questions_without_an_answer_are_recorded(searcher: Searcher) -> None:
    kept: list[tuple[str, Outcome]] = []
    talk = Talk(searcher, MemorySessions(), built_in(), record=lambda text, outcome: kept.append((text, outcome)))
    for incoming in (
        Typed(text="BN是什么"),
        Typed(text="为什么"),
        Undone(),
        Chosen(entry="no-such-entry"),
        Typed(text="谢谢"),
        Typed(text="1"),
        Typed(text="99"),
        Typed(text="/topics"),
        Typed(text="今天晚上吃什么好呢"),
    ):
        talk.turn("ann", incoming, 0.0)
    assert kept == [("今天晚上吃什么好呢", Outcome.UNKNOWN)]


def test_suggestions_are_recorded_as_what_they_are(searcher: Searcher) -> None:
    texts = ("归一化", "卷积", "attention", "训练", "矩阵")
    text = next(text for text in texts if searcher.search(text).outcome is Verdict.SUGGEST)
    kept: list[tuple[str, Outcome]] = []
    talk = Talk(searcher, MemorySessions(), built_in(), record=lambda said, outcome: kept.append((said, outcome)))
    talk.turn("ann", Typed(text=text), 0.0)
    assert kept == [(text, Outcome.SUGGEST)]


@pytest.mark.parametrize("text", ["", "   ", "🙂", "\u200b", "x" * 10_000])
def test_what_is_no_question_is_not_recorded(text: str, searcher: Searcher) -> None:
    """Records are there so that content can grow; noise and pasted walls of text are no questions."""
    kept: list[str] = []
    talk = Talk(searcher, MemorySessions(), built_in(), record=lambda said, _: kept.append(said))
    assert talk.turn("ann", Typed(text=text), 0.0).answer is None
    assert kept == []
