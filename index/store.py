"""The index file: plain arrays and a JSON manifest, opened without being read.

Layout: the magic, the manifest's length (8 bytes, little-endian) and CRC-32 (4 bytes), the manifest (JSON, UTF-8), then the
arrays, each at a multiple of 64 bytes from the end of the manifest's padding.  The manifest has the sum of the arrays as 64-bit
numbers, which is read off several times faster than a CRC.  No pickle.  The only module here that does IO.
"""

import json
import os
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.problems import ZhuiwenError

FORMAT = 5
"""Raised whenever the meaning of the file changes; another format is rebuilt."""

_MAGIC = b"ZHUIWEN\n"
_HEAD = len(_MAGIC) + 12
_ALIGN = 64
_TYPES = frozenset({"uint8", "uint16", "int32", "int64", "uint64", "float32", "float64"})
_ALWAYS_VERIFIED = 32 * 2**20
"""Bytes of arrays up to which their sum is checked on every load; more of them would make a start wait for the disk."""

Array = np.ndarray[Any, np.dtype[Any]]


class StoreError(ZhuiwenError):
    """An index file that cannot be used."""

    exit_code = 4


class StaleStoreError(StoreError):
    """An index file that must be built anew: another format, or built from something else."""


def save(path: Path, manifest: Mapping[str, Any], arrays: Mapping[str, Array]) -> None:
    """Write an index file in one step: readers see the old one or the new one, never a part.

    Raises:
        StoreError: It cannot be written there.
    """
    places: dict[str, dict[str, Any]] = {}
    at = total = 0
    blocks: list[memoryview | bytes] = []  # views: an index is not copied to be written
    for name, array in arrays.items():
        places[name] = {"type": array.dtype.name, "shape": list(array.shape), "at": at}
        block = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        whole = len(block) // _ALIGN * _ALIGN
        end = block[whole:].tobytes()
        for piece in (block[:whole].data, end + b"\0" * (-len(end) % _ALIGN)):
            total = (total + _sum(np.frombuffer(piece, dtype=np.uint8))) % 2**64
            at += len(piece)
            blocks.append(piece)
    head = json.dumps({**manifest, "format": FORMAT, "arrays": places, "bytes": at, "sum": total}, ensure_ascii=True)
    text = head.encode()
    text += b" " * (-(_HEAD + len(text)) % _ALIGN)
    import tempfile  # noqa: PLC0415 — asking writes nothing, and need not pay for the import

    new: Path | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
            new = Path(file.name)
            file.write(_MAGIC + len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(4, "little") + text)
            file.writelines(blocks)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    except OSError as fault:
        if new is not None:
            new.unlink(missing_ok=True)
        raise StoreError(f"the index cannot be written to {path}: {fault.strerror}; check ZHUIWEN_DATA") from fault


def load(path: Path) -> tuple[dict[str, Any], dict[str, Array]]:
    """The manifest and the arrays of an index file, mapped into memory.

    Raises:
        StaleStoreError: There is no such file, or it has another format.
        StoreError: It is damaged, or no index.
    """
    try:
        mapped = np.memmap(path, dtype=np.uint8, mode="r")
    except FileNotFoundError as fault:
        raise StaleStoreError(f"there is no index at {path}") from fault
    except (OSError, ValueError) as fault:
        raise StoreError(f"the index {path} cannot be read: {fault}; remove it, and it is built anew") from fault
    head = mapped[:_HEAD].tobytes()
    size = int.from_bytes(head[len(_MAGIC) : len(_MAGIC) + 8], "little")
    if not head.startswith(_MAGIC) or not 0 < size <= len(mapped) - _HEAD:
        raise StoreError(f"{path} is no index of zhuiwen; remove it, and it is built anew")
    text = mapped[_HEAD : _HEAD + size].tobytes()
    if zlib.crc32(text) != int.from_bytes(head[-4:], "little"):
        raise _damaged(path)
    manifest = json.loads(text)
    if manifest.get("format") != FORMAT:
        raise StaleStoreError(f"the index {path} has format {manifest.get('format')}, not {FORMAT}")
    data = mapped[_HEAD + size :]
    if len(data) != manifest["bytes"]:
        raise _damaged(path)
    if len(data) <= _ALWAYS_VERIFIED and _sum(data) != manifest["sum"]:
        raise _damaged(path)
    return manifest, {name: _array(data, place, path) for name, place in manifest["arrays"].items()}


def _sum(data: Array) -> int:
    """The sum of bytes, a multiple of 8 of them, as 64-bit numbers, modulo 2**64."""
    return int(np.add.reduce(data.view("<u8")))


def _array(data: Array, place: Mapping[str, Any], path: Path) -> Array:
    if place["type"] not in _TYPES:
        raise _damaged(path)
    dtype = np.dtype(place["type"])
    count = int(np.prod(place["shape"], dtype=np.int64))
    block = data[place["at"] : place["at"] + count * dtype.itemsize]
    if len(block) != count * dtype.itemsize:
        raise _damaged(path)
    array: Array = np.asarray(block).view(dtype).reshape(place["shape"])
    return array


def _damaged(path: Path) -> StoreError:
    return StoreError(f"the index {path} is damaged; remove it, and it is built anew")
