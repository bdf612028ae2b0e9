"""The checks of knowledge that need a search: every wording finds its entry, and no two entries find each other.  Pure."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from index.decision import Outcome
from index.searcher import Searcher
from knowledge.model import Knowledge, Lang

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Miss:
    """A wording that does not lead to its entry."""

    entry: str
    lang: Lang
    place: str
    """``question`` or ``also[n]``, as knowledge.reader names places."""
    wording: str
    found: str | None
    """The entry that it leads to instead."""


def misses(
    knowledge: Knowledge, searcher: Searcher, form: Callable[[str], str], *, progress: Progress = lambda *_: None
) -> Iterator[Miss]:
    """Every wording whose entry is not its answer.

    Args:
        knowledge: The knowledge.
        searcher: A search over it.
        form: The analyser's form of a text; it may remember.
        progress: Told how far it is.
    """
    for done, entry in enumerate(knowledge.entries.values()):
        progress("checking", done, len(knowledge.entries))
        for lang, text in entry.texts.items():
            for number, wording in enumerate(text.wordings):
                if searcher.owner(form(wording)) == entry.id:
                    continue
                result = searcher.search(wording)
                best = result.hits[0].entry if result.hits else None
                if result.outcome is not Outcome.ANSWER or best != entry.id:
                    place = f"also[{number - 1}]" if number else "question"
                    yield Miss(entry=entry.id, lang=lang, place=place, wording=wording, found=best)


def confusions(knowledge: Knowledge, searcher: Searcher) -> Iterator[tuple[str, str]]:
    """Pairs of entries whose questions would be answered with each other if their own entry were not there."""
    answered: dict[str, set[str]] = {}
    for entry in knowledge.entries.values():
        for text in entry.texts.values():
            result = searcher.search(text.question, without=(entry.id,))
            if result.outcome is Outcome.ANSWER:
                answered.setdefault(entry.id, set()).add(result.hits[0].entry)
    for one, others in answered.items():
        for other in sorted(others):
            if one < other and one in answered.get(other, ()):
                yield one, other
