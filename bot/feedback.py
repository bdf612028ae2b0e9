"""What people think of answers, and of being told that there is none: one vote for each person and subject."""

from dataclasses import dataclass

from bot.state import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Votes:
    """The votes on a subject."""

    good: int
    bad: int


class Feedback:
    """The votes in the state file."""

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
