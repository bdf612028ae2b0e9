"""Turns entries and search results into replies.  Pure."""

from bot.formulas import literal
from bot.replies import Answer, Candidate, Option, Outcome, Reply
from bot.wording import SECTION_NAMES, say
from index.searcher import Found, Searcher
from knowledge.model import Lang, Section

MOST_CANDIDATES = 5
MOST_SUGGESTIONS = 3
_AT_ONCE = (Section.DETAILS,)
"""Sections shown with an answer; the others are asked for."""


def options(searcher: Searcher, ids: tuple[str, ...], lang: Lang) -> tuple[Option, ...]:
    """A list to pick from."""
    return tuple(Option(entry=id_, text=searcher.entry(id_).text(lang).question) for id_ in ids)


def listed(choices: tuple[Option, ...]) -> tuple[str, ...]:
    """The entries of a list to pick from."""
    return tuple(option.entry for option in choices)


def score(found: Found) -> float | None:
    """The probability of the best hit, as replies give it."""
    return round(found.hits[0].score, 4) if found.hits else None


def follow_ups(searcher: Searcher, id_: str) -> tuple[str, ...]:
    """What to ask after an entry; links to entries that are not there lead nowhere."""
    return tuple(target for target in searcher.entry(id_).follow_ups if searcher.has(target))


def candidates(searcher: Searcher, found: Found, lang: Lang) -> tuple[Candidate, ...]:
    """The best hits of a search."""
    return tuple(
        Candidate(entry=hit.entry, question=searcher.entry(hit.entry).text(lang).question, score=round(hit.score, 4))
        for hit in found.hits[:MOST_CANDIDATES]
    )


def answer(searcher: Searcher, id_: str, section: Section | None, lang: Lang) -> Answer:
    """What is shown of an entry: the short answer with its details, or one section."""
    entry = searcher.entry(id_)
    text = entry.text(lang)
    wanted = (section,) if section is not None else _AT_ONCE
    shown = {name: text.sections[name] for name in wanted if name in text.sections}
    return Answer(
        entry=id_,
        question=text.question,
        short=text.short if section is None else None,
        sections=shown,
        more=tuple(name for name in text.sections if name not in shown),
        points=text.points if section is None else (),
        sources=entry.sources if section is None else (),
    )


def entry_reply(
    searcher: Searcher, id_: str, lang: Lang, *, query: str, section: Section | None = None, said: str = ""
) -> Reply:
    """The reply that shows an entry, or the section of it that was asked for, as far as it has that."""
    if section is not None and section not in searcher.entry(id_).text(lang).sections:
        question = searcher.entry(id_).text(lang).question
        said = say("no_section", lang, question=literal(question), section=SECTION_NAMES[lang][section])
        section = None
    return Reply(
        outcome=Outcome.ANSWER,
        lang=lang,
        query=query,
        said=said,
        answer=answer(searcher, id_, section, lang),
        section=section,
        options=options(searcher, follow_ups(searcher, id_), lang),
    )


def suggest_reply(searcher: Searcher, found: Found, lang: Lang, *, query: str, said: str) -> Reply:
    """The reply that asks which of the best hits was meant."""
    ids = tuple(hit.entry for hit in found.hits[:MOST_SUGGESTIONS])
    return Reply(
        outcome=Outcome.SUGGEST,
        lang=lang,
        query=query,
        said=said,
        options=options(searcher, ids, lang),
        candidates=candidates(searcher, found, lang),
        score=score(found),
    )


def topics_reply(searcher: Searcher, lang: Lang, *, query: str) -> Reply:
    """The reply that lists everything by topic."""
    topics = tuple(
        (topic.names.get(lang) or next(iter(topic.names.values())), options(searcher, searcher.entries_of(topic.id), lang))
        for topic in searcher.topics
    )
    said = say("topics", lang, topics=len(topics), entries=len(searcher.entry_ids))
    return Reply(outcome=Outcome.CHAT, lang=lang, query=query, said=said, topics=topics)
