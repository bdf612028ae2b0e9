"""Draw the figures into the content, or tell whether those that are kept are still what the scripts draw."""

import argparse
import os
import re
import sys
import tempfile
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
from PIL import Image

from figures.registry import load
from figures.style import write

KEPT = Path(__file__).resolve().parent.parent / "knowledge" / "content" / "figures"
ENDINGS = ("svg", "png")
LARGEST = {"svg": 300_000, "png": 120_000}
"""Bytes that a file may have: figures travel over mobile networks."""

NEAR = 0.05
"""How far a number of an SVG may be off: a processor may round the last digits another way."""
PALENESS = 0.25
"""Mean difference of two pictures' pixels, of 255, from which on they show something else."""

_TOKEN = re.compile(r"-?\d+(?:\.\d+)?(?:e-?\d+)?|[^\s\d-]+|-")
_ID = re.compile(r"\b([a-z])[0-9a-f]{10}\b")


def _draw(task: tuple[str, Path]) -> str:
    """Draw one figure into a folder; runs in a process of its own, so it looks its function up by name."""
    name, folder = task
    write(load()[name](), folder / f"{name}.svg", folder / f"{name}.png")
    return name


def draw(names: Iterable[str], folder: Path) -> None:
    """Draw figures into a folder, as many at a time as there are processors."""
    folder.mkdir(parents=True, exist_ok=True)
    tasks = [(name, folder) for name in names]
    workers = min(os.cpu_count() or 1, len(tasks))
    if workers <= 1:
        for task in tasks:
            _draw(task)
        return
    with ProcessPoolExecutor(workers) as pool:
        for _ in pool.map(_draw, tasks):
            pass


def _tokens(svg: str) -> list[str]:
    """The parts of an SVG; ids are hashes of coordinates, so they are numbered in the order in which they come."""
    numbers: dict[str, str] = {}
    named = _ID.sub(lambda found: numbers.setdefault(found[0], f"{found[1]}#{'i' * (len(numbers) + 1)}"), svg)
    return _TOKEN.findall(named)


def _number(token: str) -> float | None:
    """The number that a token is, if it is one."""
    try:
        return float(token)
    except ValueError:
        return None


def same_svg(one: str, other: str) -> bool:
    """Whether two SVGs show the same: all tokens equal, numbers nearly so."""
    ours, theirs = _tokens(one), _tokens(other)
    if len(ours) != len(theirs):
        return False
    for mine, yours in zip(ours, theirs, strict=True):
        if mine == yours:
            continue
        first, second = _number(mine), _number(yours)
        if first is None or second is None or abs(first - second) > NEAR:
            return False
    return True


def same_png(one: Path, other: Path) -> bool:
    """Whether two pictures show the same: one size, pixels nearly equal on the whole."""
    with Image.open(one) as first, Image.open(other) as second:
        if first.size != second.size:
            return False
        ours, theirs = (np.asarray(image.convert("RGB"), dtype=np.int16) for image in (first, second))
    return float(np.abs(ours - theirs).mean()) < PALENESS


def _faults(name: str, drawn: Path) -> Iterable[str]:
    """What is wrong with the kept files of one figure."""
    for ending in ENDINGS:
        fresh, kept = drawn / f"{name}.{ending}", KEPT / f"{name}.{ending}"
        remedy = f"run python -m figures {name}"
        if not kept.exists():
            yield f"{kept.name}: it is missing — {remedy}"
            continue
        if ending == "png":
            same = same_png(kept, fresh)
        else:
            same = same_svg(kept.read_text(encoding="utf-8"), fresh.read_text(encoding="utf-8"))
        if not same:
            yield f"{kept.name}: it is not what its script draws — {remedy}"
        if kept.stat().st_size > LARGEST[ending]:
            much = f"{kept.stat().st_size // 1000} kB of {LARGEST[ending] // 1000} allowed"
            yield f"{kept.name}: {much} — thin its data out, or rasterise them"


def check(names: Sequence[str], all_names: Iterable[str]) -> list[str]:
    """Every missing, stale or left-over file, one line each."""
    with tempfile.TemporaryDirectory() as folder:
        drawn = Path(folder)
        draw(names, drawn)
        found = [fault for name in names for fault in _faults(name, drawn)]
    known = {f"{name}.{ending}" for name in all_names for ending in ENDINGS}
    strays = sorted(file.name for file in KEPT.glob("*") if file.name not in known)
    return found + [f"{name}: no script draws it — write one, or remove the file" for name in strays]


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m figures", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help="draw only these (all)")
    parser.add_argument("--check", action="store_true", help="draw aside and compare with what is kept")
    options = parser.parse_args()
    known = load()
    unknown = [name for name in options.names if name not in known]
    if unknown:
        parser.error(f"no such figure: {', '.join(unknown)}; there are {', '.join(known)}")
    names = options.names or list(known)
    if not options.check:
        draw(names, KEPT)
        return 0
    faults = check(names, known)
    for fault in faults:
        print(fault)
    print(f"{len(names)} figures, {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
