"""Figures of optimisation: paths that are really walked."""

import math
from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import arrow
from figures.style import BLACK, BLUE, GREEN, GREY, ORANGE, PALE, RED, SMALL, canvas, no_ticks, panels, solid, tint

Array = NDArray[np.float64]

STEEP = np.array([1.0, 12.0])
"""Curvatures of the ravine: twelve times as steep across as along."""


def _ravine(x: Array, y: Array) -> Array:
    """The height of the ravine."""
    return np.asarray((STEEP[0] * x**2 + STEEP[1] * y**2) / 2)


def _walk(step: Callable[[Array, Array], tuple[Array, Array]], count: int) -> Array:
    """The points of a walk from one start: ``step`` takes the gradient and its memory, gives the move and the new memory."""
    place, memory = np.array([-4.5, 1.3]), np.zeros(2)
    path = [place]
    for _ in range(count):
        move, memory = step(STEEP * place, memory)
        place = place + move
        path.append(place)
    return np.array(path)


@figure("learning-rates")
def learning_rates() -> Figure:
    """Gradient descent on x²/2 with three rates: it creeps, it arrives, it flies apart."""
    fig, axes = panels(3.4, 3)
    x = np.linspace(-5, 5, 201)
    for ax, rate, start, name, color in zip(
        axes,
        (0.1, 0.7, 2.15),
        (-4.0, -4.0, -1.6),
        ("太小 too small", "合适 good", "太大 too large"),
        (ORANGE, GREEN, RED),
        strict=True,
    ):
        path = [start]
        for _ in range(8 if rate < 2 else 6):
            path.append(path[-1] - rate * path[-1])
        ax.plot(x, x**2 / 2, color=GREY, linewidth=1.4)
        ax.plot(path, [place**2 / 2 for place in path], "-o", color=color, markersize=5, linewidth=1.4)
        ax.plot(start, start**2 / 2, "o", markersize=11, fillstyle="none", color=BLACK, markeredgewidth=1.6)
        ax.set(title=name, xlim=(-5, 5), ylim=(-0.8, 12))
        ax.set_xlabel(f"η = {rate:g}")
        no_ticks(ax)
    axes[0].set_ylabel("$f(x)=x^2/2$")
    return fig


@figure("momentum")
def momentum() -> Figure:
    """Three optimisers in a ravine, forty steps each: what momentum and a rate per coordinate change."""

    def plain(gradient: Array, memory: Array) -> tuple[Array, Array]:
        return -0.155 * gradient, memory

    def heavy(gradient: Array, memory: Array) -> tuple[Array, Array]:
        memory = 0.8 * memory + gradient
        return -0.03 * memory, memory

    def rmsprop(gradient: Array, memory: Array) -> tuple[Array, Array]:
        memory = 0.9 * memory + 0.1 * gradient**2
        return -0.15 * gradient / (np.sqrt(memory) + 1e-8), memory

    fig, axes = panels(5.6, 1, 3)
    grid_x, grid_y = np.meshgrid(np.linspace(-5, 1.6, 161), np.linspace(-1.7, 1.7, 101))
    cases = [
        ("SGD   η = 0.155", plain, RED),
        ("Momentum   η = 0.03, β = 0.8", heavy, BLUE),
        ("RMSProp   η = 0.15, ρ = 0.9", rmsprop, GREEN),
    ]
    for ax, (name, step, color) in zip(axes, cases, strict=True):
        path = _walk(step, 40)
        ax.contour(grid_x, grid_y, _ravine(grid_x, grid_y), levels=[0.25, 1, 2.5, 5, 9, 14], colors=PALE, linewidths=1)
        ax.plot(*path.T, "-o", color=color, markersize=3.5, linewidth=1.4)
        ax.plot(0, 0, "*", color=BLACK, markersize=12)
        ax.set(xlim=(-5, 1.6), ylim=(-1.7, 1.7))
        ax.set_title(name, fontsize=12)
        no_ticks(ax)
    return fig


@figure("lr-schedules")
def lr_schedules() -> Figure:
    """Four schedules with the same peak: steps, exponential, cosine, and warm-up before a cosine."""
    fig, ax = canvas(3.6)
    t = np.linspace(0, 100, 1001)
    warm = 10
    with_warmup = np.where(t < warm, t / warm, (1 + np.cos(math.pi * (t - warm) / (100 - warm))) / 2)
    schedules = [
        ("阶梯 step", 0.1 ** np.floor(t / 30), "-", GREY),
        ("指数 exponential", 0.96**t, ":", ORANGE),
        ("余弦 cosine", (1 + np.cos(math.pi * t / 100)) / 2, "--", BLUE),
        ("预热 warmup + 余弦 cosine", with_warmup, "-", RED),
    ]
    for name, rate, dash, color in schedules:
        ax.plot(t, rate, dash, color=color, label=name)
    ax.set(xlim=(0, 100), ylim=(0, 1.5), yticks=[0, 0.5, 1], xticks=[0, 10, 30, 60, 90])
    ax.set_xlabel("训练进度 progress  %")
    ax.set_ylabel("η / η max")
    ax.legend(loc="upper right", ncols=2, columnspacing=0.9, handletextpad=0.5)
    return fig


@figure("saddle")
def saddle() -> Figure:
    """The surface x² − y², and three descents on it: on the ridge one stops at the saddle, beside it one leaves."""
    fig, surfaces = solid(3.4, 2)
    grid_x, grid_y = np.meshgrid(np.linspace(-1, 1, 25), np.linspace(-1, 1, 25))
    surface = surfaces[0]
    fig.add_axes(surface)
    surface.set_position((-0.02, 0.04, 0.5, 0.9))
    surface.plot_surface(grid_x, grid_y, grid_x**2 - grid_y**2, color=tint(BLUE, 0.6), edgecolor=BLUE, linewidth=0.25)
    surface.plot([0], [0], [0.03], "o", color=RED, markersize=8, zorder=10)
    surface.set(xticks=[-1, 0, 1], yticks=[-1, 0, 1], zticks=[-1, 0, 1], xticklabels=[], yticklabels=[], zticklabels=[])
    surface.view_init(28, -55)
    surface.set_xlabel("x", labelpad=-12)
    surface.set_ylabel("y", labelpad=-12)
    flat = fig.add_axes((0.585, 0.17, 0.39, 0.7))
    flat.contour(
        grid_x, grid_y, grid_x**2 - grid_y**2, levels=[k / 5 for k in range(-4, 5)], linestyles="-", colors=PALE, linewidths=1
    )
    for offset, color in ((1e-3, BLUE), (-1e-2, GREEN), (0.0, RED)):
        place = np.array([0.95, offset])
        path = [place]
        for _ in range(60):
            place = place - 0.1 * np.array([2 * place[0], -2 * place[1]])
            path.append(place)
        steps = np.array(path)
        steps = steps[np.abs(steps[:, 1]) < 1]
        flat.plot(*steps.T, "-o", color=color, markersize=3.5, linewidth=1.4)
        end = {0.0: "y₀ = 0", 1e-3: "y₀ = 0.001", -1e-2: "y₀ = −0.01"}[offset]
        height = {0.0: 0.09, 1e-3: 0.62, -1e-2: -0.62}[offset]
        flat.text(0.08 if offset else 0.97, height, end, color=color, fontsize=SMALL, ha="left" if offset else "right")
    flat.plot(0, 0, "o", color=RED, markersize=9)
    flat.set(
        xlim=(-0.5, 1), ylim=(-1, 1), xlabel="$x$", ylabel="$y$", title="$f = x^2 - y^2$", xticks=[0, 1], yticks=[-1, 0, 1]
    )
    return fig


@figure("clipping")
def clipping() -> Figure:
    """Clipping by norm keeps a gradient's direction and cuts its length; clipping by value turns it."""
    fig, axes = panels(3.5, 2)
    gradients = [(np.array([3.0, 1.2]), RED), (np.array([-0.5, 2.6]), BLUE), (np.array([-0.6, -0.45]), GREEN)]
    angle = np.linspace(0, 2 * math.pi, 181)
    axes[0].plot(np.cos(angle), np.sin(angle), color=BLACK, linewidth=1.2)
    axes[1].plot([-1, 1, 1, -1, -1], [-1, -1, 1, 1, -1], color=BLACK, linewidth=1.2)
    for vector, color in gradients:
        by_norm = vector * min(1.0, 1 / float(np.linalg.norm(vector)))
        for ax, cut in ((axes[0], by_norm), (axes[1], np.clip(vector, -1, 1))):
            arrow(ax, (0, 0), (float(vector[0]), float(vector[1])), color=color, dashed=True, width=1.2)
            arrow(ax, (0, 0), (float(cut[0]), float(cut[1])), color=color, width=2.6)
    for ax, name in zip(
        axes,
        ("按范数 by norm\n$g\\cdot\\min(1,\\,c/\\Vert g\\Vert)$", "按值 by value\n$\\max(-c,\\min(c,\\,g_i))$"),
        strict=True,
    ):
        ax.set_title(name)
        ax.set(aspect="equal", xlim=(-1.5, 3.4), ylim=(-1.4, 2.9), xticks=[-1, 0, 1], xticklabels=["−c", "0", "c"])
        ax.set_yticks([-1, 0, 1], ["−c", "0", "c"])
    return fig
