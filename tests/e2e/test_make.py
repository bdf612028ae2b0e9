"""The make targets do what they say, and the gate fails when nothing was run."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
TARGETS = sorted(set(re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE)))


def _alone() -> dict[str, str]:
    """The environment without what a make that runs these tests hands down."""
    return {name: value for name, value in os.environ.items() if name not in ("MAKEFLAGS", "MAKELEVEL", "MFLAGS")}


def dry(folder: Path, target: str) -> str:
    """What a target would do in a checkout that nothing was set up in."""
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder)
    done = subprocess.run(["make", "-n", target], cwd=folder, env=_alone(), capture_output=True, text=True, check=True)  # noqa: S607 — make is where it is
    return done.stdout


def test_the_targets_of_the_contract_are_there() -> None:
    assert {"install", "chat", "test", "check", "eval", "lint", "types", "layers", "knowledge", "wheel"} <= set(TARGETS)
    phony = re.search(r"^\.PHONY:(.*)$", MAKEFILE, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(TARGETS)


@pytest.mark.parametrize("target", ["chat", "test", "check", "eval", "install"])
def test_a_target_does_all_set_up_by_itself(target: str, tmp_path: Path) -> None:
    steps = dry(tmp_path, target).splitlines()
    assert "-m venv .venv" in steps[0]
    assert any(re.search(r"pip install .*-e ('\.\[dev\]'|\.)$", step) for step in steps)


def test_the_test_target_runs_everything(tmp_path: Path) -> None:
    steps = dry(tmp_path, "test")
    for step in (
        "ruff check",
        "ruff format --check",
        "bin/mypy",
        "lint-imports",
        "zhuiwen check",
        "pytest -n 2 -m 'not wheel and not soak'",
        "pytest -m wheel",
    ):
        assert step in steps, step


def test_help_names_every_target(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    done = subprocess.run(["make", "help"], cwd=tmp_path, env=_alone(), capture_output=True, text=True, check=True)  # noqa: S607
    assert [line.split()[0] for line in done.stdout.splitlines()] == re.findall(r"^([a-z]+):.*##", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize(
    ("says", "code", "passes"),
    [
        ("10 passed, 2 skipped in 1s\n3 passed in 1s", 0, True),
        ("10 passed in 1.00s", 0, True),
        ("10 passed in 1.00s", 2, False),
        ("no tests ran in 0.01s", 0, False),
        ("2 skipped in 0.01s", 0, False),
        ("", 0, False),
    ],
)
def test_the_gate_counts_what_it_ran(says: str, code: int, passes: bool, tmp_path: Path) -> None:  # noqa: FBT001 — what is expected
    (tmp_path / ".ci").mkdir()
    shutil.copy(ROOT / ".ci" / "run", tmp_path / ".ci" / "run")
    (tmp_path / "says").write_text(f"{says}\n", "utf-8")
    (tmp_path / "Makefile").write_text(f".PHONY: test\ntest:\n\t@cat says\n\t@exit {code}\n", "utf-8")
    done = subprocess.run([tmp_path / ".ci" / "run"], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode == 0) == passes, done.stdout + done.stderr
    if passes:
        total = sum(int(found) for found in re.findall(r"(\d+) passed", says))
        assert f"{total} passed" in done.stdout.splitlines()[-1]
    elif code == 0:
        assert "no test was run" in done.stdout + done.stderr
