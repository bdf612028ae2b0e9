"""Figures of linear algebra, probability and convexity."""

import math

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import arrow, box, label
from figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SMALL,
    WIDTH,
    no_ticks,
    panels,
    sheet,
    solid,
    through_origin,
    tint,
)

Array = NDArray[np.float64]


@figure("gaussian-laplace")
def gaussian_laplace() -> Figure:
    """Two densities of variance one: the peak of the one, and on a logarithmic scale its heavy tails."""
    fig, axes = panels(3.8, 2)
    x = np.linspace(-6, 6, 601)
    gauss = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    scale = 1 / math.sqrt(2)
    laplace = np.exp(-np.abs(x) / scale) / (2 * scale)
    for ax in axes:
        ax.plot(x, gauss, color=BLUE, label="高斯 Gaussian  σ² = 1")
        ax.plot(x, laplace, "--", color=RED, label="拉普拉斯 Laplace  2b² = 1")
        ax.set(xlabel="$x$")
    axes[0].set(xlim=(-4, 4), ylim=(0, 0.75), title="$p(x)$", yticks=[0, 0.2, 0.4, 0.6])
    axes[1].set_yscale("log")
    axes[1].set(
        xlim=(-6, 6), xticks=[-6, -3, 0, 3, 6], ylim=(1e-8, 1.5), title="$p(x)$ (log)", yticks=[1, 1e-2, 1e-4, 1e-6, 1e-8]
    )
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2, columnspacing=1.0)
    return fig


def _uniform_sum(count: int, grid: Array) -> Array:
    """The exact density of the standardised sum of ``count`` uniform variables (Irwin-Hall)."""
    spread = math.sqrt(count / 12)
    total = grid * spread + count / 2
    value = np.zeros_like(total)
    for k in range(count + 1):
        value += (-1) ** k * math.comb(count, k) * np.maximum(total - k, 0) ** (count - 1) * (total >= k)
    density = value / math.factorial(count - 1)
    return np.where((total < 0) | (total > count), 0.0, density) * spread


@figure("central-limit")
def central_limit() -> Figure:
    """Standardised sums of 1, 2, 4 and 12 uniform variables, exactly, on the normal density."""
    fig, axes = panels(3.9, 2, 2)
    x = np.linspace(-3.5, 3.5, 701)
    normal = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi)
    for ax, count in zip(axes, (1, 2, 4, 12), strict=True):
        ax.fill_between(x, _uniform_sum(count, x), color=tint(BLUE, 0.4), linewidth=0)
        ax.plot(x, normal, "--", color=RED, linewidth=1.6)
        ax.set(xlim=(-3.5, 3.5), ylim=(0, 0.45), yticks=[], xticks=[-2, 0, 2])
        ax.text(0.04, 0.95, f"n = {count}", transform=ax.transAxes, va="top")
        ax.spines["left"].set_visible(False)
    axes[1].text(0.98, 0.95, "N(0, 1)", transform=axes[1].transAxes, va="top", ha="right", color=RED, fontsize=SMALL)
    return fig


@figure("lp-balls")
def lp_balls() -> Figure:
    """All vectors of norm one in the plane, for four norms."""
    fig, axes = panels(5.4, 2, 2)
    angle = np.linspace(0, 2 * math.pi, 361)
    x, y = np.cos(angle), np.sin(angle)
    norms = [
        ("p = 0.5", (np.sqrt(np.abs(x)) + np.sqrt(np.abs(y))) ** 2, RED),
        ("L1", np.abs(x) + np.abs(y), ORANGE),
        ("L2", np.hypot(x, y), BLUE),
        ("L∞", np.maximum(np.abs(x), np.abs(y)), GREEN),
    ]
    formulas = (r"$\left(\sum|w_i|^{1/2}\right)^{2}$", r"$\sum|w_i|$", r"$\sqrt{\sum w_i^2}$", r"$\max|w_i|$")
    for ax, (name, norm, color), formula in zip(axes, norms, formulas, strict=True):
        through_origin(ax)
        ax.fill(x / norm, y / norm, facecolor=tint(color, 0.3), edgecolor=color, linewidth=2)
        ax.set(title=name, aspect="equal", xlim=(-1.25, 1.25), ylim=(-1.25, 1.25), xticks=[-1, 0, 1], yticks=[-1, 0, 1])
        ax.set_xlabel(formula)
    return fig


@figure("eigenvectors")
def eigenvectors() -> Figure:
    """A matrix makes an ellipse of the unit circle; its eigenvectors keep their direction, another vector turns."""
    matrix = np.array([[2.0, 1.0], [1.0, 2.0]])
    values, vectors = np.linalg.eigh(matrix)
    fig, axes = panels(3.4, 2)
    angle = np.linspace(0, 2 * math.pi, 361)
    circle = np.array([np.cos(angle), np.sin(angle)])
    other = np.array([math.cos(math.radians(100)), math.sin(math.radians(100))])
    shown = [(vectors[:, 1] * np.sign(vectors[0, 1]), RED), (vectors[:, 0] * np.sign(vectors[0, 0]), BLUE), (other, GREY)]
    for ax, change in ((axes[0], np.eye(2)), (axes[1], matrix)):
        through_origin(ax)
        ax.plot(*(change @ circle), color=BLACK, linewidth=1.2)
        for vector, color in shown:
            x, y = change @ vector
            if color != GREY:
                ax.plot([-4 * vector[0], 4 * vector[0]], [-4 * vector[1], 4 * vector[1]], ":", color=color, linewidth=1.2)
            arrow(ax, (0, 0), (x, y), color=color, width=2.2)
        ax.set(aspect="equal", xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), xticks=[-2, 0, 2], yticks=[-2, 0, 2])
    axes[0].set_title("$x$")
    axes[1].set_title("$Ax$,  A = [[2, 1], [1, 2]]", fontsize=12)
    axes[0].text(1.05, 0.4, "$v_1$", color=RED)
    axes[0].text(1.0, -0.6, "$v_2$", color=BLUE, va="center")
    axes[1].text(2.3, 1.35, f"${values[1]:.0f}\\,v_1$", color=RED)
    axes[1].text(1.05, -0.75, f"${values[0]:.0f}\\,v_2$", color=BLUE, va="center")
    axes[0].text(-0.35, 1.15, "$u$", color=GREY, ha="center")
    axes[1].text(0.45, 2.05, "$Au$", color=GREY, ha="right")
    return fig


@figure("definite-surfaces")
def definite_surfaces() -> Figure:
    """The form xᵀAx of a positive definite, a positive semi-definite and an indefinite matrix."""
    fig, axes = solid(3.0, 3)
    grid = np.linspace(-1, 1, 17)
    x, y = np.meshgrid(grid, grid)
    cases = [
        ("正定\npositive definite", x**2 + y**2, "λ = 1, 1", BLUE),
        ("半正定\npositive semi-definite", x**2, "λ = 1, 0", GREEN),
        ("不定\nindefinite", x**2 - y**2, "λ = 1, −1", RED),
    ]
    for place, (ax, (name, height, values, color)) in enumerate(zip(axes, cases, strict=True)):
        fig.add_axes(ax)
        ax.plot_surface(x, y, height, color=tint(color, 0.7), edgecolor=color, linewidth=0.3, rstride=1, cstride=1)
        ax.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[-1, 0, 1, 2], zlim=(-1, 2))
        ax.set(xticklabels=[], yticklabels=[], zticklabels=[])
        ax.view_init(22, -60)
        ax.set_box_aspect((1, 1, 0.9), zoom=1.0)
        fig.text(place / 3 + 0.167, 0.96, name, ha="center", va="top", fontsize=SMALL if place == 1 else 12, linespacing=1.3)
        fig.text(place / 3 + 0.167, 0.03, values, ha="center", va="bottom")
    return fig


@figure("convex-chord")
def convex_chord() -> Figure:
    """A convex function lies below each of its chords and has one minimum; another one does not."""
    fig, axes = panels(3.3, 2)
    x = np.linspace(-2, 2, 401)
    cases = [
        ("凸 convex", x**2 / 2 + 0.3, (-1.5, 1.2), BLUE),
        ("非凸 non-convex", x**4 / 2 - 1.5 * x**2 + 0.3 * x + 2, (-1.45, 1.55), RED),
    ]
    for ax, (name, y, ends, color) in zip(axes, cases, strict=True):
        heights = np.interp(ends, x, y)
        ax.plot(x, y, color=color)
        ax.plot(ends, heights, "--o", color=BLACK, linewidth=1.5, markersize=6)
        inside = (x >= ends[0]) & (x <= ends[1])
        chord = np.interp(x[inside], ends, heights)
        above = y[inside] > chord
        ax.fill_between(x[inside], y[inside], chord, where=~above, color=tint(GREEN, 0.25), linewidth=0)
        ax.fill_between(x[inside], y[inside], chord, where=above, color=tint(RED, 0.25), linewidth=0)
        low = [i for i in range(1, len(x) - 1) if y[i] < y[i - 1] and y[i] < y[i + 1]]
        ax.plot(x[low], y[low], "v", color=color, markersize=8)
        ax.set(title=name, xlim=(-2, 2), ylim=(0, 3.2), xlabel="$x$")
        no_ticks(ax)
    axes[0].set_ylabel("$f(x)$")
    return fig


@figure("bayes-update")
def bayes_update() -> Figure:
    """A test in natural frequencies: of those it finds, few are ill, because few are ill at all."""
    people, prior, sensitivity, false_alarm = 10_000, 0.01, 0.99, 0.05
    ill = round(people * prior)
    hit, alarm = round(ill * sensitivity), round((people - ill) * false_alarm)
    fig, ax = sheet(4.1)
    box(ax, (3.0, 3.75), (2.5, 0.46), f"{people:,} 人 people", color=GREY)
    box(ax, (1.45, 2.55), (1.9, 0.62), f"患病 ill\n{ill:,}", color=RED, letters=12)
    box(ax, (4.55, 2.55), (1.9, 0.62), f"健康 healthy\n{people - ill:,}", color=BLUE, letters=12)
    leaves = [
        (0.75, hit, "+", RED),
        (2.15, ill - hit, "−", GREY),
        (3.85, alarm, "+", BLUE),
        (5.25, people - ill - alarm, "−", GREY),
    ]
    for x, count, sign, color in leaves:
        box(ax, (x, 1.28), (1.2, 0.46), f"{sign}  {count:,}", color=color)
        parent = 1.45 if x < 3 else 4.55
        arrow(ax, (parent + (x - parent) * 0.4, 2.22), (x, 1.53))
    arrow(ax, (2.6, 3.5), (1.6, 2.88))
    arrow(ax, (3.4, 3.5), (4.4, 2.88))
    label(ax, (1.85, 3.3), f"{prior:.0%}", ha="right")
    label(ax, (4.15, 3.3), f"{1 - prior:.0%}", ha="left")
    for x, share in zip((0.72, 2.17, 3.82, 5.27), (sensitivity, 1 - sensitivity, false_alarm, 1 - false_alarm), strict=True):
        label(ax, (x, 1.9), f"{share:.0%}", size=SMALL)
    answer = hit / (hit + alarm)
    label(ax, (3.0, 0.7), "P(患病 | 阳性) = P(ill | +)", size=12)
    label(ax, (3.0, 0.32), f"{hit} / ({hit} + {alarm}) = {answer:.1%}", size=15)
    return fig


@figure("entropy-kl")
def entropy_kl() -> Figure:
    """The entropy of a coin, and the divergence from one fixed coin in both directions."""
    fig, axes = panels(3.6, 2)
    p = np.linspace(1e-6, 1 - 1e-6, 801)
    entropy = -p * np.log2(p) - (1 - p) * np.log2(1 - p)
    axes[0].plot(p, entropy, color=BLUE)
    axes[0].plot(0.5, 1, "o", color=BLUE)
    axes[0].set(title="$H(p)$  (bit)", xlim=(0, 1), ylim=(0, 1.1), xlabel="$p$", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
    fixed = 0.3
    forward = fixed * np.log2(fixed / p) + (1 - fixed) * np.log2((1 - fixed) / (1 - p))
    backward = p * np.log2(p / fixed) + (1 - p) * np.log2((1 - p) / (1 - fixed))
    axes[1].plot(p, forward, color=RED, label="KL(P ‖ Q)")
    axes[1].plot(p, backward, "--", color=GREEN, label="KL(Q ‖ P)")
    axes[1].plot(fixed, 0, "o", color=BLACK, clip_on=False, zorder=5)
    axes[1].set(title="P: p = 0.3,  Q: q", xlim=(0, 1), ylim=(0, 2.6), xlabel="$q$", xticks=[0, 0.3, 1], yticks=[0, 1, 2])
    axes[1].legend(loc="upper center")
    return fig


def toy_picture() -> Array:
    """A drawn picture of 64 × 64 grey values: a house in front of a sky with a sun."""
    side = 64
    y, x = np.mgrid[0:side, 0:side].astype(float)
    picture: Array = 0.95 - 0.45 * y / side
    picture[(x - 14) ** 2 + (y - 13) ** 2 < 49] = 1.0
    picture[y > 52] = 0.35 + 0.1 * np.sin(x[y > 52] / 3)
    picture[(x > 24) & (x < 52) & (y > 32) & (y < 54)] = 0.6
    picture[(y > 18) & (y <= 32) & (np.abs(x - 38) < (y - 17) * 1.15)] = 0.2
    for left in (28, 42):
        picture[(x >= left) & (x < left + 7) & (y > 37) & (y < 44)] = 0.05
    picture[(x > 35) & (x < 41) & (y > 45) & (y < 54)] = 0.12
    return picture


@figure("svd-low-rank")
def svd_low_rank() -> Figure:
    """A picture from the largest of its singular values: few already show it."""
    picture = toy_picture()
    full = int(np.linalg.matrix_rank(picture))
    left, values, right = np.linalg.svd(picture)
    fig = Figure(figsize=(WIDTH, 3.9))
    grid = fig.add_gridspec(2, 4, height_ratios=(1.05, 1))
    axes = [fig.add_subplot(grid[0, place]) for place in range(4)]
    for ax, rank in zip(axes, (1, 3, 8, full), strict=True):
        low = (left[:, :rank] * values[:rank]) @ right[:rank]
        error = float(np.linalg.norm(picture - low) / np.linalg.norm(picture))
        ax.imshow(low, cmap="gray", vmin=0, vmax=1, interpolation="nearest")
        ax.set_title(f"k = {rank}")
        ax.set_xlabel("原图 original" if rank == full else f"误差 err {error:.0%}", fontsize=SMALL)
        no_ticks(ax)
    wide = fig.add_subplot(grid[1, :])
    wide.semilogy(np.arange(1, full + 1), values[:full], "o", color=BLUE, markersize=5)
    wide.set(ylim=(1e-2, 1e2), xlim=(0, full + 1), ylabel="$\\sigma_i$", xticks=[1, 3, 8, 15, full], yticks=[1e-2, 1, 1e2])
    wide.set_xlabel("i")
    wide.grid(axis="y")
    return fig
