"""Writes the tables and plots of a run into docs/performance.md: ``python -m tests.bench.report RESULTS.json STAGES.json docs``."""

import json
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.engines import RACES

_POSTING = 8
"""Bytes of a posting: owner and weight."""
BASE = next(iter(RACES))
"""What the others are compared with."""


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share of them lies; the nearest there is."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def ratios(base: Mapping[str, Any], its: Mapping[str, Any]) -> list[float]:
    """Round by round, how many times faster it is than the base by the median of the round."""
    return [statistics.median(slow) / statistics.median(fast) for slow, fast in zip(base["rounds"], its["rounds"], strict=True)]


def row(name: str, its: Mapping[str, Any], base: Mapping[str, Any] | None) -> list[str]:
    """The cells of one engine."""
    every = [one for times in its["rounds"] for one in times]
    first = [start / idle for start, idle in its["starts"]]
    cells = [name, _ms(statistics.median(every)), _ms(percentile(every, 0.99))]
    if base is None:
        cells.append("")
    else:
        found = ratios(base, its)
        cells.append(f"{_short(statistics.median(found))} ({_short(min(found))}–{_short(max(found))})")
    return [
        *cells,
        f"{1 / statistics.mean(every):,.0f}",
        _short(its["build"]["seconds"]),
        _mb(its["build"]["peak"]),
        _mb(its["build"]["size"]),
        _ms(its["load"]),
        f"{_short(statistics.median(first))} ({_short(min(first))}–{_short(max(first))})",
        _mb(its["memory"]),
    ]


HEADS = (
    *("engine", "p50 ms", "p99 ms", "times faster (spread)", "queries/s", "build s", "build peak MB", "index MB", "load ms"),
    *("first answer, × idle process", "serving MB"),
)


def table(size: Mapping[str, Any]) -> str:
    """The Markdown table of one size, fastest first."""
    engines: Mapping[str, Any] = size["engines"]
    base = engines.get(BASE)
    order = sorted(engines, key=lambda name: statistics.median(one for times in engines[name]["rounds"] for one in times))
    lines = ["| " + " | ".join(HEADS) + " |", "| --- |" + " --: |" * (len(HEADS) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row(name, engines[name], base)) + " |" for name in order)])


def races(results: Mapping[str, Any]) -> str:
    """The tables of all sizes, with where and how they were measured."""
    its = results["machine"]
    asking = [ask / idle for ask, idle in zip(results["asking"]["ask"], results["asking"]["pass"], strict=True)]
    versions = ", ".join(f"{name} {number}" for name, number in its["versions"].items())
    parts = [
        (
            f"{its['processor']}, {its['cores']} cores shared with other work (load {its['load']:.1f} at the start); {its['system']}, "
            f"Python {its['python']}; {versions}; commit {its['commit']}."
        ),
        (
            f"«Times faster» compares with {BASE}: the median over rounds of the ratio of the two medians of a round, with the least "
            "and the greatest; in a round all engines answer the same queries, one after another. Milliseconds wobble on a shared "
            "machine: read the ratios. Peak and serving memory are of the whole process, libraries included."
        ),
        (
            f"`zhuiwen ask` from process start to exit takes {statistics.median(asking):.1f} times `python -c pass` "
            f"({percentile(asking, 0.1):.1f}–{percentile(asking, 0.9):.1f}, 10th to 90th percentile of {len(asking)} pairs), on the "
            "shipped knowledge."
        ),
        "![Median time of a question by size](bench-p50.svg)",
        "![Time to build by size](bench-build.svg)",
    ]
    for name, size in results["sizes"].items():
        title = "Shipped knowledge" if name == "shipped" else "Generated"
        parts += [f"### {title}: {size['questions']:,} questions", table(size)]
    return "\n\n".join(parts)


def stages(found: Mapping[str, Any]) -> str:
    """Where the time of a question goes, and what the memory allows."""
    total = sum(found["stages"].values())
    touched = _POSTING * found["postings"]
    summed = found["stages"]["postings summed"]
    lines = [f"| {stage} | {1e6 * its:.0f} | {100 * its / total:.0f} |" for stage, its in found["stages"].items()]
    return "\n\n".join(
        (
            "\n".join(("| stage | µs a question | % |", "| --- | --: | --: |", *lines)),
            (
                f"Mean over {found['questions']} questions of our judging sets, some of which are read twice (as typed, and as probably "
                f"meant); without looking at the clock in between the mean is {1e6 * found['mean']:.0f} µs, the median "
                f"{1e6 * found['median']:.0f} µs."
            ),
            (
                f"A question touches {found['postings']:,.0f} postings, {touched / 1e3:,.0f} kB. One core here reads "
                f"{found['bandwidth'] / 1e9:.1f} GB/s in order, so that no program could sum them in less than "
                f"{1e6 * touched / found['bandwidth']:.0f} µs; ours takes {1e6 * summed:.0f} µs, "
                f"{summed * found['bandwidth'] / touched:.0f} times that."
            ),
        )
    )


def between(text: str, name: str, written: str) -> str:
    """A text with what stands between two markers replaced.

    Raises:
        ValueError: It has no such markers.
    """
    begin, end = f"<!-- {name}: written by make bench -->\n", f"<!-- end of {name} -->"
    before, found, rest = text.partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise ValueError(f"there are no markers {begin.strip()} and {end}")
    return f"{before}{begin}\n{written}\n\n{end}{after}"


def plots(results: Mapping[str, Any], folder: Path) -> None:
    """Median time of a question and time to build, over the generated sizes."""
    import matplotlib as mpl

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "zhuiwen"
    mpl.rcParams["svg.fonttype"] = "none"
    from matplotlib import pyplot as plt

    generated = [size for name, size in results["sizes"].items() if name != "shipped"]
    for name, what in (("p50", "median time of a question, ms"), ("build", "time to build, s")):
        figure, axes = plt.subplots(figsize=(8, 5))
        for engine in RACES:
            points = [
                (size["questions"], _point(size["engines"][engine], name)) for size in generated if engine in size["engines"]
            ]
            style = {"linewidth": 2.5} if engine.startswith("ours") else {"linewidth": 1.0, "linestyle": "--"}
            axes.plot([x for x, _ in points], [y for _, y in points], marker="o", markersize=3, label=_plain(engine), **style)
        axes.set(xscale="log", yscale="log", xlabel="questions", ylabel=what)
        axes.grid(alpha=0.3)
        axes.legend(fontsize=7, ncols=2)
        figure.savefig(folder / f"bench-{name}.svg", metadata={"Date": None}, bbox_inches="tight")
        plt.close(figure)


def _point(its: Mapping[str, Any], name: str) -> float:
    if name == "build":
        return float(its["build"]["seconds"])
    return float(1e3 * statistics.median(one for times in its["rounds"] for one in times))


def _plain(text: str) -> str:
    return text.replace("–", "-")


def _ms(seconds: float) -> str:
    return _short(1e3 * seconds)


def _mb(number: float | None) -> str:
    return "—" if number is None else _short(number / 1e6)


def _short(number: float) -> str:
    """Three figures that count."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def main() -> None:
    """Write the tables and the plots."""
    results, found = (json.loads(Path(path).read_text("utf-8")) for path in sys.argv[1:3])
    folder = Path(sys.argv[3])
    page = folder / "performance.md"
    text = between(page.read_text("utf-8"), "races", races(results))
    page.write_text(between(text, "stages", stages(found)), "utf-8")
    plots(results, folder)


if __name__ == "__main__":
    main()
