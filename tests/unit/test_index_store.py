"""The index file: what was written is read, and anything else is refused."""

import json
import zlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index import store
from index.store import StaleStoreError, StoreError

ARRAYS: dict[str, store.Array] = {
    "bytes": np.arange(5, dtype=np.uint8),
    "none": np.zeros(0, dtype=np.float32),
    "numbers": np.array([1, 2**63], dtype=np.uint64),
    "table": np.arange(6, dtype=np.float64).reshape(2, 3),
    "empty table": np.zeros((3, 0), dtype=np.int32),
}
MANIFEST = {"ids": ["批归一化", "b\u2028"], "number": 0.1, "nested": {"a": [None, True]}}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A sound index file."""
    path = tmp_path / "deep" / "a.index"
    store.save(path, MANIFEST, ARRAYS)
    return path


def test_what_was_saved_is_loaded(path: Path) -> None:
    manifest, arrays = store.load(path)
    assert {name: manifest[name] for name in MANIFEST} == MANIFEST
    assert arrays.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        assert arrays[name].dtype == array.dtype
        assert arrays[name].shape == array.shape
        assert np.array_equal(arrays[name], array)


def test_arrays_are_mapped_and_cannot_be_written(path: Path) -> None:
    _, arrays = store.load(path)
    assert not arrays["bytes"].flags.owndata
    with pytest.raises(ValueError, match="read-only"):
        arrays["bytes"][0] = 1


@given(
    st.dictionaries(
        st.text(max_size=5), st.tuples(st.sampled_from(["uint8", "uint16", "int64", "float32"]), st.binary(max_size=200))
    )
)
def test_any_arrays_survive(tmp_path_factory: pytest.TempPathFactory, given: dict[str, tuple[str, bytes]]) -> None:
    arrays: dict[str, store.Array] = {}
    for name, (kind, content) in given.items():
        size = np.dtype(kind).itemsize
        arrays[name] = np.frombuffer(content[: len(content) // size * size], dtype=kind)
    path = tmp_path_factory.mktemp("any") / "a.index"
    store.save(path, {}, arrays)
    _, loaded = store.load(path)
    assert {name: (a.dtype, a.tobytes()) for name, a in loaded.items()} == {
        name: (a.dtype, a.tobytes()) for name, a in arrays.items()
    }


def test_a_manifest_may_hold_any_text(tmp_path: Path) -> None:
    """A folder's name that is not UTF-8 comes off the disk with lone surrogates."""
    store.save(tmp_path / "a.index", {"topics": ["\udcff"]}, {})
    assert store.load(tmp_path / "a.index")[0]["topics"] == ["\udcff"]


def test_saving_replaces_and_leaves_nothing_else(path: Path) -> None:
    store.save(path, {"ids": []}, {})
    assert store.load(path)[0]["ids"] == []
    assert list(path.parent.iterdir()) == [path]


def test_a_reader_keeps_what_it_has_open(path: Path) -> None:
    _, arrays = store.load(path)
    store.save(path, MANIFEST, {"bytes": np.zeros(5, dtype=np.uint8)})
    assert arrays["bytes"].tolist() == [0, 1, 2, 3, 4]


def refused(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        store.load(path)
    assert caught.value.exit_code == 4
    assert str(path) in str(caught.value)
    return caught.value


def test_a_missing_file_is_stale_and_not_damaged(tmp_path: Path) -> None:
    assert isinstance(refused(tmp_path / "none.index"), StaleStoreError)


@pytest.mark.parametrize(
    "content", [b"", b"Z", b"ZHUIWEN\n", b"ZHUIWEN\n" + bytes(12), b"SQLite format 3\0" * 9, "批".encode() * 99]
)
def test_a_foreign_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.index"
    path.write_bytes(content)
    fault = refused(path)
    assert not isinstance(fault, StaleStoreError)
    assert "it is built anew" in str(fault)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    assert not isinstance(refused(tmp_path), StaleStoreError)


def test_every_truncated_file_is_refused(path: Path) -> None:
    content = path.read_bytes()
    assert len(content) > 500
    for size in range(len(content)):
        path.write_bytes(content[:size])
        assert not isinstance(refused(path), StaleStoreError)
    path.write_bytes(content + b"\0")
    assert "damaged" in str(refused(path))


def test_every_flipped_byte_is_noticed(path: Path) -> None:
    content = path.read_bytes()
    for place in range(len(content)):
        path.write_bytes(content[:place] + bytes([content[place] ^ 1 << place % 8]) + content[place + 1 :])
        refused(path)


def rewritten(path: Path, **changes: object) -> None:
    """The same file with other values in its manifest, and with a right checksum."""
    content = path.read_bytes()
    size = int.from_bytes(content[8:16], "little")
    manifest: dict[str, Any] = json.loads(content[20 : 20 + size])
    text = json.dumps({**manifest, **changes}).encode()
    head = b"ZHUIWEN\n" + len(text).to_bytes(8, "little") + zlib.crc32(text).to_bytes(4, "little")
    path.write_bytes(head + text + content[20 + size :])


@pytest.mark.parametrize("number", [0, store.FORMAT + 1, None, "1"])
def test_another_format_is_stale(path: Path, number: object) -> None:
    rewritten(path, format=number)
    fault = refused(path)
    assert isinstance(fault, StaleStoreError)
    assert str(store.FORMAT) in str(fault)


@pytest.mark.parametrize(
    "place",
    [
        {"type": "object", "shape": [1], "at": 0},
        {"type": "uint8", "shape": [10**6], "at": 0},
        {"type": "uint8", "shape": [1], "at": 10**6},
    ],
)
def test_an_array_that_the_file_cannot_hold_is_refused(path: Path, place: dict[str, object]) -> None:
    rewritten(path, arrays={"bytes": place})
    assert "damaged" in str(refused(path))


def unwritten(path: Path) -> StoreError:
    with pytest.raises(StoreError) as caught:
        store.save(path, MANIFEST, ARRAYS)
    assert caught.value.exit_code == 4
    assert str(path) in str(caught.value)
    assert "ZHUIWEN_DATA" in str(caught.value)
    return caught.value


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    unwritten(tmp_path / "file" / "a.index")
    unwritten(tmp_path / "file" / "deep" / "a.index")
    assert (tmp_path / "file").read_text() == "x"


def test_a_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "index" / "a.index"
    path.mkdir(parents=True)
    unwritten(path)
    assert list(path.parent.iterdir()) == [path]
