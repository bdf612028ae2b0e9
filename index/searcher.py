"""Asks an index: from a text to ranked candidates and one of three outcomes.  Pure but for the mapped arrays."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import Any

import numpy as np

from index.analysis import Analyser, Analysis
from index.decision import FEATURES, Model, Outcome, Signals, outcome
from index.entries import decoded
from index.fields import Array
from index.forms import Facet
from index.fuzzy import likeness, shared_part
from index.keys import Blob, keys, lookup
from index.readings import Sounds, blur
from index.scoring import Scorer, Scores
from index.terms import TermFinder
from index.text import Normaliser, Script
from index.vocabulary import StoredVocabulary
from knowledge.model import Entry, Lang, Topic

SHORT_LIST = 8
_MOST_TERMS = 3
_GROUND = 0.1
"""Share of a query without terms that a hit must have: less is nothing but «how» and «why»."""
BEYOND_DOUBT = 0.85
"""Probability from which an entry is answered although the query names a term that it has little to do with: people name what
their question is not about («BN, 20 个 epoch 就收敛»)."""
CERTAIN = 0.999
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
    doubted: tuple[str, ...]
    """Terms that it names and that make this entry probably another question; such a hit must be all but certain."""

    @property
    def grounded(self) -> bool:
        """Whether it has anything of the query's subject: a term, or some of what the query says besides its facets."""
        its = self.signals
        return self.score >= CERTAIN or its.terms_named > 0 or (its.rest_length > 0 and its.rest_covered >= _GROUND)

    @property
    def answerable(self) -> bool:
        """Whether it may be an answer, if it is probable enough."""
        return self.answerable_at(self.score)

    def answerable_at(self, probability: float) -> bool:
        """The same where it had another probability."""
        return not self.barred and self.grounded and (not self.doubted or probability >= BEYOND_DOUBT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search came to."""

    outcome: Outcome
    hits: tuple[Hit, ...]
    """The short list, likeliest first."""
    analysis: Analysis
    """The reading that was followed."""

    @property
    def certain(self) -> bool:
        """Whether a wording of the best hit was asked to the letter."""
        return bool(self.hits) and self.hits[0].score >= CERTAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedTerm:
    """A term as the index keeps it."""

    id: str
    names: Mapping[Lang, str]
    siblings: tuple[str, ...]


class _Terms(Mapping[str, NamedTerm]):
    """The terms, each read when it is first looked at: a question names few of them."""

    __slots__ = ("_number", "_read", "_stored")

    def __init__(self, ids: Sequence[str], stored: Blob) -> None:
        self._number = {id_: number for number, id_ in enumerate(ids)}
        self._stored = stored
        self._read: dict[str, NamedTerm] = {}

    def __getitem__(self, id_: str) -> NamedTerm:
        term = self._read.get(id_)
        if term is None:
            chinese, english, siblings = json.loads(self._stored[self._number[id_]])
            term = self._read[id_] = NamedTerm(id=id_, names={"zh": chinese, "en": english}, siblings=tuple(siblings))
        return term

    def __iter__(self) -> Iterator[str]:
        return iter(self._number)

    def __len__(self) -> int:
        return len(self._number)


class Searcher:
    """Answers queries from the arrays of one index."""

    def __init__(self, manifest: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
        """Take an index's parts; see index.build and index.store."""
        self.entry_ids: tuple[str, ...] = tuple(manifest["ids"])
        self.topics = tuple(Topic(id=t["id"], names=t["names"], start=t["start"]) for t in manifest["topics"])
        terms = _lines(manifest["terms"])
        self.terms: Mapping[str, NamedTerm] = _Terms(terms, Blob(arrays["terms"], arrays["term_starts"]))
        self.model = Model.of(manifest["decision"])
        self._topic_of: tuple[str, ...] = tuple(manifest["entry_topics"])
        self._number = {id_: number for number, id_ in enumerate(self.entry_ids)}
        self._asked: tuple[Mapping[str, float], ...] = tuple(manifest["asked"])
        self._owned = frozenset(term for asked in self._asked for term, share in asked.items() if share == 1.0)
        self._alone = tuple(frozenset(terms) for terms in manifest["alone"])
        self._mentions = tuple(frozenset(terms) for terms in manifest["mentions"])
        self._arrays = arrays
        self._scorer = Scorer(arrays)
        self._forms = Blob(arrays["forms"], arrays["form_starts"])
        self._entries = Blob(arrays["entries"], arrays["entry_starts"])
        self.vocabulary = StoredVocabulary(arrays)
        script = manifest["script"]
        characters = {ord(one): other for one, other in zip(script["traditional"], script["simplified"], strict=True)}
        syllables = manifest["syllables"]
        self.analyser = Analyser(
            Normaliser(Script(characters=characters, phrases=tuple((one, other) for one, other in script["phrases"]))),
            TermFinder(
                dict(zip(_lines(manifest["names"]), map(terms.__getitem__, arrays["name_terms"].tolist()), strict=True)),
                dict(zip(*map(_lines, manifest["heads"]), strict=True)),
            ),
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
        return decoded(self._entries[self._number[id_]])

    def has(self, id_: str) -> bool:
        """Whether there is an entry of that id."""
        return id_ in self._number

    def entries_of(self, topic: str) -> tuple[str, ...]:
        """Ids of the entries of a topic, in their order."""
        return tuple(id_ for id_, its in zip(self.entry_ids, self._topic_of, strict=True) if its == topic)

    def owner(self, form: str) -> str | None:
        """The entry that has a wording of this form, which is therefore its certain answer."""
        number = self._exact(form)
        return None if number is None else self.entry_ids[number]

    def search(self, text: str, *, without: Iterable[str] = ()) -> Found:
        """The candidates for a text, and what to do with the best.

        Args:
            text: Anything.
            without: Ids of entries to leave out, as if they did not exist.
        """
        return likeliest(self.readings(text, without=without))

    def readings(self, text: str, *, without: Iterable[str] = ()) -> list[Found]:
        """What each reading of a text comes to; the text as typed first."""
        left_out = frozenset(without)
        typed = self.analyser.analyse(text)
        exact = self._exact(typed.form)
        found = [self._found(typed, exact, left_out)]
        again = self.analyser.reread(typed, self.vocabulary) if exact is None else None
        return found if again is None else [*found, self._found(again, self._exact(again.form), left_out)]

    def rank(self, analysis: Analysis, *, without: frozenset[str] = frozenset()) -> list[tuple[str, float]]:
        """Every entry with a fused score above 0, by (-score, id); see index.fields for the formula."""
        fused = self._scorer.scores(analysis).fused
        order = self._order(fused, without, len(fused))
        return [(self.entry_ids[number], float(fused[number])) for number in order]

    def asked(self, id_: str) -> frozenset[str]:
        """The terms that an entry is asked about."""
        return frozenset(self._asked[self._number[id_]])

    def _found(self, analysis: Analysis, exact: int | None, left_out: frozenset[str]) -> Found:
        scores = self._scorer.scores(analysis)
        order = self._order(scores.fused, left_out, SHORT_LIST)
        if exact is not None and self.entry_ids[exact] not in left_out:
            order = [exact, *(number for number in order if number != exact)][:SHORT_LIST]
        hits = self._hits(analysis, scores, order, exact)
        best = hits[0] if hits else None
        verdict = outcome(self.model, best.score if best else None, barred=best is not None and not best.answerable)
        return Found(outcome=verdict, hits=tuple(hits), analysis=analysis)

    def _order(self, fused: Array, without: frozenset[str], most: int) -> list[int]:
        wanted = fused
        if without:
            wanted = fused.copy()
            wanted[[self._number[id_] for id_ in without if id_ in self._number]] = 0.0
        found = np.flatnonzero(wanted > 0)
        if most < len(found):  # only those that may be among the first are sorted, ties with the last of them included
            found = found[wanted[found] >= np.partition(wanted[found], -most)[-most]]
        ids = [self.entry_ids[number] for number in found]
        order = sorted(zip((-wanted[found]).tolist(), ids, found.tolist(), strict=True))
        return [number for _, _, number in order[:most]]

    def _exact(self, form: str) -> int | None:
        place = int(lookup(self._arrays["exact.keys"], keys([form]))[0]) if form else -1
        return int(self._arrays["exact.entries"][place]) if place >= 0 else None

    def _hits(self, analysis: Analysis, scores: Scores, order: list[int], exact: int | None) -> list[Hit]:
        """The candidates of the short list as they are preferred, one asked to the letter first.

        None is likelier than the one before it.
        """
        wordings = [self._wording(scores, number) for number in order]
        signals = self._signals(order, wordings, analysis, scores)
        hits: list[Hit] = []
        likeliest = 1.0
        rows = np.array(signals).reshape(len(order), len(FEATURES))
        probabilities, preferences = self.model.probabilities(rows).tolist(), self.model.preferences(rows).tolist()
        preferred = sorted(range(len(order)), key=lambda place: (order[place] != exact, -preferences[place], place))
        for place in preferred:
            number, wording, its, probability = order[place], wordings[place], signals[place], probabilities[place]
            likeliest = max(CERTAIN, probability) if number == exact else min(likeliest, probability)
            barred, doubted = ((), ()) if number == exact else self._foreign(analysis.terms, number)
            hits.append(
                Hit(
                    entry=self.entry_ids[number],
                    score=likeliest,
                    wording=wording,
                    signals=its,
                    barred=barred,
                    doubted=doubted,
                )
            )
        return hits

    def _wording(self, scores: Scores, number: int) -> str:
        likest = self._scorer.likest(scores, number)
        return self._forms[likest] if likest >= 0 else ""

    def _signals(self, order: list[int], wordings: list[str], analysis: Analysis, scores: Scores) -> list[Signals]:
        named, form = analysis.terms, analysis.form
        # out of each array at once: a number taken singly out of an array costs more than what is done with it
        at = np.array(order, dtype=np.int64)
        profile, cosine, fused = (column[at].tolist() for column in (scores.profile, scores.cosine, scores.fused))
        shares = self._scorer.shares(scores, at)
        covered, rest_in_all = shares.covered.tolist(), shares.rest_in_all.tolist()
        rest_in_wordings = shares.rest_in_wordings.tolist()
        facets_fit = self._facets_fit(at, analysis.facets)
        signals: list[Signals] = []
        for place, (number, wording) in enumerate(zip(order, wordings, strict=True)):
            asked = self._asked[number]
            central = [asked.get(term, 0.0) for term in named]
            signals.append(
                Signals(
                    profile=profile[place],
                    cosine=cosine[place],
                    lead=fused[place] - max(fused[:place] + fused[place + 1 :], default=0.0),
                    covered=covered[place],
                    unknown=scores.unknown,
                    likeness=likeness(form, wording),
                    part=shared_part(form, wording),
                    terms_named=float(min(len(named), _MOST_TERMS)),
                    terms_central=sum(central) / len(named) if named else 0.5,
                    terms_least=min(central, default=0.5),
                    facets_fit=facets_fit[place],
                    rest_covered=rest_in_all[place],
                    rest_missing=log(1.0 + scores.rest_mass * (1.0 - rest_in_wordings[place])),
                    unknown_words=log(1 + scores.unknown_words),
                    rest_length=scores.rest_length,
                    meant=float(analysis.meant),
                )
            )
        return signals

    def _facets_fit(self, order: Array, wanted: frozenset[Facet]) -> list[float]:
        if not wanted:
            return [0.5] * len(order)
        places = [place for place, facet in enumerate(Facet) if facet in wanted]
        fits: list[float] = []
        for shares in self._arrays["facets"][order].tolist():
            most = max(shares)
            fits.append(sum(shares[place] for place in places) / (len(wanted) * most) if most else 0.5)
        return fits

    def _foreign(self, named: tuple[str, ...], number: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The terms named that make the entry another question, and those that probably do.

        The first are the siblings of what it is about that it is not asked about.  The others are those that it does not even
        mention.  Those that it is asked about in passing only, where another entry is about them and the query names nothing
        that it is about, are among the others if people ask it by such a name alone, else among the first.
        """
        asked, mentions = self._asked[number], self._mentions[number]
        in_passing = all(asked.get(term) != 1.0 for term in named)
        barred: list[str] = []
        doubted: list[str] = []
        for term in named:
            siblings = self.terms[term].siblings
            if term not in asked:
                if any(other in asked for other in siblings):
                    barred.append(term)
                elif term not in mentions:
                    doubted.append(term)
            elif in_passing and term in self._owned and any(asked.get(other) == 1.0 for other in siblings):
                (doubted if term in self._alone[number] else barred).append(term)
        return tuple(barred), tuple(doubted)


def _lines(joined: str) -> list[str]:
    return joined.split("\n") if joined else []


def likeliest(readings: Sequence[Found]) -> Found:
    """The reading with the best hit; of equal ones the first, which is the text as typed."""
    return max(readings, key=lambda found: found.hits[0].score if found.hits else 0.0)
