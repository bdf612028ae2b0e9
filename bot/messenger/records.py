"""What this front end keeps of people besides their talks: votes, reports of mistakes, how a chat wants its answers shown."""

import time
from collections.abc import Callable

from bot.feedback import Feedback, Mistake
from bot.messenger.buttons import Rating
from bot.messenger.display import Display
from bot.state import State


class Records:
    """The records in the state file; people and chats are named as bot.persons names them."""

    def __init__(self, state: State, *, default: Display = Display.HTML, clock: Callable[[], float] = time.time) -> None:
        """Take the state file.

        Args:
            state: The file.
            default: How answers are shown where nobody chose.
            clock: Gives seconds since the epoch.
        """
        self._state = state
        self._feedback = Feedback(state)
        self._default = default
        self._clock = clock

    def forget(self, person: str) -> None:
        """Delete all that is stored about a person."""
        self._state.forget(person)

    def rate(self, person: str, rating: Rating) -> None:
        """Keep a vote."""
        self._feedback.rate(person, rating.subject, self._clock(), good=rating.good)

    def report(self, person: str, mistake: Mistake) -> None:
        """Keep the report of a mistake."""
        self._feedback.report(person, mistake, self._clock())

    def display(self, chat: str) -> Display:
        """How a chat wants its answers shown."""
        rows = self._state.execute("SELECT way FROM display WHERE chat = ?", (chat,))
        return Display(rows[0][0]) if rows and rows[0][0] in set(Display) else self._default

    def show(self, chat: str, way: Display) -> None:
        """Keep how a chat wants its answers shown."""
        self._state.execute("INSERT OR REPLACE INTO display VALUES (?, ?)", (chat, way))
