"""Which index is served: the stored one while it is fresh, else a new one."""

import json
import logging
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from index import opening, parameters, store
from index.decision import Outcome
from index.searcher import Searcher
from knowledge.folder import built_in
from knowledge.problems import KnowledgeError

Write = Callable[[Mapping[str, str | bytes]], Path]

PROBE = """
import json, sys
from pathlib import Path
from index.opening import open_searcher
searcher = open_searcher(Path(sys.argv[1]), Path(sys.argv[2]))
found = searcher.search(sys.argv[3])
heavy = sorted({name.partition(".")[0] for name in sys.modules} & {"sklearn", "scipy", "opencc", "pypinyin", "jieba", "yaml", "telegram"})
print(json.dumps([found.outcome, found.hits[0].entry, heavy]))
"""


class Opened:
    """Opens one folder again and again, and tells whether an index was built."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder, self.data = folder, data
        self.path = opening.index_path(folder, data)

    def open(self) -> tuple[Searcher, bool]:
        steps: list[tuple[str, int, int]] = []
        searcher = opening.open_searcher(self.folder, self.data, progress=lambda *step: steps.append(step))
        assert all(0 <= done < total for _, done, total in steps)
        return searcher, bool(steps)

    def elsewhere(self, query: str = "碟刹是怎么工作的") -> tuple[str, str, list[str]]:
        """Outcome and entry of a query in a new process, and which heavy libraries it loaded."""
        command = [sys.executable, "-c", PROBE, str(self.folder), str(self.data), query]
        outcome, entry, heavy = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
        return outcome, entry, heavy


@pytest.fixture(scope="session")
def built(bicycles: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Opened:
    """The small knowledge and its index, made once; not to be changed."""
    folder = tmp_path_factory.mktemp("built") / "knowledge"
    for name, text in bicycles.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    opened = Opened(folder, tmp_path_factory.mktemp("data"))
    assert opened.open()[1]
    return opened


@pytest.fixture
def opened(built: Opened, tmp_path: Path) -> Opened:
    """The small knowledge with a fresh index of its own."""
    shutil.copytree(built.folder, tmp_path / "knowledge")
    opened = Opened(tmp_path / "knowledge", tmp_path / "data")
    opened.path.parent.mkdir(parents=True)
    shutil.copyfile(built.path, opened.path)
    return opened


def answers(searcher: Searcher, query: str, entry: str) -> bool:
    found = searcher.search(query)
    return found.outcome is Outcome.ANSWER and found.hits[0].entry == entry


def test_a_fresh_index_is_served_as_it_is(opened: Opened) -> None:
    before = opened.path.read_bytes()
    searcher, built = opened.open()
    assert not built
    assert answers(searcher, "真空胎扎了怎么补", "tubeless-puncture")
    assert opened.path.read_bytes() == before


def test_asking_a_fresh_index_loads_nothing_heavy(opened: Opened) -> None:
    assert opened.elsewhere() == ("answer", "disc-brake", [])


def test_a_file_touched_but_the_same_costs_no_building(opened: Opened) -> None:
    os.utime(opened.folder / "brakes" / "disc-brake.md", ns=(1, 1))
    assert opened.elsewhere() == ("answer", "disc-brake", [])
    os.utime(opened.folder / "brakes" / "disc-brake.md", ns=(2, 2))
    searcher, built = opened.open()
    assert not built
    assert answers(searcher, "disc brake", "disc-brake")
    os.utime(opened.folder / "wheels" / "tubeless-puncture.md", ns=(3, 3))
    opened.open()
    before = opened.path.stat().st_mtime_ns
    opened.open()
    assert opened.path.stat().st_mtime_ns == before, "the new signature was not stored"


def test_changed_content_is_served_at_once(opened: Opened) -> None:
    file = opened.folder / "wheels" / "tubeless-puncture.md"
    file.write_text(file.read_text("utf-8").replace("  - 真空胎\n", "  - 真空胎\n  - 嘶嘶地响\n"), "utf-8")
    outcome, entry, heavy = opened.elsewhere("嘶嘶地响")
    assert (outcome, entry) == ("answer", "tubeless-puncture")
    assert "sklearn" in heavy, "the probe cannot see what is loaded"
    assert not opened.open()[1]


def test_a_removed_entry_is_gone(opened: Opened) -> None:
    for name in ("chain-wear.md", "chain-wear.en.md"):
        (opened.folder / "drivetrain" / name).unlink()
    searcher, built = opened.open()
    assert built
    assert not searcher.has("chain-wear")
    assert "chain-wear" not in [hit.entry for hit in searcher.search("怎么判断链条磨损了").hits]


def test_other_parameters_make_an_index_stale(opened: Opened) -> None:
    manifest, arrays = store.load(opened.path)
    assert manifest["parameters"] == parameters.digest()
    store.save(opened.path, {**manifest, "parameters": "others"}, arrays)
    assert opened.open()[1]
    assert store.load(opened.path)[0]["parameters"] == parameters.digest()
    assert not opened.open()[1]


@pytest.mark.parametrize("name", ["signature", "parameters", "ids", "decision", "script"])
def test_a_manifest_that_lacks_something_is_built_anew(opened: Opened, name: str) -> None:
    manifest, arrays = store.load(opened.path)
    store.save(opened.path, {key: value for key, value in manifest.items() if key != name}, arrays)
    searcher, _ = opened.open()
    assert answers(searcher, "rim brake", "rim-brake")
    assert name in store.load(opened.path)[0]


def damaged(content: bytes, how: str) -> bytes:
    match how:
        case "empty":
            return b""
        case "truncated":
            return content[: len(content) // 2]
        case "flipped":
            return content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]
        case "foreign":
            return b"SQLite format 3\0" + content[16:]
        case _:
            raise AssertionError(how)


@pytest.mark.parametrize("how", ["empty", "truncated", "flipped", "foreign"])
def test_a_damaged_index_is_built_anew_with_a_warning(opened: Opened, how: str, caplog: pytest.LogCaptureFixture) -> None:
    opened.path.write_bytes(damaged(opened.path.read_bytes(), how))
    with caplog.at_level(logging.WARNING):
        searcher, built = opened.open()
    assert built
    assert answers(searcher, "圈刹", "rim-brake")
    assert [str(opened.path) in record.message for record in caplog.records] == [True]
    assert not opened.open()[1]


def test_a_missing_index_is_built_without_a_word(opened: Opened, caplog: pytest.LogCaptureFixture) -> None:
    opened.path.unlink()
    with caplog.at_level(logging.WARNING):
        assert opened.open()[1]
    assert caplog.records == []
    assert opened.path.exists()


@pytest.mark.parametrize("place", ["data", "data/index"])
def test_where_nothing_can_be_stored_it_serves_from_memory(
    small: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture, place: str
) -> None:
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("in the way")
    with caplog.at_level(logging.WARNING):
        searcher, built = Opened(small, tmp_path / "data").open()
    assert built
    assert answers(searcher, "怎么判断链条磨损了？", "chain-wear")
    assert "going on without storing it" in caplog.records[-1].message
    assert "ZHUIWEN_DATA" in caplog.records[-1].message
    with pytest.raises(store.StoreError):
        opening.build(small, tmp_path / "data")


def test_bad_content_is_refused_and_the_old_index_stays(opened: Opened) -> None:
    before = opened.path.read_bytes()
    file = opened.folder / "brakes" / "disc-brake.md"
    sound = file.read_text("utf-8")
    file.write_text(sound[:60], "utf-8")
    with pytest.raises(KnowledgeError, match=r"brakes/disc-brake.md:1: the front matter is not closed"):
        opened.open()
    with pytest.raises(KnowledgeError):
        opening.build(opened.folder, opened.data)
    assert opened.path.read_bytes() == before
    file.write_text(sound, "utf-8")
    assert not opened.open()[1], "the old index was not kept"


@pytest.mark.parametrize("files", [{}, {"lexicon.toml": '[a]\nzh = ["甲"]\nsiblings = ["b"]\n'}])
def test_a_folder_without_entries_is_refused(write: Write, tmp_path: Path, files: Mapping[str, str]) -> None:
    write(files)
    (tmp_path / "knowledge").mkdir(exist_ok=True)
    with pytest.raises(KnowledgeError, match="there are no entries"):
        opening.open_searcher(tmp_path / "knowledge", tmp_path / "data")
    assert not (tmp_path / "data").exists()


def test_a_knowledge_that_says_nothing_is_served(write: Write, tmp_path: Path) -> None:
    opened = Opened(write({"t/e.md": "---\nquestion: ？\n---\n！\n"}), tmp_path / "data")
    searcher, built = opened.open()
    assert built
    assert searcher.entry_ids == ("e",)
    assert searcher.search("？是什么").outcome is Outcome.UNKNOWN
    assert not opened.open()[1]


def test_a_folder_that_is_gone_is_refused(opened: Opened) -> None:
    opened.folder.rename(opened.folder.with_name("moved"))
    with pytest.raises(KnowledgeError, match="there is no such folder"):
        opened.open()


def test_build_builds_whatever_there_is(opened: Opened) -> None:
    before = opened.path.stat().st_mtime_ns
    path, knowledge = opening.build(opened.folder, opened.data)
    assert path == opened.path
    assert path.stat().st_mtime_ns != before
    assert len(knowledge.entries) == 4
    assert not opened.open()[1]


def test_an_index_is_the_same_wherever_it_is_built(opened: Opened) -> None:
    before = opened.path.read_bytes()
    opened.path.unlink()
    code = "import sys; from pathlib import Path; from index.opening import build; build(*map(Path, sys.argv[1:]))"
    command = [sys.executable, "-c", code, str(opened.folder), str(opened.data)]
    subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": "1"})
    assert opened.path.read_bytes() == before


def test_a_topic_whose_name_is_not_utf_8(small: Path, tmp_path: Path) -> None:
    (small / "wheels").rename(small / "w\udcff")
    opened = Opened(small, tmp_path / "data")
    assert opened.open()[1]
    searcher, built = opened.open()
    assert not built
    assert searcher.entries_of("w\udcff") == ("tubeless-puncture",)


def test_each_folder_has_its_own_index(tmp_path: Path) -> None:
    paths = {opening.index_path(folder, tmp_path) for folder in (tmp_path, tmp_path / "a", tmp_path / "a\udcff", built_in())}
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path / "index"}
