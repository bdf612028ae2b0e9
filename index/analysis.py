"""What a text says, from its characters to its tokens: one analysis for what is indexed and what is asked.  Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from index.forms import Facet
from index.readings import Sounds, Vocabulary, read_again
from index.terms import TermFinder, tight
from index.text import Normaliser
from index.tokens import content, facets, prose_tokens, tokens, without_facets


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One reading of a text."""

    normal: str
    """In normal form."""
    core: str
    """Spoken forms plain, frames gone."""
    terms: tuple[str, ...]
    """Ids of the terms named, in order of place."""
    facets: frozenset[Facet]
    tokens: Mapping[str, int]
    subjectless: str
    """What it says besides the terms that it names; spoken forms plain, frames gone."""
    rest: frozenset[str]
    """What it says besides its terms and what it wants to know of them, as tokens."""
    meant: bool = False
    """Whether this is what was probably meant and not what was typed."""

    @property
    def form(self) -> str:
        """What two texts share exactly when they ask the same in the same words."""
        return self.core.replace(" ", "")

    @property
    def measured(self) -> frozenset[str]:
        """Its terms and what it says besides, as tokens: what coverage is measured by."""
        return content(self.subjectless) | {f"t:{term}" for term in self.terms}


class Analyser:
    """Analyses texts; holds the tables of a language and a lexicon."""

    __slots__ = ("_finder", "_normaliser", "_sounds")

    def __init__(self, normaliser: Normaliser, finder: TermFinder, sounds: Sounds) -> None:
        """Take the parts."""
        self._normaliser = normaliser
        self._finder = finder
        self._sounds = sounds

    @property
    def finder(self) -> TermFinder:
        """The terms' names."""
        return self._finder

    def normal(self, text: str) -> str:
        """The normal form of a text."""
        return self._normaliser.normal(text)

    def form(self, text: str) -> str:
        """What two texts share exactly when they ask the same in the same words."""
        return self._normaliser.core(self._normaliser.normal(text)).replace(" ", "")

    def name_form(self, name: str) -> str:
        """What two names share exactly when they are the same name."""
        return tight(self._normaliser.normal(name))

    def exchange(self, text: str, old: str, new: str) -> str | None:
        """A text in normal form with the first naming of the term ``old`` replaced by ``new``; ``None`` if it has none."""
        normal = self.normal(text)
        span = next((span for span in self._finder.spans(normal) if span.term == old), None)
        return None if span is None else f"{normal[: span.start]}{new}{normal[span.end :]}"

    def called(self, text: str, term: str) -> str | None:
        """What a text calls a term, in normal form; ``None`` where it does not name it."""
        normal = self.normal(text)
        span = next((span for span in self._finder.spans(normal) if span.term == term), None)
        return None if span is None else normal[span.start : span.end]

    def analyse(self, text: str) -> Analysis:
        """The text as typed."""
        return self.reading(self._normaliser.normal(text))

    def prose(self, normal: str) -> tuple[Mapping[str, int], tuple[str, ...]]:
        """The tokens that lines of running text in normal form are found by, and the terms that it names."""
        terms = self._finder.terms(normal)
        return prose_tokens(normal, terms), terms

    def reread(self, typed: Analysis, vocabulary: Vocabulary) -> Analysis | None:
        """A text as it was probably meant, where that is not what was typed."""
        again = read_again(typed.normal, self._sounds, vocabulary)
        return None if again is None else self.reading(again, meant=True)

    def reading(self, normal: str, *, meant: bool = False) -> Analysis:
        """What a text in normal form says."""
        core = self._normaliser.core(normal)
        spans = self._finder.spans(normal)
        terms = tuple(dict.fromkeys(span.term for span in spans))
        subjectless = normal
        for span in reversed(spans):
            subjectless = f"{subjectless[: span.start]} {subjectless[span.end :]}"
        besides = self._normaliser.core(subjectless) if spans else core
        wanted = facets(core)
        rest = content(without_facets(besides))
        return Analysis(
            normal=normal,
            core=core,
            terms=terms,
            facets=wanted,
            tokens=tokens(core, terms, wanted, bare=bool(spans) and not rest),
            subjectless=besides,
            rest=rest,
            meant=meant,
        )
