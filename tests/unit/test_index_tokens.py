"""Tokens of several kinds: what a text is found by."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.forms import Facet
from index.searcher import Searcher
from index.tokens import KIND_WEIGHTS, chinese_runs, content, facets, kind, latin_words, prose_tokens, stem, tokens


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("c++ 和 c# 不同", ["c++", "c#"]),
        ("k-nn t-sne l1 1x1", ["k-nn", "t-sne", "l1", "1x1"]),
        ("np.linalg.norm what's p/q", ["np.linalg.norm", "what's", "p/q"]),
        ("loss=0.75", ["loss", "=", "0.75"]),
        ("σ ≥ μ", ["σ", "≥", "μ"]),
        ("批归一化", []),
        ("", []),
    ],
)
def test_words_keep_their_symbols(text: str, words: list[str]) -> None:
    assert latin_words(text) == words


def test_runs_of_chinese() -> None:
    assert chinese_runs("bn层 到底 做了x什么") == ["层", "到底", "做了", "什么"]


@pytest.mark.parametrize(
    ("word", "shorter"),
    [
        ("networks", "network"),
        ("gradients", "gradient"),
        ("frequencies", "frequency"),
        ("training", "train"),
        ("clipped", "clipp"),
        ("loss", "loss"),
        ("bias", "bia"),
        ("analysis", "analysis"),
        ("bus", "bus"),
        ("gans", "gan"),
        ("red", "red"),
        ("king", "king"),
        ("is", "is"),
    ],
)
def test_stems(word: str, shorter: str) -> None:
    assert stem(word) == shorter


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122)))
def test_a_stem_is_never_empty_and_no_longer(word: str) -> None:
    shorter = stem(word)
    assert min(len(word), 3) <= len(shorter) <= len(word)


def test_every_kind_of_token() -> None:
    counts = tokens("批归一化 batch norms 是什么", ["batch-norm"], [Facet.WHAT], bare=True)
    assert {token: count for token, count in counts.items() if kind(token) not in ("s", "c1")} == {
        "w:batch": 1,
        "w:norm": 1,
        "b:batch norm": 1,
        "c2:批归": 1,
        "c2:归一": 1,
        "c2:一化": 1,
        "c2:是什": 1,
        "c2:什么": 1,
        "t:batch-norm": 1,
        "f:what": 1,
        "f:bare": 1,
    }
    assert {token for token in counts if kind(token) == "s"} == {
        "s:^ba",
        "s:bat",
        "s:atc",
        "s:tch",
        "s:ch$",
        "s:^no",
        "s:nor",
        "s:orm",
        "s:rm$",
    }
    assert counts["c1:什"] == 1


def test_repeats_count() -> None:
    counts = tokens("梯度梯度 relu relu", [], [], bare=False)
    assert (counts["c2:梯度"], counts["c1:梯"], counts["w:relu"], counts["b:relu relu"]) == (2, 2, 2, 1)


def test_stop_words_are_no_tokens_and_part_nothing() -> None:
    assert tokens("the", [], [], bare=False) == {}
    assert "b:norm network" in tokens("norm of the network", [], [], bare=False)


@given(st.text(alphabet="批归一化为什么公式 batchnorm0123l1k-n+#.x=≥", max_size=40))
def test_tokens_have_a_kind_that_is_weighed(text: str) -> None:
    counts = tokens(text, ["a"], facets(text), bare=False)
    assert all(kind(token) in KIND_WEIGHTS and count >= 1 for token, count in counts.items())
    assert content(text) <= counts.keys()
    assert facets(text) == {token[2:] for token in counts if kind(token) == "f"}
    said = {token: count for token, count in counts.items() if kind(token) in ("w", "c2", "t")}
    assert prose_tokens(text, ["a"]) == said


@pytest.mark.parametrize(
    ("core", "facet"),
    [
        ("bn 是什么", Facet.WHAT),
        ("what is dropout", Facet.WHAT),
        ("为什么 relu 好", Facet.WHY),
        ("why does it work", Facet.WHY),
        ("梯度消失怎么解决", Facet.FIX),
        ("how to choose batch size", Facet.CHOOSE),
        ("l1 和 l2 的区别", Facet.DIFFERENCE),
        ("交叉熵公式", Facet.FORMULA),
        ("bn 代码", Facet.CODE),
        ("有哪些激活函数", Facet.KINDS),
        ("batch size 的影响", Facet.EFFECT),
    ],
)
def test_facets(core: str, facet: Facet) -> None:
    assert facet in facets(core)


def test_a_bare_term_has_no_facet() -> None:
    assert facets("bn") == frozenset()
    assert facets("whywhat formulas") == frozenset()


@pytest.mark.parametrize("text", ["C++ 是什么", "k-NN 怎么算", "L1 范数", "1×1 卷积", "t-SNE 原理", "C# 语言"])
def test_names_with_symbols_survive_the_whole_analysis(searcher: Searcher, text: str) -> None:
    word = text.partition(" ")[0].casefold().replace("×", "x")
    assert f"w:{word}" in searcher.analyser.analyse(text).tokens


def test_symbols_tell_languages_apart(searcher: Searcher) -> None:
    names = ["C", "C++", "C#"]
    assert len({frozenset(searcher.analyser.analyse(name).tokens) for name in names}) == len(names)
