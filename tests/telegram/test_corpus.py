"""Answers from all over the built-in knowledge, whole and by section, in both languages: Telegram accepts it and shows all of it."""

import json
import re

import pytest

from bot.layout import page
from bot.messenger.buttons import keyboard, press, rating, reported
from bot.messenger.markup import blocks
from bot.messenger.pieces import LONGEST, MOST_ENTITIES, pieces
from bot.replies import Reply
from bot.show import entry_reply, topics_reply
from bot.wording import _TEXTS
from index.searcher import Searcher
from knowledge.model import LANGS, Section
from tests.telegram.judge import judge
from tests.telegram.tdlib import parse_html
from tests.telegram.visible import squeezed, visible


@pytest.fixture(scope="module")
def replies(searcher: Searcher) -> list[Reply]:
    found = [topics_reply(searcher, lang, query="") for lang in LANGS]
    for id_ in searcher.entry_ids[::4]:
        for lang in LANGS:
            kinds: list[Section | None] = [None, *searcher.entry(id_).text(lang).sections]
            found.extend(entry_reply(searcher, id_, lang, query="", section=section) for section in kinds)
    assert len(found) > 2 * len(searcher.entry_ids) > 390
    return found


def test_every_answer_is_accepted_and_shown_whole(replies: list[Reply]) -> None:
    for reply in replies:
        source = page(reply)
        messages = pieces(blocks(source))
        assert messages
        for piece in messages:
            parsed = parse_html(piece.html)
            assert parsed.refusal == "", piece.html
            assert parsed.text == piece.plain
            assert parsed.units <= LONGEST
            assert len(parsed.entities) <= MOST_ENTITIES
        shown = "".join(piece.plain for piece in messages)
        assert squeezed(shown) == squeezed(visible(source))


def test_no_marks_are_left_in_what_people_read(replies: list[Reply]) -> None:
    for reply in replies:
        for piece in pieces(blocks(page(reply))):
            prose = re.sub(r"<(pre|code)[ >].*?</\1>", "", piece.html, flags=re.DOTALL)
            assert re.search(r"\*\*|__|\$\$|\\[a-z]{2,}|```", prose) is None, prose


def test_code_and_formulas_are_in_one_piece(replies: list[Reply]) -> None:
    seen = 0
    for reply in replies:
        fences = re.findall(r"^```([^\n]*)\n(.*?)\n```$", page(reply), flags=re.DOTALL | re.MULTILINE)
        formatted = [parse_html(piece.html) for piece in pieces(blocks(page(reply)))]
        shown = [block.strip("\n") for parsed in formatted for kind in ("Pre", "PreCode") for block in parsed.covered(kind)]
        for info, text in fences:
            assert text.strip("\n") in shown, info
            seen += 1
    assert seen > 100


def test_every_keyboard_is_accepted_and_every_button_means_something(replies: list[Reply], searcher: Searcher) -> None:
    for reply in replies:
        rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in keyboard(reply)]
        _, wrong = judge("sendMessage", {"chat_id": "1", "text": "x", "reply_markup": json.dumps({"inline_keyboard": rows})})
        assert wrong == []
        data, ids = [button["callback_data"] for row in rows for button in row], searcher.entry_ids
        assert all(press(each, ids) or rating(each, ids) or reported(each, ids) for each in data)


@pytest.mark.parametrize("lang", [0, 1], ids=LANGS)
def test_everything_that_the_bot_says_is_accepted(lang: int) -> None:
    assert len(_TEXTS) > 30
    for texts in _TEXTS.values():
        (piece,) = pieces(blocks(texts[lang]))
        assert parse_html(piece.html).refusal == ""
