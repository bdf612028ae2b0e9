"""Cuts LaTeX into commands, spaces and single characters, and hands them out one by one.  Pure."""

import re

_ITEM = re.compile(r"\\[a-zA-Z]+|\\.|\s+|.|\\", re.DOTALL)


class Tokens:
    """The items of a formula, of which each is taken once."""

    def __init__(self, latex: str) -> None:
        """Cut a formula."""
        self._items: list[str] = _ITEM.findall(latex)
        self._next = 0

    def peek(self, ahead: int = 0) -> str:
        """The next item, or one after it; empty at the end."""
        place = self._next + ahead
        return self._items[place] if place < len(self._items) else ""

    def take(self) -> str:
        """The next item, taken; spaces after a command end its name and are taken with it."""
        item = self.peek()
        self._next += bool(item)
        if item[:1] == "\\" and item[-1:].isalpha():
            self.skip_spaces()
        return item

    def skip(self, item: str) -> bool:
        """Whether ``item`` was next; then it is taken."""
        there = self.peek() == item
        if there:
            self.take()
        return there

    def skip_after_spaces(self, *items: str) -> str:
        """Which of ``items`` comes next after spaces; then both are taken, else neither."""
        here = self._next
        self.skip_spaces()
        if self.peek() in items:
            return self.take()
        self._next = here
        return ""

    def skip_spaces(self) -> None:
        """Take the spaces that are next."""
        while self.peek().isspace():
            self._next += 1

    def raw(self) -> str:
        """The argument that comes next, as it is written: a group without its braces, or a single item."""
        self.skip_spaces()
        if not self.skip("{"):
            return "" if self.peek() == "}" else self.take()
        start, open_ones = self._next, 1
        while self._next < len(self._items):
            open_ones += (self.peek() == "{") - (self.peek() == "}")
            self._next += 1
            if not open_ones:
                return "".join(self._items[start : self._next - 1])
        return "".join(self._items[start:])
