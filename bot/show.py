"""Turns entries and search results into replies.  Pure."""

from collections.abc import Sequence

from bot.formulas import literal
from bot.replies import Answer, Candidate, Option, Outcome, Reply
from bot.wording import SECTION_NAMES, say
from index.decision import Outcome as Verdict
from index.forms import Facet
from index.searcher import Found, Searcher
from knowledge.figures import figures, without_figures
from knowledge.model import Lang, Section, Topic

MOST_CANDIDATES = 5
MOST_SUGGESTIONS = 3
_TWO = 2
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
    pictures = figures(shown.get(Section.FIGURE, ""))
    if pictures:
        shown[Section.FIGURE] = without_figures(shown[Section.FIGURE])
    return Answer(
        entry=id_,
        question=text.question,
        short=text.short if section is None else None,
        sections=shown,
        more=tuple(name for name in text.sections if name not in shown),
        figures=pictures,
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


def beside_reply(searcher: Searcher, found: Found, lang: Lang, *, query: str) -> Reply | None:
    """Two short answers side by side, for a comparison that no entry makes; ``None`` where a term has no entry of its own."""
    read = found.analysis
    if Facet.DIFFERENCE not in read.facets or len(read.terms) != _TWO or read.rest:
        return None
    sides: list[tuple[str, Found]] = []
    for term in read.terms:
        name = searcher.terms[term].names[lang]
        alone = searcher.search(name)
        if alone.outcome is not Verdict.ANSWER or term not in searcher.entry(alone.hits[0].entry).terms:
            return None
        sides.append((name, alone))
    ids = tuple(alone.hits[0].entry for _, alone in sides)
    if len(set(ids)) != _TWO:
        return None
    shorts = "\n\n".join(
        f"**{literal(name)}**　{searcher.entry(id_).text(lang).short}" for (name, _), id_ in zip(sides, ids, strict=True)
    )
    return Reply(
        outcome=Outcome.SUGGEST,
        lang=lang,
        query=query,
        said=f"{say('beside', lang)}\n\n{shorts}",
        options=options(searcher, ids, lang),
        candidates=tuple(candidate for _, alone in sides for candidate in candidates(searcher, alone, lang)[:1]),
        score=score(found),
    )


def topics_reply(searcher: Searcher, lang: Lang, *, query: str, wanted: str = "") -> Reply:
    """The reply that lists the topics, each with its opening, or every question of the topic that is wanted."""
    topics = [topic for topic in searcher.topics if searcher.entries_of(topic.id)]
    found = _topics_named(topics, wanted, searcher)
    if len(found) == 1:
        topic = found[0]
        listing = ((_topic_name(topic, lang), options(searcher, searcher.entries_of(topic.id), lang)),)
        return Reply(outcome=Outcome.CHAT, lang=lang, query=query, topics=listing)
    said = say(
        "topics", lang, topics=len(topics), entries=len(searcher.entry_ids), example=literal(_topic_name(topics[-1], lang))
    )
    if wanted and not found:
        said = f"{say('no_topic', lang, topic=literal(wanted))}\n\n{said}"
    openings = tuple(
        (
            say("topic", lang, topic=_topic_name(topic, lang), entries=len(searcher.entries_of(topic.id))),
            options(searcher, (_opening(topic, searcher),), lang),
        )
        for topic in found or topics
    )
    return Reply(outcome=Outcome.CHAT, lang=lang, query=query, said=said, topics=openings)


def _topics_named(topics: Sequence[Topic], wanted: str, searcher: Searcher) -> list[Topic]:
    """The topics that are meant by a number, an id, or a part of a name."""
    normal = searcher.analyser.normal
    if wanted.isdecimal():
        return [topic for number, topic in enumerate(topics, 1) if number == int(wanted)]
    exact = [topic for topic in topics if normal(wanted) in (normal(name) for name in (topic.id, *topic.names.values()))]
    part = [topic for topic in topics if any(normal(wanted) in normal(name) for name in (topic.id, *topic.names.values()))]
    return (exact or part) if normal(wanted) else []


def _topic_name(topic: Topic, lang: Lang) -> str:
    return topic.names.get(lang) or next(iter(topic.names.values()))


def _opening(topic: Topic, searcher: Searcher) -> str:
    return topic.start if topic.start is not None and searcher.has(topic.start) else searcher.entries_of(topic.id)[0]
