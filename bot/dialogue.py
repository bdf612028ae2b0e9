"""The dialogue's core: one step from a session and what came in to a session and a reply.  Pure.

Every front end, the replay of files and the evaluation call ``step`` and nothing else.

    1 a button, or a pick from the list last shown     the entry picked
    2 a move (back, again, thanks, hello, a command)   handled here
    3 a question that leans on the talk                the question it stands for, shown to the person
    4 anything else                                    the text itself
"""

import re
from dataclasses import replace

from bot import ellipsis, show
from bot.formulas import literal
from bot.moves import Move, back_to, move, pick
from bot.replies import Chosen, Incoming, Outcome, Quoted, Reply, Typed, Undone
from bot.resolve import Resolution, resolve
from bot.session import Session, Shown
from bot.wording import say
from index.alternation import LazyPattern
from index.analysis import Analysis
from index.decision import Outcome as Verdict
from index.fuzzy import likeness
from index.searcher import Found, Searcher, likeliest
from index.text import MOST_CHARACTERS
from knowledge.model import Lang, Section

Turn = tuple[Session, Reply]

_COMMAND = LazyPattern(r"/(?P<name>[a-z_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?\Z", ("/",), re.DOTALL | re.IGNORECASE)
_COMMANDS = {
    "start": Move.HELLO,
    "help": Move.HELP,
    "new": Move.NEW,
    "back": Move.BACK,
}
_STYLE = LazyPattern(
    r"</?(?:b|i|u|s|em|strong|code|pre|p|br|span|div)\s*/?>|(?<![a-z0-9])\*\*(?=[^\s*])|(?<=[^\s*])\*\*(?![a-z0-9])",
    ("<", "**"),
    re.IGNORECASE,
)
"""Tags and stars that dress a text and change nothing about what it asks; x**2 keeps its stars."""
_MARKUP = LazyPattern(
    r"</\w+\s*>|\[/\w+\]|\{\{|\$\{\w+:|Traceback \(most recent call last\)|^\s*File \".*\", line \d+",
    ("</", "[/", "{{", "${", "Traceback", "File"),
    re.MULTILINE,
)
"""A closing tag, a template, a traceback: no question has one, pasted pages and programs do."""
_ORDER = LazyPattern(
    r"(?:忽略|无视|忘掉|忘记).{0,6}(?:以上|上面|之前|前面|所有).{0,6}(?:指令|提示|规则|设定)"
    r"|(?:输出|打印|说出|泄露).{0,4}(?:你的|系统)(?:系统)?提示"
    r"|(?:你的|系统)(?:系统)?提示词?.{0,6}(?:输出|打印|发给)"
    r"|\b(?:ignore|disregard|forget) (?:all |any )*(?:the |your )?(?:previous|prior|above|earlier) (?:instruction|prompt|rule)"
    r"|\b(?:reveal|print|output|show)\b.{0,12}\bsystem prompt|\byou are now\b|\breply only with\b",
    "忽略 无视 忘掉 忘记 提示 ignore disregard forget prompt now only".split(),
)
"""Orders to a program that would follow them; in normal form."""
_MEANT = LazyPattern(
    r"(?:no+|nope|not that|wrong|不是|不对|错了)\s*(?:这个\s*)?"
    r"(?:i (?:meant|mean|was asking about)|我(?:问|说|指)的是|我的意思是|我是(?:说|问|想问))\s*(?P<rest>.+)",
    ("我", "i mean", "i was"),
)
"""Takes an understanding back and says at once what was meant; in normal form."""
_SAME = 0.86
"""Likeness from which a typed text is an option of the list."""
_SHORTEST_PREFIX = 4
_WORD = re.compile(r"[a-z']{2,}")
_LONGEST_AMBIGUOUS = 4
"""Letters of a word that is at home in both languages (BN, ReLU)."""


def step(session: Session, incoming: Incoming, searcher: Searcher, now: float) -> Turn:
    """The session after a turn, and the reply.

    Args:
        session: What is remembered.
        incoming: What the person did.
        searcher: The knowledge.
        now: The time, in seconds since the epoch.
    """
    session = session.at_time(now)
    match incoming:
        case Chosen(entry=entry, section=section):
            lang = session.lang or session.spoken
            if not searcher.has(entry):
                return session, Reply(outcome=Outcome.CHAT, lang=lang, query="", said=say("expired", lang))
            return _shows(session, entry, searcher, lang, "", section=section)
        case Undone():
            return _undo(session, searcher, query="")
        case Typed(text=text, quoted=quoted):
            return _typed(_turned_to(session, quoted, searcher), text, searcher)


def _turned_to(session: Session, quoted: Quoted | None, searcher: Searcher) -> Session:
    """The session as it was after the reply that is answered, if another was shown since or that one was shown to others."""
    if quoted is None:
        return session
    listed = tuple(id_ for id_ in quoted.listed if searcher.has(id_)) or session.listed
    entry, current = quoted.entry, session.current
    if entry is None or not searcher.has(entry) or (current is not None and current.entry == entry and not session.away):
        return replace(session, listed=listed)
    return session.shows(Shown(entry=entry, focus=tuple(searcher.entry(entry).terms)), listed)


def _typed(session: Session, text: str, searcher: Searcher) -> Turn:
    lang = _lang(session, text, searcher)
    session = replace(session, spoken=lang)
    stripped = _STYLE.sub(" ", text).strip()
    command = _COMMAND.fullmatch(stripped)
    if command:
        return _command(session, command["name"].lower(), (command["rest"] or "").strip(), searcher, lang, text)
    normal = searcher.analyser.normal(stripped)
    no_question = _no_question(stripped, normal, searcher, lang)
    if no_question is not None:
        return _says(session, no_question, lang, text, Outcome.UNKNOWN)
    number = pick(normal, len(session.listed))
    if number is not None:
        return _picked(session, number, searcher, lang, text)
    found = move(normal)
    if found is not None:
        return _moved(session, found, searcher, lang, text)
    meant = _MEANT.fullmatch(normal)
    if meant is not None:
        before = session.before
        return _typed(replace(before, at=session.at, away=True) if before else session, meant["rest"], searcher)
    named = back_to(normal)
    if named is not None:
        turned = _back_to(session, named, searcher, lang, text)
        if turned is not None:
            return turned
    option = _option(session, normal, searcher)
    if option is not None:
        return _shows(session, option, searcher, lang, text)
    return _asked(session, stripped, searcher, lang, text)


def _no_question(text: str, normal: str, searcher: Searcher, lang: Lang) -> str | None:
    """What to say to a text that no question can be, or ``None``."""
    if len(text) > MOST_CHARACTERS:
        return say("too_long", lang, most=MOST_CHARACTERS)
    if _MARKUP.search(text):
        return say("markup", lang)
    if not normal:
        return say("empty", lang)
    stored = searcher.owner(searcher.analyser.form(text)) is not None
    return say("order", lang) if _ORDER.search(normal) and not stored else None


def _asked(session: Session, question: str, searcher: Searcher, lang: Lang, text: str) -> Turn:
    """A question, leaning on the talk or not."""
    readings = searcher.readings(question)
    asks_section = ellipsis.section_of(ellipsis.read(readings[0].analysis)) is not None  # «有图吗» needs no correcting
    found = readings[0] if asks_section else likeliest(readings)
    resolution = resolve(session, found, searcher, lang)
    if resolution is not None:
        return _resolved(session, resolution, found, searcher, lang, text)
    alone = not session.trail and not found.analysis.terms and found.outcome is not Verdict.ANSWER
    if alone and ellipsis.read(found.analysis).leans:
        return _says(session, say("no_context", lang), lang, text, Outcome.UNKNOWN)
    return _verdict(session, found, searcher, lang, text)


def _verdict(session: Session, found: Found, searcher: Searcher, lang: Lang, text: str) -> Turn:
    terms = found.analysis.terms
    if found.outcome is Verdict.ANSWER:
        reply = replace(
            show.entry_reply(searcher, found.hits[0].entry, lang, query=text),
            candidates=show.candidates(searcher, found, lang),
            score=show.score(found),
        )
        return _shown(session, reply, searcher, focus=terms), reply
    session = replace(session, away=True, text="", before=None)
    if terms:
        session = replace(session, focus=terms, lost=True)
    beside = show.beside_reply(searcher, found, lang, query=text)
    if beside is not None:
        return replace(session, listed=show.listed(beside.options)), beside
    if found.outcome is Verdict.SUGGEST:
        said = say("suggest", lang)
        reply = show.suggest_reply(searcher, found, lang, query=text, said=said)
        return replace(session, listed=show.listed(reply.options)), reply
    reply = Reply(
        outcome=Outcome.UNKNOWN,
        lang=lang,
        query=text,
        said=say("unknown", lang),
        candidates=show.candidates(searcher, found, lang),
        score=show.score(found),
    )
    return session, reply


def _resolved(session: Session, resolution: Resolution, plain: Found, searcher: Searcher, lang: Lang, text: str) -> Turn:
    """Answers a question that leaned on the talk, and says as what it was understood."""
    before = replace(session, before=None, text="")
    found = resolution.found
    question = resolution.question
    reply = show.entry_reply(searcher, resolution.entry, lang, query=text, section=resolution.section)
    plain_side = reply.section is not None  # a section says itself what it is
    reply = replace(
        reply,
        resolved=question,
        said=reply.said if plain_side else reply.said or say("understood", lang, question=literal(question)),
        undoable=not plain_side,
        candidates=show.candidates(searcher, found or plain, lang),
        score=None if found is None else show.score(found),
    )
    shown = _shown(session, reply, searcher, focus=resolution.focus)
    return replace(shown, before=before, text=text), reply


def _shown(session: Session, reply: Reply, searcher: Searcher, *, focus: tuple[str, ...] = ()) -> Session:
    """The session after a reply that shows an entry."""
    assert reply.answer is not None  # noqa: S101 — callers pass answers
    entry = reply.answer.entry
    asked = searcher.asked(entry)
    about = tuple(term for term in focus if term in asked) or tuple(searcher.entry(entry).terms)
    shown = Shown(entry=entry, section=reply.section, focus=about)
    listed = show.listed(reply.options)
    return replace(session.shows(shown, listed), before=None, text="")


def _shows(
    session: Session,
    entry: str,
    searcher: Searcher,
    lang: Lang,
    text: str,
    *,
    section: Section | None = None,
    focus: tuple[str, ...] = (),
) -> Turn:
    """Shows an entry, or a section of it, for certain."""
    reply = show.entry_reply(searcher, entry, lang, query=text, section=section)
    return _shown(session, reply, searcher, focus=focus), reply


def _says(session: Session, said: str, lang: Lang, text: str, outcome: Outcome = Outcome.CHAT) -> Turn:
    return session, Reply(outcome=outcome, lang=lang, query=text, said=said)


def _picked(session: Session, number: int, searcher: Searcher, lang: Lang, text: str) -> Turn:
    listed = tuple(id_ for id_ in session.listed if searcher.has(id_))
    if not listed:
        return _says(session, say("no_list", lang), lang, text)
    if not 1 <= number <= len(listed):
        said = say("out_of_range", lang, count=len(listed))
        return session, Reply(
            outcome=Outcome.CHAT, lang=lang, query=text, said=said, options=show.options(searcher, listed, lang)
        )
    return _shows(session, listed[number - 1], searcher, lang, text)


def _option(session: Session, normal: str, searcher: Searcher) -> str | None:
    """The listed entry whose question was typed, in full with slips or as a beginning that fits no other."""
    analyse = searcher.analyser.analyse
    typed, named = normal.replace(" ", ""), set(analyse(normal).terms)
    questions = [
        (question, id_)
        for id_ in session.listed
        if searcher.has(id_)
        for question in (analyse(text.question) for text in searcher.entry(id_).texts.values())
    ]
    begun = {id_ for question, id_ in questions if len(typed) >= _SHORTEST_PREFIX and _bare(question).startswith(typed)}
    meant = begun or {
        id_
        for question, id_ in questions
        if likeness(typed, _bare(question)) >= _SAME and not _another_term(named, set(question.terms), searcher)
    }
    return meant.pop() if len(meant) == 1 else None


def _another_term(named: set[str], asked: set[str], searcher: Searcher) -> bool:
    """Whether a text names a sibling instead of a question's term: that is another question, however alike the two are."""
    return any(other in searcher.terms[term].siblings for term in named - asked for other in asked - named)


def _bare(question: Analysis) -> str:
    return question.normal.replace(" ", "")


def _moved(session: Session, found: Move, searcher: Searcher, lang: Lang, text: str) -> Turn:
    match found:
        case Move.BACK:
            return _back(session, searcher, lang, text)
        case Move.START:
            return _back(session, searcher, lang, text, most=1)
        case Move.REPEAT:
            current = session.current
            if current is None or not searcher.has(current.entry):
                return _says(session, say("nothing_to_repeat", lang), lang, text)
            return _shows(session, current.entry, searcher, lang, text, section=current.section, focus=current.focus)
        case Move.NEW:
            fresh = Session(lang=session.lang, spoken=lang, at=session.at)
            return _says(fresh, say("new", lang), lang, text)
        case Move.TOPICS:
            return _topics(session, searcher, lang, text)
        case Move.NO:
            return _undo(session, searcher, query=text)
        case Move.HELLO:
            example = _example(searcher, lang)
            return _says(session, say("hello", lang, example=literal(example)), lang, text)
        case _:
            return _says(session, say(found.value, lang), lang, text)


def _topics(session: Session, searcher: Searcher, lang: Lang, text: str, *, wanted: str = "") -> Turn:
    reply = show.topics_reply(searcher, lang, query=text, wanted=wanted)
    return replace(session, listed=tuple(option.entry for _, options in reply.topics for option in options)), reply


def _back(session: Session, searcher: Searcher, lang: Lang, text: str, *, most: int | None = None) -> Turn:
    """The answer before the latest one, or the latest where the talk has strayed from it; of the first ``most``, if given."""
    trail = tuple(shown for shown in session.trail if searcher.has(shown.entry))
    if not session.away:
        trail = trail[:-1]
    if not trail:
        return _says(session, say("nothing_before", lang), lang, text)
    return _return_to(session, trail[:most], searcher, lang, text)


def _back_to(session: Session, named: str, searcher: Searcher, lang: Lang, text: str) -> Turn | None:
    """The answer among those shown that a text names, the latest of several."""
    found = searcher.search(named)
    hits = {hit.entry: hit.score for hit in found.hits}
    terms = set(found.analysis.terms)
    if found.analysis.facets:
        return None  # it goes on to ask something
    for length in range(len(session.trail), 0, -1):
        shown = session.trail[length - 1]
        if searcher.has(shown.entry) and (
            (terms and terms <= set(searcher.entry(shown.entry).terms)) or hits.get(shown.entry, 0.0) >= searcher.model.suggest
        ):
            return _return_to(session, session.trail[:length], searcher, lang, text)
    return None


def _return_to(session: Session, trail: tuple[Shown, ...], searcher: Searcher, lang: Lang, text: str) -> Turn:
    shown = trail[-1]
    question = searcher.entry(shown.entry).text(lang).question
    reply = show.entry_reply(searcher, shown.entry, lang, query=text, said=say("back", lang, question=literal(question)))
    return _shown(replace(session, trail=trail), reply, searcher, focus=shown.focus), reply


def _undo(session: Session, searcher: Searcher, *, query: str) -> Turn:
    """Takes back what an ellipsis was understood as, and offers what its words alone come near to."""
    lang = session.lang or session.spoken
    if session.before is None:
        return _says(replace(session, text=""), say("nothing_to_undo", lang), lang, query)
    found = searcher.search(session.text)
    session = replace(session.before, at=session.at, spoken=lang, away=True)
    if not found.hits or found.hits[0].score < searcher.model.suggest:
        return _says(session, say("undone", lang), lang, query)
    reply = show.suggest_reply(searcher, found, lang, query=query, said=say("undone_near", lang))
    return replace(session, listed=show.listed(reply.options)), reply


def _command(session: Session, name: str, rest: str, searcher: Searcher, lang: Lang, text: str) -> Turn:
    if name == "lang":
        return _set_lang(session, rest.lower(), lang, text)
    if name == "start" and searcher.has(rest):
        return _shows(session, rest, searcher, lang, text)
    if name == "topics":
        return _topics(session, searcher, lang, text, wanted=rest)
    if name in _COMMANDS:
        return _moved(session, _COMMANDS[name], searcher, lang, text)
    return _says(session, say("unknown_command", lang, command=literal(f"/{name}")), lang, text)


def _set_lang(session: Session, wanted: str, lang: Lang, text: str) -> Turn:
    chosen: dict[str, Lang] = {"zh": "zh", "中文": "zh", "cn": "zh", "chinese": "zh", "en": "en", "英文": "en", "english": "en"}
    if wanted in chosen:
        lang = chosen[wanted]
        return _says(replace(session, lang=lang, spoken=lang), say("lang_set", lang), lang, text)
    if wanted in ("auto", "自动"):
        return _says(replace(session, lang=None), say("lang_auto", lang), lang, text)
    return _says(session, say("lang_usage", lang, now=session.lang or "auto"), lang, text)


def _example(searcher: Searcher, lang: Lang) -> str:
    """A question to try: the first topic's opening."""
    first = next((topic.start for topic in searcher.topics if topic.start and searcher.has(topic.start)), searcher.entry_ids[0])
    return searcher.entry(first).text(lang).question


def _lang(session: Session, text: str, searcher: Searcher) -> Lang:
    """The language of the reply: the one set, else that of the text, else that of the talk."""
    if session.lang is not None:
        return session.lang
    normal = searcher.analyser.normal(text.partition(" ")[2] if text.startswith("/") else text)
    if _chinese(normal):
        return "zh"
    words = _WORD.findall(normal)
    if len(words) <= 1 and not any(len(word) > _LONGEST_AMBIGUOUS and searcher.vocabulary.knows_word(word) for word in words):
        return session.spoken
    meant = searcher.analyser.reread(searcher.analyser.analyse(text), searcher.vocabulary)
    return "zh" if meant is not None and _chinese(meant.normal) else "en"


def _chinese(text: str) -> bool:
    """Whether it has a Chinese character; a pattern that says so takes a millisecond to make."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)
