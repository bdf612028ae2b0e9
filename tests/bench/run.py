"""Runs the races, all engines interleaved: ``python -m tests.bench.run RESULTS.json SIZE…``; see report.py for the tables.

A size is a number of generated wordings, or ``shipped`` for those of the built-in knowledge.  In each round every engine answers
the same queries, in an order that changes; one process runs at a time, and each engine has its own.
"""

import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any

from tests.bench.engines import RACES, SHIPPED
from tests.bench.knowledges import shipped
from tests.bench.questions import Questions

HERE = Path(__file__).parent
ROUNDS = 4
STARTS = 3
_BATCH = {10_000: 100, 100_000: 40, 10_000_000: 10}
"""Queries a round, up to that size."""
_MOST_SECONDS = 1200
PACKAGES = ("numpy", "scikit-learn", "scipy", "rapidfuzz", "minsearch", "rank-bm25", "bm25s", "numba", "tantivy")


def machine() -> dict[str, Any]:
    """What it ran on."""
    versions: dict[str, str] = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "—"
    model = next(
        (line.partition(":")[2].strip() for line in _lines(Path("/proc/cpuinfo")) if line.startswith("model name")),
        platform.machine(),
    )
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    return {
        "processor": model,
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "system": platform.system(),
        "versions": versions,
        "commit": commit.stdout.strip(),
        "load": os.getloadavg()[0],
    }


def _lines(path: Path) -> Sequence[str]:
    return path.read_text("utf-8").splitlines() if path.exists() else ()


def _command(name: str, folder: Path, what: str) -> list[str]:
    return [sys.executable, str(HERE / "worker.py"), name, str(folder), what]


class _Serving:
    """An engine in its process."""

    def __init__(self, name: str, folder: Path) -> None:
        self._process = subprocess.Popen(
            _command(name, folder, "serve"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.load: float = json.loads(_of(self._process.stdout).readline())["load"]

    def ask(self, queries: Sequence[str]) -> dict[str, Any]:
        """Its answers, with the time of each."""
        _of(self._process.stdin).write(json.dumps(queries) + "\n")
        _of(self._process.stdin).flush()
        said: dict[str, Any] = json.loads(_of(self._process.stdout).readline())
        return said

    def stop(self) -> None:
        """End the process."""
        self._process.communicate()


def _of(stream: IO[str] | None) -> IO[str]:
    if stream is None:
        raise RuntimeError("the process has no pipes")
    return stream


def texts_of(size: str) -> tuple[list[str], list[str]]:
    """The wordings of a knowledge, and queries for it."""
    made = Questions(seed=7)
    if size != SHIPPED:
        texts = made.texts(int(size))
        return texts, made.queries(texts, 1000)
    texts = [wording for entry in shipped().entries.values() for text in entry.texts.values() for wording in text.wordings]
    sets = sorted((HERE.parent / "eval" / "judging").glob("*.jsonl"))
    asked = [json.loads(line) for file in sets for line in file.read_text("utf-8").splitlines()]
    return texts, [line["query"] for line in asked if "query" in line]


def race(size: str, names: Sequence[str]) -> dict[str, Any]:
    """All figures of one size."""
    texts, queries = texts_of(size)
    results: dict[str, Any] = {name: {} for name in names if RACES[name].most >= len(texts)}
    chance = random.Random(1)
    batch = next(number for most, number in _BATCH.items() if len(texts) <= most)
    with tempfile.TemporaryDirectory() as root:
        Path(root, "texts.json").write_text(json.dumps(texts), "utf-8")
        if size == SHIPPED:
            Path(root, SHIPPED).touch()
        folders = {name: Path(root, str(place)) for place, name in enumerate(results)}
        for name in list(results):
            folders[name].mkdir()
            done = subprocess.run(
                _command(name, folders[name], "build"), capture_output=True, text=True, check=False, timeout=_MOST_SECONDS
            )
            if done.returncode:
                print(f"{size} {name}: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
                del results[name]
                continue
            results[name]["build"] = json.loads(done.stdout)
            print(f"{size} {name}: built in {results[name]['build']['seconds']:.1f} s", file=sys.stderr)
        for name, its in results.items():
            its["starts"] = [_start(name, folders[name], queries[0]) for _ in range(STARTS)]
        serving = {name: _Serving(name, folders[name]) for name in results}
        for name, process in serving.items():
            results[name] |= {"load": process.load, "rounds": []}
            process.ask(queries[-5:])  # warm
        for _ in range(ROUNDS):
            asked = chance.sample(queries, min(batch, len(queries)))
            order = list(serving)
            chance.shuffle(order)
            for name in order:
                said = serving[name].ask(asked)
                results[name]["rounds"].append(said["times"])
                results[name]["memory"] = said["memory"]
        for process in serving.values():
            process.stop()
    return {"questions": len(texts), "engines": results}


def _start(name: str, folder: Path, query: str) -> list[float]:
    """Seconds from process start to first answer, and of a process that does nothing."""
    started = time.perf_counter()
    done = subprocess.run(
        _command(name, folder, "serve"), input=json.dumps([query]) + "\n", capture_output=True, text=True, check=True
    )
    first = time.perf_counter() - started
    if len(done.stdout.splitlines()) != 2:
        raise RuntimeError(f"{name} did not answer")
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", "pass"], check=True)
    return [first, time.perf_counter() - started]


def asking(query: str) -> dict[str, list[float]]:
    """Seconds of the product's ``ask`` and of an idle process, in turn; the index is built before."""
    times: dict[str, list[float]] = {"ask": [], "pass": []}
    with tempfile.TemporaryDirectory() as data:
        environment = {**os.environ, "ZHUIWEN_DATA": data}
        commands = {"ask": [sys.executable, "-m", "bot", "ask", query], "pass": [sys.executable, "-c", "pass"]}
        subprocess.run(commands["ask"], env=environment, check=True, capture_output=True)
        for _ in range(15):
            for name, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command, env=environment, check=True, capture_output=True)
                times[name].append(time.perf_counter() - started)
    return times


def main() -> None:
    """Run and write the results."""
    path, sizes = Path(sys.argv[1]), sys.argv[2:]
    results: dict[str, Any] = {"machine": machine(), "asking": asking("为什么BN能加速训练"), "sizes": {}}
    for size in sizes:
        results["sizes"][size] = race(size, list(RACES))
        path.write_text(json.dumps(results), "utf-8")
        for name, its in results["sizes"][size]["engines"].items():
            every = [one for times in its["rounds"] for one in times]
            print(f"{size:>8} {name:32} p50 {1e3 * statistics.median(every):9.3f} ms", file=sys.stderr)


if __name__ == "__main__":
    main()
