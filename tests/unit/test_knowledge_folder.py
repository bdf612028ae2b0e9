"""Which files of a folder count, and how a change shows."""

import os
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from knowledge.folder import built_in, digest, signature, snapshot
from knowledge.problems import KnowledgeError

Write = Callable[[Mapping[str, str | bytes]], Path]

UNCOUNTED: dict[str, str | bytes] = {
    "README.md": "for editors",
    "readme.txt": "for editors",
    "Makefile": "",
    ".hidden.md": "",
    ".git/config.md": "",
    "wheels/README.en.md": "for editors",
    "wheels/.draft.md": "",
    "wheels/photo.png": b"\x89PNG",
    "wheels/old/hub.md": "",
    "wheels/lexicon.toml": "",
}


def test_a_snapshot_holds_what_counts_in_order(write: Write) -> None:
    counted: dict[str, str | bytes] = {
        "wheels/hub.md": "h\n",
        "lexicon.toml": "l",
        "brakes/pad.en.md": b"\xff",
        "topics.toml": "t",
        "flat.md": "",
    }
    files = snapshot(write({**counted, **UNCOUNTED}))
    assert list(files.items()) == [
        ("brakes/pad.en.md", b"\xff"),
        ("flat.md", b""),
        ("lexicon.toml", b"l"),
        ("topics.toml", b"t"),
        ("wheels/hub.md", b"h\n"),
    ]


def test_the_built_in_content_is_found_and_has_no_other_files() -> None:
    files = snapshot(built_in())
    assert {"lexicon.toml", "topics.toml"} < files.keys()
    assert sum(path.endswith(".en.md") for path in files) >= 24


def test_a_zipped_folder_holds_the_same(write: Write, tmp_path: Path) -> None:
    folder = write({"lexicon.toml": "l", "wheels/hub.md": "h", **UNCOUNTED})
    with zipfile.ZipFile(tmp_path / "knowledge.zip", "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    packed = zipfile.Path(tmp_path / "knowledge.zip")
    assert len(snapshot(packed)) == 2
    assert snapshot(packed) == snapshot(folder)
    assert signature(packed) == ""


def problems_of(folder: Path) -> list[tuple[str, str, bool]]:
    with pytest.raises(KnowledgeError) as caught:
        snapshot(folder)
    assert caught.value.exit_code == 3
    assert str(folder) in str(caught.value)
    assert all(problem.what in str(caught.value) and problem.remedy in str(caught.value) for problem in caught.value.problems)
    return [(problem.file, problem.what, problem.fatal) for problem in caught.value.problems]


def test_no_folder(tmp_path: Path) -> None:
    assert problems_of(tmp_path / "nowhere") == [("", "there is no such folder", True)]
    assert signature(tmp_path / "nowhere") == ""


def test_no_folder_but_a_file(write: Write) -> None:
    file = write({"a.md": "x"}) / "a.md"
    assert problems_of(file) == [("", "this is not a folder", True)]
    assert signature(file) == ""


def test_every_file_that_cannot_be_read_is_named(write: Write) -> None:
    folder = write({"wheels/hub.md": "h", "wheels/rim.md/inner.md": "", "brakes/pad.md/inner.md": ""})
    (folder / "wheels" / "gone.md").symlink_to(folder / "nowhere")
    found = problems_of(folder)
    assert [file for file, _, _ in found] == ["brakes/pad.md", "wheels/gone.md", "wheels/rim.md"]
    assert all("cannot be read" in what and fatal for _, what, fatal in found), found


def test_a_digest_is_of_names_and_contents() -> None:
    files = {"a/x.md": b"1", "a/y.md": b"2"}
    assert digest(files) == digest(dict(reversed(files.items())))
    others: list[dict[str, bytes]] = [
        {},
        {"a/x.md": b"1"},
        {"a/x.md": b"2", "a/y.md": b"1"},
        {"a/x.md": b"12", "a/y.md": b""},
        {"a/x.md": b"1", "a/z.md": b"2"},
        {"a/x.md": b"1", "a/y.md": b"2", "b/y.md": b""},
        {"a/x.md": b"1\na/y.md\x001\x002"},
    ]
    assert len({digest(other) for other in (files, *others)}) == len(others) + 1


def test_a_digest_takes_any_name() -> None:
    assert digest({os.fsdecode(b"\xff/a.md"): b""}) != digest({os.fsdecode(b"\xfe/a.md"): b""})


def test_a_signature_changes_with_every_file_that_counts(write: Write) -> None:
    folder = write({"lexicon.toml": "l", "wheels/hub.md": "h", "wheels/rim.md": "r"})
    seen = [signature(folder)]

    def changed() -> bool:
        seen.append(signature(folder))
        return len(set(seen)) == len(seen)

    assert seen[0]
    write({"wheels/hub.md": "longer"})
    assert changed()
    os.utime(folder / "wheels" / "rim.md", ns=(1, 1))
    assert changed()
    write({"wheels/new.md": ""})
    assert changed()
    (folder / "wheels" / "new.md").rename(folder / "wheels" / "newer.md")
    assert changed()
    (folder / "lexicon.toml").unlink()
    assert changed()
    write({"brakes/pad.en.md": ""})
    assert changed()


def test_a_signature_is_blind_to_what_does_not_count(write: Write) -> None:
    folder = write({"lexicon.toml": "l", "wheels/hub.md": "h"})
    before = signature(folder)
    write(UNCOUNTED)
    assert signature(folder) == before
