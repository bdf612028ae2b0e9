"""``zhuiwen check``: every kind of problem is found, where it is, with all others, and nothing else is."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.check import check
from knowledge.problems import KnowledgeError

Write = Callable[[Mapping[str, str | bytes]], Path]
Found = list[tuple[str, int, str]]


def found(folder: Path) -> Found:
    """File, line and text of each problem."""
    _, problems = check(folder)
    assert all(problem.remedy for problem in problems)
    assert problems == sorted(problems)
    return [(problem.file, problem.line, problem.what) for problem in problems]


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def line_of(text: str, needle: str) -> int:
    """The only line that holds ``needle``."""
    lines = [number for number, line in enumerate(text.splitlines(), 1) if needle in line]
    assert len(lines) == 1
    return lines[0]


def test_sound_knowledge_has_no_problems(small: Path) -> None:
    told: list[tuple[str, int, int]] = []
    reading, problems = check(small, progress=lambda *step: told.append(step))
    assert problems == []
    assert len(reading.knowledge.entries) == 4
    assert ("checking", 3, 4) in told


def twin(question: str, symptom: str) -> str:
    return f"""\
---
question: {question}
also:
  - {symptom}
points: [量跨高, 看膝盖, 小步调]
sources: [Burt 2014]
---
先量跨高，再看膝盖。

## 展开

小步调整，每次两三毫米。
"""


def twin_en(question: str) -> str:
    return f"""\
---
question: {question}
points: [inseam, knee, small steps]
---
Measure the inseam, then watch the knee.

## Details

In steps of two or three millimetres.
"""


def test_every_kind_of_problem_is_reported_at_once(write: Write, bicycles: Mapping[str, str]) -> None:
    files: dict[str, str] = dict(bicycles)
    disc, disc_en = "brakes/disc-brake.md", "brakes/disc-brake.en.md"
    chain, tube, pump = "drivetrain/chain-wear.md", "wheels/tubeless-puncture.md", "wheels/pump.en.md"
    files["lexicon.toml"] += '\n[station]\nen = ["service station"]\nabbr = ["UST"]\nsiblings = ["no-such-term"]\n'
    follow_ups = "follow_ups:\n  - rim-brake\n  - gone\n  - disc-brake\n  - rim-brake"
    files[disc] = replaced(files[disc], "follow_ups: [rim-brake]", follow_ups)
    files[disc] = replaced(files[disc], "terms: [disc-brake]", "terms:\n  - disc-brake\n  - no-such-term")
    files[disc] = replaced(files[disc], "## 易错点", "## 传说\n\n很久以前。\n\n## 易错点")
    files[disc_en] = replaced(files[disc_en], "  - the lever pushes fluid or pulls a cable\n", "")
    files[disc_en] = replaced(files[disc_en], "## Formula", "## Figure")
    files["brakes/rim-brake.md"] = replaced(files["brakes/rim-brake.md"], "[tubeless-puncture]", "[disc-brake]")
    files[chain] = replaced(files[chain], "  - 用卡尺量几节合适", "  - 踩起来老是跳齿！\n  - 请问一下\n  - 碟刹")
    del files["wheels/tubeless-puncture.en.md"]
    files[pump] = "---\nquestion: How hard should I pump?\nsource: me\n---\nBy weight.\n\n## Details\n\nSee the sidewall.\n"
    files["wheels/saddle-a.md"] = twin("车座高度怎么调？", "蹬起来膝盖疼")
    files["wheels/saddle-b.md"] = twin("怎么调车座高度？", "腿伸不直")
    files["wheels/saddle-a.en.md"] = twin_en("How high should the saddle be?")
    files["wheels/saddle-b.en.md"] = twin_en("What saddle height fits?")
    broken: dict[str, str | bytes] = {
        "wheels/hub.md": b"---\nquestion: \xbb\xa8\xb9\xc4\n---\nx",
        "wheels/half.md": "---\nquestion: 写到一半\nalso:\n  - 又",
        "wheels/odd.md": "---\nquestion: 甲: 乙\n---\n答。\n",
        "wheels/Spoke.md": twin("辐条断了怎么办", "轮子偏了"),
        "drivetrain/disc-brake.md": bicycles[disc],
        "loose.md": twin("放错地方了", "没有主题"),
    }
    expected: Found = [
        ("lexicon.toml", line_of(files["lexicon.toml"], "[station]"), "station has the sibling no-such-term, which is no term"),
        (
            "lexicon.toml",
            line_of(files["lexicon.toml"], "[station]"),
            "the abbreviation «UST» of station is claimed by tubeless too",
        ),
        (disc, line_of(files[disc], "  - gone"), "the follow-up gone does not exist"),
        (disc, line_of(files[disc], "  - no-such-term"), "unknown term no-such-term"),
        (disc, line_of(files[disc], "## 传说"), "unknown section «## 传说»"),
        (disc_en, 2, "its figure section has a picture that is no figure, or none"),
        (disc_en, 2, "its sections are details, figure, code, pitfalls; the Chinese file has details, formula, code, pitfalls"),
        (disc_en, 2, "it has 2 points; the Chinese file has 3"),
        (disc_en, 2, "2 points"),
        (tube, 2, "the translation tubeless-puncture.en.md is missing"),
        (pump, 2, "the translation pump.md is missing"),
        (pump, 2, "0 points"),
        (pump, 2, "no sources"),
        (pump, 3, "unknown field source"),
        ("wheels/saddle-a.md", 2, "saddle-a and saddle-b find each other"),
        ("wheels/hub.md", 2, "not UTF-8"),
        ("wheels/half.md", 1, "the front matter is not closed"),
        ("wheels/odd.md", 2, "the front matter is not valid YAML (mapping values are not allowed here)"),
        ("wheels/Spoke.md", 0, "the id 'Spoke' is not kebab-case"),
        ("loose.md", 0, "this entry lies in no topic"),
    ]
    first, also = line_of(files[disc], "follow_ups:"), line_of(files[chain], "also:")
    expected += [
        (disc, first + 1, "looping follow-ups: disc-brake leads to rim-brake and rim-brake leads straight back"),
        (disc, first + 3, "disc-brake follows itself"),
        (disc, first + 4, "the follow-up rim-brake stands twice"),
        (chain, also + 3, f"the wording «踩起来老是跳齿！» repeats {chain}:{also + 2}"),
        (chain, also + 4, "«请问一下» says nothing that the search could use"),
        (chain, also + 4, "chain-wear does not find itself: «请问一下» is not certain to find it"),
        (chain, also + 5, f"the wording «碟刹» is also one of disc-brake ({disc}:{line_of(files[disc], '  - 碟刹')})"),
        (chain, also + 5, "chain-wear does not find itself: «碟刹» finds disc-brake"),
    ]
    twins = sorted(["brakes/disc-brake.md", "drivetrain/disc-brake.md"])
    expected += [(twins[1], 0, f"the id disc-brake stands in {twins[0]} too")]
    assert sorted(found(write({**files, **broken}))) == sorted(expected)


def test_a_broken_file_is_reported_once(write: Write, bicycles: Mapping[str, str]) -> None:
    """What refers to an entry that cannot be read, and its translation, are not at fault."""
    broken = replaced(bicycles["brakes/rim-brake.md"], "question: 圈刹", "question: 圈刹: 圈刹")
    what = "the front matter is not valid YAML (mapping values are not allowed here)"
    assert found(write({**bicycles, "brakes/rim-brake.md": broken})) == [("brakes/rim-brake.md", 2, what)]


def test_a_topic_starts_with_an_entry(write: Write, bicycles: Mapping[str, str]) -> None:
    topics = replaced(bicycles["topics.toml"], '"tubeless-puncture"', '"gone"')
    line = line_of(topics, "[wheels]")
    assert found(write({**bicycles, "topics.toml": topics})) == [
        ("topics.toml", line, "the topic wheels starts with gone, which does not exist")
    ]


def test_an_entry_needs_details(write: Write, bicycles: Mapping[str, str]) -> None:
    files = dict(bicycles)
    for name, heading in (("drivetrain/chain-wear.md", "## 展开"), ("drivetrain/chain-wear.en.md", "## Details")):
        files[name] = files[name].partition(heading)[0]
    assert found(write(files)) == [
        ("drivetrain/chain-wear.en.md", 2, "the section details is missing"),
        ("drivetrain/chain-wear.md", 2, "the section details is missing"),
    ]


@pytest.mark.parametrize("names", [[], ["README.md", "notes.txt", ".draft.md", "wheels/deeper/hub.md"]])
def test_a_folder_without_entries(write: Write, tmp_path: Path, names: list[str]) -> None:
    write(dict.fromkeys(names, "x"))
    (tmp_path / "knowledge").mkdir(exist_ok=True)
    assert found(tmp_path / "knowledge") == [("", 0, "there are no entries")]


def test_files_that_cannot_be_read_end_the_check(small: Path) -> None:
    (small / "wheels" / "hub.md").mkdir()
    (small / "brakes" / "pad.md").mkdir()
    with pytest.raises(KnowledgeError) as caught:
        check(small)
    assert [problem.file for problem in caught.value.problems] == ["brakes/pad.md", "wheels/hub.md"]
    assert caught.value.exit_code == 3


def test_one_faulty_folder_name_is_no_crash(write: Write, bicycles: Mapping[str, str], tmp_path: Path) -> None:
    """A name that is not UTF-8 comes off the disk with lone surrogates; it must not end in a traceback."""
    write(bicycles)
    (tmp_path / "knowledge" / "wheels").rename(tmp_path / "knowledge" / "w\udcff")
    reading, _ = check(tmp_path / "knowledge")
    assert len(reading.knowledge.entries) == 4
