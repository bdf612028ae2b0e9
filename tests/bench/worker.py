"""A process of its own for one engine: builds, or loads and answers batches of queries that arrive on standard input.

``worker.py NAME FOLDER build`` reads FOLDER/../texts.json; ``worker.py NAME FOLDER serve`` answers.  Prints one JSON line a step.
"""

import json
import resource
import sys
import time
from pathlib import Path

from tests.bench.engines import RACES


def _say(**values: object) -> None:
    print(json.dumps(values), flush=True)


def main() -> None:
    """Do what the arguments say."""
    name, folder, what = sys.argv[1], Path(sys.argv[2]), sys.argv[3]
    race = RACES[name]
    if what == "build":
        texts = json.loads((folder.parent / "texts.json").read_text("utf-8"))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        race.build(texts, folder)
        seconds = time.perf_counter() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        _say(seconds=seconds, peak=peak * 1024, before=before * 1024, size=size)
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
        _say(times=times, found=found, memory=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)


if __name__ == "__main__":
    main()
