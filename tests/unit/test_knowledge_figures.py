"""Figures: what a section shows, and every way in which a figure can be wrong."""

from collections.abc import Callable, Mapping
from pathlib import Path

from bot.check import check
from knowledge.figures import Figure, figures, strays, without_figures
from knowledge.folder import built_in, figure_file, figure_files

Write = Callable[[Mapping[str, str | bytes]], Path]
SECTION = "![两条曲线](../figures/two-curves.png)\n\n左边更陡。\n\n![一个圆](../figures/circle.png)"
ZH, EN = "brakes/disc-brake.md", "brakes/disc-brake.en.md"


def test_a_section_shows_figures_and_says_something_beside_them() -> None:
    assert figures(SECTION) == (Figure(name="two-curves", alt="两条曲线"), Figure(name="circle", alt="一个圆"))
    assert without_figures(SECTION) == "左边更陡。"
    assert not strays(SECTION)
    assert strays("![x](../figures/x.jpg)")
    assert figures("![x](figures/x.png)") == ()


def with_figures(bicycles: Mapping[str, str], zh: str, en: str) -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = dict(bicycles)
    files[ZH] = bicycles[ZH].replace("\n## 易错点", f"\n## 图\n\n{zh}\n\n## 易错点")
    files[EN] = bicycles[EN].replace("\n## Pitfalls", f"\n## Figure\n\n{en}\n\n## Pitfalls")
    assert files[ZH] != bicycles[ZH]
    assert files[EN] != bicycles[EN]
    return files


def drawn(folder: Path, *names: str) -> Path:
    (folder / "figures").mkdir()
    for name in names:
        (folder / "figures" / name).write_bytes(b"a picture")
    return folder


def test_sound_figures_are_no_problem(write: Write, bicycles: Mapping[str, str]) -> None:
    files = with_figures(bicycles, "![碟片](../figures/disc.png)", "![A disc](../figures/disc.png)")
    folder = drawn(write(files), "disc.png", "disc.svg")
    _, problems = check(folder)
    assert problems == []


def test_every_fault_of_figures_is_reported_at_once(write: Write, bicycles: Mapping[str, str]) -> None:
    files = with_figures(bicycles, "![](../figures/disc.png)", "![A pad](../figures/pad.png)\n\n![no](pad.gif)")
    folder = drawn(write(files), "disc.png", "disc.svg", "pad.png", "old.png", "notes.txt")
    _, problems = check(folder)
    assert [(problem.file, problem.what) for problem in problems] == [
        (EN, "its figure section has a picture that is no figure, or none"),
        (EN, "the figure figures/pad.svg does not exist"),
        (ZH, "its languages show different figures"),
        (ZH, "the figure disc has no alternative text"),
        ("figures/notes.txt", "no entry shows this file"),
        ("figures/old.png", "no entry shows this file"),
    ]


def test_the_built_in_figures_are_where_they_are_said_to_be() -> None:
    for name in figure_files(built_in()):
        assert figure_file(built_in(), Figure(name=name.rpartition(".")[0], alt="")).is_file()
