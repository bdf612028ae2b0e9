"""Figures of networks themselves: activations, the flow back, how signals and gradients fare in depth."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import arrow, label, node
from figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    RED,
    SMALL,
    canvas,
    panels,
    sheet,
    through_origin,
    tint,
)

Array = NDArray[np.float64]


def sigmoid(x: Array) -> Array:
    """The logistic function."""
    return np.asarray(1 / (1 + np.exp(-x)))


def normal_cdf(x: Array) -> Array:
    """Φ, to the last digit."""
    return np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in x])


@figure("activations")
def activations() -> Figure:
    """Four functions above, their derivatives below: what the gradient is multiplied with."""
    fig, axes = panels(4.6, 2)
    x = np.linspace(-5, 5, 401)
    s = sigmoid(x)
    values = [("sigmoid", s, s * (1 - s)), ("tanh", np.tanh(x), 1 - np.tanh(x) ** 2)]
    left, right = axes
    for (name, value, slope), color, dash in zip(values, (BLUE, RED), ("-", "--"), strict=True):
        left.plot(x, value, dash, color=color, label=name)
        right.plot(x, slope, dash, color=color)
    for name, low, color, dash in (("ReLU", 0.0, GREEN, "-."), ("Leaky ReLU (0.1)", 0.1, ORANGE, ":")):
        left.plot(x, np.where(x > 0, x, low * x), dash, color=color, label=name)
        for part, height in ((x[x < 0], low), (x[x > 0], 1.0)):
            right.plot(part, np.full_like(part, height), dash, color=color)
    for ax, title in ((left, "$f(x)$"), (right, "$f\\,'(x)$")):
        through_origin(ax)
        ax.set(title=title, xlim=(-5, 5), xlabel="$x$", xticks=[-4, -2, 0, 2, 4])
    left.set(ylim=(-1.3, 3.2), yticks=[-1, 0, 1, 2, 3])
    right.set(ylim=(-0.08, 1.15), yticks=[0, 0.1, 0.25, 0.5, 0.75, 1], yticklabels=["0", "0.1", "0.25", "0.5", "0.75", "1"])
    fig.legend(*left.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


@figure("sigmoid-tanh")
def sigmoid_tanh() -> Figure:
    """Where the two saturate, and how large their slope can be at most."""
    fig, axes = panels(3.8, 2)
    x = np.linspace(-7, 7, 401)
    s, t = sigmoid(x), np.tanh(x)
    for ax, name, value, slope in ((axes[0], "sigmoid", s, s * (1 - s)), (axes[1], "tanh", t, 1 - t**2)):
        edge = float(np.abs(x[slope >= 0.05 * slope.max()]).max())
        through_origin(ax)
        for side in ((-7, -edge), (edge, 7)):
            name_once = "饱和 saturated" if side[0] < 0 else None
            ax.axvspan(*side, color=tint(GREY, 0.22), linewidth=0, zorder=-1, label=name_once)
        ax.plot(x, value, color=BLUE, label="$f$")
        ax.plot(x, slope, "--", color=RED, label="$f\\,'$")
        top = float(slope.max())
        ax.plot(0, top, "o", color=RED, markersize=6)
        ax.annotate(f"max $f\\,'$ = {top:g}", (0, top), (0.4, top + 0.17 if top < 1 else 1.16), fontsize=SMALL, color=RED)
        ax.set(title=name, xlim=(-7, 7), ylim=(-1.12, 1.38), xlabel="$x$", xticks=[-5, 0, 5], yticks=[-1, 0, 0.5, 1])
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3)
    return fig


@figure("relu-variants")
def relu_variants() -> Figure:
    """What the variants do with negative inputs, which ReLU throws away."""
    fig, ax = canvas(3.8)
    x = np.linspace(-4, 2, 401)
    curves = [
        ("ReLU", np.maximum(x, 0), "-", BLACK),
        ("Leaky ReLU / PReLU  (a = 0.1)", np.where(x > 0, x, 0.1 * x), "--", ORANGE),
        ("ELU  (α = 1)", np.where(x > 0, x, np.expm1(x)), "-.", GREEN),
        ("GELU", x * normal_cdf(x), "-", BLUE),
        ("Swish / SiLU", x * sigmoid(x), "--", RED),
    ]
    through_origin(ax)
    for name, y, dash, color in curves:
        ax.plot(x, y, dash, color=color, label=name)
    ax.set(xlim=(-4, 2), ylim=(-1.1, 1.9), xlabel="$x$", ylabel="$f(x)$", yticks=[-1, -0.5, 0, 0.5, 1, 1.5])
    ax.legend(loc="upper left")
    return fig


@figure("vanishing")
def vanishing() -> Figure:
    """The norm of the gradient on its way back through fifty layers, really computed."""
    depth, width, batch = 50, 128, 64
    fig, ax = canvas(3.8)
    cases = [
        ("ReLU + He", math.sqrt(2 / width), "relu", GREEN, "-"),
        ("tanh + Xavier", math.sqrt(1 / width), "tanh", BLUE, "--"),
        ("sigmoid + Xavier", math.sqrt(1 / width), "sigmoid", RED, "-."),
    ]
    for name, scale, kind, color, dash in cases:
        rng = np.random.default_rng(0)
        weights = [rng.normal(0, scale, (width, width)) for _ in range(depth)]
        x = rng.normal(0, 1, (batch, width))
        slopes: list[Array] = []
        for weight in weights:
            z = x @ weight
            if kind == "relu":
                x, slope = np.maximum(z, 0), (z > 0).astype(float)
            elif kind == "tanh":
                x = np.tanh(z)
                slope = 1 - x**2
            else:
                x = sigmoid(z)
                slope = x * (1 - x)
            slopes.append(slope)
        back = rng.normal(0, 1, (batch, width))
        norms = [1.0]
        start = float(np.linalg.norm(back))
        for weight, slope in zip(reversed(weights), reversed(slopes), strict=True):
            back = (back * slope) @ weight.T
            norms.append(float(np.linalg.norm(back)) / start)
        ax.plot(np.arange(depth, -1, -1), norms, dash, color=color, label=name)
    ax.set_yscale("log")
    ax.set(
        xlim=(0, 50),
        ylim=(1e-36, 1e4),
        yticks=[1, 1e-10, 1e-20, 1e-30],
        ylabel=r"$\Vert\partial L/\partial x_l\Vert\;/\;\Vert\partial L/\partial x_{50}\Vert$",
    )
    ax.set_xlabel("层 layer")
    ax.grid(axis="y")
    ax.legend(loc="lower right")
    return fig


@figure("initialization")
def initialization() -> Figure:
    """The spread of the activations of ReLU layers under three initialisations, really computed."""
    depth, width = 30, 256
    fig, ax = canvas(3.6)
    cases = [
        ("He: $\\sigma^2=2/n$", math.sqrt(2 / width), GREEN, "-"),
        ("Xavier: $\\sigma^2=1/n$", math.sqrt(1 / width), BLUE, "--"),
        ("$\\sigma=0.01$", 0.01, RED, "-."),
    ]
    for name, scale, color, dash in cases:
        rng = np.random.default_rng(1)
        x = rng.normal(0, 1, (256, width))
        stds = [1.0]
        for _ in range(depth):
            x = np.maximum(x @ rng.normal(0, scale, (width, width)), 0)
            stds.append(float(x.std()))
        ax.plot(stds, dash, color=color, label=name)
    ax.set_yscale("log")
    ax.set(xlim=(0, depth), ylim=(1e-30, 1e3), yticks=[1, 1e-10, 1e-20, 1e-30], ylabel="std(激活 activations)")
    ax.set_xlabel("层 layer (ReLU, n = 256)")
    ax.grid(axis="y")
    ax.legend(loc="lower left")
    return fig


@figure("backprop")
def backprop() -> Figure:
    """One neuron with numbers: values forward, gradients back, each the product of what came and the local slope."""
    w, x, b, target = 2.0, 1.5, -1.0, 1.0
    product = w * x
    z = product + b
    loss = (z - target) ** 2
    to_z = 2 * (z - target)
    fig, ax = sheet(3.3)
    places = {"w": (0.5, 2.85), "x": (0.5, 1.25), "b": (2.0, 0.55), "×": (2.0, 2.05), "+": (3.5, 1.55), "(z − 1)²": (5.1, 1.55)}
    for name, place in places.items():
        leaf = name in "wxb"
        node(ax, place, 0.27 if len(name) == 1 else 0.52, name, color=GREY if leaf else BLUE)
    edges = [
        ("w", "×", w, to_z * x, 0.0),
        ("x", "×", x, to_z * w, 0.0),
        ("×", "+", product, to_z, 0.0),
        ("b", "+", b, to_z, 0.0),
        ("+", "(z − 1)²", z, to_z, 0.0),
    ]
    radius = {name: 0.27 if len(name) == 1 else 0.52 for name in places}
    for source, sink, value, slope, _ in edges:
        (x0, y0), (x1, y1) = places[source], places[sink]
        length = math.hypot(x1 - x0, y1 - y0)
        ux, uy = (x1 - x0) / length, (y1 - y0) / length
        start = (x0 + ux * radius[source], y0 + uy * radius[source])
        end = (x1 - ux * radius[sink], y1 - uy * radius[sink])
        side = 0.055
        arrow(ax, (start[0] - uy * side, start[1] + ux * side), (end[0] - uy * side, end[1] + ux * side), color=BLUE)
        arrow(ax, (end[0] + uy * side, end[1] - ux * side), (start[0] + uy * side, start[1] - ux * side), color=RED)
        middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
        label(ax, (middle[0] - uy * 0.24, middle[1] + ux * 0.24), f"{value:g}".replace("-", "−"), color=BLUE)
        label(ax, (middle[0] + uy * 0.24, middle[1] - ux * 0.24), f"{slope:g}", color=RED)
    label(ax, (5.1, 2.3), f"L = {loss:g}", color=BLUE)
    label(ax, (5.1, 0.8), "∂L/∂L = 1", color=RED, size=SMALL)
    label(ax, (3.9, 3.05), "前向值 forward values", color=BLUE, size=SMALL, ha="left")
    label(ax, (3.9, 2.78), "梯度 gradients ∂L/∂·", color=RED, size=SMALL, ha="left")
    label(ax, (3.5, 2.0), "z", size=SMALL)
    return fig


def _histogram(ax: Axes, data: Array, color: str, name: str) -> None:
    """One channel's distribution with its mean and its spread."""
    ax.hist(data, bins=[edge / 4 for edge in range(-24, 41)], density=True, color=tint(color, 0.6), edgecolor="none")
    mean, spread = float(data.mean()), float(data.std())
    ax.plot([mean, mean], [0, 1 / (spread * math.sqrt(2 * math.pi))], color=color, linewidth=1.6)
    ax.set(title=name, xlim=(-6, 10), ylim=(0, 0.9), yticks=[], xticks=[-5, 0, 5, 10])
    ax.text(0.97, 0.93, f"μ = {abs(mean):.1f}\nσ = {spread:.1f}", transform=ax.transAxes, ha="right", va="top", fontsize=SMALL)


@figure("bn")
def bn() -> Figure:
    """One channel of a batch: as it comes, normalised, and after the learnt scale and shift."""
    fig, axes = panels(3.0, 3)
    rng = np.random.default_rng(3)
    x = rng.normal(4, 2.5, 4000)
    hat = (x - x.mean()) / np.sqrt(x.var() + 1e-5)
    gamma, beta = 0.5, 1.0
    names = ("$x$", "$\\hat{x}$", "$y=\\gamma\\hat{x}+\\beta$")
    stages = zip((x, hat, gamma * hat + beta), (GREY, BLUE, GREEN), names, strict=True)
    for ax, (data, color, name) in zip(axes, stages, strict=True):
        _histogram(ax, data, color, name)
    axes[0].set_xlabel("输入 input", fontsize=SMALL)
    axes[1].set_xlabel("归一化 normalised", fontsize=SMALL)
    axes[2].set_xlabel(f"γ = {gamma:g}, β = {beta:g}", fontsize=SMALL)
    return fig
