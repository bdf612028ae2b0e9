"""Figures of classical machine learning; every boundary and path in them is computed here, in NumPy."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from figures.networks import normal_cdf, sigmoid
from figures.registry import figure
from figures.shapes import arrow, box, frame, label, route
from figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, RED, SKY, SMALL, WIDTH, canvas, no_ticks, panels, sheet, solid, tint

Array = NDArray[np.float64]
Ints = NDArray[np.int64]
MARKS = ("o", "s", "^", "D")


@figure("roc-pr")
def roc_pr() -> Figure:
    """The same scores under both curves, balanced and with rare positives: ROC stays, precision falls."""
    fig, axes = panels(3.9, 2)
    cut = np.linspace(-4, 6, 501)[::-1]
    tpr, fpr = normal_cdf(1.5 - cut), normal_cdf(-cut)
    auc = float(np.sum((tpr[1:] + tpr[:-1]) / 2 * np.diff(fpr)))
    axes[0].plot([0, 1], [0, 1], ":", color=GREY, linewidth=1.2)
    for negatives, color, dash, width in ((1, BLUE, "-", 4.0), (20, RED, "--", 2.0)):
        precision = tpr / (tpr + negatives * fpr)
        average = float(np.sum((precision[1:] + precision[:-1]) / 2 * np.diff(tpr)))
        axes[0].plot(fpr, tpr, dash, color=color, linewidth=width)
        axes[1].plot(tpr, precision, dash, color=color, label=f"正 : 负 pos : neg = 1 : {negatives}   (AP {average:.2f})")
    axes[0].text(0.97, 0.12, f"AUC {auc:.2f}", ha="right")
    axes[0].set(title="ROC", xlabel="FPR", ylabel="TPR")
    axes[1].set(title="PR", xlabel="召回率 recall", ylabel="精确率 precision")
    for ax in axes:
        ax.set(xlim=(0, 1), ylim=(0, 1.02), xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    fig.legend(*axes[1].get_legend_handles_labels(), loc="outside lower center")
    return fig


@figure("confusion-matrix")
def confusion_matrix() -> Figure:
    """The four counts with numbers; precision reads down a column, recall along a row."""
    tp, fn, fp, tn = 80, 20, 40, 860
    fig, ax = sheet(3.9)
    precision, recall = tp / (tp + fp), tp / (tp + fn)
    left, top, wide, tall = 1.35, 3.1, 1.2, 0.85
    counts = [("TP", tp, GREEN), ("FN", fn, RED), ("FP", fp, ORANGE), ("TN", tn, SKY)]
    for place, (name, count, color) in enumerate(counts):
        x, y = left + place % 2 * wide, top - (place // 2 + 1) * tall
        ax.add_patch(Rectangle((x, y), wide, tall, facecolor=tint(color, 0.35), edgecolor=GREY, linewidth=1))
        label(ax, (x + wide / 2, y + tall / 2), f"{name}\n{count}", size=14)
    label(ax, (left + wide, 3.65), "预测 predicted")
    label(ax, (0.4, top - tall), "真实\nactual", size=12)
    for place, sign in enumerate(("+", "−")):
        label(ax, (left + (place + 0.5) * wide, 3.28), sign, size=15)
        label(ax, (left - 0.2, top - (place + 0.5) * tall), sign, size=15)
    frame(ax, (left - 0.04, top + 0.04), (wide + 0.03, 2 * tall + 0.08), color=BLUE)
    frame(ax, (left - 0.09, top + 0.08), (2 * wide + 0.14, tall + 0.07), color=RED, dashed=True)
    label(ax, (5.0, 2.72), f"召回率 recall\n80 / 100 = {recall:.0%}", color=RED, size=12)
    arrow(ax, (3.87, 2.72), (4.1, 2.72), color=RED, head="-")
    label(ax, (left + wide / 2, 1.0), f"精确率 precision\n80 / 120 = {precision:.1%}", color=BLUE, size=12)
    label(ax, (4.6, 1.0), f"准确率 accuracy\n940 / 1000 = {(tp + tn) / (tp + fn + fp + tn):.0%}", size=12)
    label(ax, (3.0, 0.3), f"F1 = 2PR / (P + R) = {2 * precision * recall / (precision + recall):.1%}", size=13)
    return fig


def _two_groups() -> tuple[Array, Array]:
    """Two groups of points that a line can part, and their labels."""
    rng = np.random.default_rng(12)
    points = np.vstack([rng.normal((1.2, 1.2), 0.55, (14, 2)), rng.normal((3.6, 3.1), 0.55, (14, 2))])
    return points, np.repeat([-1.0, 1.0], 14)


def _hard_margin(points: Array, labels: Array) -> tuple[Array, float]:
    """The widest margin: the line halfway between the closest points of the two groups' hulls (Gilbert's algorithm)."""
    plus, minus = points[labels > 0], points[labels < 0]
    gap = plus[0] - minus[0]
    for _ in range(20000):
        step = plus[np.argmin(plus @ gap)] - minus[np.argmax(minus @ gap)]
        change = gap - step
        length = float(change @ change)
        if length < 1e-18:
            break
        gap = gap - min(1.0, max(0.0, float(gap @ change) / length)) * change
    near, far = float((plus @ gap).min()), float((minus @ gap).max())
    w = gap * 2 / (near - far)
    return w, 1 - float((plus @ w).min())


@figure("svm-margin")
def svm_margin() -> Figure:
    """The line with the widest street between two groups, and the few points that hold it."""
    points, labels = _two_groups()
    w, b = _hard_margin(points, labels)
    fig, ax = canvas(4.2)
    x = np.array([-1.0, 7.0])
    lines = {}
    for level, dash in ((-1, "--"), (0, "-"), (1, "--")):
        lines[level] = (level - b - w[0] * x) / w[1]
        ax.plot(x, lines[level], dash, color=BLACK, linewidth=2 if level == 0 else 1.2)
    ax.fill_between(x, lines[-1], lines[1], color=tint(ORANGE, 0.2), linewidth=0, zorder=0)
    for sign, mark, color in ((-1, "o", BLUE), (1, "s", RED)):
        ax.plot(*points[labels == sign].T, mark, color=color, markersize=7)
    holding = np.abs(labels * (points @ w + b) - 1) < 0.02
    ax.plot(*points[holding].T, "o", markersize=15, fillstyle="none", color=GREEN, markeredgewidth=2)
    unit = w / np.linalg.norm(w)
    along = np.array([-unit[1], unit[0]])
    middle = -b / np.linalg.norm(w) * unit + along * ((np.array([2.3, 2.2]) @ along) + 1.35)
    half = 1 / np.linalg.norm(w)
    arrow(ax, tuple(middle - unit * half), tuple(middle + unit * half), color=BLACK, head="<|-|>")
    ax.annotate(r"$\frac{2}{\Vert w\Vert}$", middle + along * 0.12 + unit * 0.12, fontsize=16, ha="left", va="bottom")
    ax.set(xlim=(-0.6, 5.6), ylim=(-0.2, 4.6), aspect="equal")
    ax.text(4.75, 0.5, "○ 支持向量\nsupport vectors", color=GREEN, fontsize=SMALL, ha="center")
    no_ticks(ax)
    return fig


@figure("kernel-lift")
def kernel_lift() -> Figure:
    """Points that no line parts in the plane, and the plane that parts them once x² + y² is a coordinate."""
    rng = np.random.default_rng(4)
    angle = rng.uniform(0, 2 * math.pi, 70)
    radius = np.concatenate([rng.uniform(0, 0.75, 30), rng.uniform(1.25, 1.7, 40)])
    x, y = radius * np.cos(angle), radius * np.sin(angle)
    fig, surfaces = solid(3.3, 2)
    flat = fig.add_axes((0.1, 0.16, 0.38, 0.69))
    inner = radius < 1
    for chosen, mark, color in ((inner, "o", BLUE), (~inner, "^", RED)):
        flat.plot(x[chosen], y[chosen], mark, color=color, markersize=5)
    ring = np.linspace(0, 2 * math.pi, 181)
    flat.plot(np.cos(ring), np.sin(ring), "--", color=GREEN)
    flat.set(aspect="equal", xlim=(-1.9, 1.9), ylim=(-1.9, 1.9), xlabel="$x_1$", ylabel="$x_2$", title="$(x_1,\\,x_2)$")
    no_ticks(flat)
    ax = surfaces[1]
    fig.add_axes(ax)
    ax.set_position((0.5, 0.02, 0.47, 0.86))
    height = x**2 + y**2
    ground = np.array([[-1.8, 1.8], [-1.8, 1.8]])
    ax.plot_surface(ground, ground.T, np.ones((2, 2)), color=tint(GREEN, 0.6), alpha=0.45, shade=False)
    for chosen, mark, color in ((inner, "o", BLUE), (~inner, "^", RED)):
        ax.scatter(x[chosen], y[chosen], height[chosen], marker=mark, color=color, s=22, depthshade=False)
    ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[0, 1, 2, 3], zlim=(0, 3))
    ax.set(xticklabels=[], yticklabels=[], zticklabels=[])
    ax.view_init(12, -60)
    ax.set_title("$(x_1,\\,x_2,\\,x_1^2+x_2^2)$", y=1.0)
    return fig


def _lloyd(points: Array, centres: Array, steps: int) -> list[tuple[Array, Ints]]:
    """The states of k-means: the centres and, by them, the group of each point."""
    states = []
    for _ in range(steps):
        group = np.argmin(((points[:, None] - centres) ** 2).sum(axis=2), axis=1)
        states.append((centres.copy(), group))
        centres = np.array([points[group == k].mean(axis=0) for k in range(len(centres))])
    return states


@figure("kmeans-steps")
def kmeans_steps() -> Figure:
    """Three groups: the centres as they start, after one step, after two, and when nothing moves any more."""
    rng = np.random.default_rng(2)
    points = np.vstack([rng.normal(place, 0.5, (25, 2)) for place in ((0, 0), (3, 0.4), (1.5, 2.6))])
    states = _lloyd(points, np.array([[0.2, 2.6], [0.9, 3.2], [1.6, -0.8]]), 20)
    end = next(k for k in range(1, 20) if np.array_equal(states[k][1], states[k - 1][1]))
    fig, axes = panels(4.9, 2, 2)
    for ax, step in zip(axes, (0, 1, 2, end), strict=True):
        centres, group = states[step]
        for k, (mark, color) in enumerate(zip(MARKS, (BLUE, RED, GREEN), strict=False)):
            ax.plot(*points[group == k].T, mark, color=color, markersize=4.5, alpha=0.75)
            path = np.array([state[0][k] for state in states[: step + 1]])
            ax.plot(*path.T, "-", color=BLACK, linewidth=1)
            ax.plot(*centres[k], "X", color=color, markersize=14, markeredgecolor=BLACK, markeredgewidth=1.2)
        inertia = float(((points - centres[group]) ** 2).sum())
        ax.set(title=f"t = {step}:  J = {inertia:.0f}", xlim=(-1.6, 4.6), ylim=(-1.7, 4.3))
        no_ticks(ax)
    return fig


def two_moons(count: int, noise: float, seed: int) -> Array:
    """Two interleaved half circles, ``count`` points each."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, math.pi, count)
    upper = np.column_stack([np.cos(angle), np.sin(angle)])
    lower = np.column_stack([1 - np.cos(angle), 0.5 - np.sin(angle)])
    return np.vstack([upper, lower]) + rng.normal(0, noise, (2 * count, 2))


def dbscan(points: Array, radius: float, fewest: int) -> Ints:
    """The cluster of each point, −1 for noise: grow each cluster from point to point wherever it is dense."""
    near = ((points[:, None] - points) ** 2).sum(axis=2) <= radius**2
    dense = near.sum(axis=1) >= fewest
    group = np.full(len(points), -1)
    found = 0
    for seed in np.flatnonzero(dense):
        if group[seed] >= 0:
            continue
        waiting = [int(seed)]
        while waiting:
            point = waiting.pop()
            if group[point] >= 0:
                continue
            group[point] = found
            if dense[point]:
                waiting.extend(int(other) for other in np.flatnonzero(near[point] & (group < 0)))
        found += 1
    return group


@figure("clusters-dbscan")
def clusters_dbscan() -> Figure:
    """Two moons and some stray points: k-means cuts them straight, DBSCAN follows them and names the strays noise."""
    strays = np.array([[-1.0, -0.75], [2.0, 1.1], [0.5, -1.0], [1.6, 1.2], [-0.9, 1.25]])
    points = np.vstack([two_moons(90, 0.06, 1), strays])
    by_means = _lloyd(points, np.array([[-0.5, 0.5], [1.5, 0.0]]), 40)[-1]
    by_density = dbscan(points, 0.22, 5)
    fig, axes = panels(3.1, 2)
    for ax, name, group in ((axes[0], "k-means (k = 2)", by_means[1]), (axes[1], "DBSCAN", by_density)):
        for k, (mark, color) in enumerate(zip(MARKS, (BLUE, RED, GREEN), strict=False)):
            ax.plot(*points[group == k].T, mark, color=color, markersize=4)
        ax.plot(*points[group < 0].T, "x", color=BLACK, markersize=8, markeredgewidth=2)
        ax.set(title=name, aspect="equal", xlim=(-1.4, 2.4), ylim=(-1.25, 1.5))
        no_ticks(ax)
    axes[0].plot(*by_means[0].T, "X", color=ORANGE, markersize=13, markeredgecolor=BLACK)
    axes[1].set_xlabel("× 噪声 noise", fontsize=SMALL)
    axes[0].set_xlabel("X 中心 centres", fontsize=SMALL, color=BLACK)
    return fig


@figure("pca-lda")
def pca_lda() -> Figure:
    """Two long groups side by side: the direction of the largest variance mixes them, that of LDA parts them."""
    rng = np.random.default_rng(6)
    turn = np.array([[math.cos(0.35), -math.sin(0.35)], [math.sin(0.35), math.cos(0.35)]])
    shape = rng.normal(0, 1, (2, 60, 2)) * np.array([2.2, 0.45])
    groups = [(shape[0] + np.array([0, 0.95])) @ turn.T, (shape[1] - np.array([0, 0.95])) @ turn.T]
    points = np.vstack(groups)
    mean = points.mean(axis=0)
    _, vectors = np.linalg.eigh(np.cov(points.T))
    pca = vectors[:, 1] * np.sign(vectors[0, 1])
    within = sum(np.cov(group.T) for group in groups)
    lda = np.linalg.solve(within, groups[0].mean(axis=0) - groups[1].mean(axis=0))
    lda = lda / np.linalg.norm(lda)
    fig = Figure(figsize=(WIDTH, 3.8))
    grid = fig.add_gridspec(2, 2, width_ratios=(1.45, 1))
    plane = fig.add_subplot(grid[:, 0])
    for group, mark, color in zip(groups, ("o", "^"), (BLUE, RED), strict=True):
        plane.plot(*group.T, mark, color=color, markersize=4, alpha=0.6)
    for direction, name, color, reach in ((pca, "PCA", BLACK, 4.4), (lda, "LDA", GREEN, 3.4)):
        arrow(plane, tuple(mean - direction * reach), tuple(mean + direction * reach), color=color, width=2.4)
        x, y = mean + direction * (reach + (1.0 if name == "PCA" else 0.6))
        plane.text(x, y, name, color=color, ha="center", va="center")
    plane.set(aspect="equal", xlim=(-6.4, 6.4), ylim=(-4.9, 4.9))
    no_ticks(plane)
    for row, (direction, name) in enumerate(((pca, "PCA"), (lda, "LDA"))):
        ax = fig.add_subplot(grid[row, 1])
        for group, color in zip(groups, (BLUE, RED), strict=True):
            edges = [edge * 0.4 for edge in range(-15, 16)]
            ax.hist((group - mean) @ direction, bins=edges, color=color, alpha=0.5)
        ax.set(title=name, xlim=(-6, 6))
        no_ticks(ax)
    return fig


@figure("impurity")
def impurity() -> Figure:
    """Three measures of how mixed two classes are; all are greatest at one half, only the error has straight sides."""
    fig, ax = canvas(3.5)
    p = np.linspace(1e-9, 1 - 1e-9, 401)
    ax.plot(p, -(p * np.log2(p) + (1 - p) * np.log2(1 - p)) / 2, color=BLUE, label="熵 entropy / 2")
    ax.plot(p, 2 * p * (1 - p), "--", color=RED, label="Gini  2p(1 − p)")
    ax.plot(p, np.minimum(p, 1 - p), "-.", color=GREEN, label="误分率 error")
    ax.set(xlim=(0, 1), ylim=(0, 0.55), xlabel="$p$", xticks=[0, 0.25, 0.5, 0.75, 1], yticks=[0, 0.25, 0.5])
    ax.legend(loc="lower center")
    return fig


@figure("bagging-boosting")
def bagging_boosting() -> Figure:
    """Bagging trains its models side by side and averages; boosting trains each on what the last got wrong."""
    fig, ax = sheet(4.6)
    label(ax, (1.45, 4.32), "Bagging")
    label(ax, (4.55, 4.32), "Boosting")
    ax.plot([3.0, 3.0], [0.2, 4.4], color=GREY, linewidth=0.8, linestyle=":")
    box(ax, (1.45, 3.75), (2.3, 0.42), "数据 data", color=GREY)
    for place, x in enumerate((0.55, 1.45, 2.35), start=1):
        box(ax, (x, 2.75), (0.74, 0.5), f"D$_{place}$", color=SKY)
        box(ax, (x, 1.7), (0.74, 0.5), f"$h_{place}$", color=BLUE)
        arrow(ax, (x, 3.53), (x, 3.02))
        arrow(ax, (x, 2.49), (x, 1.97))
        arrow(ax, (x, 1.44), (1.45 + (x - 1.45) * 0.5, 0.92))
    box(ax, (1.45, 0.65), (2.3, 0.5), "平均 / 投票\naverage / vote", color=GREEN, letters=SMALL)
    label(ax, (1.45, 0.2), "方差 variance ↓", size=SMALL)
    for place, y in enumerate((3.6, 2.55, 1.5), start=1):
        box(ax, (3.85, y), (0.95, 0.5), "data" if place == 1 else "", color=SKY if place > 1 else GREY, letters=12)
        if place > 1:
            label(ax, (3.85, y), "错的加权\nreweight", size=SMALL)
        box(ax, (5.25, y), (0.74, 0.5), f"$h_{place}$", color=BLUE)
        arrow(ax, (4.34, y), (4.86, y))
        if place < 3:
            arrow(ax, (5.05, y - 0.26), (4.1, y - 0.78), color=RED)
    box(ax, (4.55, 0.65), (2.3, 0.5), r"$\sum_t \alpha_t h_t$", color=GREEN)
    for y in (3.6, 2.55, 1.5):
        route(ax, [(5.62, y), (5.85, y), (5.85, 0.65), (5.71, 0.65)])
    label(ax, (4.55, 0.2), "偏差 bias ↓", size=SMALL)
    return fig


@figure("logistic-vs-linear")
def logistic_vs_linear() -> Figure:
    """Both fitted to the same 0/1 labels, without and with one far point: it tilts the line, hardly the curve."""
    x = np.array([0.5, 1.0, 1.4, 1.9, 2.3, 2.9, 2.7, 3.3, 3.7, 4.2, 4.6, 5.1])
    y = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1], dtype=float)
    fig, axes = panels(3.7, 2)
    grid = np.linspace(-0.5, 13, 300)
    for ax, (xs, ys) in zip(axes, ((x, y), (np.append(x, [11.0, 12.0]), np.append(y, [1.0, 1.0]))), strict=True):
        design = np.column_stack([np.ones_like(xs), xs])
        line = np.linalg.lstsq(design, ys, rcond=None)[0]
        beta = np.zeros(2)
        for _ in range(50):
            p = sigmoid(design @ beta)
            ridge = 1e-2 * np.array([0.0, 1.0])
            hessian = design.T @ (design * (p * (1 - p))[:, None]) + np.diag(ridge)
            beta = beta + np.linalg.solve(hessian, design.T @ (ys - p) - ridge * beta)
        ax.axhline(0.5, color=GREY, linewidth=0.8, linestyle=":")
        ax.plot(grid, line[0] + line[1] * grid, "--", color=RED, label="线性 linear")
        ax.plot(grid, sigmoid(beta[0] + beta[1] * grid), color=BLUE, label="逻辑 logistic")
        ax.plot(xs, ys, "o", color=BLACK, markersize=5, clip_on=False)
        ax.plot([(0.5 - line[0]) / line[1]], [0.5], "s", color=RED, markersize=8)
        ax.plot([-beta[0] / beta[1]], [0.5], "o", color=BLUE, markersize=8)
        ax.set(xlim=(0, 12.5), ylim=(-0.3, 1.4), xlabel="$x$", yticks=[0, 0.5, 1], xticks=[0, 4, 8, 12])
    axes[0].set_ylabel("$y$")
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig
