"""Pictures in the text of a terminal: only where the terminal can, and whole."""

import base64
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.pictures import inline

CONTENT = bytes(range(256)) * 40


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    file = tmp_path / "figure.png"
    file.write_bytes(CONTENT)
    return file


@pytest.mark.parametrize("environment", [{}, {"TERM": "xterm-256color"}, {"TERM_PROGRAM": "iTerm.app", "TMUX": "1"}])
def test_a_terminal_that_may_not_draw_gets_nothing(picture: Path, environment: Mapping[str, str]) -> None:
    assert inline(picture, environment) == ""


@pytest.mark.parametrize("environment", [{"TERM_PROGRAM": "WezTerm"}, {"LC_TERMINAL": "iTerm2"}])
def test_the_protocol_of_iterm(picture: Path, environment: Mapping[str, str]) -> None:
    found = re.fullmatch("\x1b]1337;File=inline=1;[a-zA-Z=0-9;]+:([A-Za-z0-9+/=]+)\a", inline(picture, environment))
    assert found is not None
    assert base64.b64decode(found[1]) == CONTENT


@pytest.mark.parametrize("environment", [{"KITTY_WINDOW_ID": "1"}, {"TERM": "xterm-kitty"}, {"TERM_PROGRAM": "ghostty"}])
def test_the_protocol_of_kitty(picture: Path, environment: Mapping[str, str]) -> None:
    parts = re.findall("\x1b_G([^;]*);([A-Za-z0-9+/=]*)\x1b\\\\", inline(picture, environment))
    assert base64.b64decode("".join(chunk for _, chunk in parts)) == CONTENT
    assert all(len(chunk) <= 4096 for _, chunk in parts)
    assert parts[0][0].startswith("a=T,f=100,")
    assert [head.endswith("m=1") for head, _ in parts] == [True] * (len(parts) - 1) + [False]
    assert len(parts) > 1


def test_a_picture_that_is_gone_is_not_drawn(tmp_path: Path) -> None:
    assert inline(tmp_path / "gone.png", {"TERM": "xterm-kitty"}) == ""
