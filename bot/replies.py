"""What goes into the dialogue and what comes out of it: values that every front end decodes and renders.

No HTML, no escapes, no keyboards: texts here are Markdown with LaTeX, made readable by bot.layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from knowledge.figures import Figure
from knowledge.model import Lang, Section


class Outcome(StrEnum):
    """What a turn came to."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    UNKNOWN = "unknown"
    CHAT = "chat"
    """Handled without asking the knowledge: small talk, help, settings, a pick out of range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A reply of ours that a text answers expressly: it is about that one, whatever was shown since, and to whom."""

    entry: str | None
    """The entry that it showed, if any."""
    listed: tuple[str, ...]
    """Ids of the list that it ended with, in its order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """A line of text, a command («/topics») among them."""

    text: str
    quoted: Quoted | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """A button, or anything else that names an entry for certain."""

    entry: str
    section: Section | None = None
    """The section to show; ``None`` for the answer itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """The button that takes the understanding of an ellipsis back."""


Incoming = Typed | Chosen | Undone


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """Something to pick from the list under a reply."""

    entry: str
    text: str
    """The question, in the language of the reply."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the search found."""

    entry: str
    question: str
    score: float
    """Calibrated probability that it is what was asked, in [0, 1]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is shown of an entry."""

    entry: str
    question: str
    short: str | None
    """The short answer; ``None`` where only a section is shown."""
    sections: Mapping[Section, str]
    """The sections shown, in order."""
    more: tuple[Section, ...]
    """The entry's other sections, which can be asked for."""
    figures: tuple[Figure, ...] = ()
    """What the figure section shows, where that is among the sections shown; its text is then what stands beside them."""
    points: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One turn's reply."""

    outcome: Outcome
    lang: Lang
    query: str
    said: str = ""
    """What the bot itself says, before the answer; Markdown.  May be empty for an answer."""
    resolved: str | None = None
    """The question that an ellipsis was understood as."""
    answer: Answer | None = None
    section: Section | None = None
    """The section asked for, where only that is shown."""
    options: tuple[Option, ...] = ()
    """The list to pick from: follow-ups of an answer, else suggestions or topics' openings."""
    candidates: tuple[Candidate, ...] = ()
    score: float | None = None
    undoable: bool = False
    """Whether «Undone» means something now."""
    topics: tuple[tuple[str, tuple[Option, ...]], ...] = field(default=())
    """For /topics: each topic's name with its questions."""
