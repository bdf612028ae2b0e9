"""What is measured: ours and its peers, each with the same four verbs.  A peer is imported only in the process that runs it."""

import gc
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

TOP = 10
SHIPPED = "shipped"
"""A file that stands beside the texts where these are those of the built-in knowledge."""
Ask = Callable[[str], Sequence[int]]
"""From a text to the places of the likeliest questions, likeliest first."""


class Race(Protocol):
    """One way to find a question."""

    most: int
    """Questions that it can bear in a time that one waits for."""

    def build(self, texts: Sequence[str], folder: Path) -> None:
        """Write an index of texts into a folder."""

    def load(self, folder: Path) -> Ask:
        """What asks the index of a folder."""


class Ours:
    """index.grams, its arrays mapped into memory."""

    most = 10_000_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        from index import store
        from index.grams import build

        store.save(folder / "index", {}, build(texts))

    def load(self, folder: Path) -> Ask:
        from index import store
        from index.grams import Engine

        engine = Engine(store.load(folder / "index")[1])
        return lambda text: engine.best(text, TOP).owners.tolist()


class OursFull(Ours):
    """The same, every posting read."""

    most = 100_000

    def load(self, folder: Path) -> Ask:
        from index import store
        from index.grams import Engine

        engine = Engine(store.load(folder / "index")[1])
        return lambda text: engine.full(text, TOP).owners.tolist()


class OursCompiled:
    """index.compiled: the same, its inner loop compiled by numba."""

    most = 10_000_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        from index import store
        from index.compiled import forward
        from index.grams import build

        arrays = build(texts)
        store.save(folder / "index", {}, arrays | forward(arrays))

    def load(self, folder: Path) -> Ask:
        from index import store
        from index.compiled import CompiledEngine

        engine = CompiledEngine(store.load(folder / "index")[1])
        return lambda text: engine.best(text, TOP).owners.tolist()


class WholeWay:
    """The product: from text to decision, with readings, terms, facets and the short list's likeness."""

    most = 100_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        from index import store
        from index.build import build
        from tests.bench.knowledges import knowledge_of, shipped

        store.save(folder / "index", *build(shipped() if (folder.parent / SHIPPED).exists() else knowledge_of(texts)))

    def load(self, folder: Path) -> Ask:
        from index import store
        from index.searcher import Searcher

        searcher = Searcher(*store.load(folder / "index"))
        gc.freeze()  # as the product does
        return lambda text: [len(searcher.search(text).hits)]


class _Sklearn:
    most = 1_000_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import joblib
        from sklearn.feature_extraction.text import TfidfVectorizer

        vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, 3))
        joblib.dump((vectorizer, self._kept(vectorizer.fit_transform(texts))), folder / "index")

    def _kept(self, matrix: Any) -> Any:
        return matrix


class SklearnCosine(_Sklearn):
    """TfidfVectorizer and cosine_similarity, as tutorials have it."""

    def load(self, folder: Path) -> Ask:
        import joblib
        from sklearn.metrics.pairwise import cosine_similarity

        vectorizer, matrix = joblib.load(folder / "index")

        def ask(text: str) -> Sequence[int]:
            found: list[int] = cosine_similarity(vectorizer.transform([text]), matrix)[0].argsort()[::-1][:TOP].tolist()
            return found

        return ask


class SklearnTransposed(_Sklearn):
    """The same vectors, the matrix kept by term."""

    def _kept(self, matrix: Any) -> Any:
        return matrix.T.tocsr()

    def load(self, folder: Path) -> Ask:
        import joblib

        vectorizer, by_term = joblib.load(folder / "index")

        def ask(text: str) -> Sequence[int]:
            scores = vectorizer.transform([text]) @ by_term
            found: list[int] = scores.indices[(-scores.data).argsort(kind="stable")[:TOP]].tolist()
            return found

        return ask


class Minsearch:
    """minsearch over the same n-grams."""

    most = 100_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import joblib
        from minsearch import Index

        index = Index(text_fields=["text"], vectorizer_params={"analyzer": "char", "ngram_range": (1, 3)})
        joblib.dump(index.fit([{"text": text, "place": place} for place, text in enumerate(texts)]), folder / "index")

    def load(self, folder: Path) -> Ask:
        import joblib

        index = joblib.load(folder / "index")
        return lambda text: [found["place"] for found in index.search(text, num_results=TOP)]


def grams(text: str) -> list[str]:
    """Its character 1- to 3-grams."""
    return [text[start : start + size] for size in (1, 2, 3) for start in range(len(text) - size + 1)]


class RankBm25:
    """rank-bm25 over the same n-grams."""

    most = 10_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import joblib
        from rank_bm25 import BM25Okapi

        joblib.dump(BM25Okapi([grams(text) for text in texts]), folder / "index")

    def load(self, folder: Path) -> Ask:
        import joblib

        index = joblib.load(folder / "index")

        def ask(text: str) -> Sequence[int]:
            found: list[int] = index.get_scores(grams(text)).argsort()[::-1][:TOP].tolist()
            return found

        return ask


class Bm25s:
    """bm25s over the same n-grams, NumPy alone."""

    most = 100_000
    backend = "numpy"

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import bm25s

        index = bm25s.BM25(backend=self.backend)
        index.index([grams(text) for text in texts], show_progress=False)
        index.save(folder / "index", show_progress=False)

    def load(self, folder: Path) -> Ask:
        import bm25s

        index = bm25s.BM25.load(folder / "index", mmap=True)
        index.backend = self.backend
        if self.backend == "numba":
            index.activate_numba_scorer()

        def ask(text: str) -> Sequence[int]:
            known = [gram for gram in grams(text) if gram in index.vocab_dict] or [""]
            found: list[int] = index.retrieve([known], k=TOP, show_progress=False).documents[0].tolist()
            return found

        return ask


class Bm25sNumba(Bm25s):
    """bm25s compiled by numba."""

    most = 1_000_000
    backend = "numba"


class Tantivy:
    """tantivy with an n-gram tokenizer; BM25."""

    most = 1_000_000
    sizes = (1, 3)

    def _analyser(self) -> Any:
        import tantivy

        tokenizer = tantivy.Tokenizer.ngram(min_gram=self.sizes[0], max_gram=self.sizes[1], prefix_only=False)
        return tantivy.TextAnalyzerBuilder(tokenizer).filter(tantivy.Filter.lowercase()).build()

    def _schema(self) -> Any:
        import tantivy

        builder = tantivy.SchemaBuilder()
        builder.add_text_field("text", stored=False, tokenizer_name="grams", index_option="freq")
        builder.add_integer_field("place", stored=True, fast=True)
        return builder.build()

    def build(self, texts: Sequence[str], folder: Path) -> None:
        import tantivy

        (folder / "index").mkdir()
        index = tantivy.Index(self._schema(), path=str(folder / "index"))
        index.register_tokenizer("grams", self._analyser())
        writer = index.writer(heap_size=200_000_000, num_threads=1)
        for place, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=text, place=place))
        writer.commit()
        writer.wait_merging_threads()

    def load(self, folder: Path) -> Ask:
        import tantivy

        analyser, schema = self._analyser(), self._schema()
        index = tantivy.Index(schema, path=str(folder / "index"))
        index.register_tokenizer("grams", analyser)
        searcher = index.searcher()

        def ask(text: str) -> Sequence[int]:
            wanted = [
                (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", gram)) for gram in set(analyser.analyze(text))
            ]
            hits = searcher.search(tantivy.Query.boolean_query(wanted), TOP, count=False).hits
            return [searcher.doc(address)["place"][0] for _, address in hits]

        return ask


class TantivyBigrams(Tantivy):
    """tantivy over pairs of characters alone."""

    sizes = (2, 2)


class Fts5:
    """SQLite's full text search over trigrams; BM25.  Words of one or two characters cannot match."""

    most = 100_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        with sqlite3.connect(folder / "index") as database:
            database.execute("CREATE VIRTUAL TABLE questions USING fts5(text, tokenize='trigram')")
            database.executemany("INSERT INTO questions(rowid, text) VALUES (?, ?)", enumerate(texts))
        database.close()

    def load(self, folder: Path) -> Ask:
        database = sqlite3.connect(folder / "index")

        def ask(text: str) -> Sequence[int]:
            wanted = " OR ".join('"' + gram.replace('"', '""') + '"' for gram in set(grams(text)) if len(gram) == 3)
            sql = f"SELECT rowid FROM questions WHERE questions MATCH ? ORDER BY rank LIMIT {TOP}"  # noqa: S608 — a number
            return [row[0] for row in database.execute(sql, (wanted,))] if wanted else []

        return ask


class RapidFuzzAll:
    """RapidFuzz's ratio with every question."""

    most = 100_000

    def build(self, texts: Sequence[str], folder: Path) -> None:
        (folder / "index").write_text("\n".join(text.replace("\n", " ") for text in texts), "utf-8")

    def load(self, folder: Path) -> Ask:
        from rapidfuzz import fuzz, process

        texts = (folder / "index").read_text("utf-8").split("\n")
        return lambda text: [found[2] for found in process.extract(text, texts, scorer=fuzz.ratio, limit=TOP)]


RACES: Mapping[str, Race] = {
    "scikit-learn cosine_similarity": SklearnCosine(),
    "scikit-learn, transposed": SklearnTransposed(),
    "minsearch": Minsearch(),
    "rank-bm25": RankBm25(),
    "bm25s": Bm25s(),
    "bm25s, numba": Bm25sNumba(),
    "tantivy, 1–3-grams": Tantivy(),
    "tantivy, bigrams": TantivyBigrams(),
    "SQLite FTS5, trigrams": Fts5(),
    "RapidFuzz over all": RapidFuzzAll(),
    "ours, bare engine": Ours(),
    "ours, bare, every posting read": OursFull(),
    "ours, bare, compiled by numba": OursCompiled(),
    "ours, text to decision": WholeWay(),
}
"""The first is what the others are compared with."""
