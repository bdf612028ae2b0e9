"""The pages say what is so: their transcripts are what the program prints, their tables and lists are complete."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import names

ROOT = Path(__file__).parents[2]
PAGES = ("README.md", "README.zh-CN.md")
_TRANSCRIPT = re.compile(r"^```console\n(?P<body>.*?)^```", re.MULTILINE | re.DOTALL)


def _transcripts() -> list[tuple[str, str, str]]:
    found = []
    for page in PAGES:
        for block in _TRANSCRIPT.finditer((ROOT / page).read_text("utf-8")):
            command, _, output = block["body"].partition("\n")
            found.append((page, command.removeprefix("$ "), output))
    return found


def test_there_are_transcripts() -> None:
    assert {page for page, _, _ in _transcripts()} == set(PAGES)


@pytest.mark.parametrize(("page", "command", "expected"), _transcripts())
def test_a_transcript_is_what_the_program_prints(page: str, command: str, expected: str, tmp_path: Path) -> None:
    assert page in PAGES
    shown = command.replace("zhuiwen ", f"{sys.executable} -m bot ")
    environment = {**os.environ, "ZHUIWEN_DATA": str(tmp_path)}
    done = subprocess.run(
        ["/bin/bash", "-c", shown], cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=True, timeout=120
    )
    pattern = "".join(r"(?:.*\n)+?" if line == "…\n" else re.escape(line) for line in expected.splitlines(keepends=True))
    assert re.fullmatch(pattern, done.stdout), done.stdout


@pytest.mark.parametrize("page", PAGES)
def test_a_page_names_every_setting_and_every_command(page: str) -> None:
    text = (ROOT / page).read_text("utf-8")
    wanted = [name for name in names() if not name.startswith("ZHUIWEN_TELEGRAM_WEBHOOK")]
    assert wanted
    assert [name for name in wanted if name not in text] == []
    commands = ("chat", "ask", "telegram", "replay", "check", "eval", "build")
    assert [name for name in commands if f"zhuiwen {name}" not in text] == []


def test_the_example_lists_every_setting() -> None:
    text = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"^#(ZHUIWEN_\w+)=", text, re.MULTILINE)) == set(names())


def test_every_entry_has_a_review_or_is_said_to_wait_for_one() -> None:
    entries = {path.name.removesuffix(".md") for path in (ROOT / "knowledge/content").glob("*/*.md") if ".en." not in path.name}
    assert entries
    text, _, waiting = (ROOT / "docs/review.md").read_text("utf-8").partition("\n## Not yet reviewed\n")
    reviewed = set(re.findall(r"^\*\*([a-z0-9-]+)\*\*", text, re.MULTILINE))
    waits = set(re.findall(r"[a-z0-9-]+", waiting.partition(":")[2]))
    assert entries - reviewed == waits


def test_the_measured_tables_are_fresh() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "measures", "--check"],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
