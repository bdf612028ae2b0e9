"""A formula that is too wide for a phone comes as a picture, with its text under it."""

from typing import Any

import pytest

from bot.formulas import wide
from bot.state import State
from index.searcher import Searcher
from knowledge.model import Section
from tests.telegram.double import Double


def photos(double: Double) -> list[dict[str, Any]]:
    return [message for message in double.sent() if "photo" in message]


@pytest.mark.usefixtures("bot")
def test_the_formula_section_is_a_picture_with_its_text(double: Double, searcher: Searcher, state: State) -> None:
    entry = next(
        id_
        for id_ in searcher.entry_ids
        if wide(searcher.entry(id_).text("zh").sections.get(Section.FORMULA, ""))
        and not wide(searcher.entry(id_).text("zh").sections[Section.DETAILS])
    )
    double.say(searcher.entry(entry).text("zh").question)
    (answer,) = double.answers(1)
    assert not photos(double)
    double.press(answer, "公式")
    double.wait(lambda: len(photos(double)) == 1 and not double.unacknowledged)
    (shown,) = photos(double)
    assert "公式" in shown["caption"] or "公式" in double.sent()[-1]["text"]
    assert [file.suffix for file in (state.path.parent / "formulas").iterdir()] == [".png"]
