"""What is found by reading little is what is found by reading everything, and both are what scikit-learn finds."""

import random
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from index import grams, pruning
from index.fields import Array, Postings
from index.grams import Engine, build
from index.pruning import Best, full_scan, pruned

TEXT = st.text(alphabet="批归一化梯度消失 \nabBN1?", max_size=12)
TEXTS = st.lists(TEXT, min_size=1, max_size=40)


def by_reading_little(arrays: dict[str, Array], engine: Engine, query: str, most: int) -> Best:
    return pruned(engine.postings, arrays["greatest"], *engine.vector(query), most)


def same(one: Best, other: Best) -> bool:
    return bool(np.array_equal(one.owners, other.owners) and np.array_equal(one.scores, other.scores))


@given(TEXTS, TEXT, st.integers(1, 12))
def test_reading_little_finds_what_reading_everything_finds(texts: list[str], query: str, most: int) -> None:
    arrays = build(texts)
    engine = Engine(arrays)
    for asked in (query, *texts[:5]):
        assert same(by_reading_little(arrays, engine, asked, most), full_scan(engine.postings, *engine.vector(asked), most))


@given(TEXTS, TEXT)
def test_the_scores_are_those_of_scikit_learn(texts: list[str], query: str) -> None:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    if not any(texts):
        return
    matrix = vectorizer.fit_transform(texts)
    engine = Engine(build(texts))
    for asked in (query, texts[-1]):
        expected = (vectorizer.transform([asked]) @ matrix.T).toarray()[0]
        agree(engine.best(asked), expected)


def agree(found: Best, expected: Array) -> None:
    assert found.scores.tolist() == pytest.approx(np.sort(expected[expected > 0])[::-1][:10].tolist(), abs=1e-6)
    assert expected[found.owners].tolist() == pytest.approx(found.scores.tolist(), abs=1e-6)


def many(number: int) -> Sequence[str]:
    """Texts with common and rare characters, many alike: what pruning is made for."""
    chance = random.Random(3)
    words = ["".join(chr(0x4E00 + int(chance.paretovariate(0.6)) % 3000) for _ in range(3)) for _ in range(400)]
    return ["".join(chance.choices(words, k=chance.randrange(1, 6))) for _ in range(number)]


def test_many_texts_are_found_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grams, "_CHUNK", 700)
    texts = many(6000)
    arrays = build(texts)
    engine = Engine(arrays)
    assert len(arrays["owners"]) > 50_000
    chance = random.Random(5)
    for _ in range(150):
        one, other = chance.choice(texts), chance.choice(texts)
        for query in (one, one[1:] + other[:2], one[::-1], other[:1]):
            for most in (1, 10, 40):
                assert same(by_reading_little(arrays, engine, query, most), engine.full(query, most)), query


def test_lists_are_left_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    """With lookups costing nothing the shortcut is taken, and what it finds is the same."""
    looked_up: list[int] = []

    def spied(postings: Postings, places: Array, weights: Array, owners: Array, scores: Array) -> Array:
        looked_up.append(len(places))
        return with_lists(postings, places, weights, owners, scores)

    with_lists = pruning._with_lists
    monkeypatch.setattr(pruning, "_LOOK_UP", 0)
    monkeypatch.setattr(pruning, "_with_lists", spied)
    texts = many(3000)
    arrays = build(texts)
    engine = Engine(arrays)
    queries = texts[::100]
    for query in queries:
        assert same(by_reading_little(arrays, engine, query, 10), engine.full(query)), query
    assert len(looked_up) > len(queries)
    assert sum(looked_up) > 0


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [*many(50), "", "a", " "]
    whole = build(texts)
    monkeypatch.setattr(grams, "_CHUNK", 7)
    told: list[tuple[int, int]] = []
    parts = build(texts, progress=lambda done, total: told.append((done, total)))
    assert all(np.array_equal(whole[name], parts[name]) for name in whole)
    assert told[0] == (0, 53)
    assert told[-1] == (53, 53)


@pytest.mark.parametrize("query", ["", "\ud800", "zzz", "\0", "x" * 10_000])
def test_odd_queries_are_no_errors(query: str) -> None:
    engine = Engine(build(["批归一化", "\0a"]))
    assert all(0 < score <= 1 + 1e-6 for score in engine.best(query).scores)
    assert engine.best(query).owners.tolist() == ([1] if query == "\0" else [])


@settings(deadline=None)  # it is compiled once
@given(TEXTS, TEXT, st.integers(1, 12))
def test_what_is_compiled_finds_the_same(texts: list[str], query: str, most: int) -> None:
    compiled = pytest.importorskip("index.compiled")
    arrays = build(texts)
    engine = compiled.CompiledEngine(arrays | compiled.forward(arrays))
    for asked in (query, *texts[:5], query):
        assert same(engine.best(asked, most), engine.full(asked, most))


def test_what_is_compiled_finds_the_same_among_many() -> None:
    """With lists of every length, so that some are read, some read in part and some not at all."""
    compiled = pytest.importorskip("index.compiled")
    texts = many(6000)
    arrays = build(texts)
    arrays |= compiled.forward(arrays)
    engine = compiled.CompiledEngine(arrays)
    assert 100 < len(arrays["long"]) < len(arrays["grams"]) / 2
    chance = random.Random(5)
    for _ in range(150):
        one, other = chance.choice(texts), chance.choice(texts)
        for query in (one, one[1:] + other[:2], one[::-1], other[:1]):
            for most in (1, 10, 40):
                assert same(engine.best(query, most), engine.full(query, most)), query


def test_no_text_at_all() -> None:
    assert Engine(build([])).best("批").owners.tolist() == []
    assert Engine(build([""])).best("批").owners.tolist() == []
