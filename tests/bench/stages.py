"""Where the time of one question goes, and how near that is to what the memory allows: ``python -m tests.bench.stages RESULT``.

On the shipped knowledge, asked the judging half of our query sets.  A stage's time is its own: that of the stages which it calls
is theirs.  Looking at the clock costs some of it, the same for each call.
"""

import gc
import json
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from index import scoring, searcher
from index.analysis import Analyser
from index.decision import Model
from index.fields import Touched
from index.opening import open_searcher
from index.scoring import Scorer
from index.searcher import Searcher
from index.terms import TermFinder
from index.text import Normaliser
from knowledge.folder import built_in
from tests.bench.engines import SHIPPED
from tests.bench.run import texts_of

STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "normal form": ((Normaliser, "normal"),),
    "spoken forms and frames": ((Normaliser, "core"),),
    "terms named": ((TermFinder, "spans"),),
    "tokens and facets": ((Analyser, "reading"), (Analyser, "analyse")),
    "what was probably meant": ((Analyser, "reread"),),
    "tokens looked up": ((scoring, "keys"), (scoring, "lookup")),
    "postings summed": ((Touched, "weighted"),),
    "weights and best wordings": ((Scorer, "scores"),),
    "short list chosen": ((Searcher, "_order"),),
    "coverage of the short list": ((Scorer, "shares"),),
    "likeness of its wordings": ((searcher, "likeness"), (searcher, "shared_part"), (Searcher, "_wording")),
    "its signals": ((Searcher, "_signals"), (Searcher, "_facets_fit"), (Searcher, "_barred")),
    "probabilities and outcome": ((Model, "probabilities"), (Searcher, "_hits"), (Searcher, "_found"), (Searcher, "_exact")),
}
"""The functions whose time is each stage's."""
_READ = 2**28
"""Bytes that are read to measure how fast memory is read; more than any cache holds."""


class _Clock:
    """Adds up the time that each stage takes for itself."""

    def __init__(self) -> None:
        self.seconds: defaultdict[str, float] = defaultdict(float)
        self.postings: list[int] = []
        self._inner = [0.0]

    def timed(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(*arguments: Any, **named: Any) -> Any:
            self._inner.append(0.0)
            started = time.perf_counter()
            result = function(*arguments, **named)
            took = time.perf_counter() - started
            self.seconds[stage] += took - self._inner.pop()
            self._inner[-1] += took
            if function is _WEIGHTED:
                self.postings.append(len(arguments[0].owners))
            return result

        return wrapper


_WEIGHTED = Touched.weighted


def bandwidth() -> float:
    """Bytes that one core reads in a second, one after the other; the best of a few times."""
    block = np.ones(_READ // 8)
    times = []
    for _ in range(5):
        started = time.perf_counter()
        block.sum()
        times.append(time.perf_counter() - started)
    return _READ / min(times)


def main() -> None:
    """Measure and write."""
    _, queries = texts_of(SHIPPED)
    with tempfile.TemporaryDirectory() as data:
        asked = open_searcher(built_in(), Path(data))
        gc.freeze()
        for query in queries:
            asked.search(query)
        plain = []
        for query in queries:
            started = time.perf_counter()
            asked.search(query)
            plain.append(time.perf_counter() - started)
        clock = _Clock()
        for stage, functions in STAGES.items():
            for owner, name in functions:
                setattr(owner, name, clock.timed(stage, getattr(owner, name)))
        for query in queries:
            asked.search(query)
    found = {
        "questions": len(queries),
        "median": statistics.median(plain),
        "mean": statistics.mean(plain),
        "stages": {stage: clock.seconds[stage] / len(queries) for stage in STAGES},
        "postings": sum(clock.postings) / len(queries),
        "bandwidth": bandwidth(),
    }
    Path(sys.argv[1]).write_text(json.dumps(found), "utf-8")


if __name__ == "__main__":
    main()
