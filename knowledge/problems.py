"""Problems found in content, each with its place and its remedy, and the error that carries them.

ZhuiwenError            every error that is ours: a message for people and an exit code
└── KnowledgeError      content that cannot be served
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar


class ZhuiwenError(Exception):
    """An error whose text is written for the person at the keyboard.

    The command line prints it as it stands, without a traceback, and ends with ``exit_code``.
    """

    exit_code: ClassVar[int] = 1


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Problem:
    """One fault of the content."""

    file: str
    """Path of the file, relative to the folder of the knowledge; empty for the folder itself."""
    line: int = 0
    """Line from 1; 0 where no single line is at fault."""
    what: str
    """What is wrong, as a clause."""
    remedy: str
    """What to do about it, as an imperative."""
    fatal: bool = False
    """Whether the knowledge cannot be served until it is mended."""

    def __str__(self) -> str:
        """The problem in one line, as compilers print theirs: ``file:line: what — remedy``."""
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place or '.'}: {self.what} — {self.remedy}"


class KnowledgeError(ZhuiwenError):
    """The knowledge cannot be served; all of its problems at once."""

    exit_code = 3

    def __init__(self, folder: str, problems: Iterable[Problem]) -> None:
        """Join the problems of one folder into one message."""
        self.folder = folder
        self.problems = tuple(sorted(problems))
        many = "1 problem" if len(self.problems) == 1 else f"{len(self.problems)} problems"
        super().__init__("\n".join([f"knowledge in {folder}: {many}", *(f"  {p}" for p in self.problems)]))
