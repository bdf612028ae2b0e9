"""The values of the knowledge: entries, their texts, terms and topics.  All immutable, none does any IO."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
"""Languages of the content; the first owns the shared facts of an entry."""


class Section(StrEnum):
    """The closed list of an answer's sections, in the order in which they may stand."""

    DETAILS = "details"
    FORMULA = "formula"
    CODE = "code"
    FIGURE = "figure"
    PITFALLS = "pitfalls"


HEADINGS: Mapping[Lang, Mapping[str, Section]] = MappingProxyType(
    {
        "zh": MappingProxyType(
            {
                "展开": Section.DETAILS,
                "公式": Section.FORMULA,
                "代码": Section.CODE,
                "图": Section.FIGURE,
                "易错点": Section.PITFALLS,
            }
        ),
        "en": MappingProxyType(
            {
                "Details": Section.DETAILS,
                "Formula": Section.FORMULA,
                "Code": Section.CODE,
                "Figure": Section.FIGURE,
                "Pitfalls": Section.PITFALLS,
            }
        ),
    }
)
"""Heading of each section in each language."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An entry in one language."""

    question: str
    also: tuple[str, ...]
    """Other ways in which people ask it."""
    points: tuple[str, ...]
    """What a good spoken answer must mention."""
    short: str
    """The answer in one to three sentences; Markdown."""
    sections: Mapping[Section, str]
    """Markdown of each section that the entry has, in the order of the file."""

    @property
    def wordings(self) -> tuple[str, ...]:
        """Everything that counts as asking this question."""
        return (self.question, *self.also)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One question with its answer."""

    id: str
    topic: str
    seed: bool
    terms: tuple[str, ...]
    """Ids of the lexicon's terms that the entry is about."""
    follow_ups: tuple[str, ...]
    """Ids of the entries to ask next, in the order shown."""
    sources: tuple[str, ...]
    texts: Mapping[Lang, Text]
    """Never empty; the Chinese one may only be missing where the reader reported it."""

    def text(self, lang: Lang) -> Text:
        """The text in ``lang``, or in the language that there is."""
        return self.texts.get(lang) or next(iter(self.texts.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """A technical term; all of its names are equal for retrieval."""

    id: str
    zh: tuple[str, ...]
    en: tuple[str, ...]
    abbr: tuple[str, ...]
    misspelt: tuple[str, ...]
    siblings: tuple[str, ...]
    """Ids of terms that are easily taken for this one and are a different question."""

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the ones to show first."""
        return (*self.zh, *self.en, *self.abbr, *self.misspelt)

    def name(self, lang: Lang) -> str:
        """The name to show in ``lang``."""
        first, second = (self.zh, self.en) if lang == "zh" else (self.en, self.zh)
        return (*first, *second, *self.abbr, *self.misspelt)[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """A folder of entries."""

    id: str
    names: Mapping[Lang, str]
    start: str | None
    """Id of the entry that opens the topic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Knowledge:
    """Everything that was read from one folder."""

    entries: Mapping[str, Entry]
    """By id, in the order of the topics and, within a topic, of the ids."""
    terms: Mapping[str, Term]
    topics: tuple[Topic, ...]
