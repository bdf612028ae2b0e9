"""The state that outlives a process, in one SQLite file: sessions and recorded questions.

The inbox in it is the matter of bot.inbox, votes and reports that of bot.feedback, displays that of bot.messenger.records.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from bot.session import Session, from_json, to_json
from knowledge.problems import ZhuiwenError

FILE = "state.sqlite3"
_APPLICATION = 0x7A687577
"""Marks a file as ours (SQLite's application_id): «zhuw»."""
_MIGRATIONS = (
    """
    CREATE TABLE session (key TEXT PRIMARY KEY, value TEXT NOT NULL, at REAL NOT NULL) WITHOUT ROWID;
    CREATE TABLE question (
        text TEXT PRIMARY KEY, outcome TEXT NOT NULL, times INTEGER NOT NULL, last REAL NOT NULL
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE inbox (
        bot INTEGER NOT NULL, number INTEGER NOT NULL, body TEXT, at REAL NOT NULL,
        attempts INTEGER NOT NULL, fate TEXT NOT NULL,
        PRIMARY KEY (bot, number)
    ) WITHOUT ROWID;
    CREATE INDEX inbox_at ON inbox (at);
    DELETE FROM session WHERE key LIKE 'telegram:%';
    """,
    """
    CREATE TABLE vote (
        person TEXT NOT NULL, subject TEXT NOT NULL, good INTEGER NOT NULL, at REAL NOT NULL, PRIMARY KEY (person, subject)
    ) WITHOUT ROWID;
    """,
    """
    CREATE TABLE mistake (
        person TEXT NOT NULL, entry TEXT NOT NULL, section TEXT NOT NULL, text TEXT NOT NULL, at REAL NOT NULL,
        PRIMARY KEY (person, entry, section, text)
    ) WITHOUT ROWID;
    CREATE TABLE display (chat TEXT PRIMARY KEY, way TEXT NOT NULL) WITHOUT ROWID;
    """,
)
"""Each takes the schema from its place in this list to the next; never changed once released."""
_LONGEST_RECORDED = 500


class StateError(ZhuiwenError):
    """A state file that cannot be used."""

    exit_code = 5


class MemorySessions:
    """Sessions for the life of the process."""

    __slots__ = ("_sessions",)

    def __init__(self) -> None:
        """Begin with none."""
        self._sessions: dict[str, Session] = {}

    def session(self, key: str) -> Session | None:
        """The session of that key, if there is one."""
        return self._sessions.get(key)

    def keep(self, key: str, session: Session) -> None:
        """Store the session of that key."""
        self._sessions[key] = session


class State:
    """The open state file."""

    def __init__(self, folder: Path) -> None:
        """Open the file in ``folder``; make both where they are missing.

        Raises:
            StateError: It cannot be opened, is no state file of ours, or is of a newer version.
        """
        self.path = folder / FILE
        try:
            folder.mkdir(parents=True, exist_ok=True)
            self._connection = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
            try:
                self._migrate()
            except BaseException:
                self._connection.close()
                raise
        except (OSError, sqlite3.Error) as fault:
            raise self._unusable(fault) from fault

    def __enter__(self) -> Self:
        """The state itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Close the file."""
        self._connection.close()

    def session(self, key: str) -> Session | None:
        """The session of that key; ``None`` where there is none that this version can read."""
        rows = self.execute("SELECT value FROM session WHERE key = ?", (key,))
        if not rows:
            return None
        try:
            return from_json(json.loads(rows[0][0]))
        except (KeyError, TypeError, ValueError, RecursionError):
            return None

    def keep(self, key: str, session: Session) -> None:
        """Store the session of that key."""
        value = json.dumps(to_json(session))
        self.execute("INSERT OR REPLACE INTO session VALUES (?, ?, ?)", (key, value, session.at))

    def forget(self, person: str) -> None:
        """Delete all sessions and displays whose key begins so, and all votes and reports of that person."""
        self.execute("DELETE FROM session WHERE substr(key, 1, length(?)) = ?", (person, person))
        self.execute("DELETE FROM display WHERE substr(chat, 1, length(?)) = ?", (person, person))
        self.execute("DELETE FROM vote WHERE person = ?", (person,))
        self.execute("DELETE FROM mistake WHERE person = ?", (person,))

    def record(self, text: str, outcome: str, at: float) -> None:
        """Count a question that was not answered; who asked it is not kept."""
        text = text[:_LONGEST_RECORDED].encode("utf-8", "replace").decode()
        self.execute(
            "INSERT INTO question VALUES (?, ?, 1, ?) ON CONFLICT (text) DO UPDATE SET times = times + 1, last = excluded.last",
            (text, outcome, at),
        )

    def recorded(self) -> list[tuple[str, int]]:
        """The recorded questions with how often each was asked, the most frequent first."""
        rows = self.execute("SELECT text, times FROM question ORDER BY times DESC, text")
        return [(str(text), int(times)) for text, times in rows]

    @contextmanager
    def transaction(self, *, lasting: bool = False) -> Iterator[None]:
        """All that is written within comes to the file together, or not at all.

        Args:
            lasting: Whether it must outlive a loss of power, which costs the disk's time; a crash of the process harms neither.

        Raises:
            StateError: The file cannot be written.
        """
        if lasting:
            self.execute("PRAGMA synchronous = FULL")
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            # Where SQLite itself has rolled back, nothing is open any more.
            if self._connection.in_transaction:
                self._connection.rollback()
            raise
        finally:
            if lasting:
                self.execute("PRAGMA synchronous = NORMAL")

    def execute(self, statement: str, values: tuple[object, ...] = ()) -> list[tuple[Any, ...]]:
        """The rows of one statement.

        Raises:
            StateError: The file cannot be read or written.
        """
        try:
            return self._connection.execute(statement, values).fetchall()
        except sqlite3.Error as fault:
            raise self._unusable(fault) from fault

    def _unusable(self, fault: Exception) -> StateError:
        remedy = "check that the folder can be written, or set ZHUIWEN_DATA; move the file away if it is damaged"
        return StateError(f"the state file {self.path} cannot be used ({fault}); {remedy}")

    def _migrate(self) -> None:
        version = int(self._connection.execute("PRAGMA user_version").fetchone()[0])
        application = int(self._connection.execute("PRAGMA application_id").fetchone()[0])
        tables = self._connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        if application != _APPLICATION and (tables or version):
            raise StateError(f"{self.path} is no state file of zhuiwen; move it away, or set ZHUIWEN_DATA to another folder")
        if version > len(_MIGRATIONS):
            raise StateError(f"{self.path} was written by a newer zhuiwen (version {version}); update, or set ZHUIWEN_DATA")
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        for number, script in enumerate(_MIGRATIONS[version:], version + 1):
            self._connection.executescript(
                f"BEGIN; {script} PRAGMA application_id = {_APPLICATION}; PRAGMA user_version = {number}; COMMIT;"
            )
