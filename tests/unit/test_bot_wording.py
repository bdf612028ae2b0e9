"""Every sentence is there in both languages, says the same blanks, and every move that speaks has one."""

import re
import string

import pytest

from bot import wording
from bot.dialogue import step
from bot.moves import Move
from bot.replies import Typed
from bot.session import Session
from bot.wording import SECTION_NAMES, say
from index.searcher import Searcher
from knowledge.model import HEADINGS, LANGS, Lang, Section

TEXTS = wording._TEXTS
CHINESE = re.compile(r"[\u4e00-\u9fff]")
MUTE = {Move.BACK, Move.START, Move.REPEAT, Move.TOPICS, Move.NO}
"""Moves whose reply is no sentence of their own name."""


def blanks(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


def test_there_are_sentences() -> None:
    assert len(TEXTS) > 30


@pytest.mark.parametrize("key", list(TEXTS))
def test_a_sentence_is_in_both_languages_with_the_same_blanks(key: str) -> None:
    zh, en = TEXTS[key]
    assert zh.strip() == zh
    assert en.strip() == en
    assert CHINESE.search(zh)
    assert re.search("[A-Za-z]", en)
    assert not CHINESE.search(en)
    assert set(blanks(zh)) == set(blanks(en))
    assert "" not in blanks(zh)


@pytest.mark.parametrize("key", list(TEXTS))
@pytest.mark.parametrize("lang", LANGS)
def test_every_blank_is_filled(key: str, lang: Lang) -> None:
    values = {name: f"<{name} {{}}>" for name in blanks(TEXTS[key][0])}
    said = say(key, lang, **values)
    for value in values.values():
        assert value in said
    if values:
        with pytest.raises(KeyError):
            say(key, lang)


def test_an_unknown_sentence_is_an_error() -> None:
    with pytest.raises(KeyError):
        say("no such sentence", "zh")


@pytest.mark.parametrize("found", [found for found in Move if found not in MUTE])
@pytest.mark.parametrize("lang", LANGS)
def test_every_move_that_speaks_has_its_sentence(found: Move, lang: Lang) -> None:
    assert found.value in TEXTS
    assert say(found.value, lang, **dict.fromkeys(blanks(TEXTS[found.value][0]), "x"))


SAYING = {
    Move.BACK: "返回",
    Move.REPEAT: "再说一遍",
    Move.NEW: "换个话题",
    Move.TOPICS: "题库",
    Move.HELP: "帮助",
    Move.NO: "不是",
    Move.HELLO: "你好",
    Move.THANKS: "谢谢",
    Move.BYE: "再见",
    Move.PRAISE: "真棒",
    Move.LAUGH: "哈哈",
    Move.SORRY: "真笨",
    Move.WHO: "你是谁",
    Move.ACK: "好的",
}


@pytest.mark.parametrize("lang", LANGS)
def test_every_move_is_answered_in_words_of_its_own(lang: Lang, searcher: Searcher) -> None:
    assert set(SAYING) == set(Move) - {Move.START}, "which says what «back» says"
    said = {found: step(Session(lang=lang), Typed(text=text), searcher, 0.0)[1].said for found, text in SAYING.items()}
    assert all(said.values())
    assert len(set(said.values())) == len(SAYING)


def test_sections_have_a_name_in_both_languages_that_is_their_heading() -> None:
    for lang in LANGS:
        assert set(SECTION_NAMES[lang]) == set(Section)
        assert {name: section for section, name in SECTION_NAMES[lang].items()} == dict(HEADINGS[lang])


@pytest.mark.parametrize("lang", LANGS)
def test_help_tells_every_command(lang: Lang) -> None:
    told = set(re.findall(r"(?<!\w)/[a-z]+", say("help", lang)))
    assert {"/topics", "/new", "/lang", "/help"} <= told


@pytest.mark.parametrize("lang", LANGS)
def test_what_help_promises_works(lang: Lang, searcher: Searcher) -> None:
    """Each example of the help, said after an answer, does what the help says of it."""
    quoted = re.findall("[「“]([^」”]+)[」”]", say("help", lang))
    assert len(quoted) > 8
    start = "为什么L1正则项可以防止模型过拟合？" if lang == "zh" else "Why does L1 regularisation prevent overfitting?"
    session, first = step(Session(), Typed(text=start), searcher, 0.0)
    assert first.answer is not None
    assert first.answer.entry == "l1-prevents-overfitting"
    session, _ = step(session, Typed(text="2"), searcher, 1.0)
    session, _ = step(session, Typed(text=start), searcher, 2.0)
    lost = [text for text in quoted if step(session, Typed(text=text), searcher, 3.0)[1].outcome in ("unknown", "suggest")]
    assert lost == []
