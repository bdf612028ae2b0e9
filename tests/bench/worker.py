"""A process of its own for one engine: builds, or loads and answers batches of queries that arrive on standard input.

``worker.py NAME FOLDER build`` reads FOLDER/../texts.json; ``worker.py NAME FOLDER serve`` answers.  Prints one JSON line a step.
"""

import json
import sys
import time
from pathlib import Path

from tests.bench.engines import RACES


def _peak() -> int | None:
    """Bytes of memory that this process had at most; ``None`` where the system does not tell.

    Not ``getrusage``: its figure starts at what the parent had when it made this process.
    """
    status = Path("/proc/self/status")
    lines = status.read_text("utf-8").splitlines() if status.exists() else []
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), None)


def _say(**values: object) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    """Do what the arguments say."""
    name, folder, what = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    race = RACES[name]
    if what == "build":
        texts = json.loads((folder.parent / "texts.json").read_text("utf-8"))
        started = time.perf_counter()
        race.build(texts, folder)
        seconds = time.perf_counter() - started
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        _say(seconds=seconds, peak=_peak(), size=size)
        return
    started = time.perf_counter()
    ask = race.load(folder)
    _say(load=time.perf_counter() - started)
    for line in sys.stdin:
        times: list[float] = []
        found: list[list[int]] = []
        for query in json.loads(line):
            started = time.perf_counter()
            answer = ask(query)
            times.append(time.perf_counter() - started)
            found.append(list(answer))
        _say(times=times, found=found, memory=_peak())


if __name__ == "__main__":
    main()
