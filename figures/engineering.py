"""Figures of engineering: many devices, few bits, small students, batches."""

import numpy as np
from matplotlib.figure import Figure

from figures.registry import figure
from figures.shapes import arrow, box, cells, label
from figures.style import BLUE, GREEN, GREY, ORANGE, RED, SMALL, canvas, panels, sheet, tint


@figure("parallelism")
def parallelism() -> Figure:
    """The same four layers on two devices, cut in three ways."""
    fig, ax = sheet(4.1)
    for place, name in enumerate(("数据并行\ndata", "张量并行\ntensor", "流水线并行\npipeline")):
        left = 0.15 + place * 1.98
        label(ax, (left + 0.86, 3.75), name, size=SMALL)
        for device, color in enumerate((BLUE, ORANGE)):
            wide = 0.38 if place == 1 else 0.6
            layers = (1, 2, 3, 4) if place < 2 else ((1, 2), (3, 4))[device]
            x = left + device * 0.92
            for layer in layers:
                y = 0.95 + (layer - 1) * 0.6
                cells(ax, (x + (0.76 - wide) / 2, y + 0.45), [[f"L{layer}"]], size=wide, height=0.45, fill=tint(color, 0.4))
            label(ax, (x + 0.38, 0.68), f"GPU{device}", size=SMALL, color=color if device == 0 else "#9A6A00")
        if place == 2:
            arrow(ax, (left + 0.38, 2.02), (left + 0.9, 2.35), color=RED)
        else:
            arrow(ax, (left + (0.62 if place else 0.72), 1.8), (left + (1.06 if place else 0.96), 1.8), color=RED, head="<|-|>")
        texts = ("梯度\ngradients", "激活\nactivations", "激活\nactivations")
        label(ax, (left + 0.86, 0.27), texts[place], size=SMALL, color=RED)
    return fig


@figure("zero")
def zero() -> Figure:
    """Bytes a device by stage of ZeRO for 7.5 billion parameters on 64 devices."""
    billions, devices = 7.5, 64
    stages = [("DP", (1, 1, 1)), ("ZeRO-1", (1, 1, devices)), ("ZeRO-2", (1, devices, devices)), ("ZeRO-3", (devices,) * 3)]
    fig, ax = canvas(3.8)
    parts = (("权重 weights 2 B", 2, BLUE), ("梯度 gradients 2 B", 2, ORANGE), ("优化器 optimizer 12 B", 12, GREEN))
    for row, (_, cuts) in enumerate(stages):
        start = 0.0
        for (name, size, color), cut in zip(parts, cuts, strict=True):
            wide = size * billions / cut
            ax.barh(row, wide, left=start, color=color, height=0.6, label=name if row == 0 else None)
            start += wide
        ax.text(start + 1.5, row, f"{start:.1f} GB", va="center", fontsize=SMALL)
    ax.set_yticks(range(4), [name for name, _ in stages])
    ax.invert_yaxis()
    ax.set(xlim=(0, 145), xlabel="GB / GPU  (7.5B, 64 GPU)")
    ax.legend(loc="lower right")
    return fig


@figure("quantization")
def quantization() -> Figure:
    """Rounding to four bits: the staircase above, its error below."""
    low, high, bits = -1.0, 2.0, 4
    scale = (high - low) / (2**bits - 1)
    zero_point = round(-low / scale)
    x = np.linspace(-1.4, 2.4, 1521)
    q = np.clip(np.round(x / scale) + zero_point, 0, 2**bits - 1)
    back = scale * (q - zero_point)
    fig, axes = panels(4.6, 1, 2, heights=(1.6, 1.0))
    axes[0].plot(x, x, ":", color=GREY, linewidth=1.4, label="x")
    axes[0].plot(x, back, color=BLUE, label="S (q − Z)")
    axes[0].legend(loc="lower right")
    axes[0].set_title(f"4 bit:  S = {scale:g},  Z = {zero_point},  q = 0 … 15")
    axes[1].plot(x, back - x, color=RED, linewidth=1.4)
    axes[1].set(ylabel="误差 error", xlabel="x", ylim=(-0.3, 0.3), yticks=[-scale / 2, scale / 2], yticklabels=["−S/2", "S/2"])
    for ax in axes:
        ax.set_xlim(-1.4, 2.4)
        for edge in (low, high):
            ax.axvline(edge, color=GREY, linewidth=0.8, linestyle="--")
    return fig


@figure("distillation")
def distillation() -> Figure:
    """Teacher and student on one input, and the two losses."""
    fig, ax = sheet(3.5)
    label(ax, (0.25, 1.75), "x")
    box(ax, (1.5, 2.6), (1.4, 0.85), "教师 teacher\n(冻结 frozen)", color=GREY, letters=SMALL)
    box(ax, (1.5, 0.95), (1.4, 0.6), "学生 student", color=BLUE, letters=SMALL)
    arrow(ax, (0.38, 1.8), (0.77, 2.4))
    arrow(ax, (0.38, 1.7), (0.77, 1.1))
    box(ax, (3.2, 2.6), (1.2, 0.5), "softmax(z/T)", color=ORANGE, letters=SMALL)
    box(ax, (3.2, 1.5), (1.2, 0.5), "softmax(z/T)", color=ORANGE, letters=SMALL)
    box(ax, (3.2, 0.75), (1.2, 0.5), "softmax(z)", color=ORANGE, letters=SMALL)
    arrow(ax, (2.23, 2.6), (2.57, 2.6))
    arrow(ax, (2.23, 1.05), (2.57, 1.45))
    arrow(ax, (2.23, 0.9), (2.57, 0.78))
    box(ax, (5.0, 2.05), (1.1, 0.55), "KL · T²", color=RED)
    box(ax, (5.0, 0.75), (1.1, 0.55), "CE", color=GREEN)
    arrow(ax, (3.83, 2.6), (4.42, 2.2))
    arrow(ax, (3.83, 1.5), (4.42, 1.9))
    arrow(ax, (3.83, 0.75), (4.42, 0.75))
    label(ax, (5.0, 1.3), "标签 label y", size=SMALL)
    arrow(ax, (5.0, 1.18), (5.0, 1.05))
    label(ax, (3, 0.22), "L = α · T² · KL + (1 − α) · CE")
    label(ax, (3.2, 3.2), "软标签 soft labels", size=SMALL, color="#9A6A00")
    return fig


@figure("batch-noise")
def batch_noise() -> Figure:
    """The spread of a gradient estimate over batch sizes, measured, and the law that it follows."""
    rng = np.random.default_rng(7)
    x = rng.normal(0, 1, 20000)
    y = 2 * x + rng.normal(0, 1, 20000)
    slopes = 2 * (0.5 * x - y) * x
    sizes = [2**power for power in range(11)]
    spread = [float(np.std([slopes[rng.integers(0, x.size, size)].mean() for _ in range(600)])) for size in sizes]
    fig, ax = canvas(3.7)
    ax.plot(sizes, [float(slopes.std()) / np.sqrt(size) for size in sizes], color=GREY, label=r"$\sigma/\sqrt{B}$")
    ax.plot(sizes, spread, "o", color=RED, label="实测 measured")
    ax.set_xscale("log", base=2)
    ax.set_yscale("log")
    ax.set(xlabel="B", ylabel="梯度标准差 std of gradient", xticks=[1, 4, 16, 64, 256, 1024])
    ax.set_xticklabels(["1", "4", "16", "64", "256", "1024"])
    ax.set_yticks([4, 2, 1, 0.5, 0.25], ["4", "2", "1", "0.5", "0.25"])
    ax.minorticks_off()
    ax.grid(axis="y")
    ax.legend(loc="upper right", fontsize=13)
    return fig
