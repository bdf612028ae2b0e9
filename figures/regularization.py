"""Figures of generalisation: fits, penalties, and the ways to hold a model back."""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import arrow, cells, label, node
from figures.style import (
    BLACK,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    RED,
    SMALL,
    WHITE,
    canvas,
    no_ticks,
    panels,
    sheet,
    through_origin,
    tint,
)

Array = NDArray[np.float64]


def _truth(x: Array) -> Array:
    """What is to be learnt: one period of a sine on [−1, 1]."""
    return np.asarray(np.sin(math.pi * x))


def _fit(x: Array, y: Array, degree: int) -> Array:
    """Coefficients of the polynomial of least squares."""
    return np.asarray(np.linalg.lstsq(chebyshev.chebvander(x, degree), y, rcond=None)[0])


@figure("l1-l2-contours")
def l1_l2_contours() -> Figure:
    """Where the loss first touches the ball: the diamond at a corner, so a weight is zero; the disc beside the axis."""
    fig, axes = panels(4.0, 2)
    centre = np.array([0.5, 2.3])
    angle = np.linspace(0, 2 * math.pi, 20001)
    balls = [
        ("L1", np.array([np.cos(angle), np.sin(angle)]) / (np.abs(np.cos(angle)) + np.abs(np.sin(angle))), ORANGE),
        ("L2", np.array([np.cos(angle), np.sin(angle)]), BLUE),
    ]
    curves = np.array([[1.6, 0.35], [0.35, 1.0]])
    grid_x, grid_y = np.meshgrid(np.linspace(-2, 3, 241), np.linspace(-1.4, 4.4, 241))
    gap_x, gap_y = grid_x - centre[0], grid_y - centre[1]
    loss = curves[0, 0] * gap_x**2 + 2 * curves[0, 1] * gap_x * gap_y + curves[1, 1] * gap_y**2
    for ax, (name, ball, color) in zip(axes, balls, strict=True):
        away = ball - centre[:, None]
        on_ball = np.einsum("ik,ij,jk->k", away, curves, away)
        best = ball[:, int(np.argmin(on_ball))]
        touch = float(on_ball.min())
        through_origin(ax)
        ax.add_patch(Polygon(ball[:, ::20].T, facecolor=tint(color, 0.35), edgecolor=color, linewidth=2))
        ax.contour(grid_x, grid_y, loss, levels=[touch * 0.15, touch * 0.5], colors=GREY, linewidths=1)
        ax.contour(grid_x, grid_y, loss, levels=[touch], colors=BLACK, linewidths=1.6)
        ax.plot(*centre, "+", color=BLACK, markersize=11, markeredgewidth=2)
        ax.text(centre[0] + 0.15, centre[1] + 0.12, r"$\hat{w}$")
        ax.plot(*best, "o", color=RED, markersize=9, zorder=5)
        ax.set(title=f"{name}:  w = ({best[0]:.2f}, {best[1]:.2f})", aspect="equal", xlim=(-1.7, 2.5), ylim=(-1.3, 4.1))
        ax.set(xlabel="$w_1$", ylabel="$w_2$", xticks=[-1, 0, 1], yticks=[-1, 0, 1])
    return fig


@figure("l1-shrinkage")
def l1_shrinkage() -> Figure:
    """What each penalty makes of a weight: L1 subtracts and sets small ones to zero, L2 divides."""
    fig, ax = canvas(3.9)
    weight, strength = np.linspace(-3, 3, 601), 1.0
    through_origin(ax)
    ax.axvspan(-strength, strength, color=tint(ORANGE, 0.15), linewidth=0, zorder=-1)
    ax.plot(weight, weight, ":", color=GREY, label="$\\lambda=0$")
    ax.plot(
        weight,
        np.sign(weight) * np.maximum(np.abs(weight) - strength, 0),
        color=RED,
        label="L1:  $sign(w)\\cdot\\max(|w|-\\lambda,\\,0)$",
    )
    ax.plot(weight, weight / (1 + strength), "--", color=BLUE, label=r"L2:  $w\,/\,(1+\lambda)$")
    ax.set(xlim=(-3, 3), ylim=(-3, 4.4), xticks=[-3, -1, 0, 1, 3], xticklabels=["−3", "−λ", "0", "λ", "3"], yticks=[-2, 0, 2])
    ax.set_xlabel("无惩罚的权重 unpenalised weight  w")
    ax.set_ylabel("结果 result")
    ax.legend(loc="upper left")
    return fig


@figure("l2-weights")
def l2_weights() -> Figure:
    """One polynomial of degree 12 with growing λ: the curve calms down and its weights shrink."""
    rng = np.random.default_rng(7)
    x, degree = np.linspace(-1, 1, 16), 12
    y = _truth(x) + rng.normal(0, 0.3, 16)
    grid = np.linspace(-1, 1, 401)
    powers = np.vander(x, degree + 1, increasing=True)
    hold = np.eye(degree + 1)[1:]
    fig, axes = panels(3.4, 3)
    for ax, penalty, color in zip(axes, (0.0, 0.01, 10.0), (RED, GREEN, BLUE), strict=True):
        stacked = np.vstack([powers, math.sqrt(penalty) * hold])
        weights = np.linalg.lstsq(stacked, np.append(y, np.zeros(degree)), rcond=None)[0]
        ax.plot(grid, _truth(grid), ":", color=GREY, linewidth=1.6)
        ax.plot(grid, np.vander(grid, degree + 1, increasing=True) @ weights, color=color)
        ax.plot(x, y, "o", color=BLACK, markersize=4)
        size = float(np.linalg.norm(weights[1:]))
        ax.set(title=f"λ = {penalty:g}", xlim=(-1.05, 1.05), ylim=(-2.2, 2.2))
        ax.set_xlabel(f"‖w‖ = {size:.0f}" if size > 100 else f"‖w‖ = {size:.1f}")
        no_ticks(ax)
    return fig


@figure("bias-variance")
def bias_variance() -> Figure:
    """Bias², variance and their sum with the noise, from 400 training sets for each degree."""
    rng = np.random.default_rng(0)
    noise, sets = 0.5, 400
    x = np.linspace(-1, 1, 16)
    grid = np.linspace(-1, 1, 201)
    wave, seen = np.sin(4 * grid + 0.6), np.sin(4 * x + 0.6)
    degrees = list(range(11))
    bias, variance = [], []
    draws = rng.normal(0, noise, (sets, len(x)))
    for degree in degrees:
        fits = np.array([chebyshev.chebval(grid, _fit(x, seen + draw, degree)) for draw in draws])
        bias.append(float(((fits.mean(axis=0) - wave) ** 2).mean()))
        variance.append(float(fits.var(axis=0).mean()))
    total = [b + v + noise**2 for b, v in zip(bias, variance, strict=True)]
    fig, ax = canvas(3.8)
    ax.plot(degrees, bias, "--o", color=BLUE, label="偏差² bias²", markersize=5)
    ax.plot(degrees, variance, "-.s", color=RED, label="方差 variance", markersize=5)
    ax.plot(degrees, total, "-^", color=BLACK, label="总误差 total", markersize=6)
    ax.axhline(noise**2, color=GREY, linestyle=":", linewidth=1.4, label="噪声 noise σ²")
    best = int(np.argmin(total))
    ax.plot(best, total[best], "o", markersize=15, fillstyle="none", color=GREEN, markeredgewidth=2)
    ax.set(xlim=(-0.3, 10.3), ylim=(0, 1.0), yticks=[0, 0.25, 0.5, 0.75], xticks=degrees)
    ax.set_xlabel("多项式次数 polynomial degree")
    ax.set_ylabel("误差 error")
    ax.legend(loc="upper right", ncols=2)
    return fig


@figure("fits")
def fits() -> Figure:
    """The same twenty points fitted by a line, a quartic and a polynomial of degree 15."""
    rng = np.random.default_rng(10)
    x = np.clip(np.linspace(-1, 1, 20) + rng.uniform(-0.03, 0.03, 20), -1, 1)
    y = _truth(x) + rng.normal(0, 0.25, 20)
    fresh_x = rng.uniform(x[0], x[-1], 2000)
    fresh = _truth(fresh_x) + rng.normal(0, 0.25, 2000)
    grid = np.linspace(float(x[0]), float(x[-1]), 501)
    fig, axes = panels(3.7, 3)
    names = ("欠拟合\nunderfitting", "合适\ngood fit", "过拟合\noverfitting")
    for ax, degree, name, color in zip(axes, (1, 4, 15), names, (ORANGE, GREEN, RED), strict=True):
        weights = _fit(x, y, degree)
        ax.plot(grid, _truth(grid), ":", color=GREY, linewidth=1.6)
        ax.plot(grid, chebyshev.chebval(grid, weights), color=color)
        ax.plot(x, y, "o", color=BLACK, markersize=4)
        train = float(((chebyshev.chebval(x, weights) - y) ** 2).mean())
        test = float(((chebyshev.chebval(fresh_x, weights) - fresh) ** 2).mean())
        ax.set(title=name, xlim=(-1.06, 1.06), ylim=(-2, 2))
        ax.set_xlabel(
            f"d = {degree}\ntrain {train:.2f}\ntest {test:.2f}"
            if test < 100
            else f"d = {degree}\ntrain {train:.2f}\ntest {test:.0f}"
        )
        no_ticks(ax)
    return fig


@figure("early-stopping")
def early_stopping() -> Figure:
    """The two errors of a real run of gradient descent: where the one on held-out data is least, one stops."""
    rng = np.random.default_rng(23)
    x, held = rng.uniform(-1, 1, 24), rng.uniform(-1, 1, 300)
    y, held_y = _truth(x) + rng.normal(0, 0.4, 24), _truth(held) + rng.normal(0, 0.4, 300)
    degree = 12
    design, held_design = chebyshev.chebvander(x, degree), chebyshev.chebvander(held, degree)
    curvature, basis = np.linalg.eigh(design.T @ design / len(x))
    pull = basis.T @ (design.T @ y) / len(x)
    steps = np.logspace(0, 5, 160)
    train, valid = [], []
    for step in steps:
        # after so many steps of rate 0.05 from zero, gradient descent on a quadratic is exactly here
        weights = basis @ (-np.expm1(step * np.log1p(-0.05 * curvature)) / curvature * pull)
        train.append(float(((design @ weights - y) ** 2).mean()))
        valid.append(float(((held_design @ weights - held_y) ** 2).mean()))
    fig, ax = canvas(3.6)
    ax.plot(steps, train, "--", color=BLUE, label="训练 training")
    ax.plot(steps, valid, color=RED, label="验证 validation")
    best = int(np.argmin(valid))
    ax.axvline(steps[best], color=GREEN, linestyle=":", linewidth=1.8)
    ax.plot(steps[best], valid[best], "o", color=GREEN, markersize=9)
    ax.text(steps[best] * 1.25, 0.62, "在此停止\nstop here", color=GREEN, fontsize=SMALL, va="top")
    ax.set_xscale("log")
    ax.set(xlim=(1, 1e5), ylim=(0, 0.7))
    ax.set_xlabel("步数 steps")
    ax.set_ylabel("MSE")
    ax.legend(loc="lower left")
    return fig


@figure("dropout")
def dropout() -> Figure:
    """A net whole, and the same net in one training step with half of its hidden units out."""
    fig, ax = sheet(3.4)
    sizes = (4, 6, 6, 2)
    dropped = {(1, 1), (1, 3), (1, 4), (2, 0), (2, 2), (2, 5)}
    for left, out, name in ((0.35, set(), "推理 inference"), (3.4, dropped, "训练 training,  p = 0.5")):
        places = {
            (layer, unit): (left + layer * 0.75, 1.75 + (unit - (size - 1) / 2) * 0.44)
            for layer, size in enumerate(sizes)
            for unit in range(size)
        }
        for (layer, unit), start in places.items():
            for other in range(sizes[layer + 1] if layer + 1 < len(sizes) else 0):
                if (layer, unit) not in out and (layer + 1, other) not in out:
                    end = places[layer + 1, other]
                    ax.plot([start[0], end[0]], [start[1], end[1]], color=PALE, linewidth=1.0, zorder=1)
        for key, place in places.items():
            if key in out:
                node(ax, place, 0.15, "×", color=RED, letters=15)
            else:
                node(ax, place, 0.15, color=BLUE)
        label(ax, (left + 1.125, 3.2), name, size=12)
    arrow(ax, (2.9, 1.75), (3.1, 1.75), head="-", color=WHITE)
    label(ax, (1.475, 0.2), "$h$", size=13)
    label(ax, (4.525, 0.2), r"$h\cdot m\,/\,(1-p),\;\; m\in\{0,1\}$", size=13)
    return fig


def _toy_images() -> tuple[Array, Array]:
    """Two drawn pictures in colour: a yellow sun with rays on blue, a green tree with a red ball to its right."""
    side = 72
    y, x = np.mgrid[0:side, 0:side].astype(float)
    sun = np.empty((side, side, 3))
    sun[:] = (0.34, 0.71, 0.91)
    away, angle = np.hypot(x - 35.5, y - 35.5), np.arctan2(y - 35.5, x - 35.5)
    sun[(away < 32) & (np.cos(8 * angle) > 0.35)] = (0.90, 0.62, 0.0)
    sun[away < 20] = (0.94, 0.89, 0.26)
    tree = np.empty((side, side, 3))
    tree[:] = (0.93, 0.93, 0.90)
    tree[y > 58] = (0.75, 0.62, 0.45)
    tree[(np.abs(x - 36) < 5) & (y > 44) & (y < 62)] = (0.45, 0.28, 0.15)
    tree[(np.abs(x - 36) < (y - 6) * 0.62) & (y > 6) & (y < 48)] = (0.0, 0.62, 0.45)
    tree[(x - 60) ** 2 + (y - 52) ** 2 < 49] = (0.84, 0.37, 0.0)
    return sun, tree


@figure("mixup-cutmix")
def mixup_cutmix() -> Figure:
    """Two pictures and what the ways of mixing make of them, each with its label."""
    sun, tree = _toy_images()
    share = 0.6
    cut = sun.copy()
    area = np.zeros(sun.shape[:2], dtype=bool)
    area[24:72, 24:72] = True
    cut[area] = tree[area]
    erased = sun.copy()
    hole = np.zeros_like(area)
    hole[14:46, 30:62] = True
    erased[hole] = 0.5
    kept = 1 - float(area.mean())
    pictures = [
        ("A", sun, "y = (1, 0)"),
        ("B", tree, "y = (0, 1)"),
        ("flip", tree[:, ::-1], "y = (0, 1)"),
        ("mixup", share * sun + (1 - share) * tree, f"y = ({share:g}, {1 - share:g})"),
        ("CutMix", cut, f"y = ({kept:.2f}, {1 - kept:.2f})"),
        ("Cutout", erased, "y = (1, 0)"),
    ]
    fig, axes = panels(5.0, 3, 2)
    for ax, (name, picture, target) in zip(axes, pictures, strict=True):
        ax.imshow(picture, interpolation="nearest")
        ax.set_title(name)
        ax.set_xlabel(target, fontsize=12)
        no_ticks(ax)
        for spine in ax.spines.values():
            spine.set_visible(False)
    return fig


@figure("k-fold")
def k_fold() -> Figure:
    """Five folds: each part of the data validates once; the test set stays outside."""
    fig, ax = sheet(3.6)
    left, top, wide, tall, folds = 0.55, 3.15, 0.8, 0.4, 5
    for row in range(folds):
        y = top - row * 0.48
        for column in range(folds):
            color = tint(ORANGE, 0.6) if column == row else tint(BLUE, 0.25)
            text = "验证 val" if column == row else ""
            cells(ax, (left + column * wide, y), [[text]], size=wide, height=tall, fill=color)
        label(ax, (left - 0.25, y - tall / 2), str(row + 1))
        label(ax, (left + folds * wide + 0.12, y - tall / 2), f"$s_{row + 1}$", ha="left")
    cells(
        ax,
        (left + folds * wide + 0.55, top),
        [["测试\ntest"]],
        size=0.75,
        height=4 * 0.48 + tall,
        fill=tint(GREY, 0.3),
        letters=12,
    )
    label(ax, (left + folds * wide / 2, 3.38), "训练 training", color=BLUE, size=12)
    label(ax, (left + folds * wide / 2, 0.3), r"$\mathrm{CV}=\frac{1}{5}\,(s_1+s_2+s_3+s_4+s_5)$")
    return fig
