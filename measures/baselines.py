"""What common engines answer on our query sets, each with every wording to search and with its own best threshold."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import bm25s
import jieba
import minsearch
from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.calibrate import Question
from index.decision import Outcome
from index.fields import Array
from index.searcher import likeliest

Best = list[tuple[str, float]]
"""For each query the entry found first and its score."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What there is to search."""

    wordings: tuple[str, ...]
    entries: tuple[str, ...]
    """The entry of each wording."""
    questions: frozenset[str]
    """The wordings that are titles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an engine answers at its threshold; shares in [0, 1]."""

    name: str
    first: float
    """Of the queries with an answer: how many have a right entry found first, whatever its score."""
    right: float
    wrong: float
    false: float
    """Of the queries without: how many are answered."""


def title(stored: Stored, queries: Sequence[str]) -> Best:
    """Exact titles, case and blanks aside."""
    known = {
        _plain(wording): entry
        for wording, entry in zip(stored.wordings, stored.entries, strict=True)
        if wording in stored.questions
    }
    return [(known.get(_plain(query), ""), float(_plain(query) in known)) for query in queries]


def character_tf_idf(stored: Stored, queries: Sequence[str]) -> Best:
    """Cosine of character 1- to 3-grams, scikit-learn's TfidfVectorizer as it comes."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
    documents = vectorizer.fit_transform(stored.wordings)
    return _first(stored, (vectorizer.transform(queries) @ documents.T).toarray())


def bm25(stored: Stored, queries: Sequence[str]) -> Best:
    """BM25 over jieba's words."""
    retriever = bm25s.BM25()
    retriever.index([_words(wording) for wording in stored.wordings], show_progress=False)
    places, scores = retriever.retrieve([_words(query) for query in queries], k=1, show_progress=False)
    return [(stored.entries[int(place)], float(score)) for place, score in zip(places[:, 0], scores[:, 0], strict=True)]


def minsearch_words(stored: Stored, queries: Sequence[str]) -> Best:
    """Minsearch over jieba's words."""
    engine = minsearch.Index(text_fields=["text"], keyword_fields=["place"])
    engine.fit([{"text": " ".join(_words(w)), "place": str(n)} for n, w in enumerate(stored.wordings)])
    matrix, vectorizer = engine.text_matrices["text"], engine.vectorizers["text"]
    return _first(stored, (vectorizer.transform([" ".join(_words(query)) for query in queries]) @ matrix.T).toarray())


def rapidfuzz_ratio(stored: Stored, queries: Sequence[str]) -> Best:
    """RapidFuzz WRatio with every wording."""
    texts = [_plain(wording) for wording in stored.wordings]
    scores = process.cdist([_plain(query) for query in queries], texts, scorer=fuzz.WRatio, workers=-1)
    return _first(stored, scores)


ENGINES: dict[str, Callable[[Stored, Sequence[str]], Best]] = {
    "exact title": title,
    "character TF-IDF (scikit-learn)": character_tf_idf,
    "BM25, jieba words (bm25s)": bm25,
    "minsearch, jieba words": minsearch_words,
    "RapidFuzz WRatio": rapidfuzz_ratio,
}


def results(stored: Stored, texts: Sequence[str], questions: Sequence[Question]) -> list[Result]:
    """Ours first, then each engine at the threshold that gives it most right answers with no more false ones than ours."""
    jieba.setLogLevel(logging.ERROR)
    expected = [question.expected for question in questions]
    mine = [likeliest(question.readings) for question in questions]
    ours = [(found.hits[0].entry, float(found.outcome is Outcome.ANSWER)) if found.hits else ("", 0.0) for found in mine]
    found = [_judged("zhuiwen", ours, expected, 0.5)]
    for name, engine in ENGINES.items():
        best = engine(stored, texts)
        false = sorted((score for (_, score), its in zip(best, expected, strict=True) if not its), reverse=True)
        allowed = int(found[0].false * len(false) + 0.5)
        found.append(_judged(name, best, expected, false[allowed] if allowed < len(false) else -1.0))
    return found


def _judged(name: str, best: Best, expected: Sequence[frozenset[str]], threshold: float) -> Result:
    asked = [(entry in its, score > threshold) for (entry, score), its in zip(best, expected, strict=True) if its]
    quiet = [score > threshold for (_, score), its in zip(best, expected, strict=True) if not its]
    return Result(
        name=name,
        first=sum(right for right, _ in asked) / len(asked),
        right=sum(right and answered for right, answered in asked) / len(asked),
        wrong=sum(answered and not right for right, answered in asked) / len(asked),
        false=sum(quiet) / len(quiet),
    )


def _first(stored: Stored, scores: Array) -> Best:
    places = scores.argmax(axis=1)
    return [(stored.entries[int(place)], float(scores[row, place])) for row, place in enumerate(places)]


def _plain(text: str) -> str:
    return "".join(text.casefold().split())


def _words(text: str) -> list[str]:
    return [word for word in jieba.lcut(text.casefold()) if word.strip()]
