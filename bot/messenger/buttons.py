"""Keyboards under replies, and the callback data that says what a button means.  Pure.

The data hold all that is needed, so a button works after a restart and for whoever presses it.  Telegram allows 1 to 64 bytes:
``<kind>:<entry>``, or ``<kind>#<digest of the entry's id>`` where the id does not fit; votes on a question that had no answer
carry ``?<digest of its text>``, reports of a mistake ``!``, or the section's letter as a capital.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bot import subjects
from bot.feedback import Mistake
from bot.messenger.display import Display
from bot.replies import Chosen, Incoming, Outcome, Quoted, Reply, Undone
from bot.wording import SECTION_NAMES, say
from knowledge.model import Lang, Section

MOST_BYTES = 64
"""Of callback data."""
MOST_BUTTONS = 100
_NUMBERS_A_ROW = 6
_SECTIONS_A_ROW = 4
_ASK, _ANSWER, _UNDO, _GOOD, _BAD, _WRONG, _SHOW = "q", "a", "u", "+", "-", "!", "w"
_KINDS = {"d": Section.DETAILS, "f": Section.FORMULA, "c": Section.CODE, "g": Section.FIGURE, "p": Section.PITFALLS}
_LETTERS = {section: kind for kind, section in _KINDS.items()}
_REPORTS: dict[str, Section | None] = {_WRONG: None, **{kind.upper(): section for kind, section in _KINDS.items()}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button with what comes back when it is pressed."""

    label: str
    data: str


Keyboard = tuple[tuple[Button, ...], ...]
"""Rows of buttons."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What a pressed button means."""

    incoming: Incoming
    in_place: bool
    """Whether it shows another side of the same answer, which then takes the place of the message."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What somebody thinks of a reply."""

    subject: str
    good: bool


def keyboard(reply: Reply) -> Keyboard:
    """The buttons under a reply: the numbers of the list in its text, the other sections, votes, and «not what I meant».

    Questions are too long for a telephone's buttons, therefore the list stands in the text and its numbers are pressed.
    """
    listed = reply.options or tuple(option for _, options in reply.topics for option in options)
    numbers = [Button(label=str(n), data=_data(_ASK, option.entry)) for n, option in enumerate(listed, 1)]
    sections: list[Button] = []
    if reply.answer is not None:
        entry, names = reply.answer.entry, SECTION_NAMES[reply.lang]
        if reply.section is not None:
            sections.append(Button(label=say("button_answer", reply.lang), data=_data(_ANSWER, entry)))
        sections.extend(Button(label=names[section], data=_data(_LETTERS[section], entry)) for section in reply.answer.more)
    undo = [Button(label=say("button_undo", reply.lang), data=f"{_UNDO}:")] if reply.undoable else []
    votes = _votes(reply)
    numbers = numbers[: MOST_BUTTONS - len(sections) - len(votes) - len(undo)]
    return (*_rows(numbers, _NUMBERS_A_ROW), *_rows(sections, _SECTIONS_A_ROW), *_rows(votes, len(votes) or 1), *_rows(undo, 1))


def press(data: str, entries: Sequence[str]) -> Press | None:
    """What the button with these data means; ``None`` where nothing is left that it could mean."""
    kind, mark, name = data[:1], data[1:2], data[2:]
    entry = _entry(mark, name, entries)
    if data == f"{_UNDO}:":
        return Press(incoming=Undone(), in_place=False)
    if entry is None:
        return None
    if kind in _KINDS:
        return Press(incoming=Chosen(entry=entry, section=_KINDS[kind]), in_place=True)
    return Press(incoming=Chosen(entry=entry), in_place=kind == _ANSWER) if kind in (_ASK, _ANSWER) else None


def rating(data: str, entries: Sequence[str]) -> Rating | None:
    """What the button with these data says about a reply; ``None`` where it is no vote, or its entry is gone."""
    sign, mark, name = data[:1], data[1:2], data[2:]
    if sign not in (_GOOD, _BAD) or not sign:
        return None
    if mark == "?":
        return Rating(subject=subjects.of_question(name), good=sign == _GOOD) if subjects.is_digest(name) else None
    entry = _entry(mark, name, entries)
    return Rating(subject=subjects.of_entry(entry), good=sign == _GOOD) if entry is not None else None


def reported(data: str, entries: Sequence[str]) -> Mistake | None:
    """What the button with these data says is wrong; ``None`` where it says no such thing, or its entry is gone."""
    entry = _entry(data[1:2], data[2:], entries) if data[:1] in _REPORTS else None
    return Mistake(entry=entry, section=_REPORTS[data[0]]) if entry is not None else None


def quoted(buttons: Sequence[str], entries: Sequence[str]) -> Quoted | None:
    """What the reply with these buttons' data had shown; ``None`` where they do not tell."""
    about = {entry for data in buttons if data[:1] == _GOOD and (entry := _entry(data[1:2], data[2:], entries)) is not None}
    listed = tuple(
        entry for data in buttons if data[:1] == _ASK and (entry := _entry(data[1:2], data[2:], entries)) is not None
    )
    return Quoted(entry=about.pop() if about else None, listed=listed) if about or listed else None


def displays(lang: Lang) -> Keyboard:
    """The buttons that choose how answers are shown."""
    return (tuple(Button(label=say(f"button_{way}", lang), data=f"{_SHOW}:{way}") for way in Display),)


def display(data: str) -> Display | None:
    """What the button with these data chooses, if that is what it does."""
    kind, _, way = data.partition(":")
    return Display(way) if kind == _SHOW and way in set(Display) else None


def _votes(reply: Reply) -> list[Button]:
    """For and against an answer or the word that there is none, and that an answer is wrong."""
    signs = ((_GOOD, "👍"), (_BAD, "👎"))
    if reply.answer is not None:
        wrong = _LETTERS[reply.section].upper() if reply.section is not None else _WRONG
        report = (wrong, say("button_wrong", reply.lang))
        return [Button(label=label, data=_data(sign, reply.answer.entry)) for sign, label in (*signs, report)]
    if reply.outcome is Outcome.UNKNOWN and reply.query.strip():
        return [Button(label=label, data=f"{sign}?{subjects.digest(reply.query)}") for sign, label in signs]
    return []


def _entry(mark: str, name: str, entries: Sequence[str]) -> str | None:
    """The entry that data name, if it is still there."""
    if mark == ":":
        return name if name in entries else None
    return next((entry for entry in entries if mark == "#" and subjects.digest(entry) == name), None)


def _data(kind: str, entry: str) -> str:
    data = f"{kind}:{entry}"
    return data if len(data.encode()) <= MOST_BYTES else f"{kind}#{subjects.digest(entry)}"


def _rows(buttons: Sequence[Button], most: int) -> Keyboard:
    return tuple(tuple(buttons[n : n + most]) for n in range(0, len(buttons), most))
