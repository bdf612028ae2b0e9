"""The wheel holds what git holds, and works where there is nothing else of ours."""

import importlib.util
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[2]
PACKAGES = ("bot", "index", "knowledge")
PATIENCE = 600


def environment(**changes: str) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("ZHUIWEN_", "PYTHON"))}
    return {**clean, **changes}


def run(*command: str | Path, cwd: Path, **changes: str) -> str:
    done = subprocess.run(
        command,
        cwd=cwd,
        env=environment(**changes),
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A wheel of the source tree, just built."""
    folder = tmp_path_factory.mktemp("dist")
    isolation = ["--no-isolation"] if importlib.util.find_spec("hatchling") else []
    run(sys.executable, "-m", "build", "--wheel", *isolation, "--outdir", folder, ROOT, cwd=folder)
    (built,) = folder.glob("*.whl")
    assert built.name.startswith("zhuiwen-")
    return built


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment that has the wheel, and of ours nothing else."""

    python: Path
    command: Path
    site: Path
    elsewhere: Path
    """A folder that is not the source tree, to run in."""
    data: Path

    def runs(self, *arguments: str) -> str:
        return run(self.command, *arguments, cwd=self.elsewhere, ZHUIWEN_DATA=str(self.data))

    def says(self, program: str) -> str:
        return run(self.python, "-c", program, cwd=self.elsewhere, ZHUIWEN_DATA=str(self.data)).strip()


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in an environment of its own; what it depends on is lent by this one, after the wheel's own folder."""
    home = tmp_path_factory.mktemp("environment") / "venv"
    venv.create(home, with_pip=False, symlinks=True)
    paths = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)}, scheme="venv")
    scripts, site = Path(paths["scripts"]), Path(paths["purelib"])
    python = scripts / "python"
    pip = (sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check")
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    run(*pip, "install", "--quiet", "--no-deps", "--no-index", wheel, cwd=elsewhere)
    # A folder named in a .pth comes after site-packages, and .pth files in it, such as that of an editable install, do not count.
    (site / "lent.pth").write_text("".join(f"{sysconfig.get_path(name)}\n" for name in ("purelib", "platlib")), "utf-8")
    return Installed(
        python=python, command=scripts / "zhuiwen", site=site, elsewhere=elsewhere, data=tmp_path_factory.mktemp("data")
    )


def test_the_wheel_holds_what_git_holds(wheel: Path) -> None:
    """An ignore line that is too wide would ship a wheel without a package; an untracked file would ship unnoticed."""
    tracked = run("git", "ls-files", "-z", *PACKAGES, cwd=ROOT).split("\0")
    wanted = {name for name in tracked if name}
    assert len(wanted) > 100
    assert {Path(name).parts[0] for name in wanted} == set(PACKAGES)
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        held = {name for name in names if ".dist-info/" not in name}
        assert len(names) == len(set(names))
        assert held == wanted
        different = [name for name in sorted(held) if archive.read(name) != (ROOT / name).read_bytes()]
    assert different == []


def test_the_wheel_tells_its_licences_and_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        info = {Path(name).name: archive.read(name).decode() for name in archive.namelist() if ".dist-info/" in name}
    assert info["LICENSE"].strip()
    assert info["LICENSE-CONTENT"].strip()
    assert "zhuiwen = bot.__main__:program" in info["entry_points.txt"]
    assert "Classifier: Private :: Do Not Upload" in info["METADATA"]


def test_our_packages_come_from_the_wheel(installed: Installed) -> None:
    for package in PACKAGES:
        assert Path(installed.says(f"import {package}; print({package}.__file__)")) == installed.site / package / "__init__.py"
    assert str(ROOT) not in installed.says("import sys; print([path for path in sys.path if 'site-packages' not in path])")


def test_the_top_level_names_are_ours_alone(installed: Installed) -> None:
    program = (
        "from importlib.metadata import packages_distributions as found; print([sorted(set(found()[name])) for name in {}])"
    )
    assert installed.says(program.format(PACKAGES)) == str([["zhuiwen"]] * len(PACKAGES))


def test_the_installed_program_answers(installed: Installed) -> None:
    first = installed.runs("ask", "BN是什么", "--json")
    assert '"entry": "batch-norm"' in first
    assert installed.runs("ask", "BN是什么", "--json") == first
    assert installed.runs("ask", "BN是什么").startswith("简述下BN算法\n")
    assert list(installed.elsewhere.iterdir()) == []


def test_the_installed_program_knows_its_version(installed: Installed, wheel: Path) -> None:
    assert installed.runs("--version") == f"zhuiwen {wheel.name.split('-')[1]}\n"


def test_the_installed_knowledge_is_that_of_the_source_tree(installed: Installed) -> None:
    program = "from knowledge.folder import *; print(digest(snapshot(built_in())))"
    assert installed.says(program) == run(sys.executable, "-c", program, cwd=ROOT).strip()


def test_the_knowledge_is_read_from_a_zip_too(installed: Installed, wheel: Path) -> None:
    """Content is read as a resource of the package, never by a path in the file system."""
    program = (
        f"import sys; sys.path.insert(0, {str(wheel)!r})\nimport knowledge\nassert {str(wheel)!r} in knowledge.__file__\n"
        "from knowledge.folder import *; print(digest(snapshot(built_in())))"
    )
    assert installed.says(program) == installed.says("from knowledge.folder import *; print(digest(snapshot(built_in())))")
