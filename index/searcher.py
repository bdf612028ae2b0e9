"""Asks an index: from a text to ranked candidates and one of three outcomes.  Pure but for the mapped arrays."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Any

import numpy as np

from index.analysis import Analyser, Analysis
from index.decision import Model, Outcome, Signals, outcome
from index.fields import WEIGHTS, Array, FieldName, Space, accumulate, best_of_each, query_weights
from index.forms import Facet
from index.fuzzy import likeness, shared_part, slips
from index.keys import Blob, key, keys, lookup
from index.readings import Sounds, blur
from index.terms import TermFinder
from index.text import Normaliser, Script
from index.tokens import facets
from index.typos import shapes
from knowledge.model import Entry, Lang, Section, Text, Topic

SHORT_LIST = 8
_MOST_TERMS = 3
_CONTENT = ("w:", "c2:", "t:")
"""Kinds of tokens that coverage is measured by."""
_CERTAIN = 0.999
"""Probability of an entry one of whose wordings was asked to the letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A candidate."""

    entry: str
    score: float
    """Probability in (0, 1) that it is what was asked."""
    wording: str
    """Its likest wording, in normal form."""
    signals: Signals
    barred: tuple[str, ...]
    """Terms that the query names and that make this entry another question; such a hit is never answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came to."""

    outcome: Outcome
    hits: tuple[Hit, ...]
    """The short list by (-score, id)."""
    analysis: Analysis
    """The reading that was followed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTerm:
    """A term as the index keeps it."""

    id: str
    names: Mapping[Lang, str]
    siblings: tuple[str, ...]


class Searcher:
    """Answers queries from the arrays of one index."""

    def __init__(self, manifest: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Take an index's parts; see index.build and index.store."""
        self.entry_ids: tuple[str, ...] = tuple(manifest["ids"])
        self.topics = tuple(Topic(id=t["id"], names=t["names"], start=t["start"]) for t in manifest["topics"])
        self.terms: Mapping[str, NamedTerm] = {
            id_: NamedTerm(id=id_, names={"zh": term["zh"], "en": term["en"]}, siblings=tuple(term["siblings"]))
            for id_, term in manifest["terms"].items()
        }
        self.model = Model.of(manifest["decision"])
        self._topic_of: tuple[str, ...] = tuple(manifest["entry_topics"])
        self._number = {id_: number for number, id_ in enumerate(self.entry_ids)}
        self._asked: tuple[Mapping[str, float], ...] = tuple(manifest["asked"])
        self._mentions = tuple(frozenset(terms) for terms in manifest["mentions"])
        self._arrays = arrays
        self._spaces = {name: _space(name, arrays) for name in FieldName}
        self._forms = {
            name: Blob(arrays[f"{name}.forms"], arrays[f"{name}.form_starts"]) for name in (FieldName.QUESTION, FieldName.ALSO)
        }
        self._entries = Blob(arrays["entries"], arrays["entry_starts"])
        self.vocabulary = _Vocabulary(arrays)
        script = manifest["script"]
        characters = {ord(one): other for one, other in zip(script["traditional"], script["simplified"], strict=True)}
        syllables = manifest["syllables"]
        self.analyser = Analyser(
            Normaliser(Script(characters=characters, phrases=tuple((one, other) for one, other in script["phrases"]))),
            TermFinder(manifest["names"]),
            Sounds(
                manifest["first_sound"],
                arrays["sounds"],
                tuple(blur(s) for s in syllables),
                frozenset(s for s in syllables if s),
            ),
        )
        self.entry = lru_cache(maxsize=1024)(self._entry)

    def _entry(self, id_: str) -> Entry:
        """The entry of that id.

        Raises:
            KeyError: There is none.
        """
        return _entry_of(json.loads(self._entries[self._number[id_]]))

    def has(self, id_: str) -> bool:
        """Whether there is an entry of that id."""
        return id_ in self._number

    def entries_of(self, topic: str) -> tuple[str, ...]:
        """Ids of the entries of a topic, in their order."""
        return tuple(id_ for id_, its in zip(self.entry_ids, self._topic_of, strict=True) if its == topic)

    def search(self, text: str, *, without: Iterable[str] = ()) -> Found:
        """The candidates for a text, and what to do with the best.

        Args:
            text: Anything.
            without: Ids of entries to leave out, as if they did not exist.
        """
        return max(self.readings(text, without=without), key=_top)

    def readings(self, text: str, *, without: Iterable[str] = ()) -> list[Found]:
        """What each reading of a text comes to; the text as typed first."""
        left_out = frozenset(without)
        return [self._found(analysis, left_out) for analysis in self.analyser.readings(text, self.vocabulary)]

    def rank(self, analysis: Analysis, *, without: frozenset[str] = frozenset()) -> list[tuple[str, float]]:
        """Every entry with a fused score above 0, by (-score, id): the weighted sum of the fields' cosines."""
        scores = self._scores(analysis)
        fused = self._fused(scores)
        order = self._order(fused, without, len(fused))
        return [(self.entry_ids[number], float(fused[number])) for number in order]

    def asked(self, id_: str) -> frozenset[str]:
        """The terms that an entry is asked about."""
        return frozenset(self._asked[self._number[id_]])

    def _found(self, analysis: Analysis, left_out: frozenset[str]) -> Found:
        scores = self._scores(analysis)
        fused = self._fused(scores)
        order = self._order(fused, left_out, SHORT_LIST)
        exact = self._exact(analysis)
        if exact is not None and self.entry_ids[exact] not in left_out and exact not in order:
            order = [*order, exact]
        hits = [self._hit(number, analysis, scores, fused, order, exact=number == exact) for number in order]
        hits.sort(key=lambda hit: (-hit.score, hit.entry))
        best = hits[0] if hits else None
        verdict = outcome(self.model, best.score if best else None, barred=bool(best and best.barred))
        return Found(outcome=verdict, hits=tuple(hits), analysis=analysis)

    def _scores(self, analysis: Analysis) -> "_Scores":
        counts = analysis.tokens
        names = list(counts)
        places = lookup(self._arrays["vocabulary"], keys(names))
        known = places >= 0
        kept = {name: counts[name] for name, is_known in zip(names, known.tolist(), strict=True) if is_known}
        at = places[known]
        content = np.array([name.startswith(_CONTENT) for name in names], dtype=bool)
        rarity = self._arrays["presence.rarity"]
        ceiling = log(1 + len(self.entry_ids)) + 1
        mass = np.where(known, rarity[at.clip(0)][np.cumsum(known) - 1] if len(at) else 0.0, ceiling) if names else np.zeros(0)
        mass = mass * content
        total = float(mass.sum())
        cosines: dict[FieldName, Array] = {}
        documents: dict[FieldName, Array] = {}
        covered: dict[FieldName, Array] = {}
        for name, space in self._spaces.items():
            weights = query_weights(kept, at, space)
            scores = accumulate(space, at, weights, weighted=True)
            cosines[name], documents[name] = best_of_each(space, scores)
            if name in (FieldName.QUESTION, FieldName.ALSO, FieldName.WORDINGS):
                covered[name] = accumulate(space, at, mass[known], weighted=False) / (total or 1.0)
        rest = np.array([name in analysis.rest for name in names], dtype=bool)
        rest_mass = mass * rest
        rest_total = float(rest_mass.sum())
        entries = len(self.entry_ids)
        if rest_total:
            said = accumulate(self._spaces[FieldName.WORDINGS], at, rest_mass[known], weighted=False) / rest_total
            held = _presence(self._arrays, at, rest_mass[known], entries) / rest_total
        else:
            said = held = np.ones(entries)
        everywhere = _presence(self._arrays, at, mass[known], len(self.entry_ids)) / (total or 1.0)
        return _Scores(
            cosines=cosines,
            documents=documents,
            covered=covered,
            everywhere=everywhere,
            rest_in_wordings=said,
            rest_in_all=held,
            rest_length=log(1 + int(rest.sum())),
            unknown=float(mass[~known].sum()) / (total or 1.0),
        )

    def _fused(self, scores: "_Scores") -> Array:
        return np.sum([WEIGHTS[name] * scores.cosines[name] for name in FieldName], axis=0)  # type: ignore[no-any-return]

    def _order(self, fused: Array, without: frozenset[str], most: int) -> list[int]:
        wanted = fused.copy()
        for id_ in without:
            if id_ in self._number:
                wanted[self._number[id_]] = 0.0
        found = np.flatnonzero(wanted > 0)
        order = sorted(found.tolist(), key=lambda number: (-wanted[number], self.entry_ids[number]))
        return order[:most]

    def _exact(self, analysis: Analysis) -> int | None:
        """The entry that has this very wording."""
        form = analysis.core.replace(" ", "")
        place = int(lookup(self._arrays["exact.keys"], keys([form]))[0]) if form else -1
        return int(self._arrays["exact.entries"][place]) if place >= 0 else None

    def _hit(self, number: int, analysis: Analysis, scores: "_Scores", fused: Array, order: list[int], *, exact: bool) -> Hit:
        field = max((FieldName.ALSO, FieldName.QUESTION), key=lambda name: float(scores.cosines[name][number]))
        document = int(scores.documents[field][number])
        wording = self._forms[field][document] if document >= 0 else ""
        form = analysis.core.replace(" ", "")
        asked, mentions = self._asked[number], self._mentions[number]
        named = analysis.terms
        shared = [term for term in named if term in asked]
        foreign = [term for term in named if term not in asked and term not in mentions]
        others = [float(fused[other]) for other in order if other != number]
        mine, theirs = analysis.facets, facets(wording)
        signals = Signals(
            **{name.value: float(scores.cosines[name][number]) for name in FieldName},
            fused=float(fused[number]),
            lead=float(fused[number]) - max(others, default=0.0),
            covered_wording=float(scores.covered[field][document]) if document >= 0 else 0.0,
            covered_wordings=float(scores.covered[FieldName.WORDINGS][number]),
            covered_all=float(scores.everywhere[number]),
            unknown=scores.unknown,
            likeness=likeness(form, wording),
            part=shared_part(form, wording),
            terms_named=float(min(len(named), _MOST_TERMS)),
            terms_shared=len(shared) / len(named) if named else 0.5,
            terms_central=sum(asked.get(term, 0.0) for term in named) / len(named) if named else 0.5,
            terms_foreign=float(min(len(foreign), _MOST_TERMS)),
            facets_shared=len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.5,
            facets_fit=self._facets_fit(number, mine),
            rest_covered_wordings=float(scores.rest_in_wordings[number]),
            rest_covered_all=float(scores.rest_in_all[number]),
            rest_length=scores.rest_length,
            meant=float(analysis.meant),
        )
        score = max(_CERTAIN, self.model.probability(signals)) if exact else self.model.probability(signals)
        barred = () if exact else self._barred(named, asked, mentions)
        return Hit(entry=self.entry_ids[number], score=score, wording=wording, signals=signals, barred=barred)

    def _facets_fit(self, number: int, wanted: frozenset[Facet]) -> float:
        shares = self._arrays["facets"][number]
        most = float(shares.max())
        if not wanted or not most:
            return 0.5
        return sum(float(shares[place]) for place, facet in enumerate(Facet) if facet in wanted) / (len(wanted) * most)

    def _barred(self, named: tuple[str, ...], asked: Mapping[str, float], mentions: frozenset[str]) -> tuple[str, ...]:
        """The terms named that make the entry another question.

        These are the terms that it does not even mention, and the siblings of what it is asked about that it is not asked about
        itself.
        """
        return tuple(
            term
            for term in named
            if term not in asked and (term not in mentions or any(other in asked for other in self.terms[term].siblings))
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scores:
    cosines: Mapping[FieldName, Array]
    """For each entry its best document's cosine."""
    documents: Mapping[FieldName, Array]
    covered: Mapping[FieldName, Array]
    """For each document the share of the query's weight that it has."""
    everywhere: Array
    """The same for each entry with all its text."""
    rest_in_wordings: Array
    """For each entry the share of the query's rest that its wordings have."""
    rest_in_all: Array
    """… that all its text has."""
    rest_length: float
    unknown: float


class _Vocabulary:
    """What the knowledge says, from the index's arrays; see index.readings.Vocabulary."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        self._phrase_keys = arrays["phrases.keys"]
        self._phrases = Blob(arrays["phrases.text"], arrays["phrases.starts"])
        self._known_phrases = arrays["known.phrases"]
        self._known_words = arrays["known.words"]
        self._typo_keys = arrays["typos.keys"]
        self._typo_words = arrays["typos.words"]
        self._words = Blob(arrays["words.text"], arrays["words.starts"])

    def phrase(self, sound: str) -> str | None:
        place = _place(self._phrase_keys, sound)
        return self._phrases[place] if place >= 0 else None

    def knows_phrase(self, phrase: str) -> bool:
        return _place(self._known_phrases, phrase) >= 0

    def knows_word(self, word: str) -> bool:
        return _place(self._known_words, word) >= 0

    def near_words(self, word: str) -> tuple[str, ...]:
        places: set[int] = set()
        for shape in shapes(word):
            number = np.uint64(key(shape))
            start = int(np.searchsorted(self._typo_keys, number))
            end = int(np.searchsorted(self._typo_keys, number, side="right"))
            places.update(self._typo_words[start:end].tolist())
        return tuple(near for near in (self._words[place] for place in sorted(places)) if slips(word, near, 1) <= 1)


def _place(sorted_keys: Array, text: str) -> int:
    number = np.uint64(key(text))
    place = int(np.searchsorted(sorted_keys, number))
    return place if place < len(sorted_keys) and sorted_keys[place] == number else -1


def _top(found: Found) -> float:
    return found.hits[0].score if found.hits else 0.0


def _space(name: FieldName, arrays: Mapping[str, Array]) -> Space:
    return Space(
        idf=arrays[f"{name}.idf"],
        starts=arrays[f"{name}.starts"],
        documents=arrays[f"{name}.documents"],
        weights=arrays[f"{name}.weights"],
        first=arrays[f"{name}.first"],
    )


def _presence(arrays: Mapping[str, Array], places: Array, values: Array, entries: int) -> Array:
    starts, ends = arrays["presence.starts"][places], arrays["presence.starts"][places + 1]
    lengths = ends - starts
    offsets = np.repeat(ends - np.cumsum(lengths), lengths) + np.arange(int(lengths.sum()))
    return np.bincount(arrays["presence.entries"][offsets], weights=np.repeat(values, lengths), minlength=entries)


def _entry_of(stored: Mapping[str, Any]) -> Entry:
    texts: dict[Lang, Text] = {
        lang: Text(
            question=text["question"],
            also=tuple(text["also"]),
            points=tuple(text["points"]),
            short=text["short"],
            sections={Section(name): content for name, content in text["sections"].items()},
        )
        for lang, text in stored["texts"].items()
    }
    return Entry(
        id=stored["id"],
        topic=stored["topic"],
        seed=stored["seed"],
        terms=tuple(stored["terms"]),
        follow_ups=tuple(stored["follow_ups"]),
        sources=tuple(stored["sources"]),
        texts=texts,
    )
