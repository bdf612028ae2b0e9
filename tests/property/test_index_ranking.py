"""The ranking is what the formulas of index.fields say, and nothing else moves it."""

import random
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import _made, build
from index.fields import LIKEST, SATURATION, SHARES, FieldName, query_weights
from index.fit import fit_postings
from index.searcher import Searcher
from index.tokens import KIND_WEIGHTS, kind
from knowledge.model import LANGS, Entry, Knowledge, Section, Term, Text, Topic

Counts = Mapping[str, int]
Documents = Sequence[Sequence[Counts]]
"""The documents of each entry."""


class Naive:
    """The formulas of index.fields as the textbooks have them, with dictionaries."""

    def __init__(self, fields: Mapping[FieldName, Documents]) -> None:
        """Take the documents of each entry, field by field."""
        self._mixtures = [
            self._mixture({name: fields[name][n] for name in FieldName}) for n in range(len(fields[FieldName.BODY]))
        ]
        holders = Counter(token for mixture in self._mixtures for token in mixture)
        self._rarity = {token: log((1 + len(self._mixtures)) / (1 + times)) + 1 for token, times in holders.items()}
        self._wordings = [[self._unit(w, self._rarity) for w in of_entry] for of_entry in fields[FieldName.WORDINGS]]

    def _mixture(self, documents: Mapping[FieldName, Sequence[Counts]]) -> dict[str, float]:
        mixture: dict[str, float] = {}
        for name, of_field in documents.items():
            for document in of_field:
                for token, weight in self._unit(document, None).items():
                    mixture[token] = mixture.get(token, 0.0) + SHARES[name] * weight / len(of_field)
        return mixture

    def _unit(self, counts: Counts, rarity: Mapping[str, float] | None) -> dict[str, float]:
        known = {token: tf for token, tf in counts.items() if rarity is None or token in rarity}
        raw = {t: (1 + log(tf)) * KIND_WEIGHTS[kind(t)] * (rarity[t] if rarity else 1.0) for t, tf in known.items()}
        length = sqrt(sum(weight**2 for weight in raw.values()))
        return {token: weight / length for token, weight in raw.items()}

    def scores(self, query: Counts) -> list[float]:
        """The score of each entry."""
        asked = self._unit(query, self._rarity)
        return [
            sum(asked[t] * log(1 + mixture[t] / SATURATION) for t in asked.keys() & mixture.keys())
            + LIKEST * max((sum(asked[t] * w[t] for t in asked.keys() & w.keys()) for w in wordings), default=0.0)
            for mixture, wordings in zip(self._mixtures, self._wordings, strict=True)
        ]


class NaiveRanker:
    """The same over a knowledge."""

    def __init__(self, knowledge: Knowledge, searcher: Searcher) -> None:
        self.ids = list(knowledge.entries)
        found = [_made(entry, searcher.analyser).documents for entry in knowledge.entries.values()]
        self._naive = Naive({name: [of_entry[name] for of_entry in found] for name in FieldName})

    def scores(self, query: Counts) -> dict[str, float]:
        """The score of each entry that has one."""
        return {id_: score for id_, score in zip(self.ids, self._naive.scores(query), strict=True) if score > 0}


def agree(searcher: Searcher, naive: NaiveRanker, query: str) -> None:
    analysis = searcher.analyser.analyse(query)
    ranked = searcher.rank(analysis)
    assert dict(ranked) == pytest.approx(naive.scores(analysis.tokens), rel=1e-5, abs=1e-6), query
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


def test_the_ranking_of_the_built_in_knowledge_is_what_the_formulas_say(searcher: Searcher, knowledge: Knowledge) -> None:
    naive = NaiveRanker(knowledge, searcher)
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    queries = [*wordings[::200], *perturbed(wordings, 400), "", "zzz"]
    assert len(queries) > 80
    for query in queries:
        agree(searcher, naive, query)


TOKENS = st.sampled_from("w:loss w:l1 b:batch_norm s:^lo c1:批 c2:批归 t:bn t:l1 f:why f:what".split())
COUNTS = st.dictionaries(TOKENS, st.integers(1, 9), max_size=8)
ENTRIES = st.lists(st.tuples(st.lists(COUNTS, max_size=4), COUNTS, COUNTS), min_size=1, max_size=5)


@given(ENTRIES, COUNTS)
def test_any_documents_are_scored_plainly(entries: list[tuple[list[Counts], Counts, Counts]], query: Counts) -> None:
    """Some entries have no wording, and some tokens stand in points or answers alone."""
    every = {token for wordings, points, body in entries for document in (*wordings, points, body) for token in document}
    vocabulary = sorted(every)
    numbers = {token: number for number, token in enumerate(vocabulary)}
    kinds = np.array([KIND_WEIGHTS[kind(token)] for token in vocabulary])
    first = np.cumsum([0, *(len(wordings) for wordings, _, _ in entries)], dtype=np.int64)
    documents = {
        FieldName.WORDINGS: [wording for wordings, _, _ in entries for wording in wordings],
        FieldName.POINTS: [points for _, points, _ in entries],
        FieldName.BODY: [body for _, _, body in entries],
    }
    fitted = fit_postings(documents, numbers, kinds, first)
    known = [token for token in query if token in numbers]
    places = np.array([numbers[token] for token in known], dtype=np.int64)
    times = np.array([query[token] for token in known], dtype=np.float64)
    weights = query_weights(times, kinds[places], fitted.rarity[places])
    cosines = fitted.wordings.of(places).weighted(weights)
    profile = fitted.profiles.of(places).weighted(weights)
    best = [max(cosines[first[n] : first[n + 1]], default=0.0) for n in range(len(entries))]
    fields: dict[FieldName, Documents] = {
        FieldName.WORDINGS: [wordings for wordings, _, _ in entries],
        FieldName.POINTS: [[points] for _, points, _ in entries],
        FieldName.BODY: [[body] for _, _, body in entries],
    }
    assert (profile + LIKEST * np.array(best)).tolist() == pytest.approx(Naive(fields).scores(query), rel=1e-5, abs=1e-6)
    has = [{token for wording in wordings for token in wording} for wordings, _, _ in entries]
    said = fitted.profiles.of(places).held(np.arange(len(entries))).sums(np.ones(len(places)), fitted.asked)
    assert said.tolist() == [sum(token in of_entry for token in known) for of_entry in has]


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
