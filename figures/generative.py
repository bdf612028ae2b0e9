"""Figures of generative models and of reinforcement learning."""

import numpy as np
from matplotlib.figure import Figure

from figures.registry import figure
from figures.shapes import arrow, box, label, node, route
from figures.style import BLUE, GREEN, GREY, ORANGE, RED, SMALL, no_ticks, panels, sheet


@figure("gan")
def gan() -> Figure:
    """Noise through the generator, and data, both before the discriminator."""
    fig, ax = sheet(3.0)
    label(ax, (0.45, 1.1), "z ~\nN(0, I)", size=SMALL, ha="center")
    arrow(ax, (0.85, 1.1), (1.15, 1.1))
    box(ax, (1.6, 1.1), (0.85, 0.6), "G", color=ORANGE)
    arrow(ax, (2.05, 1.1), (2.45, 1.1))
    label(ax, (2.8, 1.1), "G(z)")
    label(ax, (2.8, 2.4), "x  真 real", size=SMALL)
    box(ax, (4.2, 1.75), (0.85, 0.7), "D", color=BLUE)
    arrow(ax, (3.1, 1.15), (3.75, 1.6))
    arrow(ax, (3.25, 2.35), (3.75, 1.9))
    arrow(ax, (4.65, 1.75), (5.05, 1.75))
    label(ax, (5.45, 1.75), "0 … 1")
    route(ax, [(5.45, 1.55), (5.45, 0.65), (1.6, 0.65), (1.6, 0.78)], color=RED, dashed=True)
    label(ax, (4.3, 0.85), "梯度 gradient", size=SMALL, color=RED)
    label(ax, (3, 0.28), r"$\min_G\max_D\;\mathbb{E}\,[\log D(x)]+\mathbb{E}\,[\log(1-D(G(z)))]$", size=12)
    return fig


@figure("vae")
def vae() -> Figure:
    """Encoder to mean and spread, the sample written as a sum, decoder back."""
    fig, ax = sheet(3.1)
    label(ax, (0.2, 1.7), "x")
    box(ax, (0.95, 1.7), (1.0, 0.75), "encoder\nq(z|x)", color=BLUE, letters=SMALL)
    arrow(ax, (0.3, 1.7), (0.43, 1.7))
    node(ax, (2.1, 2.2), 0.22, "μ", color=ORANGE)
    node(ax, (2.1, 1.2), 0.22, "σ", color=ORANGE)
    arrow(ax, (1.47, 1.8), (1.88, 2.12))
    arrow(ax, (1.47, 1.6), (1.88, 1.28))
    node(ax, (2.9, 1.2), 0.17, "×", color=RED)
    node(ax, (3.3, 1.7), 0.17, "+", color=RED)
    arrow(ax, (2.33, 1.2), (2.71, 1.2))
    arrow(ax, (2.32, 2.14), (3.13, 1.8))
    arrow(ax, (3.0, 1.34), (3.18, 1.56))
    label(ax, (3.45, 0.75), "ε ~ N(0, I)", size=SMALL, color=GREY, ha="left")
    arrow(ax, (3.4, 0.78), (3.03, 1.07), dashed=True)
    arrow(ax, (3.48, 1.7), (3.72, 1.7))
    label(ax, (3.87, 1.7), "z")
    arrow(ax, (4.0, 1.7), (4.2, 1.7))
    box(ax, (4.77, 1.7), (1.05, 0.75), "decoder\np(x|z)", color=GREEN, letters=SMALL)
    arrow(ax, (5.32, 1.7), (5.6, 1.7))
    label(ax, (5.8, 1.72), r"$\hat x$")
    label(ax, (3, 2.8), r"$z=\mu+\sigma\odot\varepsilon$")
    label(ax, (3, 0.3), r"$L=-\mathbb{E}\,[\log p(x|z)]+\mathrm{KL}(q(z|x)\,\Vert\,\mathcal{N}(0,I))$", size=12)
    return fig


@figure("diffusion")
def diffusion() -> Figure:
    """A ring of points that turns into noise, really computed with the linear schedule of a thousand steps."""
    rng = np.random.default_rng(6)
    angle = rng.uniform(0, 2 * np.pi, 250)
    start = 1.4 * np.stack([np.cos(angle), np.sin(angle)], axis=1) + rng.normal(0, 0.05, (250, 2))
    kept = np.cumprod(1 - np.linspace(1e-4, 0.02, 1000))
    fig, axes = panels(3.0, 4)
    noise = rng.normal(0, 1, start.shape)
    for ax, step in zip(axes, (0, 100, 300, 1000), strict=True):
        share = 1.0 if step == 0 else float(kept[step - 1])
        now = np.sqrt(share) * start + np.sqrt(1 - share) * noise
        ax.plot(now[:, 0], now[:, 1], "o", markersize=2.5, color=BLUE, markeredgewidth=0)
        ax.set(xlim=(-3.2, 3.2), ylim=(-3.2, 3.2), aspect="equal", title=f"t = {step}")
        ax.set_xlabel(f"ᾱ = {share:.2f}" if share > 0.01 else "ᾱ < 0.001", fontsize=SMALL)
        no_ticks(ax)
    fig.suptitle(r"$x_t=\sqrt{\bar\alpha_t}\,x_0+\sqrt{1-\bar\alpha_t}\;\varepsilon$")
    fig.supxlabel("加噪 noise →     ← 学习去噪 learn to denoise", fontsize=SMALL)
    return fig


@figure("mdp")
def mdp() -> Figure:
    """Agent and environment, and what goes round between them."""
    fig, ax = sheet(3.1)
    box(ax, (3, 2.5), (2.4, 0.65), "智能体 agent  π(a|s)", color=BLUE)
    box(ax, (3, 0.95), (2.4, 0.65), "环境 environment", color=GREEN)
    route(ax, [(4.22, 2.5), (5.1, 2.5), (5.1, 0.95), (4.24, 0.95)], color=RED)
    label(ax, (5.2, 1.72), "动作\naction a", size=SMALL, color=RED, ha="left")
    route(ax, [(1.78, 1.05), (1.2, 1.05), (1.2, 2.4), (1.76, 2.4)], color=ORANGE)
    route(ax, [(1.78, 0.85), (1.0, 0.85), (1.0, 2.6), (1.76, 2.6)])
    label(ax, (0.9, 1.72), "状态\nstate s", size=SMALL, ha="right")
    label(ax, (1.3, 1.72), "奖励\nreward r", size=SMALL, ha="left", color="#9A6A00")
    label(ax, (3, 0.3), r"$G_t=\sum_{k}\gamma^k r_{t+k+1}$")
    return fig
