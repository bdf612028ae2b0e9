"""One normal form for everything that is written differently and means the same."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from opencc import OpenCC

from index.language import script_of
from index.searcher import Searcher
from index.text import MOST_CHARACTERS, Normaliser, Script
from knowledge.model import Knowledge

PLAIN = Normaliser(Script())


def wide(text: str) -> str:
    """ASCII in its full-width forms."""
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("", ""),
        (" \t\r\n\u3000\u00a0", ""),
        ("？！。…——", ""),
        ("ＢＮ算法？", "bn算法"),
        ("简述下BN算法。", "简述下bn算法"),
        ("C++ 和 C#", "c++ 和 c#"),
        ("k-NN", "k-nn"),
        ("Ｌ１正则", "l1正则"),
        ("t-SNE/PCA", "t-sne/pca"),
        ("1×1", "1x1"),
        ("1 x 1 卷积", "1x1 卷积"),
        ("1*1", "1x1"),
        ("１乘１", "1x1"),
        ("3x3x3", "3x3x3"),
        ("max x 2", "max x 2"),
        ("np.linalg.norm()", "np.linalg.norm"),
        ("What's 0.75?", "what's 0.75"),
        ("'quoted' ... text.", "quoted text"),
        ("Ba\u200btch\u00adNo\ufeffrm", "batchnorm"),
        ("批\u0000归\u0007一化", "批 归 一化"),
        ("BN🥲🥲算法", "bn 算法"),
        ("ﬁlter ①", "filter 1"),
        ("naïve Poincaré", "naive poincare"),
        ("STRASSE straße", "strasse strasse"),
        ("为什么啊啊啊啊啊啊", "为什么啊啊啊"),
        ("1000000", "1000000"),
        ("a\ud800b", "a b"),
        ("BN？？？是什么！！！", "bn 是什么"),
        ("<b>BN</b> & `code`", "b bn /b code"),
    ],
)
def test_normal_forms(text: str, normal: str) -> None:
    assert PLAIN.normal(text) == normal


ANYTHING = st.text(st.characters(exclude_categories=()))
SLIPPERY = st.lists(
    st.one_of(
        ANYTHING.filter(bool),
        st.sampled_from(
            "1 2 x X × * 乘 ? ？ . ' ’ - / \u200b \u3164 \uffa0 \u1160 \ufe0f \u0301 ﷺ ß İ ǆ 薴 網路 為什麼 啊啊啊 aaa 😀 \ud800 \x00".split(
                " "
            )
        ),
    ),
    max_size=12,
).map("".join)


@given(SLIPPERY)
@example("1?x1")
@example("1 x?1")
@example("\uffa0")
@example("薴")
@example("ﷺ" * MOST_CHARACTERS)
@example("x" + "a" * 3000)
def test_the_normal_form_is_its_own_normal_form(searcher: Searcher, text: str) -> None:
    normal = searcher.analyser.normal(text)
    assert searcher.analyser.normal(normal) == normal


@given(SLIPPERY)
def test_a_normal_form_holds_nothing_invisible(searcher: Searcher, text: str) -> None:
    normal = searcher.analyser.normal(text)
    assert normal == " ".join(normal.split())
    assert {unicodedata.category(character) for character in normal}.isdisjoint({"Cc", "Cs", "Co", "Zl", "Zp"})
    assert normal == normal.casefold()
    assert len(normal) <= MOST_CHARACTERS


@given(SLIPPERY)
def test_frames_and_forms_take_any_text(searcher: Searcher, text: str) -> None:
    form = searcher.analyser.form(text)
    assert " " not in form
    assert searcher.analyser.analyse(text).core.replace(" ", "") == form
    assert " " not in searcher.analyser.name_form(text)


@pytest.mark.parametrize(
    "text", ["批" * 100_000, "a b " * 25_000, "\u0301" * 100_000, "１" * 100_000, "？" * 99_990 + "BN是什么"]
)
def test_a_very_long_text_is_cut(searcher: Searcher, text: str) -> None:
    normal = searcher.analyser.normal(text)
    assert len(normal) <= MOST_CHARACTERS
    assert normal == searcher.analyser.normal(text[: 4 * MOST_CHARACTERS])


@given(st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=60))
def test_wide_and_upper_case_letters_are_the_same(text: str) -> None:
    assert PLAIN.normal(wide(text)) == PLAIN.normal(text)
    assert PLAIN.normal(text.upper()) == PLAIN.normal(text)
    assert PLAIN.normal(text.swapcase()) == PLAIN.normal(text)


@pytest.mark.parametrize(("variety", "most"), [("s2t", 0.0), ("s2tw", 0.0), ("s2hk", 0.0), ("s2twp", 0.01)])
def test_traditional_writing_is_the_same(searcher: Searcher, knowledge: Knowledge, variety: str, most: float) -> None:
    """And so are Taiwan's terms (s2twp), but for the few that stand for two of the mainland's."""
    convert, simplify = OpenCC(variety).convert, OpenCC("t2s").convert
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    written = {wording: convert(wording) for wording in wordings}
    traditional = {wording: other for wording, other in written.items() if simplify(other) != other}
    assert len(traditional) > 500
    normal = searcher.analyser.normal
    differ = {other: normal(other) for wording, other in traditional.items() if normal(other) != normal(wording)}
    assert len(differ) <= most * len(traditional), differ


def test_the_script_knows_taiwan_terms_of_its_texts_alone() -> None:
    taiwan = dict(script_of(["默认的网络参数"]).phrases)
    assert taiwan["网路"] == "网络"
    assert "资讯" not in taiwan
    normaliser = Normaliser(script_of(["默认的网络参数"]))
    assert normaliser.normal("預設的網路參數") == "默认的网络参数"
    assert normaliser.normal("网路") == "网路", "simplified text is not taken for Taiwan's"


def test_a_word_that_the_texts_use_themselves_is_never_replaced() -> None:
    """Taiwan's word for one thing is the mainland's word for another: 向量 is both a vector here and 矢量 there."""
    normaliser = Normaliser(script_of(["特征向量", "矢量图"]))
    assert normaliser.normal("特徵向量") == "特征向量"


def test_what_the_knowledge_says_in_traditional_writing_is_simplified_all_the_same() -> None:
    normaliser = Normaliser(script_of(["語意分割", "大型語言模型"], ["語意分割", "類神經網路"]))
    assert normaliser.normal("語意分割") == "语意分割"
    assert normaliser.normal("大型語言模型") == "大型语言模型"


@pytest.mark.parametrize(
    ("text", "core"),
    [
        ("请问一下，BN 是什么呢？", "bn 是什么"),
        ("面试官问我：为啥用 ReLU", "为什么用 relu"),
        ("hey, could you please explain dropout?", "dropout"),
        ("咋解决梯度消失啊", "怎么解决梯度消失"),
        ("L1 和 L2 有啥差别", "l1 和 l2 有什么区别"),
        ("What's batch norm", "what is batch norm"),
        ("plz", ""),
        ("they explained heyday pleased", "they explained heyday pleased"),
    ],
)
def test_frames_go_and_spoken_forms_become_plain(text: str, core: str) -> None:
    assert PLAIN.core(PLAIN.normal(text)) == core
