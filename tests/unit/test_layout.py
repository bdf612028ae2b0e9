"""A reply as one text: what stands in it and in which order, and as plain text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.layout import page, plain
from bot.plain import plain_text
from bot.replies import Answer, Option, Outcome, Reply
from bot.wording import say
from knowledge.folder import built_in, snapshot
from knowledge.model import Entry, Lang, Section
from knowledge.reader import read_knowledge

FOLLOW_UPS = (Option(entry="a", text="为什么？"), Option(entry="b", text="L2 呢？"))
CODE = "```python norun\nimport numpy as np\n\nassert np.e > 2  # **不是** 粗体\n```"


def answer(**changes: object) -> Answer:
    values: dict[str, object] = {
        "entry": "bn",
        "question": "BN是什么",
        "short": "按 **通道** 归一化，$\\sigma^2$ 是方差。",
        "sections": {Section.DETAILS: "- 一\n- 二：$w_t$", Section.CODE: CODE},
        "more": (Section.FORMULA, Section.PITFALLS),
        "points": ("均值", "方差 $\\sigma^2$"),
        "sources": ("Ioffe & Szegedy 2015, *BN*",),
    }
    return Answer(**(values | changes))  # type: ignore[arg-type]


def reply(**changes: object) -> Reply:
    values: dict[str, object] = {"outcome": Outcome.ANSWER, "lang": "zh", "query": "BN"}
    return Reply(**(values | changes))  # type: ignore[arg-type]


def test_an_answer_stands_whole_and_in_order() -> None:
    assert page(reply(said="回到「BN是什么」。", answer=answer(), options=FOLLOW_UPS)) == (
        "回到「BN是什么」。\n\n**BN是什么**\n\n按 **通道** 归一化，σ² 是方差。\n\n"
        "**要点**\n\n- 均值\n- 方差 σ²\n\n"
        "**展开**\n\n- 一\n- 二：w\\_t\n\n"
        f"**代码**\n\n{CODE}\n\n"
        "**出处**\n\n- Ioffe \\& Szegedy 2015, \\*BN\\*\n\n"
        "还可以看：公式、易错点\n\n"
        "**追问**\n\n1. 为什么？\n2. L2 呢？"
    )


def test_an_answer_as_plain_text_has_no_marks() -> None:
    assert plain(reply(answer=answer(), options=FOLLOW_UPS)) == (
        "BN是什么\n\n按 通道 归一化，σ² 是方差。\n\n"
        "要点\n\n- 均值\n- 方差 σ²\n\n"
        "展开\n\n- 一\n- 二：w_t\n\n"
        "代码\n\n    import numpy as np\n\n    assert np.e > 2  # **不是** 粗体\n\n"
        "出处\n\n- Ioffe & Szegedy 2015, *BN*\n\n"
        "还可以看：公式、易错点\n\n"
        "追问\n\n1. 为什么？\n2. L2 呢？"
    )


def test_one_section_stands_without_the_short_answer() -> None:
    shown = answer(short=None, sections={Section.FORMULA: "$$x = \\frac{1}{n}$$"}, more=(), points=(), sources=())
    assert page(reply(lang="en", answer=shown, section=Section.FORMULA, options=FOLLOW_UPS[:1])) == (
        "**BN是什么**\n\n**Formula**\n\n```formula\nx = 1/n\n```\n\n**Next questions**\n\n1. 为什么？"
    )


def test_suggestions_have_no_heading_of_their_own() -> None:
    shown = page(reply(outcome=Outcome.SUGGEST, said=say("suggest", "en"), lang="en", options=FOLLOW_UPS))
    assert shown == "Did you mean:\n\n1. 为什么？\n2. L2 呢？"


def test_topics_are_numbered_through() -> None:
    topics = (("数学", FOLLOW_UPS), ("C*-代数", FOLLOW_UPS[:1]))
    shown = reply(outcome=Outcome.CHAT, said="**全部题目**", topics=topics)
    assert page(shown) == "**全部题目**\n\n**数学**\n\n1. 为什么？\n2. L2 呢？\n\n**C\\*-代数**\n\n3. 为什么？"
    assert plain(shown) == "全部题目\n\n数学\n\n1. 为什么？\n2. L2 呢？\n\nC*-代数\n\n3. 为什么？"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_help_is_readable_as_plain_text(lang: Lang) -> None:
    shown = plain(reply(outcome=Outcome.CHAT, lang=lang, said=say("help", lang)))
    assert "/topics" in shown
    assert "**" not in shown
    assert shown.count("\n- ") == 3


@given(st.text(), st.text(), st.text())
def test_any_question_and_option_can_be_shown(said: str, question: str, option: str) -> None:
    shown = reply(said=said, answer=answer(question=question), options=(Option(entry="a", text=option),))
    assert "追问" in plain(shown) or "`" in said or "~" in said or "<" in said


PLAIN = [
    ("**粗** *斜* ~~删~~ `x*y` a\\*b &amp; c", "粗 斜 删 x*y a*b & c"),
    ("见 [论文](https://a.b/c) 和 <https://a.b>", "见 论文 (https://a.b/c) 和 https://a.b"),
    ("![图](p.png)", "图 (p.png)"),
    ("# 题\n\n文", "题\n\n文"),
    ("- 一\n- 二\n  - 三\n  - 四\n\n    五", "- 一\n- 二\n  - 三\n\n  - 四\n\n    五"),
    ("3. 一\n4. 二\n   行", "3. 一\n4. 二\n   行"),
    ("1. 一\n\n   ```\n   x\n   ```\n2. 二", "1. 一\n\n       x\n\n2. 二"),
    ("9. 一\n10. 二\n\n    三", "9. 一\n\n10. 二\n\n    三"),
    ("> 引\n> 用\n>\n> 文", "> 引\n> 用\n>\n> 文"),
    ("a\n\n---\n\nb", "a\n\n———\n\nb"),
    ("| a | b |\n|---|---|\n| 1 | **2** |", "a | b\n1 | 2"),
    ("- ```\n  x\n  ```", "-     x"),
    ("vec<T> <b>x</b>", "vec<T> <b>x</b>"),
    ("```\n  a\n\n```", "      a"),
    ("-\n- b", "-\n- b"),
    ("一  \n二", "一\n二"),
    ("", ""),
]


@pytest.mark.parametrize(("markdown", "expected"), PLAIN)
def test_markdown_as_plain_text(markdown: str, expected: str) -> None:
    assert plain_text(markdown) == expected


@given(st.text())
def test_any_markdown_is_taken(text: str) -> None:
    plain_text(text)


@given(st.text(alphabet="abc *_~\n\t#->+|1.)<&"))
def test_no_letter_is_lost(text: str) -> None:
    assert sorted(filter(str.isalpha, plain_text(text))) == sorted(filter(str.isalpha, text))


ENTRIES = list(read_knowledge(snapshot(built_in())).knowledge.entries.values())


def test_there_are_entries() -> None:
    assert ENTRIES


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.id)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_entry_is_laid_out_without_marks(entry: Entry, lang: Lang) -> None:
    text = entry.text(lang)
    whole = Answer(
        entry=entry.id,
        question=text.question,
        short=text.short,
        sections=text.sections,
        more=(),
        points=text.points,
        sources=entry.sources,
    )
    lines = plain(reply(lang=lang, answer=whole, options=FOLLOW_UPS)).split("\n")
    prose = [line for line in lines if not line.startswith("    ")]
    assert lines[0] == text.question
    assert len(prose) > 10
    for line in prose:
        assert not re.search(r"\*\*|\\|\$|```|&\w+;", line), line
    assert f"2. {FOLLOW_UPS[1].text}" == lines[-1]
