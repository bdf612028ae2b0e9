"""A folder's files become one value, with every problem that needs no search."""

from collections.abc import Mapping

import pytest

from knowledge.model import Section
from knowledge.problems import KnowledgeError, Problem
from knowledge.reader import Place, Reading, read_knowledge, serveable

HUB = """\
---
question: 花鼓怎么保养？
seed: true
also:
  - 花鼓
  - " 轴承松了 "
terms: [hub, bearing]
follow_ups: [rim, spoke]
points:
  - 清洗
  - 上油
sources:
  - Brandt 1993
---
清洗，上油，调松紧。

## 展开

长。
"""
HUB_EN = """\
---
question: How do you service a hub?
also:
  - loose bearings
points:
  - clean
  - grease
---
Clean, grease, adjust.

## Details

Long.
"""


def read(files: Mapping[str, str | bytes]) -> Reading:
    return read_knowledge({path: text.encode() if isinstance(text, str) else text for path, text in files.items()})


def entry(front: str = "question: 问") -> str:
    return f"---\n{front}\n---\n答。\n"


def faults(files: Mapping[str, str | bytes]) -> list[tuple[str, int, str, bool]]:
    problems = read(files).problems
    assert all(problem.remedy for problem in problems)
    return [(problem.file, problem.line, problem.what, problem.fatal) for problem in problems]


def test_an_entry_in_two_languages() -> None:
    reading = read({"wheels/hub.en.md": HUB_EN, "wheels/hub.md": HUB})
    assert reading.problems == []
    hub = reading.knowledge.entries["hub"]
    assert (hub.id, hub.topic, hub.seed) == ("hub", "wheels", True)
    assert (hub.terms, hub.follow_ups, hub.sources) == (("hub", "bearing"), ("rim", "spoke"), ("Brandt 1993",))
    assert list(hub.texts) == ["zh", "en"]
    assert hub.texts["zh"].wordings == ("花鼓怎么保养？", "花鼓", "轴承松了")
    assert hub.texts["en"].wordings == ("How do you service a hub?", "loose bearings")
    assert hub.texts["en"].points == ("clean", "grease")
    assert hub.texts["zh"].short == "清洗，上油，调松紧。"
    assert hub.texts["en"].sections == {Section.DETAILS: "Long."}


def test_places_of_fields_and_items() -> None:
    reading = read({"wheels/hub.en.md": HUB_EN, "wheels/hub.md": HUB, "lexicon.toml": '\n[rim]\nzh = ["轮圈"]\n'})
    chinese, english = "wheels/hub.md", "wheels/hub.en.md"
    assert reading.places["hub", "zh", "question"] == Place(file=chinese, line=2)
    assert reading.places["hub", "zh", "also[1]"] == Place(file=chinese, line=6)
    assert reading.places["hub", "zh", "follow_ups[1]"] == Place(file=chinese, line=8)
    assert reading.places["hub", "en", "also[0]"] == Place(file=english, line=4)
    assert reading.places["hub", "en", "points[1]"] == Place(file=english, line=7)
    assert reading.term_places == {"rim": Place(file="lexicon.toml", line=2)}


def test_an_entry_in_english_alone_holds_its_own_facts() -> None:
    reading = read({"wheels/hub.en.md": entry("question: q\nseed: true\nterms: [hub]\nsources: [s]")})
    assert reading.problems == []
    hub = reading.knowledge.entries["hub"]
    assert (list(hub.texts), hub.seed, hub.terms, hub.sources) == (["en"], True, ("hub",), ("s",))
    assert hub.text("zh").question == "q"


def test_entries_stand_in_the_order_of_topics_then_of_ids() -> None:
    files = {f"{topic}/{id_}.md": entry() for topic, id_ in [("b", "z"), ("c", "y"), ("a", "x"), ("d", "w"), ("b", "a")]}
    reading = read({**files, "topics.toml": '[c]\nzh = "丙"\n[e]\nzh = "戊"\n[b]\nzh = "乙"\n'})
    assert reading.problems == []
    assert list(reading.knowledge.entries) == ["y", "a", "z", "x", "w"]
    assert [topic.id for topic in reading.knowledge.topics] == ["c", "b", "a", "d"]
    assert reading.knowledge.topics[2].names == {"zh": "a", "en": "a"}


@pytest.mark.parametrize(
    ("path", "content", "line", "what"),
    [
        ("hub.md", entry(), 0, "this entry lies in no topic"),
        ("w/Hub.md", entry(), 0, "the id 'Hub' is not kebab-case"),
        ("w/花鼓.md", entry(), 0, "the id '花鼓' is not kebab-case"),
        ("w/hub.fr.md", entry(), 0, "the id 'hub.fr' is not kebab-case"),
        ("w/.md", entry(), 0, "the id '' is not kebab-case"),
        ("w/hub.md", b"---\nquestion: x\nalso:\n  - \xb9\xfe\n---\nx", 4, "not UTF-8"),
        ("w/hub.md", "---\nquestion: x\n---\nx".encode("utf-16"), 1, "not UTF-8"),
        ("w/hub.md", entry() + "长" * 400_000, 0, "larger than 1000000 bytes"),
        ("w/hub.md", b"", 1, "no front matter"),
        ("w/hub.md", "---\nquestion: 问\nalso:\n  - 半", 1, "the front matter is not closed"),
        ("w/hub.md", entry("seed: true"), 1, "no question"),
        ("w/hub.md", entry("seed: true\nquestion:"), 3, "question is not a text"),
        ("w/hub.md", entry("seed: true\nquestion: '  '"), 1, "no question"),
        ("w/hub.md", entry("question: 问\nseed: ja"), 3, "seed is neither true nor false"),
        ("w/hub.md", entry("question: 问\nalso: 又问"), 3, "also is not a list"),
        ("w/hub.md", entry("question: 问\npoints:"), 3, "points is not a list"),
        ("w/hub.md", entry("question: 问\nalso:\n  - 又问\n  - 42"), 5, "an item of also is not a text"),
        ("w/hub.md", entry("question: 问\nsources:\n  - Brandt: Wheel"), 4, "an item of sources is not a text"),
        ("w/hub.md", entry("question: 问\nterms: [a, '']"), 3, "an item of terms is not a text"),
    ],
)
def test_what_keeps_a_file_from_being_served(path: str, content: str | bytes, line: int, what: str) -> None:
    found = [fault for fault in faults({path: content}) if fault[2] != "no question" or what == "no question"]
    assert [fault[:2] + fault[3:] for fault in found] == [(path, line, True)]
    assert what in found[0][2]
    with pytest.raises(KnowledgeError) as caught:
        serveable(read({path: content}), "somewhere")
    assert caught.value.folder == "somewhere"


def test_a_field_that_has_no_place_here_is_no_reason_not_to_serve() -> None:
    files = {"w/hub.md": entry("question: 问\nalsp: []"), "w/hub.en.md": entry("question: q\nterms: [hub]")}
    assert faults(files) == [
        ("w/hub.md", 3, "unknown field alsp", False),
        ("w/hub.en.md", 3, "unknown field terms; terms stands in the Chinese file", False),
    ]
    assert serveable(read(files), "w").entries.keys() == {"hub"}


@pytest.mark.parametrize("name", ["hub.md", "hub.en.md"])
def test_an_id_stands_once(name: str) -> None:
    found = faults({"a/hub.md": entry(), f"b/{name}": entry()})
    assert found == [(f"b/{name}", 0, "the id hub stands in a/hub.md too", True)]


def test_faults_of_both_languages_come_at_once() -> None:
    found = faults({"w/hub.md": entry("question: 问\nseed: ja"), "w/hub.en.md": entry("question: q\nalso: w")})
    assert [fault[:2] for fault in found] == [("w/hub.md", 3), ("w/hub.en.md", 3)]


def test_faults_of_all_files_come_at_once_and_sound_entries_stay() -> None:
    reading = read(
        {
            "a/good.md": entry(),
            "a/bad.md": entry("question: 问\nalso: 1\npoints: 2"),
            "a/worse.md": "nothing",
            "flat.md": entry(),
            "lexicon.toml": "[a]\n",
            "topics.toml": "[a]\n",
        }
    )
    assert reading.knowledge.entries.keys() == {"good"}
    assert sorted((problem.file, problem.line) for problem in reading.problems) == [
        ("a/bad.md", 3),
        ("a/bad.md", 4),
        ("a/worse.md", 1),
        ("flat.md", 0),
        ("lexicon.toml", 1),
        ("topics.toml", 1),
    ]
    with pytest.raises(KnowledgeError) as caught:
        serveable(reading, "bikes")
    assert len(caught.value.problems) == 6
    assert str(caught.value).startswith("knowledge in bikes: 6 problems\n  a/bad.md:3: also is not a list — ")


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"topics.toml": '[a]\nzh = "甲"\n'},
        {"lexicon.toml": '[a]\nzh = ["甲"]\n'},
        {"lexicon.toml": '[a]\nzh = ["甲"]\nsiblings = ["b"]\n'},
    ],
)
def test_a_folder_without_entries_is_refused(files: Mapping[str, str]) -> None:
    reading = read(files)
    assert ("", 0, "there are no entries", True) in [(p.file, p.line, p.what, p.fatal) for p in reading.problems]
    with pytest.raises(KnowledgeError, match="there are no entries"):
        serveable(reading, "nowhere")


def test_a_problem_reads_as_compilers_print_theirs() -> None:
    problem = Problem(file="a/b.md", line=3, what="no points", remedy="name three")
    assert str(problem) == "a/b.md:3: no points — name three"
    assert str(Problem(file="a/b.md", what="no points", remedy="name three")) == "a/b.md: no points — name three"
    assert str(Problem(file="", what="nothing", remedy="write")) == ".: nothing — write"
    assert str(KnowledgeError("x", [problem])) == "knowledge in x: 1 problem\n  a/b.md:3: no points — name three"
