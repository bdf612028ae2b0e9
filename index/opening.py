"""Opens the index of a folder of knowledge: the stored one where it is fresh, else one that is built and stored."""

import hashlib
import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index import parameters, store
from index.searcher import Searcher
from knowledge import folder as folders
from knowledge.model import Knowledge

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

Progress = Callable[[str, int, int], None]

_log = logging.getLogger(__name__)


def index_path(folder: "Traversable", data: Path) -> Path:
    """Where the index of a folder is kept."""
    name = hashlib.blake2b(os.fsencode(str(folder)), digest_size=8).hexdigest()
    return data / "index" / f"{name}.index"


def open_searcher(folder: "Traversable", data: Path, *, progress: Progress = lambda *_: None) -> Searcher:
    """The searcher over a folder's knowledge.

    An index that is missing, stale or damaged is built anew; one that cannot be stored serves from memory.

    Raises:
        KnowledgeError: The knowledge cannot be served.
    """
    path = index_path(folder, data)
    signature = folders.signature(folder)
    stored = _stored(path)
    if stored is not None and signature and stored.manifest["signature"] == signature:
        return stored.searcher
    files = folders.snapshot(folder)
    if stored is None or stored.manifest["content"] != folders.digest(files):
        manifest, arrays = _made(_read(files, folder), signature, files, progress, path)
        stored = _Index(manifest, arrays, Searcher(manifest, arrays))
    try:
        store.save(path, {**stored.manifest, "signature": signature}, stored.arrays)
    except store.StoreError as fault:
        _log.warning("%s; going on without storing it", fault)
    return stored.searcher


def build(folder: "Traversable", data: Path, *, progress: Progress = lambda *_: None) -> tuple[Path, Knowledge]:
    """Build and store the index of a folder, whatever there is; the file and the knowledge.

    Raises:
        KnowledgeError: The knowledge cannot be served.
        StoreError: The index cannot be stored.
    """
    path = index_path(folder, data)
    files = folders.snapshot(folder)
    knowledge = _read(files, folder)
    manifest, arrays = _made(knowledge, folders.signature(folder), files, progress, path)
    store.save(path, manifest, arrays)
    return path, knowledge


def searcher_of(knowledge: Knowledge) -> Searcher:
    """A searcher over knowledge in memory."""
    manifest, arrays = _made(knowledge, "", {}, lambda *_: None, None)
    return Searcher(manifest, arrays)


class _Index(NamedTuple):
    """An index and what asks it."""

    manifest: dict[str, Any]
    arrays: dict[str, store.Array]
    searcher: Searcher


def _stored(path: Path) -> _Index | None:
    """The index in a file, if this version can use it."""
    try:
        manifest, arrays = store.load(path)
        if manifest["parameters"] == parameters.digest() and {"signature", "content"} <= manifest.keys():
            return _Index(manifest, arrays, Searcher(manifest, arrays))
    except store.StaleStoreError as fault:
        _log.info("%s", fault)
    except store.StoreError as fault:
        _log.warning("%s", fault)
    except (KeyError, TypeError, ValueError, IndexError) as fault:
        _log.warning("the index %s does not fit this version (%s); it is built anew", path, fault)
    return None


def _read(files: dict[str, bytes], folder: "Traversable") -> Knowledge:
    from knowledge.reader import read_knowledge, serveable  # noqa: PLC0415 — brings YAML, which asking must not pay for

    return serveable(read_knowledge(files), str(folder))


def _made(
    knowledge: Knowledge, signature: str, files: dict[str, bytes], progress: Progress, path: Path | None
) -> tuple[dict[str, Any], dict[str, store.Array]]:
    """The parts of an index, made out of what is kept beside it; without a path all is made, and nothing kept."""
    from index import parts  # noqa: PLC0415 — needed to build alone
    from index.build import build as build_index  # noqa: PLC0415 — brings scikit-learn, which asking must not pay for

    beside = None if path is None else path.with_suffix(".parts")
    kept = None if beside is None else parts.load(beside)
    manifest, arrays = build_index(knowledge, progress=progress, kept=kept)
    if kept is not None and beside is not None:
        try:
            kept.save(beside)
        except store.StoreError as fault:
            _log.warning("%s; the next build analyses all entries anew", fault)
    marks = {"signature": signature, "content": folders.digest(files), "parameters": parameters.digest()}
    return {**manifest, **marks}, arrays
