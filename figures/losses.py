"""Figures of losses and of the functions that turn scores into probabilities."""

import numpy as np
from matplotlib.figure import Figure

from figures.networks import sigmoid
from figures.registry import figure
from figures.style import BLACK, BLUE, CYCLE, GREEN, ORANGE, RED, SMALL, canvas, panels, through_origin, tint


@figure("softmax-temperature")
def softmax_temperature() -> Figure:
    """The same scores at three temperatures: low sharpens, high flattens, the order stays."""
    scores = np.array([2.0, 1.0, 0.5, -1.0])
    fig, axes = panels(3.2, 3)
    for ax, temperature, color in zip(axes, (0.5, 1.0, 5.0), (BLUE, GREEN, ORANGE), strict=True):
        weights = np.exp(scores / temperature - (scores / temperature).max())
        shares = weights / weights.sum()
        ax.bar(range(4), shares, color=tint(color, 0.65), edgecolor=color, width=0.7)
        for place, share in enumerate(shares):
            ax.text(place, share + 0.02, f"{share:.2f}", ha="center", fontsize=SMALL)
        ax.set(title=f"T = {temperature:g}", ylim=(0, 1), yticks=[0, 0.5, 1], xlim=(-0.6, 3.6))
        ax.set_xticks(range(4), [f"{score:g}".replace("-", "−") for score in scores])
        if ax is not axes[0]:
            ax.set_yticklabels([])
    axes[0].set_ylabel("softmax(z / T)")
    axes[1].set_xlabel("z (logit)")
    return fig


@figure("regression-losses")
def regression_losses() -> Figure:
    """Three losses of the error, and their gradients: which one an outlier pulls on without bound."""
    fig, axes = panels(3.9, 2)
    error = np.linspace(-3, 3, 401)
    small = np.abs(error) <= 1
    curves = [
        ("MSE  $e^2$", error**2, 2 * error, "-", RED),
        ("MAE  $|e|$", np.abs(error), np.sign(error), "--", BLUE),
        ("Huber  (δ = 1)", np.where(small, error**2 / 2, np.abs(error) - 0.5), np.clip(error, -1, 1), "-.", GREEN),
    ]
    for ax in axes:
        through_origin(ax)
    for name, value, slope, dash, color in curves:
        axes[0].plot(error, value, dash, color=color, label=name)
        if name.startswith("MAE"):
            for side in (error < 0, error > 0):
                axes[1].plot(error[side], slope[side], dash, color=color)
        else:
            axes[1].plot(error, slope, dash, color=color)
    axes[0].set(title="损失 loss", xlabel="误差 error  e", ylim=(-0.1, 4.2), xlim=(-3, 3))
    axes[1].set(title="梯度 gradient", xlabel="误差 error  e", ylim=(-4.2, 4.2), xlim=(-3, 3))
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=3, columnspacing=1.2)
    return fig


@figure("cross-entropy-gradient")
def cross_entropy_gradient() -> Figure:
    """The size of the gradient at the logit when the target is 1: where the answer is wrong, that of the MSE dies."""
    fig, ax = canvas(3.6)
    z = np.linspace(-8, 8, 401)
    p = sigmoid(z)
    through_origin(ax)
    ax.plot(z, 1 - p, color=BLUE, label=r"CE:  $|\partial L/\partial z| = 1-p$")
    ax.plot(z, 2 * (1 - p) * p * (1 - p), "--", color=RED, label=r"MSE:  $|\partial L/\partial z| = 2(1-p)\cdot p(1-p)$")
    ax.set(xlim=(-8, 8), ylim=(-0.03, 1.42), yticks=[0, 0.25, 0.5, 0.75, 1])
    ax.set_xlabel("logit z   (y = 1,  p = sigmoid(z))")
    ax.set_ylabel("|∂L/∂z|")
    ax.text(-7.7, 0.83, "错得很 very wrong", fontsize=SMALL)
    ax.text(7.7, 0.15, "对 right", fontsize=SMALL, ha="right")
    ax.legend(loc="upper right")
    return fig


@figure("classification-losses")
def classification_losses() -> Figure:
    """Four losses of the margin; those that can be trained bound the one that counts errors from above."""
    fig, ax = canvas(3.8)
    margin = np.linspace(-2, 3, 501)
    through_origin(ax)
    ax.plot([-2, 0], [1, 1], "-", color=BLACK, label="0-1")
    ax.plot([0, 3], [0, 0], "-", color=BLACK)
    ax.plot(margin, np.maximum(0, 1 - margin), "--", color=BLUE, label="hinge  max(0, 1 − m)")
    ax.plot(margin, np.log2(1 + np.exp(-margin)), "-.", color=GREEN, label="logistic  $\\log_2(1+e^{-m})$")
    ax.plot(margin, np.exp(-margin), ":", color=RED, label="exponential  $e^{-m}$")
    ax.set(xlim=(-2, 3), ylim=(-0.08, 4), ylabel="损失 loss")
    ax.set_xlabel("间隔 margin  m = y·f(x)")
    ax.legend(loc="upper right")
    return fig


@figure("focal-loss")
def focal_loss() -> Figure:
    """The focal loss for five γ: examples that are right already stop counting."""
    fig, ax = canvas(3.7)
    p = np.linspace(0.005, 1, 400)
    dashes = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)))
    for gamma, color, dash in zip((0, 0.5, 1, 2, 5), (BLACK, *CYCLE), dashes, strict=False):
        name = "γ = 0  (CE)" if gamma == 0 else f"γ = {gamma:g}"
        ax.plot(p, -((1 - p) ** gamma) * np.log(p), color=color, linestyle=dash, label=name)
    ax.axvspan(0.6, 1, color=tint(GREEN, 0.12), linewidth=0, zorder=-1)
    ax.text(0.8, 1.25, "易分样本\neasy examples", ha="center", fontsize=SMALL)
    ax.set(xlim=(0, 1), ylim=(0, 4.5))
    ax.set_xlabel("正确类的概率 probability of the true class  p", fontsize=12)
    ax.set_ylabel(r"$-(1-p)^{\gamma}\,\log p$")
    ax.legend(loc="upper right")
    return fig
