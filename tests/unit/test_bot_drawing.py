"""Formulas that are too wide for a phone are drawn, and each is drawn once."""

import asyncio
import struct
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.drawing import UndrawableError, picture
from bot.formulas import WIDEST, wide
from bot.messenger.drawings import Drawings
from knowledge.model import Knowledge

WIDE = (
    r"L=-\frac{1}{2N}\sum_{i=1}^{N}\left(\ln\frac{e^{s_{ii}}}{\sum_je^{s_{ij}}}+\ln\frac{e^{s_{ii}}}{\sum_je^{s_{ji}}}\right)"
)
NO_FONT = r"\text{损失}=1"
ENVIRONMENT = r"\begin{cases}1\\0\end{cases}"


def size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_a_picture_grows_with_its_formulas_and_is_never_flat() -> None:
    narrow, one, two = size(picture(["x"])), size(picture([WIDE])), size(picture([WIDE, WIDE]))
    assert narrow[0] < one[0] == two[0]
    assert one[1] < two[1]
    flat = size(picture(["+".join("abcdefghijklmnopqrstuvwxyz" * 2)]))
    assert flat[1] * 8 >= flat[0] - 8


@pytest.mark.parametrize("latex", [NO_FONT, ENVIRONMENT, r"\unheardof", r"\frac{", ""])
def test_what_cannot_be_drawn_is_said(latex: str) -> None:
    with pytest.raises(UndrawableError):
        picture([latex])
    assert picture([latex, WIDE]) == picture([WIDE])


def test_only_wide_formulas_are_drawn() -> None:
    narrow = "+".join("x" * ((WIDEST + 3) // 4))
    assert wide(f"a $y$\n\n$${narrow}$$\n\n$${WIDE}$$\n\n```\n$${WIDE}$$\n```\n\n${WIDE}$") == (WIDE,)
    assert wide("no formula") == ()


def test_the_formulas_of_the_knowledge_can_be_drawn(knowledge: Knowledge) -> None:
    texts = [section for entry in knowledge.entries.values() for section in entry.text("zh").sections.values()]
    found = [latex for text in texts for latex in wide(text)]
    undrawable: list[str] = []
    for latex in found:
        try:
            picture([latex])
        except UndrawableError:
            undrawable.append(latex)
    assert len(found) > 100
    assert [latex for latex in undrawable if "\\begin" not in latex] == []


def test_a_picture_is_drawn_once_in_another_thread_and_kept(tmp_path: Path) -> None:
    drawn: list[tuple[str, ...]] = []

    def draw(formulas: Sequence[str]) -> bytes:
        assert threading.current_thread() is not threading.main_thread()
        drawn.append(tuple(formulas))
        if "bad" in formulas:
            raise UndrawableError("bad")
        return b"picture"

    async def ask(drawings: Drawings, *formulas: str) -> bytes | None:
        return await drawings.picture(formulas)

    folder = tmp_path / "formulas"
    first, again = Drawings(folder, draw), Drawings(folder, draw)
    assert [asyncio.run(ask(one, "a", "b")) for one in (first, first, again)] == [b"picture"] * 3
    assert [asyncio.run(ask(first, "bad")) for _ in range(2)] == [None, None]
    assert drawn == [("a", "b"), ("bad",)]
    assert [file.suffix for file in folder.iterdir()] == [".png"]


def test_a_folder_that_cannot_be_written_loses_no_picture(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "formulas").write_text("a file")
    drawings = Drawings(tmp_path / "formulas", lambda _: b"picture")
    assert asyncio.run(drawings.picture(["a"])) == b"picture"
    assert "cannot be kept" in caplog.text
