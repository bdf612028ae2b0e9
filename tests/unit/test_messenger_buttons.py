"""Buttons say what they mean within 64 bytes, and mean it after a restart."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.buttons import MOST_BYTES, Rating, display, keyboard, press, quoted, rating, reported
from bot.replies import Answer, Chosen, Option, Outcome, Quoted, Reply, Undone
from bot.subjects import digest, of_entry, of_question
from knowledge.model import Section

LONG = "a-very-long-id-" * 6
IDS = ("batch-norm", "relu", LONG)
VOTES = ["👍", "👎"]
REPORT = {"zh": "⚠ 有误", "en": "⚠ Mistake"}


def reply(**more: object) -> Reply:
    values: dict[str, object] = {"outcome": Outcome.ANSWER, "lang": "zh", "query": ""}
    return Reply(**(values | more))  # type: ignore[arg-type]


def answer(section: Section | None = None) -> Answer:
    shown = {section: "…"} if section else {}
    more = tuple(each for each in Section if each is not section)
    return Answer(entry="batch-norm", question="?", short=None if section else "!", sections=shown, more=more)


def test_an_answer_offers_the_numbers_of_its_list_then_its_sections() -> None:
    found = keyboard(reply(answer=answer(), options=tuple(Option(entry=id_, text=id_) for id_ in IDS)))
    assert [[button.label for button in row] for row in found] == [
        ["1", "2", "3"],
        ["展开", "公式", "代码", "图"],
        ["易错点"],
        [*VOTES, REPORT["zh"]],
    ]
    meant = [press(button.data, IDS) for row in found for button in row]
    assert [each.incoming for each in meant if each] == [
        *(Chosen(entry=id_) for id_ in IDS),
        *(Chosen(entry="batch-norm", section=section) for section in Section),
    ]
    assert [each.in_place for each in meant if each] == [False] * 3 + [True] * 5


def test_a_section_offers_the_way_back_in_the_same_message() -> None:
    found = keyboard(reply(lang="en", answer=answer(Section.CODE), section=Section.CODE))
    assert [[button.label for button in row] for row in found] == [
        ["Answer", "Details", "Formula", "Figure"],
        ["Pitfalls"],
        [*VOTES, REPORT["en"]],
    ]
    back = press(found[0][0].data, IDS)
    assert back is not None
    assert (back.incoming, back.in_place) == (Chosen(entry="batch-norm"), True)


def test_the_buttons_of_a_reply_tell_what_it_had_shown() -> None:
    listed = tuple(Option(entry=id_, text=id_) for id_ in IDS)

    def told(reply_: Reply, entries: tuple[str, ...] = IDS) -> Quoted | None:
        return quoted([button.data for row in keyboard(reply_) for button in row], entries)

    assert told(reply(answer=answer(), options=listed)) == Quoted(entry="batch-norm", listed=IDS)
    assert told(reply(answer=answer(Section.CODE), section=Section.CODE)) == Quoted(entry="batch-norm", listed=())
    assert told(reply(outcome=Outcome.SUGGEST, options=listed)) == Quoted(entry=None, listed=IDS)
    assert told(reply(outcome=Outcome.UNKNOWN, query="?")) is None
    assert told(reply(answer=answer(), options=listed), ("relu",)) == Quoted(entry=None, listed=("relu",))
    assert told(reply(answer=answer()), ("relu",)) is None


def test_an_understanding_can_be_taken_back() -> None:
    ((button,),) = keyboard(reply(undoable=True))
    assert button.label == "↩ 不是这个意思"
    meant = press(button.data, IDS)
    assert meant is not None
    assert meant.incoming == Undone()


def test_an_answer_can_be_voted_on_and_so_can_its_absence() -> None:
    for shown, subject in (
        (reply(answer=answer()), of_entry("batch-norm")),
        (reply(outcome=Outcome.UNKNOWN, query="吃什么"), of_question(digest("吃什么"))),
    ):
        good, bad, *_ = keyboard(shown)[-1]
        assert rating(good.data, IDS) == Rating(subject=subject, good=True)
        assert rating(bad.data, IDS) == Rating(subject=subject, good=False)
    assert keyboard(reply(outcome=Outcome.UNKNOWN, query=" ")) == ()
    assert keyboard(reply(outcome=Outcome.SUGGEST, query="?")) == ()


def test_there_is_nothing_to_press_under_mere_words() -> None:
    assert keyboard(reply(outcome=Outcome.CHAT)) == ()


def test_a_list_of_hundreds_keeps_to_a_hundred_buttons() -> None:
    found = keyboard(reply(options=tuple(Option(entry=f"e{n}", text="") for n in range(300)), undoable=True, answer=answer()))
    assert sum(map(len, found)) == 100
    assert max(map(len, found)) <= 8
    assert found[-1][0].data == "u:"


@given(st.lists(st.from_regex(r"[a-z0-9]+(-[a-z0-9]+){0,30}", fullmatch=True), min_size=1, unique=True))
def test_every_entry_is_found_again(ids: list[str]) -> None:
    shown = Answer(entry=ids[0], question="?", short="!", sections={}, more=tuple(Section))
    for row in keyboard(reply(answer=shown, options=tuple(Option(entry=id_, text="") for id_ in ids))):
        for button in row:
            assert 1 <= len(button.data.encode()) <= MOST_BYTES
            meant, judged, wrong = press(button.data, ids), rating(button.data, ids), reported(button.data, ids)
            assert [meant, judged, wrong].count(None) == 2
            assert wrong is None or wrong.entry == ids[0]
            if meant is not None:
                assert isinstance(meant.incoming, Chosen)
                assert meant.incoming.entry in ids
            if judged is not None:
                assert judged.subject == of_entry(ids[0])


@pytest.mark.parametrize(
    "data",
    [
        "",
        "q",
        "q:",
        "q:gone",
        "x:relu",
        "q#0123456789abcdef",
        "q?relu",
        "u",
        "u:relu",
        "\ud800",
        "+:gone",
        "-?relu",
        "+",
        "!",
        "!:gone",
        "F?relu",
        "w",
        "w:fancy",
    ],
)
def test_what_means_nothing_any_more_is_none(data: str) -> None:
    assert press(data, IDS) is None
    assert rating(data, IDS) is None
    assert reported(data, IDS) is None
    assert display(data) is None


@given(st.text(max_size=64))
def test_foreign_data_do_no_harm(data: str) -> None:
    press(data, IDS)
    rating(data, IDS)
    reported(data, IDS)
    display(data)
