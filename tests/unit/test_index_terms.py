"""The terms that a text names."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.searcher import Searcher
from index.terms import Span, TermFinder, named, tight

FINDER = TermFinder(
    named(
        [
            ("批归一化", "batch-norm"),
            ("BN", "batch-norm"),
            ("batch norm", "batch-norm"),
            ("归一化", "normalization"),
            ("GAN", "gan"),
            ("L1", "l1"),
            ("L1范数", "l1-norm"),
            ("L1 norm", "l1-norm"),
            ("k-NN", "knn"),
            ("C++", "cpp"),
            ("C", "c"),
            ("卷积", "convolution"),
            ("1x1卷积", "1x1-convolution"),
            ("Adam", "adam"),
            ("AdamW", "adamw"),
            ("Q学习", "q-learning"),
        ],
        str.casefold,
    )
)


@pytest.mark.parametrize(
    ("normal", "terms"),
    [
        ("批归一化和归一化", ("batch-norm", "normalization")),
        ("bn的原理", ("batch-norm",)),
        ("讲bn层", ("batch-norm",)),
        ("batchnorm batch-norm batch norm", ("batch-norm",)),
        ("abn bnx bn2 2bn", ()),
        ("bn-relu", ("batch-norm",)),
        ("organ began gan", ("gan",)),
        ("organ began", ()),
        ("gans", ("gan",)),
        ("bns ls", ()),
        ("l1 norms", ("l1-norm",)),
        ("l1范数", ("l1-norm",)),
        ("l1 范数", ("l1-norm",)),
        ("l1正则", ("l1",)),
        ("l12", ()),
        ("knn k-nn", ("knn",)),
        ("c++ 和 c", ("cpp", "c")),
        ("c+", ("c",)),
        ("1x1 卷积", ("1x1-convolution",)),
        ("3x1x1卷积", ("convolution",)),
        ("adamw", ("adamw",)),
        ("adam w", ("adamw",)),
        ("adam with", ("adam",)),
        ("q学习 aq学习", ("q-learning",)),
        ("", ()),
    ],
)
def test_the_longest_whole_name_wins(normal: str, terms: tuple[str, ...]) -> None:
    assert FINDER.terms(normal) == terms


def test_a_plural_of_two_letters_is_none() -> None:
    """Two letters and an s are most often another abbreviation."""
    assert FINDER.terms("bns") == ()


def test_places_are_those_of_the_text() -> None:
    text = "讲讲 batch  norm 和 gans 吧"
    spans = FINDER.spans(text)
    assert [text[span.start : span.end] for span in spans] == ["batch  norm", "gan"]
    assert spans[0] == Span("batch-norm", 3, 14)


@given(
    st.lists(
        st.sampled_from(
            ["批", "归一化", "bn", "b", "n", "gan", "s", "l1", "范数", "norm", " ", "-", "c++", "+", "adam", "w", "1x1", "卷积"]
        )
    ).map("".join)
)
def test_spans_stand_in_order_and_are_names(normal: str) -> None:
    spans = FINDER.spans(normal)
    assert all(0 <= span.start < span.end <= len(normal) for span in spans)
    assert all(one.end <= other.start for one, other in pairwise(spans))
    assert all(FINDER.names[tight(normal[span.start : span.end])] == span.term for span in spans)
    assert FINDER.terms(normal) == tuple(dict.fromkeys(span.term for span in spans))


def test_of_a_name_claimed_twice_the_first_term_keeps_it() -> None:
    assert named([("LDA", "topics"), ("lda", "discriminant"), ("--", "nothing")], str.casefold) == {"lda": "topics"}


def test_no_names_name_nothing() -> None:
    assert TermFinder({}).spans("批归一化") == []


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("ＢＮ 和 Layer Norm 的區別", ("batch-norm", "layer-norm")),
        ("L2正则化", ("l2",)),
        ("ReLUs", ("relu",)),
        ("AdamW", ("adamw",)),
        ("１×１卷积", ("1x1-convolution",)),
        ("Naïve Bayes", ("naive-bayes",)),
    ],
)
def test_terms_of_the_built_in_lexicon(searcher: Searcher, text: str, terms: tuple[str, ...]) -> None:
    assert searcher.analyser.analyse(text).terms == terms


def test_a_term_is_exchanged_for_another(searcher: Searcher) -> None:
    assert searcher.analyser.exchange("为什么 L1正则 能防止过拟合？", "l1", "L2正则") == "为什么 L2正则 能防止过拟合"
    assert searcher.analyser.exchange("为什么 L1正则 能防止过拟合？", "dropout", "L2正则") is None


def test_what_a_text_says_besides_its_terms(searcher: Searcher) -> None:
    assert searcher.analyser.analyse("请问 BN 的公式").subjectless == "的公式"
