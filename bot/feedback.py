"""What people think of answers and of being told that there is none: votes (one a person and subject), reports of mistakes."""

from dataclasses import dataclass

from bot.state import State
from knowledge.model import Section

LONGEST_REPORT = 500
"""Characters of a report that are kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """The votes on a subject."""

    good: int
    bad: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """What somebody says is wrong."""

    entry: str | None
    """``None`` where it is about no answer."""
    section: Section | None = None
    """The section that was shown; ``None`` for the answer itself."""
    text: str = ""
    """What is wrong with it, on one line; empty where a button was all."""


class Feedback:
    """Votes and reports in the state file."""

    def __init__(self, state: State) -> None:
        """Take the state file."""
        self._state = state

    def rate(self, person: str, subject: str, at: float, *, good: bool) -> None:
        """Keep somebody's vote; a later one takes the place of an earlier one."""
        self._state.execute("INSERT OR REPLACE INTO vote VALUES (?, ?, ?, ?)", (person, subject, int(good), at))

    def votes(self) -> dict[str, Votes]:
        """The votes on each subject that has any."""
        rows = self._state.execute(
            "SELECT subject, sum(good), count(*) - sum(good) FROM vote GROUP BY subject ORDER BY subject"
        )
        return {str(subject): Votes(good=int(good), bad=int(bad)) for subject, good, bad in rows}

    def report(self, person: str, mistake: Mistake, at: float) -> None:
        """Keep a report; the same one again changes nothing."""
        text = mistake.text[:LONGEST_REPORT].encode("utf-8", "replace").decode()
        self._state.execute(
            "INSERT OR IGNORE INTO mistake VALUES (?, ?, ?, ?, ?)",
            (person, mistake.entry or "", mistake.section or "", text, at),
        )

    def mistakes(self) -> list[Mistake]:
        """All reports, those on one entry and section together, oldest first."""
        rows = self._state.execute("SELECT entry, section, text FROM mistake ORDER BY entry, section, at, text")
        return [
            Mistake(entry=entry or None, section=Section(section) if section else None, text=text)
            for entry, section, text in rows
        ]
