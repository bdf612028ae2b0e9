"""Finds the question that an ellipsis stands for: from what was shown last, the lexicon and the follow-up graph.  Pure.

Inside a talk the same thresholds hold as outside: no context makes a wrong answer right.
"""

from dataclasses import dataclass

from bot import ellipsis, show
from bot.ellipsis import Ellipsis
from bot.session import Session, Shown
from bot.wording import SECTION_NAMES
from index.decision import Outcome
from index.forms import Facet
from index.searcher import Found, Searcher
from index.tokens import facets
from knowledge.model import Lang, Section

_LONGEST = 4.0
"""Logarithm of the content tokens from which a text says too much to lean on anything."""
_OWN_WORDS = 0.5
"""Share of a text's own words that an entry must have before the talk may decide for it."""
_ALIKE: dict[Facet, frozenset[Facet]] = {
    Facet.HOW: frozenset({Facet.HOW, Facet.FIX, Facet.CHOOSE}),
    Facet.USE: frozenset({Facet.USE, Facet.PROS}),
    Facet.EFFECT: frozenset({Facet.EFFECT, Facet.WHY}),
}
"""Facets that a follow-up may be asked by instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """What an ellipsis stands for."""

    question: str
    """The question in full, to show to the person."""
    entry: str
    section: Section | None = None
    focus: tuple[str, ...] = ()
    """Terms that the talk is about now."""
    found: Found | None = None
    """The search that bears it out; ``None`` where the follow-up graph or a section does."""


def resolve(session: Session, plain: Found, searcher: Searcher, lang: Lang) -> Resolution | None:
    """The question that a text stands for in a talk, or ``None`` where it stands for itself or for nothing certain.

    Args:
        session: The talk.
        plain: What the search found for the text alone.
        searcher: The knowledge.
        lang: Language of the reply.
    """
    current = session.current
    if current is None or not searcher.has(current.entry):
        return None
    read = ellipsis.read(plain.analysis, searcher.analyser.subjectless(plain.analysis))
    lost = session.lost and not read.earlier
    if read.terms and read.bare and not read.anaphora and read.leans:
        return _other_term(current, read, plain, searcher, lang)
    if not read.terms and read.bare and (read.facets or ellipsis.section_of(read)):
        return _facet(session, current, read, plain, searcher, lang, lost=lost)
    if plain.outcome is Outcome.ANSWER and not read.anaphora:
        return None
    if read.anaphora or read.marked or plain.outcome is not Outcome.ANSWER:
        return _filled_in(session, current, read, plain, searcher, lang, lost=lost)
    return None


def _other_term(current: Shown, read: Ellipsis, plain: Found, searcher: Searcher, lang: Lang) -> Resolution | None:
    """«那L2呢»: the question shown last, asked about another term."""
    new = read.terms[0]
    question = searcher.entry(current.entry).text(lang).question
    siblings = searcher.terms[new].siblings
    for old in (*(term for term in current.focus if term in siblings), *(term for term in searcher.entry(current.entry).terms if term in siblings)):
        for text in (question, *searcher.entry(current.entry).text(lang).also):
            exchanged = searcher.analyser.exchange(text, old, searcher.terms[new].names[lang])
            found = searcher.search(exchanged) if exchanged is not None else None
            if found is not None and exchanged is not None and found.outcome is Outcome.ANSWER and new in searcher.asked(found.hits[0].entry):
                shown = searcher.entry(found.hits[0].entry).text(lang).question
                return Resolution(question=shown, entry=found.hits[0].entry, focus=read.terms, found=found)
    if new in searcher.asked(current.entry) and new in searcher.entry(current.entry).terms:
        return Resolution(question=question, entry=current.entry, focus=read.terms, found=None)
    if plain.outcome is Outcome.ANSWER:
        return None
    return _filled_in_with(searcher, current, searcher.terms[new].names[lang], question, plain, lang)


def _facet(
    session: Session, current: Shown, read: Ellipsis, plain: Found, searcher: Searcher, lang: Lang, *, lost: bool
) -> Resolution | None:
    """«为什么», «公式呢»: another side of what was shown last."""
    if lost:
        return _about(session.focus, read, plain, searcher, lang)
    entry = searcher.entry(current.entry)
    section = ellipsis.section_of(read)
    if section is not None and section in entry.text(lang).sections:
        return Resolution(question=_titled(entry.text(lang).question, section, lang), entry=entry.id, section=section, focus=current.focus)
    for wanted in (read.facets, frozenset(other for facet in read.facets for other in _ALIKE.get(facet, ()))):
        for target in show.follow_ups(searcher, entry.id):
            question = searcher.entry(target).texts
            asks = {facet for text in question.values() for facet in facets(searcher.analyser.analyse(text.question).core)}
            if wanted & asks and _related(searcher, current, target):
                return Resolution(question=searcher.entry(target).text(lang).question, entry=target)
    return _about(current.focus, read, plain, searcher, lang) or _again(current, read, searcher, lang)


def _about(focus: tuple[str, ...], read: Ellipsis, plain: Found, searcher: Searcher, lang: Lang) -> Resolution | None:
    """The text asked about what the talk is about."""
    for names in (focus, focus[:1]) if len(focus) > 1 else (focus,):
        said = " ".join(searcher.terms[term].names[lang] for term in names if term in searcher.terms)
        found = searcher.search(f"{said} {read.rest}") if said else None
        if found is not None and found.outcome is Outcome.ANSWER:
            entry = found.hits[0].entry
            return Resolution(question=searcher.entry(entry).text(lang).question, entry=entry, focus=focus, found=found)
    return None


def _again(current: Shown, read: Ellipsis, searcher: Searcher, lang: Lang) -> Resolution | None:
    """The entry shown last, where one of its wordings asks for just that side of it."""
    entry = searcher.entry(current.entry)
    for text in entry.texts.values():
        for wording in text.wordings:
            if read.facets and read.facets <= searcher.analyser.analyse(wording).facets:
                question = entry.text(lang).question
                return Resolution(question=question, entry=entry.id, focus=current.focus)
    return None


def _filled_in(
    session: Session, current: Shown, read: Ellipsis, plain: Found, searcher: Searcher, lang: Lang, *, lost: bool
) -> Resolution | None:
    """«它和L2有什么区别», «分类呢»: the text with the subject put in that it points at or leaves out."""
    focus = session.focus if lost else current.focus
    names = [searcher.terms[term].names[lang] for term in focus if term in searcher.terms]
    if not names:
        return None
    for name in dict.fromkeys((" ".join(names), *names)):
        full = ellipsis.point(plain.analysis.normal, name) if read.anaphora else f"{name} {read.rest}"
        resolution = _filled_in_with(searcher, current, name, full, plain, lang, focus=focus, lost=lost)
        if resolution is not None:
            return resolution
    return None


def _filled_in_with(
    searcher: Searcher,
    current: Shown,
    name: str,
    full: str,
    plain: Found,
    lang: Lang,
    *,
    focus: tuple[str, ...] = (),
    lost: bool = False,
) -> Resolution | None:
    found = searcher.search(full)
    if found.outcome is not Outcome.ANSWER:
        return None
    best = found.hits[0]
    own = next((hit.signals.covered_all for hit in plain.hits if hit.entry == best.entry), 0.0)
    if own < _OWN_WORDS or not (lost or _related(searcher, current, best.entry)):
        return None
    question = searcher.entry(best.entry).text(lang).question
    return Resolution(question=question, entry=best.entry, focus=focus, found=found)


def _related(searcher: Searcher, current: Shown, entry: str) -> bool:
    """Whether an entry is the one shown, follows it, or is about one of its terms."""
    return (
        entry == current.entry
        or entry in searcher.entry(current.entry).follow_ups
        or bool(set(searcher.entry(entry).terms) & set(searcher.entry(current.entry).terms))
    )


def _titled(question: str, section: Section, lang: Lang) -> str:
    return f"{question} · {SECTION_NAMES[lang][section]}"
