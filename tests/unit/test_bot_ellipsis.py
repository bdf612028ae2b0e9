"""What a text leans on and what it leaves out."""

import pytest

from bot import ellipsis
from bot.ellipsis import Leaning
from index.forms import Facet
from index.searcher import Searcher
from knowledge.model import Section


def read(text: str, searcher: Searcher) -> Leaning:
    analysis = searcher.analyser.analyse(text)
    return ellipsis.read(analysis)


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("为什么", Facet.WHY),
        ("那为什么", Facet.WHY),
        ("why?", Facet.WHY),
        ("怎么解决", Facet.FIX),
        ("有什么缺点", Facet.CONS),
        ("优点呢", Facet.PROS),
        ("公式", Facet.FORMULA),
        ("有什么区别", Facet.DIFFERENCE),
    ],
)
def test_a_bare_facet_leans(text: str, facet: Facet, searcher: Searcher) -> None:
    found = read(text, searcher)
    assert facet in found.facets
    assert found.bare
    assert found.leans
    assert found.terms == ()
    assert found.fragment == ""


@pytest.mark.parametrize("text", ["那L2呢", "L2呢", "what about L2?", "how about l2", "and L2?", "那么L2的话"])
def test_another_term_is_marked_as_a_follow_up(text: str, searcher: Searcher) -> None:
    found = read(text, searcher)
    assert found.terms == ("l2",)
    assert found.marked
    assert found.bare
    assert found.leans
    assert not found.anaphora


@pytest.mark.parametrize(
    "text", ["它有什么缺点", "why does it help", "那它和L2有什么区别", "这个怎么用", "is that always true"]
)
def test_what_points_back_leans(text: str, searcher: Searcher) -> None:
    found = read(text, searcher)
    assert found.anaphora
    assert found.leans
    assert not found.earlier


@pytest.mark.parametrize("text", ["刚才那个的公式", "之前说的那个方法有什么缺点", "what was the earlier one"])
def test_what_points_further_back_says_so(text: str, searcher: Searcher) -> None:
    assert read(text, searcher).earlier


@pytest.mark.parametrize(
    "text", ["BN是什么", "为什么L2正则能防止过拟合", "how does dropout work", "激活函数的优点", "BN的公式", "过拟合怎么解决"]
)
def test_a_whole_question_does_not_lean(text: str, searcher: Searcher) -> None:
    found = read(text, searcher)
    assert found.terms
    assert found.facets
    assert not found.leans


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("公式", Section.FORMULA),
        ("公式呢", Section.FORMULA),
        ("formula", Section.FORMULA),
        ("what's the formula", Section.FORMULA),
        ("show me the formula", Section.FORMULA),
        ("how about the equation", Section.FORMULA),
        ("代码", Section.CODE),
        ("有代码吗", Section.CODE),
        ("给我看看代码", Section.CODE),
        ("举个例子", Section.CODE),
        ("show me the code", Section.CODE),
        ("the code please", Section.CODE),
        ("图", Section.FIGURE),
        ("画个图", Section.FIGURE),
        ("易错点", Section.PITFALLS),
        ("有什么坑", Section.PITFALLS),
        ("pitfalls", Section.PITFALLS),
        ("common mistakes", Section.PITFALLS),
        ("详细点", Section.DETAILS),
        ("再详细一点", Section.DETAILS),
        ("展开说说", Section.DETAILS),
        ("tell me more", Section.DETAILS),
        ("more details", Section.DETAILS),
    ],
)
def test_a_section_is_asked_for_by_its_name(text: str, section: Section, searcher: Searcher) -> None:
    assert ellipsis.section_of(read(text, searcher)) is section


@pytest.mark.parametrize(
    "text", ["为什么", "BN的公式", "怎么写实验报告", "谢谢", "卷积计算的公式", "什么是特征值", "那L2呢", "贝叶斯公式"]
)
def test_what_asks_for_no_section(text: str, searcher: Searcher) -> None:
    assert ellipsis.section_of(read(text, searcher)) is None


@pytest.mark.parametrize(
    ("normal", "name", "full"),
    [
        ("它有什么缺点", "批归一化", "批归一化 有什么缺点"),
        ("那它和l2有什么区别", "l1", "l1 和l2有什么区别"),
        ("how does it work", "batch norm", "how does batch norm work"),
        ("它比它快吗", "sgd", "sgd 比它快吗"),
    ],
)
def test_what_is_pointed_at_is_put_in_once(normal: str, name: str, full: str) -> None:
    assert ellipsis.point(normal, name) == full
