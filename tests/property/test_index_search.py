"""Whatever is asked, a search ends in a short list that keeps its promises."""

from math import isfinite

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.decision import Outcome, row
from index.searcher import BEYOND_DOUBT, SHORT_LIST, Found, Searcher
from knowledge.model import Knowledge


def keeps_its_promises(found: Found, searcher: Searcher) -> bool:
    """Asserts everything that holds for every search."""
    hits = found.hits
    assert len(hits) <= SHORT_LIST
    assert all(isfinite(hit.score) and 0.0 <= hit.score <= 1.0 for hit in hits)
    assert [-hit.score for hit in hits] == sorted(-hit.score for hit in hits)
    assert len({hit.entry for hit in hits}) == len(hits)
    assert {hit.entry for hit in hits} <= set(searcher.entry_ids)
    for hit in hits:
        assert all(map(isfinite, row(hit.signals)))
        shares = (hit.signals.cosine, hit.signals.covered, hit.signals.unknown, hit.signals.rest_covered)
        assert all(0.0 <= share <= 1.0 + 1e-6 for share in shares), hit.signals
        assert set(hit.barred) | set(hit.doubted) <= set(found.analysis.terms)
        assert not set(hit.barred) & set(hit.doubted)
    best = hits[0] if hits else None
    match found.outcome:
        case Outcome.ANSWER:
            assert best is not None
            assert best.score >= searcher.model.answer
            assert best.answerable
            assert not best.doubted or best.score >= BEYOND_DOUBT
        case Outcome.SUGGEST:
            assert best is not None
            assert best.score >= searcher.model.suggest
            assert not best.answerable or best.score < searcher.model.answer
        case Outcome.UNKNOWN:
            assert best is None or best.score < searcher.model.suggest
    return True


ANYTHING = st.text(st.characters(exclude_categories=()))
TECHNICAL = st.lists(
    st.one_of(
        ANYTHING.filter(bool),
        st.sampled_from(
            "BN L1 L2 relu ReLU 梯度消失 过拟合 batch size 1×1 C++ k-NN p=0.5 softmax loss 卷积 正态分布 RNN".split(" ")
        ),
        st.sampled_from(
            "请问 为什么 是什么 怎么办 和 的 区别 公式 呢 ？ what why how vs the <b> </b> ``` $ \\ \n \t \x00 \ud800 \u200b 🥲".split(
                " "
            )
        ),
    ),
    max_size=15,
).flatmap(lambda pieces: st.sampled_from(["", " "]).map(lambda glue: glue.join(pieces)))


@given(st.one_of(ANYTHING, TECHNICAL))
@example("")
@example(" \t\r\n")
@example("\ud800\udfff")
@example("\x00\x1b[31m")
@example("\u200b\u200d\ufeff")
@example("？！…")
@example("请问")
@example("请问请问please hey？")
@example("批" * 100_000)
@example("BN " * 40_000)
@example("xiao" * 30_000)
@example("why " * 30_000)
@example("<script>alert(1)</script>")
@example("' OR 1=1; --")
def test_any_text_can_be_asked(searcher: Searcher, text: str) -> None:
    for found in (searcher.search(text), *searcher.readings(text)):
        assert keeps_its_promises(found, searcher)


@given(st.one_of(ANYTHING, TECHNICAL))
def test_a_small_knowledge_can_be_asked_anything(small_searcher: Searcher, text: str) -> None:
    assert keeps_its_promises(small_searcher.search(text), small_searcher)


@pytest.mark.parametrize("text", ["", " ", "？！…", "\u200b", "\x00\x01", "\ud800", "🥲🥲", "。" * 100_000])
def test_a_text_without_a_word_finds_nothing(searcher: Searcher, text: str) -> None:
    found = searcher.search(text)
    assert (found.outcome, found.hits) == (Outcome.UNKNOWN, ())


def wordings(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Each wording with its entry."""
    return [(w, entry.id) for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]


def test_every_wording_is_answered_with_its_entry(searcher: Searcher, knowledge: Knowledge) -> None:
    asked = wordings(knowledge)[::5]
    assert len(asked) > 1000
    astray: dict[str, str] = {}
    for wording, entry in asked:
        found = searcher.search(wording)
        assert keeps_its_promises(found, searcher)
        if found.outcome is not Outcome.ANSWER or found.hits[0].entry != entry:
            astray[wording] = f"{entry}: {found.outcome} {found.hits[:1]}"
    assert astray == {}


def test_a_wording_written_apart_keeps_the_promises(searcher: Searcher, knowledge: Knowledge) -> None:
    """Its form is that of a wording, but its tokens are others."""
    apart = [" ".join(wording) for wording, _ in wordings(knowledge)[::12]]
    assert len(apart) > 500
    assert all(keeps_its_promises(searcher.search(text), searcher) for text in apart)


@pytest.mark.parametrize(
    ("query", "entry"),
    [
        ("碟刹怎么工作", "disc-brake"),
        ("disk brakes how do they work", "disc-brake"),
        ("请问圈刹有啥优点", "rim-brake"),
        ("鏈條磨損怎麼判斷？", "chain-wear"),
        ("lian tiao mo sun", "chain-wear"),
        ("how to repair a tubless tyre", "tubeless-puncture"),
    ],
)
def test_another_subject_is_answered_as_well(small_searcher: Searcher, query: str, entry: str) -> None:
    found = small_searcher.search(query)
    assert (found.outcome, found.hits[0].entry) == (Outcome.ANSWER, entry)


@pytest.mark.parametrize(
    "query", ["BN是什么", "为什么用ReLU", "what is batch norm", "梯度消失", "L1 和 L2 的区别", "tiduxiaoshi"]
)
def test_and_then_the_built_in_one_is_foreign(small_searcher: Searcher, query: str) -> None:
    assert small_searcher.search(query).outcome is not Outcome.ANSWER
    assert small_searcher.analyser.analyse(query).terms == ()


def test_what_is_left_out_is_not_found(searcher: Searcher, knowledge: Knowledge) -> None:
    for entry in knowledge.entries.values():
        found = searcher.search(entry.text("zh").question, without=[entry.id, "no-such-entry"])
        assert keeps_its_promises(found, searcher)
        assert entry.id not in [hit.entry for hit in found.hits]


def test_searching_again_gives_the_same(searcher: Searcher, knowledge: Knowledge) -> None:
    for wording, _ in wordings(knowledge)[::50]:
        assert searcher.search(wording) == searcher.search(wording)


def test_an_index_holds_the_knowledge_that_it_was_built_from(searcher: Searcher, knowledge: Knowledge) -> None:
    assert searcher.entry_ids == tuple(knowledge.entries)
    assert searcher.topics == knowledge.topics
    assert searcher.terms.keys() == knowledge.terms.keys()
    for entry in knowledge.entries.values():
        assert searcher.has(entry.id)
        assert searcher.entry(entry.id) == entry
        assert set(entry.terms) <= searcher.asked(entry.id)
    for topic in knowledge.topics:
        assert searcher.entries_of(topic.id) == tuple(e.id for e in knowledge.entries.values() if e.topic == topic.id)
    assert not searcher.has("no-such-entry")
    with pytest.raises(KeyError):
        searcher.entry("no-such-entry")
