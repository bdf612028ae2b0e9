"""What is counted while the bot serves; who counts is chosen at the start."""

from collections.abc import Callable
from typing import Protocol

from bot.replies import Outcome


class Meter(Protocol):
    """Takes note of what happens."""

    def turn(self, outcome: Outcome) -> None:
        """A turn came to this."""

    def error(self, kind: str) -> None:
        """Something went wrong: turn, update, aside, postponed, late, flooded or undelivered."""

    def worked(self, seconds: float) -> None:
        """So long took our own work on an update, without waiting for anything."""

    def answered(self, seconds: float) -> None:
        """So long after it came in was an update settled."""

    def queue(self, depth: Callable[[], float]) -> None:
        """This says how many updates wait to be worked on."""


class Unmetered:
    """Takes note of nothing."""

    def turn(self, outcome: Outcome) -> None:
        """Nothing."""

    def error(self, kind: str) -> None:
        """Nothing."""

    def worked(self, seconds: float) -> None:
        """Nothing."""

    def answered(self, seconds: float) -> None:
        """Nothing."""

    def queue(self, depth: Callable[[], float]) -> None:
        """Nothing."""
