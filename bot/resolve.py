"""Finds the question that an ellipsis stands for: from what was shown last, the lexicon and the follow-up graph.  Pure.

Inside a talk the same thresholds hold as outside: no context makes a wrong answer right.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from bot import ellipsis, show
from bot.ellipsis import Leaning
from bot.session import Session, Shown
from bot.wording import SECTION_NAMES
from index.alternation import LazyPattern
from index.decision import Outcome
from index.forms import Facet
from index.searcher import Found, Searcher
from index.tokens import facets
from knowledge.model import Lang, Section

_SUBSTANCE = LazyPattern(r"[\u4e00-\u9fff]{2}|[a-z]{4}", ("",))
"""What a text must say of its own to be about the talk without saying so."""
_OWN_WORDS = 0.4
"""Share of a text's own words that an entry must have before the talk may decide for it."""
_SOME_WORDS = 0.2
"""… where it asks for a side of something and the entry is sure."""
_SURE = 0.9
_MOST_TOGETHER = 2
"""Terms of the talk that are put in together: more would find the answer shown last, whatever else was asked."""
_ELSEWHERE = 0.3
"""Probability from which a text that does not lean is about something else than the talk."""
_LONGEST_FRAGMENT = 8
"""Characters up to which what a text says may be a piece of something said before."""
_SHORTEST_WORD = 2
"""Letters from which a Latin piece says something."""
_FEWEST_WORDINGS = 2
"""Wordings of an entry that must have such a piece."""
_ALIKE: dict[Facet, frozenset[Facet]] = {
    Facet.HOW: frozenset({Facet.FIX, Facet.CHOOSE}),
    Facet.USE: frozenset({Facet.PROS}),
    Facet.EFFECT: frozenset({Facet.WHY}),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Context:
    """What an ellipsis may lean on."""

    searcher: Searcher
    lang: Lang
    current: Shown | None
    """The answer shown last; ``None`` where the last question was about something else and was not answered."""
    trail: tuple[Shown, ...]
    focus: tuple[str, ...]

    def name(self, term: str) -> str:
        """What the answer shown last calls a term, else its first name."""
        if self.current is not None:
            called = self.searcher.analyser.called(self.question(self.current.entry), term)
            if called is not None:
                return called
        return self.searcher.terms[term].names[self.lang]

    def question(self, entry: str) -> str:
        return self.searcher.entry(entry).text(self.lang).question

    def of(self, found: Found, focus: tuple[str, ...]) -> Resolution | None:
        """The best hit as a resolution, where it is an answer."""
        if found.outcome is not Outcome.ANSWER:
            return None
        entry = found.hits[0].entry
        return Resolution(question=self.question(entry), entry=entry, focus=focus, found=found)

    def same(self, focus: tuple[str, ...]) -> Resolution:
        """The answer shown last, once more."""
        assert self.current is not None  # noqa: S101 — callers have looked
        return Resolution(question=self.question(self.current.entry), entry=self.current.entry, focus=focus)

    def related(self, entry: str) -> bool:
        """Whether an entry is the one shown, follows it, or is about one of its terms."""
        if self.current is None:
            return True
        shown = self.searcher.entry(self.current.entry)
        return entry in (shown.id, *shown.follow_ups) or bool(set(self.searcher.entry(entry).terms) & set(shown.terms))


def resolve(session: Session, plain: Found, searcher: Searcher, lang: Lang) -> Resolution | None:
    """The question that a text stands for in a talk, or ``None`` where it stands for itself or for nothing certain.

    Args:
        session: The talk.
        plain: What the search found for the text alone.
        searcher: The knowledge.
        lang: Language of the reply.
    """
    read = ellipsis.read(plain.analysis)
    trail = tuple(shown for shown in session.trail if searcher.has(shown.entry))
    astray = session.lost and not read.earlier
    if read.before and not session.away and len(trail) > 1:
        trail = trail[:-1]
    current = trail[-1] if trail and not astray else None
    focus = tuple(term for term in (session.focus if astray or current is None else current.focus) if term in searcher.terms)
    context = _Context(searcher=searcher, lang=lang, current=current, trail=trail, focus=focus)
    if current is None and not focus:
        return None
    if read.brief and current is not None:
        return context.same(focus)
    if not read.terms and read.bare and (read.facets or ellipsis.section_of(read)):
        return _side(context, read)
    if read.terms and read.bare and read.marked and not (read.facets or read.anaphora or read.no_subject):
        return _other_term(context, read, plain)
    if plain.certain:
        return None
    leaning = read.anaphora or read.marked or read.no_subject
    if plain.outcome is Outcome.ANSWER and not leaning:
        return None
    if not leaning and not _SUBSTANCE.search(read.fragment):
        return None
    filled = _filled_in(context, read, plain)
    if plain.outcome is Outcome.ANSWER and (
        filled is None or not (read.no_subject or _likelier(filled, plain) or _names_both(context, read, filled))
    ):
        return None
    elsewhere = plain.outcome is Outcome.ANSWER or (bool(plain.hits) and plain.hits[0].score >= _ELSEWHERE)
    return filled or (_fragment(context, read) if read.marked or not elsewhere else None)


def _likelier(resolution: Resolution, plain: Found) -> bool:
    """Whether a resolution is surer than what the text alone came to."""
    return resolution.found is not None and resolution.found.hits[0].score > plain.hits[0].score


def _names_both(context: _Context, read: Leaning, resolution: Resolution) -> bool:
    """Whether an entry is asked about what a text names and about what it points at («transformer为什么选后者»)."""
    asked = context.searcher.asked(resolution.entry)
    return read.anaphora and bool(read.terms) and asked >= set(read.terms) and not asked.isdisjoint(context.focus)


def _other_term(context: _Context, read: Leaning, plain: Found) -> Resolution | None:
    """«那L2呢»: the question shown last, asked about another term."""
    searcher, new = context.searcher, read.terms[0]
    if context.current is not None:
        entry = searcher.entry(context.current.entry)
        for exchanged in _exchanges(context, entry.id, new):
            found = searcher.search(exchanged)
            if found.outcome is Outcome.ANSWER and new in searcher.asked(found.hits[0].entry):
                return context.of(found, read.terms)
        if new in entry.terms:
            return context.same(read.terms)
    if plain.outcome is Outcome.ANSWER:
        return None
    return _shown_before(context, new)


def _exchanges(context: _Context, entry: str, new: str) -> Iterator[str]:
    """The wordings of an entry, its question first, with a sibling of the new term replaced by it."""
    searcher = context.searcher
    text = searcher.entry(entry).text(context.lang)
    siblings = searcher.terms[new].siblings
    olds = dict.fromkeys(term for term in (*context.focus, *searcher.entry(entry).terms) if term in siblings)
    for old in olds:
        for wording in text.wordings:
            exchanged = searcher.analyser.exchange(wording, old, context.name(new))
            if exchanged is not None:
                yield exchanged


def _shown_before(context: _Context, term: str) -> Resolution | None:
    """The latest answer shown that is asked about a term."""
    for shown in reversed(context.trail):
        if term in context.searcher.asked(shown.entry):
            return Resolution(question=context.question(shown.entry), entry=shown.entry, focus=(term,))
    return None


def _side(context: _Context, read: Leaning) -> Resolution | None:
    """«为什么», «公式呢»: another side of what was shown last."""
    if context.current is None:
        return _about(context, read)
    searcher = context.searcher
    entry = searcher.entry(context.current.entry)
    section = ellipsis.section_of(read)
    if section is not None and section in entry.text(context.lang).sections:
        title = f"{context.question(entry.id)} · {SECTION_NAMES[context.lang][section]}"
        return Resolution(question=title, entry=entry.id, section=section, focus=context.focus)
    next_ones = list(_following(context, read))
    for target in next_ones:
        if not set(context.focus).isdisjoint(searcher.entry(target).terms):
            return Resolution(question=context.question(target), entry=target)
    about = _about(context, read)
    if section is not None and (about is None or about.entry == entry.id):
        return Resolution(question=context.question(entry.id), entry=entry.id, section=section, focus=context.focus)
    if about is not None and (about.entry != entry.id or not next_ones or _has_side(context, read)):
        return about
    if next_ones:
        return Resolution(question=context.question(next_ones[0]), entry=next_ones[0])
    return context.same(context.focus) if _has_side(context, read) else None


def _following(context: _Context, read: Leaning) -> Iterator[str]:
    """The follow-ups of the answer shown last that ask for the side wanted, those that ask for one like it after them."""
    assert context.current is not None  # noqa: S101 — callers have looked
    for wanted in (read.facets, frozenset(other for facet in read.facets for other in _ALIKE.get(facet, ()))):
        for target in show.follow_ups(context.searcher, context.current.entry):
            if wanted & _asks(context.searcher, target):
                yield target


def _asks(searcher: Searcher, entry: str) -> set[Facet]:
    """The facets of an entry's question."""
    texts = searcher.entry(entry).texts.values()
    return {facet for text in texts for facet in facets(searcher.analyser.analyse(text.question).core)}


def _about(context: _Context, read: Leaning) -> Resolution | None:
    """The text asked about what the talk is about: all of it, else one of its terms, best so that the talk stays there."""
    singly: list[Resolution] = []
    # where the last question was not answered, what it named in passing is no subject
    subjects = context.focus if context.current is not None else context.focus[:1]
    for terms in dict.fromkeys((context.focus, *((term,) for term in subjects))):
        subject = " ".join(context.name(term) for term in terms)
        resolution = context.of(context.searcher.search(f"{subject} {read.rest}"), context.focus) if terms else None
        if resolution is None or not context.related(resolution.entry):
            continue
        if terms == context.focus:
            return resolution
        singly.append(resolution)
    shown = context.current.entry if context.current is not None else None
    return next((resolution for resolution in singly if resolution.entry == shown), singly[0] if singly else None)


def _has_side(context: _Context, read: Leaning) -> bool:
    """Whether a wording of the answer shown last asks for just that side of it."""
    assert context.current is not None  # noqa: S101 — callers have looked
    texts = context.searcher.entry(context.current.entry).texts.values()
    analyse = context.searcher.analyser.analyse
    return bool(read.facets) and any(read.facets <= analyse(wording).facets for text in texts for wording in text.wordings)


def _filled_in(context: _Context, read: Leaning, plain: Found) -> Resolution | None:
    """«它和L2有什么区别»: the text with the subject put in that it points at or leaves out."""
    names = [context.name(term) for term in context.focus]
    together = names if len(names) <= _MOST_TOGETHER else []
    for name in filter(None, dict.fromkeys((" ".join(together), *names))):
        full = ellipsis.point(plain.analysis.normal, name) if read.anaphora else f"{name} {read.rest}"
        resolution = context.of(context.searcher.search(full), tuple(dict.fromkeys((*read.terms, *context.focus))))
        if resolution is None or not context.related(resolution.entry):
            continue
        assert resolution.found is not None  # noqa: S101 — it came from a search
        best = resolution.found.hits[0]
        if (
            read.no_subject
            or best.signals.rest_covered >= _OWN_WORDS
            or (read.facets and best.score >= _SURE and best.signals.rest_covered >= _SOME_WORDS)
        ):
            return resolution
    return None


def _fragment(context: _Context, read: Leaning) -> Resolution | None:
    """«分类呢», «那爆炸呢»: a piece of what the answer shown last is asked by."""
    piece = read.fragment
    latin = piece.isascii()
    if context.current is None or read.terms or not (_SHORTEST_WORD if latin else 1) <= len(piece) <= _LONGEST_FRAGMENT:
        return None
    texts = context.searcher.entry(context.current.entry).texts.values()
    wordings = [context.searcher.analyser.normal(wording) for text in texts for wording in text.wordings]
    having = sum(piece in wording.split() if latin else piece in wording for wording in wordings)
    return context.same(context.focus) if having >= _FEWEST_WORDINGS else None
