"""Takes a folder of content off the disk: every file that counts, as bytes, and a cheap mark of its state.

The only module of this package that does IO.  Works on a path and on the packaged content alike.
"""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge.figures import FOLDER, Figure
from knowledge.problems import KnowledgeError, Problem

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable  # costs every start some milliseconds

LEXICON = "lexicon.toml"
TOPICS = "topics.toml"
_ROOT_FILES = frozenset({LEXICON, TOPICS})


def built_in() -> "Traversable":
    """The content that comes with the program."""
    beside = Path(__file__).parent / "content"
    if beside.is_dir():
        return beside
    from importlib import resources  # noqa: PLC0415 — needed in a zip alone, and costs every start some milliseconds

    return resources.files("knowledge") / "content"


def snapshot(folder: "Traversable") -> dict[str, bytes]:
    """Every content file by its path relative to ``folder``, in order of path.

    Content files are ``lexicon.toml``, ``topics.toml`` and Markdown up to one folder deep; hidden ones and a README do not
    count.

    Raises:
        KnowledgeError: The folder or a file in it cannot be read; names all of them.
    """
    problems: list[Problem] = []
    files: dict[str, bytes] = {}
    try:
        found = sorted(_content_files(folder), key=lambda item: item[0])
    except OSError as fault:
        raise KnowledgeError(str(folder), [_unreadable("", fault)]) from fault
    for path, file in found:
        try:
            files[path] = file.read_bytes()
        except OSError as fault:
            problems.append(_unreadable(path, fault))
    if problems:
        raise KnowledgeError(str(folder), problems)
    return files


def figure_files(folder: "Traversable") -> frozenset[str]:
    """Names of the files in the folder of figures; none where there is no such folder."""
    try:
        return frozenset(file.name for file in (folder / FOLDER).iterdir() if not file.name.startswith("."))
    except OSError:
        return frozenset()


def figure_file(folder: "Traversable", figure: Figure) -> "Traversable":
    """The file that shows a figure."""
    return folder / FOLDER / figure.file


def digest(files: Mapping[str, bytes]) -> str:
    """A digest of names and contents; equal for equal knowledge."""
    total = hashlib.blake2b(digest_size=16)
    for path, content in sorted(files.items()):
        total.update(f"{path}\0{len(content)}\0".encode("utf-8", "surrogatepass"))
        total.update(content)
    return total.hexdigest()


def signature(folder: "Traversable") -> str:
    """A mark that changes when a file is added, removed or written, without reading any.

    From names, sizes and times of the files; empty where the folder is no plain folder (a zip), which compares as changed.
    """
    if not isinstance(folder, Path):
        return ""
    total = hashlib.blake2b(digest_size=16)
    try:
        for path in sorted(_stat_lines(folder)):
            total.update(path.encode("utf-8", "surrogatepass"))
    except OSError:
        return ""
    return total.hexdigest()


def _stat_lines(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as root:
        for item in root:
            if item.name.startswith("."):
                continue
            if item.is_dir():
                with os.scandir(item.path) as inner:
                    yield from (_stat_line(file, f"{item.name}/") for file in inner if _is_entry_file(file.name))
            elif item.name in _ROOT_FILES or _is_entry_file(item.name):
                yield _stat_line(item, "")


def _stat_line(item: "os.DirEntry[str]", prefix: str) -> str:
    stat = item.stat()
    return f"{prefix}{item.name}\0{stat.st_size}\0{stat.st_mtime_ns}\n"


def _content_files(folder: "Traversable") -> Iterator[tuple[str, "Traversable"]]:
    for item in folder.iterdir():
        if item.name.startswith("."):
            continue
        if item.is_dir():
            yield from ((f"{item.name}/{file.name}", file) for file in item.iterdir() if _is_entry_file(file.name))
        elif item.name in _ROOT_FILES or _is_entry_file(item.name):
            yield item.name, item


def _is_entry_file(name: str) -> bool:
    return name.endswith(".md") and not name.startswith(".") and not name.upper().startswith("README")


def _unreadable(path: str, fault: OSError) -> Problem:
    if isinstance(fault, FileNotFoundError) and not path:
        return Problem(file=path, what="there is no such folder", remedy="check the path", fatal=True)
    if isinstance(fault, NotADirectoryError) and not path:
        return Problem(file=path, what="this is not a folder", remedy="name a folder of content", fatal=True)
    why = fault.strerror or type(fault).__name__
    return Problem(file=path, what=f"cannot be read ({why})", remedy="check its permissions", fatal=True)
