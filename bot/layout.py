"""Lays a whole reply out as one text: Markdown with readable formulas, or plain.  Pure.

Every front end shows what stands here, so that the terminal, Telegram and a pipe say the same.
"""

from collections.abc import Callable, Iterator, Sequence

from bot.formulas import literal, readable
from bot.plain import plain_text
from bot.replies import Answer, Option, Reply
from bot.wording import SECTION_NAMES, say
from knowledge.figures import Figure
from knowledge.model import Lang, Section

Place = Callable[[Figure], str]
"""Where a person finds the file of a figure."""
Formulas = Callable[[str], str]


def page(reply: Reply, place: Place | None = None, *, formulas: Formulas = readable) -> str:
    """The reply as Markdown: what is said, the answer, the topics, and the list to pick from.

    Args:
        reply: The reply.
        place: Names the files of figures; ``None`` where they are shown themselves.
        formulas: Makes the knowledge's Markdown with LaTeX into Markdown that can be shown.
    """
    parts = [reply.said.strip()]
    if reply.answer is not None:
        parts += _answer(reply.answer, reply.lang, place, formulas)
    number = 1
    for name, options in reply.topics:
        parts += [_heading(literal(name)), _numbered(options, number)]
        number += len(options)
    if reply.options:
        parts += [_heading(say("follow_ups", reply.lang))] if reply.answer is not None else []
        parts.append(_numbered(reply.options))
    return "\n\n".join(filter(None, parts))


def plain(reply: Reply, place: Place | None = None) -> str:
    """The reply as plain text, without marks or escapes; see ``page``."""
    return plain_text(page(reply, place))


def _answer(answer: Answer, lang: Lang, place: Place | None, formulas: Formulas) -> Iterator[str]:
    yield _heading(literal(answer.question))
    if answer.short is not None:
        yield formulas(answer.short)
    if answer.points:
        yield _heading(say("points", lang))
        yield _bullets([formulas(point) for point in answer.points])
    for section, text in answer.sections.items():
        yield _heading(SECTION_NAMES[lang][section])
        if section is Section.FIGURE:
            for figure in answer.figures:
                yield literal(figure.alt)
                yield literal(place(figure)) if place is not None else ""
        yield formulas(text)
    if answer.sources:
        yield _heading(say("sources", lang))
        yield _bullets([literal(source) for source in answer.sources])
    if answer.more:
        names = [SECTION_NAMES[lang][section] for section in answer.more]
        yield say("more", lang, sections=("、" if lang == "zh" else ", ").join(names))


def _heading(text: str) -> str:
    return f"**{text}**"


def _bullets(items: Sequence[str]) -> str:
    return "\n".join(f"- {item}" for item in items)


def _numbered(options: Sequence[Option], first: int = 1) -> str:
    return "\n".join(f"{number}. {literal(option.text)}" for number, option in enumerate(options, first))
