"""How honest the probabilities are, and what wrong answers the answered share costs: two pictures as SVG."""

from collections.abc import Sequence
from io import StringIO

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from bot.calibrate import Question
from index.searcher import likeliest

Points = list[tuple[float, bool, bool]]
"""For each query the probability of the best answerable hit, whether it is right, and whether there is a right one."""

_BINS = 10


def points(questions: Sequence[Question]) -> Points:
    """What the best hits of queries came to."""
    found: Points = []
    for question in questions:
        hits = likeliest(question.readings).hits
        if hits and hits[0].answerable:
            found.append((hits[0].score, hits[0].entry in question.expected, bool(question.expected)))
        else:
            found.append((0.0, False, bool(question.expected)))
    return found


def reliability(found: Points) -> str:
    """Share of right hits against their probability, in tenths, with the number of each; SVG."""
    figure, axes = _axes("probability of the best hit", "share that is right")
    scores = np.array([score for score, _, _ in found if score > 0])
    right = np.array([its for score, its, _ in found if score > 0], dtype=float)
    bins = np.minimum((scores * _BINS).astype(int), _BINS - 1)
    shown = [number for number in range(_BINS) if (bins == number).any()]
    middle = [float(scores[bins == number].mean()) for number in shown]
    shares = [float(right[bins == number].mean()) for number in shown]
    axes.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle="--")
    axes.plot(middle, shares, color="#0b6e99", marker="o")
    for x, y, number in zip(middle, shares, shown, strict=True):
        axes.annotate(str(int((bins == number).sum())), (x, y), textcoords="offset points", xytext=(6, -12), fontsize=8)
    return _svg(figure)


def coverage(found: Points, threshold: float) -> str:
    """Wrong and false answers among all answers against the share of all queries answered; SVG."""
    figure, axes = _axes("share of all queries that is answered", "share of the answers that is wrong or false")
    ordered = sorted(found, key=lambda point: -point[0])
    bad = np.cumsum([not right for _, right, _ in ordered])
    number = np.arange(1, len(ordered) + 1)
    axes.plot(number / len(ordered), bad / number, color="#0b6e99")
    at = sum(score >= threshold for score, _, _ in ordered)
    if at:
        axes.plot([at / len(ordered)], [bad[at - 1] / at], "o", color="#c0392b")
        axes.annotate("threshold", (at / len(ordered), bad[at - 1] / at), textcoords="offset points", xytext=(-62, 6))
    axes.set_ylim(0, 0.5)
    return _svg(figure)


def _axes(horizontal: str, vertical: str) -> tuple[Figure, Axes]:
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.subplots()
    axes.set(xlabel=horizontal, ylabel=vertical, xlim=(0, 1), ylim=(0, 1))
    axes.grid(color="#dddddd", linewidth=0.5)
    return figure, axes


def _svg(figure: Figure) -> str:
    out = StringIO()
    with mpl.rc_context({"svg.hashsalt": "zhuiwen", "svg.fonttype": "none"}):
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"
