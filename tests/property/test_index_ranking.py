"""The ranking is that of a plain TF-IDF, and nothing else moves it."""

import random
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import _entry_documents, _texts, build
from index.fields import WEIGHTS, FieldName, accumulate, best_of_each, query_weights
from index.fit import fit_space
from index.searcher import Searcher
from index.tokens import KIND_WEIGHTS, kind
from knowledge.model import LANGS, Entry, Knowledge, Section, Term, Text, Topic

Counts = Mapping[str, int]
Documents = Sequence[Sequence[Counts]]
"""The documents of each entry."""


class Naive:
    """TF-IDF as the textbooks have it: of one field, with dictionaries."""

    def __init__(self, documents: Documents, vocabulary: Iterable[str]) -> None:
        flat = [document for of_entry in documents for document in of_entry]
        holders = Counter(token for document in flat for token in document)
        self._idf = {token: log((1 + len(flat)) / (1 + holders[token])) + 1 for token in vocabulary}
        self._vectors = [[self._unit(document) for document in of_entry] for of_entry in documents]

    def _unit(self, counts: Counts) -> dict[str, float]:
        known = {token: tf for token, tf in counts.items() if token in self._idf}
        raw = {token: (1 + log(tf)) * self._idf[token] * KIND_WEIGHTS[kind(token)] for token, tf in known.items()}
        length = sqrt(sum(weight**2 for weight in raw.values()))
        return {token: weight / length for token, weight in raw.items()}

    def cosines(self, query: Counts) -> list[float]:
        """For each entry the cosine of its best document."""
        asked = self._unit(query)
        dot = [[sum(asked[t] * vector[t] for t in asked.keys() & vector.keys()) for vector in of] for of in self._vectors]
        return [max(of_entry, default=0.0) for of_entry in dot]


class NaiveRanker:
    """All fields of a knowledge, summed by their weights."""

    def __init__(self, knowledge: Knowledge, searcher: Searcher) -> None:
        self.ids = list(knowledge.entries)
        normals = {text: searcher.analyser.normal(text) for text in _texts(knowledge)}
        found = [_entry_documents(entry, searcher.analyser, normals).documents for entry in knowledge.entries.values()]
        fields: dict[FieldName, Documents] = {name: [of_entry[name] for of_entry in found] for name in FieldName}
        vocabulary = {token for field in fields.values() for of_entry in field for document in of_entry for token in document}
        self._fields = {name: Naive(documents, vocabulary) for name, documents in fields.items()}

    def scores(self, query: Counts) -> dict[str, float]:
        """The fused score of each entry that has one."""
        cosines = {name: field.cosines(query) for name, field in self._fields.items()}
        fused = [sum(WEIGHTS[name] * cosines[name][number] for name in FieldName) for number in range(len(self.ids))]
        return {id_: score for id_, score in zip(self.ids, fused, strict=True) if score > 0}


def agree(searcher: Searcher, naive: NaiveRanker, query: str) -> None:
    analysis = searcher.analyser.analyse(query)
    ranked = searcher.rank(analysis)
    assert dict(ranked) == pytest.approx(naive.scores(analysis.tokens), rel=0, abs=1e-6), query
    assert all((-one, first) < (-other, second) for (first, one), (second, other) in pairwise(ranked)), query


def perturbed(wordings: Sequence[str], number: int) -> list[str]:
    """Wordings cut, mixed, scrambled and repeated."""
    chance = random.Random(7)
    texts: list[str] = []
    for _ in range(number):
        one, other = chance.sample(wordings, 2)
        texts += [
            one[: len(one) // 2] + other[len(other) // 2 :],
            "".join(character for character in one if chance.random() > 0.2),
            "".join(chance.sample(one, len(one))),
            f"{one} {other} {one} unheard-of",
        ]
    return texts


def test_the_ranking_of_the_built_in_knowledge_is_that_of_plain_tf_idf(searcher: Searcher, knowledge: Knowledge) -> None:
    naive = NaiveRanker(knowledge, searcher)
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    queries = [*wordings[::200], *perturbed(wordings, 400), "", "zzz"]
    assert len(queries) > 80
    for query in queries:
        agree(searcher, naive, query)


TOKENS = st.sampled_from(
    "w:loss w:l1 b:batch_norm s:^lo c1:批 c2:批归 c3:批归一 p2:pi_gui p3:pi_gui_yi t:bn t:l1 f:why f:what".split()
)
COUNTS = st.dictionaries(TOKENS, st.integers(1, 9), max_size=8)


@given(st.lists(st.lists(COUNTS, max_size=4), max_size=5), COUNTS, st.sets(TOKENS))
def test_a_field_of_any_documents_is_plain_tf_idf(documents: list[list[Counts]], query: Counts, elsewhere: set[str]) -> None:
    """Some entries have no document in a field, and some tokens stand in other fields alone."""
    vocabulary = sorted({token for of_entry in documents for document in of_entry for token in document} | elsewhere)
    first = np.cumsum([0, *map(len, documents)], dtype=np.int64)
    numbers = {token: number for number, token in enumerate(vocabulary)}
    kinds = np.array([KIND_WEIGHTS[kind(token)] for token in vocabulary])
    space = fit_space([document for of_entry in documents for document in of_entry], numbers, kinds, first)
    known = {token: times for token, times in query.items() if token in vocabulary}
    places = np.array([vocabulary.index(token) for token in known], dtype=np.int64)
    found = accumulate(space, places, query_weights(known, places, space), weighted=True)
    best, which = best_of_each(space, found)
    assert best.tolist() == pytest.approx(Naive(documents, vocabulary).cosines(query), rel=0, abs=1e-6)
    for entry, document in enumerate(which.tolist()):
        if documents[entry]:
            assert first[entry] <= document < first[entry + 1]
            assert found[document] == best[entry]
        else:
            assert (document, best[entry]) == (-1, 0.0)


PROSE = st.text(alphabet="批归一化梯度消失为什么的公式是 batch norm l1 relu why？", max_size=12)
WORDING = PROSE.filter(lambda text: text.strip() != "")
TEXT = st.builds(
    Text,
    question=WORDING,
    also=st.lists(WORDING, max_size=3).map(tuple),
    points=st.lists(PROSE, max_size=2).map(tuple),
    short=PROSE,
    sections=st.dictionaries(st.sampled_from(list(Section)), PROSE, max_size=2),
)
TERMS = {
    "bn": Term(id="bn", zh=("批归一化",), en=("batch norm",), abbr=("BN",), misspelt=(), siblings=("norm",)),
    "norm": Term(id="norm", zh=("归一化",), en=("norm",), abbr=(), misspelt=(), siblings=("bn",)),
    "relu": Term(id="relu", zh=(), en=(), abbr=("ReLU",), misspelt=("rleu",), siblings=()),
}


@st.composite
def knowledges(draw: st.DrawFn) -> Knowledge:
    """Odd little knowledges: entries in one language, without terms, without points, asked alike."""
    texts = draw(st.lists(st.dictionaries(st.sampled_from(LANGS), TEXT, min_size=1), min_size=1, max_size=5))
    terms = {id_: TERMS[id_] for id_ in draw(st.lists(st.sampled_from(list(TERMS)), unique=True))}
    entries = {
        f"e{number}": Entry(
            id=f"e{number}",
            topic="t",
            seed=False,
            terms=tuple(draw(st.lists(st.sampled_from(list(terms)), unique=True))) if terms else (),
            follow_ups=(),
            sources=(),
            texts=its,
        )
        for number, its in enumerate(texts)
    }
    return Knowledge(entries=entries, terms=terms, topics=(Topic(id="t", names={"zh": "题"}, start=None),))


def shuffled(knowledge: Knowledge, seed: int) -> Knowledge:
    """The same knowledge with its entries and its terms in another order."""
    chance = random.Random(seed)
    entries, terms = list(knowledge.entries.items()), list(knowledge.terms.items())
    chance.shuffle(entries)
    chance.shuffle(terms)
    return Knowledge(entries=dict(entries), terms=dict(terms), topics=knowledge.topics)


@given(knowledges(), st.lists(PROSE, min_size=1, max_size=5))
@settings(max_examples=8, deadline=None)  # each example builds two whole indexes
def test_any_knowledge_is_ranked_plainly_and_in_any_order(knowledge: Knowledge, queries: list[str]) -> None:
    one, other = Searcher(*build(knowledge)), Searcher(*build(shuffled(knowledge, len(queries))))
    naive = NaiveRanker(knowledge, one)
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    for query in (*queries, *wordings):
        agree(one, naive, query)
        assert one.rank(one.analyser.analyse(query)) == other.rank(other.analyser.analyse(query))


def test_the_order_of_the_entries_changes_nothing(searcher: Searcher, knowledge: Knowledge) -> None:
    other = Searcher(*build(shuffled(knowledge, 1)))
    assert other.entry_ids != searcher.entry_ids
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    queries = [*wordings[::100], *perturbed(wordings, 100)]
    assert len(queries) > 100
    for query in queries:
        assert other.rank(other.analyser.analyse(query)) == searcher.rank(searcher.analyser.analyse(query)), query
        assert other.search(query) == searcher.search(query), query
