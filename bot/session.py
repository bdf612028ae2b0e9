"""What is remembered of a talk between two turns: an immutable value that goes into and comes out of storage as JSON."""

from dataclasses import dataclass, replace
from typing import Any

from knowledge.model import LANGS, Lang, Section

DEEPEST = 20
"""Answers that can be gone back through."""
LONGEST_SILENCE = 30 * 60.0
"""Seconds after which a talk has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An answer that was shown."""

    entry: str
    section: Section | None = None
    focus: tuple[str, ...] = ()
    """Terms that the talk was about then."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One person's talk."""

    lang: Lang | None = None
    """Language that the person set."""
    spoken: Lang = "zh"
    """Language of the last reply."""
    trail: tuple[Shown, ...] = ()
    """Answers shown, the latest last."""
    listed: tuple[str, ...] = ()
    """Ids of the list last shown, in its order."""
    focus: tuple[str, ...] = ()
    """Terms that a follow-up without a subject is about."""
    lost: bool = False
    """Whether the last question named a subject of its own and was not answered."""
    away: bool = False
    """Whether the last turn showed no answer, so that going back means the latest answer itself."""
    text: str = ""
    """The last ellipsis as it was typed, while it can be taken back."""
    before: "Session | None" = None
    """The session before that ellipsis."""
    at: float = 0.0
    """Time of the last turn, in seconds since the epoch."""

    @property
    def current(self) -> Shown | None:
        """The latest answer shown."""
        return self.trail[-1] if self.trail else None

    def shows(self, shown: Shown, listed: tuple[str, ...]) -> "Session":
        """The session after an answer; one more section of the same entry does not make the trail longer."""
        same = self.current is not None and self.current.entry == shown.entry
        trail = (*(self.trail[:-1] if same else self.trail), shown)[-DEEPEST:]
        return replace(self, trail=trail, listed=listed or self.listed, focus=shown.focus, lost=False, away=False)

    def at_time(self, now: float) -> "Session":
        """The session as it is found at ``now``: without its context where the talk has ended."""
        if now - self.at > LONGEST_SILENCE:
            return Session(lang=self.lang, spoken=self.spoken, at=now)
        return replace(self, at=now)


def to_json(session: Session) -> dict[str, Any]:
    """A session as plain values."""
    return {
        "lang": session.lang,
        "spoken": session.spoken,
        "trail": [{"entry": shown.entry, "section": shown.section, "focus": list(shown.focus)} for shown in session.trail],
        "listed": list(session.listed),
        "focus": list(session.focus),
        "lost": session.lost,
        "away": session.away,
        "text": session.text,
        "before": to_json(replace(session.before, before=None)) if session.before else None,
        "at": session.at,
    }


def from_json(stored: dict[str, Any]) -> Session:
    """The session stored as plain values.

    Raises:
        KeyError, TypeError, ValueError: They are no session of this version.
    """
    texts = [
        stored["text"],
        *stored["listed"],
        *stored["focus"],
        *(name for shown in stored["trail"] for name in shown["focus"]),
    ]
    texts += [shown["entry"] for shown in stored["trail"]]
    flags = [stored["lost"], stored["away"]]
    if stored["lang"] not in (None, *LANGS) or stored["spoken"] not in LANGS:
        raise ValueError("a language of another version")
    if not all(isinstance(text, str) for text in texts) or not all(isinstance(flag, bool) for flag in flags):
        raise TypeError("a field of another version")
    return Session(
        lang=stored["lang"],
        spoken=stored["spoken"],
        trail=tuple(
            Shown(
                entry=shown["entry"],
                section=Section(shown["section"]) if shown["section"] else None,
                focus=tuple(shown["focus"]),
            )
            for shown in stored["trail"]
        ),
        listed=tuple(stored["listed"]),
        focus=tuple(stored["focus"]),
        lost=stored["lost"],
        away=stored["away"],
        text=stored["text"],
        before=from_json(stored["before"]) if stored["before"] else None,
        at=float(stored["at"]),
    )
