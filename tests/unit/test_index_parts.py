"""What is kept between builds changes how long they take and nothing else."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from index import build as building
from index import opening, parts, store
from index.analysis import Analyser
from index.parts import Kept, Part
from index.terms import TermFinder
from index.text import Script
from knowledge.model import Entry, Knowledge
from knowledge.reader import read_knowledge

Write = Callable[[Mapping[str, str | bytes]], Path]


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the entries that were analysed."""
    ids: list[str] = []

    def spied(entry: Entry, analyser: Analyser) -> Part:
        ids.append(entry.id)
        return really(entry, analyser)

    really = building._made
    monkeypatch.setattr(building, "_made", spied)
    return ids


@pytest.fixture(scope="module")
def bikes(bicycles: Mapping[str, str]) -> Knowledge:
    return read_knowledge({name: text.encode() for name, text in bicycles.items()}).knowledge


def file_of(knowledge: Knowledge, kept: Kept | None, path: Path) -> bytes:
    store.save(path, *building.build(knowledge, kept=kept))
    return path.read_bytes()


def changed(knowledge: Knowledge, id_: str) -> Knowledge:
    entry = knowledge.entries[id_]
    texts = {lang: replace(text, also=(*text.also, f"{text.question} ok then")) for lang, text in entry.texts.items()}
    return replace(knowledge, entries={**knowledge.entries, id_: replace(entry, texts=texts)})


def test_one_changed_entry_is_analysed_and_the_file_is_that_of_a_whole_build(
    bikes: Knowledge, made: list[str], tmp_path: Path
) -> None:
    first = Kept()
    whole = file_of(bikes, None, tmp_path / "index")
    assert file_of(bikes, first, tmp_path / "index") == whole
    assert made == 2 * list(bikes.entries)
    first.save(tmp_path / "parts")
    made.clear()
    assert file_of(bikes, parts.load(tmp_path / "parts"), tmp_path / "index") == whole
    assert made == []
    id_ = next(iter(bikes.entries))
    second = parts.load(tmp_path / "parts")
    after = file_of(changed(bikes, id_), second, tmp_path / "index")
    assert made == [id_]
    assert after == file_of(changed(bikes, id_), None, tmp_path / "index") != whole
    second.save(tmp_path / "parts")
    assert len(store.load(tmp_path / "parts")[0]["digests"]) == len(bikes.entries)


def test_another_name_of_a_term_has_all_analysed(bikes: Knowledge, made: list[str]) -> None:
    kept = Kept()
    building.build(bikes, kept=kept)
    made.clear()
    id_, term = next(iter(bikes.terms.items()))
    building.build(replace(bikes, terms={**bikes.terms, id_: replace(term, zh=(*term.zh, "新名"))}), kept=kept)
    assert made == list(bikes.entries)


def test_what_names_mean_is_part_of_the_digest(bikes: Knowledge) -> None:
    entry = next(iter(bikes.entries.values()))
    script = Script()
    one, other = TermFinder({"a": "x", "b": "y"}), TermFinder({"a": "y", "b": "x"})
    assert parts.Digests(script, one.names).of(entry) == parts.Digests(script, one.names).of(entry)
    assert parts.Digests(script, one.names).of(entry) != parts.Digests(script, other.names).of(entry)


def test_parts_lie_beside_the_index_and_damage_is_survived(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path, _ = opening.build(small, tmp_path / "data")
    beside = path.with_suffix(".parts")
    before = path.read_bytes()
    assert beside.exists()
    beside.write_bytes(beside.read_bytes()[:-5])
    with caplog.at_level(logging.WARNING):
        opening.build(small, tmp_path / "data")
    assert "anew" in caplog.text
    assert path.read_bytes() == before
    assert parts.load(beside).get("no such digest") is None


def test_where_parts_cannot_be_kept_an_index_is_built_all_the_same(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = opening.index_path(small, tmp_path / "data")
    path.with_suffix(".parts").mkdir(parents=True)
    with caplog.at_level(logging.WARNING):
        assert opening.build(small, tmp_path / "data")[0] == path
    assert "the next build" in caplog.text
