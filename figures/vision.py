"""Figures of seeing: convolution and its kin, networks for images, detection and segmentation."""

import math
from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import arrow, block, box, cells, frame, label, node, route, span
from figures.style import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PALE,
    PINK,
    RED,
    SKY,
    SMALL,
    WHITE,
    YELLOW,
    canvas,
    no_ticks,
    panels,
    sheet,
    tint,
)

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Corners = tuple[float, float, float, float]


def _convolve(image: Whole, kernel: Whole, stride: int = 1) -> Whole:
    """What deep learning calls convolution: the kernel slides without being flipped."""
    size = kernel.shape[0]
    count = (image.shape[0] - size) // stride + 1
    out = [
        [int((image[r * stride : r * stride + size, c * stride : c * stride + size] * kernel).sum()) for c in range(count)]
        for r in range(count)
    ]
    return np.array(out, dtype=np.int64)


def _text(values: Whole) -> list[list[str]]:
    """Whole numbers with a real minus sign."""
    return [[str(value).replace("-", "−") for value in line] for line in values.tolist()]


@figure("convolution")
def convolution() -> Figure:
    """Padded input, kernel and output with numbers, and how the sizes follow."""
    rng = np.random.default_rng(4)
    image = rng.integers(0, 4, (5, 5))
    padded = np.pad(image, 1)
    kernel = np.array([[1, 0, -1], [1, 0, -1], [1, 0, -1]])
    out = _convolve(padded, kernel, 2)
    fig, ax = sheet(3.9)
    side, top = 0.34, 3.2

    def fill(row: int, column: int) -> str:
        inside = 1 <= row <= 5 and 1 <= column <= 5
        return tint(BLUE) if inside else WHITE

    cells(ax, (0.15, top), _text(padded), size=side, fill=fill)
    frame(ax, (0.15 + 2 * side, top - 2 * side), (3 * side, 3 * side), color=RED)
    cells(ax, (3.0, top - 2 * side), _text(kernel), size=side, fill=tint(ORANGE))
    out_side = 0.42
    cells(ax, (4.6, top - 1.65 * side), _text(out), size=out_side, fill=tint(GREEN))
    frame(ax, (4.6 + out_side, top - 1.65 * side - out_side), (out_side, out_side), color=RED)
    label(ax, (2.77, top - 3.5 * side), "∗")
    label(ax, (4.3, top - 3.5 * side), "=")
    label(ax, (1.34, 3.5), "输入 input 5×5, p = 1", size=SMALL)
    label(ax, (3.51, 2.85), "核 kernel\nk = 3, s = 2", size=SMALL)
    label(ax, (5.23, 2.95), "输出 output", size=SMALL)
    label(
        ax, (3, 0.4), r"$o=\left\lfloor\frac{n+2p-k}{s}\right\rfloor+1=\left\lfloor\frac{5+2-3}{2}\right\rfloor+1=3$", size=14
    )
    return fig


@figure("receptive-field")
def receptive_field() -> Figure:
    """Which inputs one unit three layers up depends on; the stride widens every later layer."""
    layers = [(3, 1), (3, 2), (3, 1)]
    fig, ax = sheet(4.1)
    step, left, count = 0.36, 0.45, 11
    heights = [0.5, 1.4, 2.3, 3.2]
    jumps = [1]
    for _, stride in layers:
        jumps.append(jumps[-1] * stride)
    middle = count // 2
    centres = [[c for c in range(count) if (c - middle) % jump == 0] for jump in jumps]
    seen = [{middle}]
    field = [1]
    for level in range(len(layers), 0, -1):
        jump, size = jumps[level - 1], layers[level - 1][0]
        reach = range(-(size // 2), size // 2 + 1)
        below = {c + step_ * jump for c in seen[0] for step_ in reach}
        for c in sorted(seen[0]):
            for step_ in reach:
                start = (left + (c + step_ * jump) * step, heights[level - 1] + 0.12)
                ax.plot([start[0], left + c * step], [start[1], heights[level] - 0.12], color=ORANGE, linewidth=1.1, zorder=1)
        seen.insert(0, below)
    for level, (size, _) in enumerate(layers):
        field.append(field[-1] + (size - 1) * jumps[level])
    for level, height in enumerate(heights):
        for c in centres[level]:
            node(ax, (left + c * step, height), 0.12, color=RED if c in seen[level] else GREY)
        name = "输入 input" if level == 0 else f"k={layers[level - 1][0]}, s={layers[level - 1][1]}\nr = {field[level]}"
        label(ax, (4.4, height), name, size=SMALL, ha="left")
    low, high = left + (min(seen[0]) - 0.35) * step, left + (max(seen[0]) + 0.35) * step
    span(ax, (low, 0.25), (high, 0.25))
    label(ax, (4.4, 0.22), f"← {len(seen[0])}", size=SMALL, ha="left", color=RED)
    label(ax, (2.3, 3.75), r"$r_l=r_{l-1}+(k_l-1)\,\prod_{i<l}s_i$")
    return fig


@figure("dilated-conv")
def dilated_conv() -> Figure:
    """Nine weights each time, spread wider and wider."""
    fig, ax = sheet(3.0)
    side, grid = 0.2, 9
    for place, rate in enumerate((1, 2, 4)):
        reach = 3 + 2 * (rate - 1)
        x, top = 0.12 + place * 1.98, 2.5
        offsets = {grid // 2 + part * rate for part in (-1, 0, 1)}
        first, last = grid // 2 - reach // 2, grid // 2 + reach // 2

        def fill(row: int, column: int, rate_at: set[int] = offsets, low: int = first, high: int = last) -> str:
            if row in rate_at and column in rate_at:
                return RED
            return tint(ORANGE) if low <= row <= high and low <= column <= high else WHITE

        cells(ax, (x, top), [[""] * grid] * grid, size=side, fill=fill, edge=PALE)
        label(ax, (x + 0.9, 2.75), f"d = {rate}")
        label(ax, (x + 0.9, 0.5), f"{reach}×{reach}", color=RED)
    label(ax, (3, 0.2), r"$k_{\mathrm{eff}}=k+(k-1)(d-1),\quad k=3$")
    return fig


@figure("pooling")
def pooling() -> Figure:
    """Largest value and mean of each window of a small map."""
    values = np.array([[1, 3, 2, 0], [5, 7, 4, 2], [0, 2, 8, 6], [4, 2, 1, 5]])
    windows = values.reshape(2, 2, 2, 2).swapaxes(1, 2)
    colors = [[tint(BLUE), tint(ORANGE)], [tint(GREEN), tint(PINK)]]
    fig, ax = sheet(3.1)
    side = 0.5

    def large(row: int, column: int) -> str:
        return colors[row // 2][column // 2]

    def small(row: int, column: int) -> str:
        return colors[row][column]

    cells(ax, (0.4, 2.55), values.tolist(), size=side, fill=large, letters=13)
    cells(ax, (4.3, 2.75), windows.max(axis=(2, 3)).tolist(), size=side, fill=small, letters=13)
    mean = [[f"{value:g}" for value in line] for line in windows.mean(axis=(2, 3)).tolist()]
    cells(ax, (4.3, 1.4), mean, size=side, fill=small, letters=13)
    arrow(ax, (2.5, 1.9), (4.2, 2.25))
    arrow(ax, (2.5, 1.3), (4.2, 0.9))
    label(ax, (3.2, 2.4), "最大 max")
    label(ax, (3.2, 0.75), "平均 mean")
    label(ax, (1.4, 0.3), "2×2, s = 2")
    return fig


@figure("transposed-conv")
def transposed_conv() -> Figure:
    """Every input stamps the kernel, times its value, into the output; stamps add up where they overlap."""
    values = np.array([[1, 2], [3, 4]])
    kernel = np.array([[1, 1, 1], [1, 2, 1], [1, 1, 1]])
    stride = 2
    out = np.zeros((5, 5), dtype=np.int64)
    times = np.zeros((5, 5), dtype=np.int64)
    for r in range(2):
        for c in range(2):
            out[r * stride : r * stride + 3, c * stride : c * stride + 3] += values[r, c] * kernel
            times[r * stride : r * stride + 3, c * stride : c * stride + 3] += 1
    fig, ax = sheet(3.5)
    side = 0.42
    shade = {1: tint(BLUE, 0.12), 2: tint(BLUE, 0.35), 4: tint(BLUE, 0.6)}

    def fill(row: int, column: int) -> str:
        return shade[int(times[row, column])]

    cells(ax, (0.3, 2.5), values.tolist(), size=side, fill=tint(GREEN))
    cells(ax, (1.75, 2.72), kernel.tolist(), size=side, fill=tint(ORANGE))
    cells(ax, (3.7, 3.14), out.tolist(), size=side, fill=fill)
    frame(ax, (0.3, 2.5), (side, side), color=RED)
    frame(ax, (3.7, 3.14), (3 * side, 3 * side), color=RED)
    label(ax, (1.45, 2.08), "∗")
    label(ax, (3.35, 2.08), "→")
    label(ax, (0.72, 2.85), "输入 input", size=SMALL)
    label(ax, (2.38, 3.0), "核 kernel", size=SMALL)
    label(ax, (1.6, 1.1), "s = 2, p = 0", size=SMALL)
    label(ax, (4.75, 0.8), "颜色深 = 重叠多\ndarker = more overlap", size=SMALL, color=BLUE)
    label(ax, (2.4, 0.3), r"$o=(n-1)\,s-2p+k=(2-1)\cdot2-0+3=5$")
    return fig


@figure("depthwise-separable")
def depthwise_separable() -> Figure:
    """Both ways from 64 to 128 channels with the weights counted."""
    size, inner, outer = 3, 64, 128
    full, depth, point = size**2 * inner * outer, size**2 * inner, inner * outer
    fig, ax = sheet(3.9)
    for y, title in ((2.35, "标准卷积 standard"), (0.55, "深度可分离 depthwise separable")):
        label(ax, (0.15, y + 1.38), title, size=SMALL, ha="left")
        block(ax, (0.2, y), (0.45, 0.75), 0.6, color=BLUE)
        label(ax, (0.55, y - 0.17), f"C = {inner}", size=SMALL)
        block(ax, (5.0, y), (0.45, 0.75), 0.9, color=GREEN)
        label(ax, (5.4, y - 0.17), f"C′ = {outer}", size=SMALL)
    arrow(ax, (1.05, 2.85), (1.45, 2.85))
    box(ax, (2.9, 2.85), (2.8, 0.75), f"3×3×{inner}, ×{outer}\n= {full:,}", color=RED)
    arrow(ax, (4.4, 2.85), (4.9, 2.85))
    arrow(ax, (1.05, 1.05), (1.25, 1.05))
    box(ax, (1.95, 1.05), (1.36, 0.75), f"3×3, ×{inner}\n= {depth:,}", color=ORANGE)
    arrow(ax, (2.68, 1.05), (2.95, 1.05))
    box(ax, (3.76, 1.05), (1.58, 0.75), f"1×1×{inner}, ×{outer}\n= {point:,}", color=ORANGE, letters=SMALL)
    arrow(ax, (4.6, 1.05), (4.9, 1.05))
    label(ax, (2.8, 0.15), f"{full:,} / {depth + point:,} = {full / (depth + point):.1f}×", color=RED)
    return fig


@figure("weight-sharing")
def weight_sharing() -> Figure:
    """The same six inputs and four outputs wired in three ways; equal colours are equal weights."""
    fig, ax = sheet(3.4)
    for place, title in enumerate(("全连接\nfully connected", "局部连接\nlocal", "局部 + 共享\nlocal + shared")):
        left = 0.2 + place * 2.0
        weights = 0
        for out in range(4):
            for source in range(6):
                tap = source - out
                if place > 0 and not 0 <= tap <= 2:
                    continue
                color = GREY if place < 2 else (BLUE, RED, GREEN)[tap]
                weights += 1
                ends = (left + 0.1 + source * 0.28, left + 0.38 + out * 0.28)
                ax.plot(ends, (0.95, 2.15), color=color, linewidth=1.0 if place < 2 else 2.0)
        count = 3 if place == 2 else weights
        for source in range(6):
            node(ax, (left + 0.1 + source * 0.28, 0.9), 0.1, color=BLUE)
        for out in range(4):
            node(ax, (left + 0.38 + out * 0.28, 2.2), 0.1, color=ORANGE)
        label(ax, (left + 0.8, 2.85), title, size=SMALL)
        label(ax, (left + 0.8, 0.4), f"{count} w")
    return fig


@figure("kernel-stack")
def kernel_stack() -> Figure:
    """Two small kernels see what a large one sees; a kernel of one mixes channels."""
    fig, ax = sheet(3.6)
    side = 0.24
    grids = [(0.2, 5, tint(ORANGE)), (1.75, 3, tint(BLUE)), (2.85, 1, tint(GREEN))]
    for x, count, color in grids:
        cells(ax, (x, 2.2 + count * side / 2), [[""] * count] * count, size=side, fill=color)
        label(ax, (x + count * side / 2, 1.3), f"{count}×{count}", size=SMALL)
    arrow(ax, (1.43, 2.2), (1.72, 2.2))
    arrow(ax, (2.5, 2.2), (2.82, 2.2))
    label(ax, (1.6, 2.85), "3×3", size=SMALL)
    label(ax, (2.66, 2.85), "3×3", size=SMALL)
    label(ax, (1.55, 0.85), "3×3 + 3×3:  18 C²", color=GREEN)
    label(ax, (1.55, 0.5), "5×5:  25 C²", color=RED)
    ax.plot([3.4, 3.4], [0.3, 3.3], color=PALE, linewidth=1)
    colors = (BLUE, ORANGE, PINK, SKY)
    for row, color in enumerate(colors):
        cells(ax, (3.65, 2.95 - row * 0.45), [[""]], size=0.34, fill=tint(color, 0.5))
    for row in range(2):
        y = 2.55 - row * 0.8
        cells(ax, (5.35, y), [[""]], size=0.34, fill=tint(GREEN, 0.5))
        for source, color in enumerate(colors):
            arrow(ax, (4.02, 2.78 - source * 0.45), (5.32, y - 0.17), color=color, width=1.1)
    label(ax, (4.7, 3.3), "1×1", size=SMALL)
    label(ax, (4.7, 0.95), "同一像素 one pixel", size=SMALL)
    label(ax, (4.7, 0.5), r"$y_o=\sum_c w_{oc}\,x_c$")
    return fig


@figure("gap")
def gap() -> Figure:
    """The head of a classifier with and without global average pooling, weights counted."""
    side, channels, classes = 7, 512, 1000
    flat, pooled = side * side * channels * classes, channels * classes
    fig, ax = sheet(3.6)
    rows = ((2.5, "展平 flatten", side * side * channels, flat, RED), (0.8, "GAP 全局平均", channels, pooled, GREEN))
    for y, name, width, weights, color in rows:
        block(ax, (0.15, y - 0.35), (0.6, 0.6), 0.6, color=BLUE)
        label(ax, (0.6, y - 0.58), f"{side}×{side}×{channels}", size=SMALL)
        arrow(ax, (1.15, y), (2.5, y))
        label(ax, (1.83, y + 0.22), name, size=SMALL)
        tall = 1.1 if width > channels else 0.5
        box(ax, (2.65, y), (0.2, tall), color=color)
        label(ax, (2.65, y + tall / 2 + 0.17), f"{width:,}", size=SMALL)
        arrow(ax, (2.8, y), (4.7, y), color=color)
        label(ax, (3.75, y + 0.22), "FC", size=SMALL)
        label(ax, (3.75, y - 0.25), f"{weights / 1e6:.2f} M w", color=color)
        box(ax, (4.85, y), (0.2, 0.6), color=GREY)
        label(ax, (5.0, y - 0.5), f"{classes:,} 类 classes", size=SMALL)
    return fig


@figure("cnn-pipeline")
def cnn_pipeline() -> Figure:
    """How maps shrink and channels grow until a vector of classes is left."""
    fig, ax = sheet(2.9 + 0.1)
    stages = [
        (32, 3, "32²×3", "输入\ninput"),
        (32, 16, "32²×16", "conv\n3×3"),
        (16, 16, "16²×16", "pool\n2×2"),
        (16, 32, "16²×32", "conv\n3×3"),
        (8, 32, "8²×32", "pool\n2×2"),
    ]
    xs = (0.15, 1.15, 2.25, 3.05, 3.95)
    for (side, channels, shape, name), x in zip(stages, xs, strict=True):
        long = side / 32 * 0.62
        block(ax, (x, 1.35 - long / 2), (long, long * 1.4), 0.1 + channels / 32 * 0.5, color=BLUE if "conv" in name else ORANGE)
        label(ax, (x + long / 2 + 0.08, 0.62), shape, size=SMALL)
        label(ax, (x + long / 2 + 0.08, 2.55), name, size=SMALL)
    box(ax, (4.85, 1.4), (0.16, 1.4), color=GREEN)
    box(ax, (5.6, 1.4), (0.16, 0.6), color=RED)
    arrow(ax, (4.97, 1.4), (5.48, 1.4))
    label(ax, (4.85, 0.4), f"{8 * 8 * 32}", size=SMALL)
    label(ax, (5.6, 0.62), "10", size=SMALL)
    label(ax, (4.85, 2.55), "展平\nflatten", size=SMALL)
    label(ax, (5.6, 2.55), "FC +\nsoftmax", size=SMALL)
    arrow(ax, (0.2, 0.2), (5.7, 0.2), width=1.0)
    return fig


@figure("cnn-timeline")
def cnn_timeline() -> Figure:
    """The errors that made four networks famous."""
    rows = [("AlexNet 2012", 15.3), ("VGG 2014", 7.3), ("GoogLeNet 2014", 6.7), ("ResNet 2015", 3.57)]
    fig, ax = canvas(3.2)
    ax.barh([name for name, _ in rows], [error for _, error in rows], color=[RED, ORANGE, BLUE, GREEN], height=0.6)
    for row, (_, error) in enumerate(rows):
        ax.text(error + 0.25, row, f"{error:g} %", va="center")
    ax.invert_yaxis()
    ax.set(xlim=(0, 18), xlabel="ILSVRC top-5 %  (集成 ensembles)")
    ax.tick_params(axis="y", labelsize=13, length=0)
    return fig


@figure("residual-block")
def residual_block() -> Figure:
    """Adding against concatenating what went round."""
    fig, ax = sheet(3.9)
    for x, title, sign, result in (
        (1.3, "ResNet", "+", r"$y=x+F(x)$"),
        (4.2, "DenseNet", "C", r"$y=[x,\,F(x)]$"),
    ):
        label(ax, (x + 0.2, 3.65), title)
        label(ax, (x, 3.22), "x")
        arrow(ax, (x, 3.08), (x, 2.6))
        box(ax, (x, 2.35), (1.0, 0.48), "conv", color=BLUE)
        arrow(ax, (x, 2.1), (x, 1.87))
        box(ax, (x, 1.62), (1.0, 0.48), "conv", color=BLUE)
        arrow(ax, (x, 1.37), (x, 1.15))
        node(ax, (x, 0.96), 0.18, sign, color=RED)
        arrow(ax, (x, 0.77), (x, 0.52))
        route(ax, [(x, 2.85), (x + 0.85, 2.85), (x + 0.85, 0.96), (x + 0.2, 0.96)], color=RED)
        label(ax, (x, 0.3), result)
        label(ax, (x - 0.62, 1.98), "F", ha="right")
    label(ax, (2.25, 1.98), "C → C", size=SMALL, ha="left")
    label(ax, (5.12, 1.98), "C → C+k", size=SMALL, ha="left")
    return fig


@figure("norm-axes")
def norm_axes() -> Figure:
    """Which maps share one mean and variance: rows are samples, columns channels, every cell one map."""
    fig, ax = sheet(4.5)
    samples, channels = 3, 4
    colors = (BLUE, ORANGE, GREEN, PINK, SKY, YELLOW, RED, GREY, "#8C6BB1", "#A6761D", "#B3DE69", "#222222")
    groups: dict[str, Callable[[int, int], int]] = {
        "BatchNorm": lambda _row, column: column,
        "LayerNorm": lambda row, _column: row,
        "InstanceNorm": lambda row, column: row * channels + column,
        "GroupNorm (G = 2)": lambda row, column: row * 2 + column // 2,
    }
    side = 0.42
    for place, (name, group) in enumerate(groups.items()):
        x, top = 0.75 + (place % 2) * 2.9, 3.75 - (place // 2) * 2.05
        names = [[group(row, column) for column in range(channels)] for row in range(samples)]

        def fill(row: int, column: int, of: list[list[int]] = names) -> str:
            return tint(colors[of[row][column]], 0.55)

        cells(ax, (x, top), [[""] * channels] * samples, size=side, fill=fill)
        label(ax, (x + 2 * side, top + 0.42), name)
        label(ax, (x + 2 * side, top + 0.15), "C →", size=SMALL)
        label(ax, (x - 0.12, top - 1.5 * side), "N\n↓", size=SMALL, ha="right")
    label(ax, (3, 0.22), "一格 = H×W，同色共用 μ, σ  ·  one cell = H×W, same colour: same μ, σ", size=SMALL)
    return fig


def _iou(one: Corners, other: Corners) -> float:
    """Intersection over union of two boxes given by their corners."""
    wide = max(0.0, min(one[2], other[2]) - max(one[0], other[0]))
    tall = max(0.0, min(one[3], other[3]) - max(one[1], other[1]))
    both = wide * tall
    areas = [(c[2] - c[0]) * (c[3] - c[1]) for c in (one, other)]
    return both / (sum(areas) - both)


@figure("iou")
def iou() -> Figure:
    """Three pairs of equal boxes, further and further apart."""
    fig, axes = panels(3.0, 3)
    truth = (1.0, 1.0, 5.0, 5.0)
    for ax, shift in zip(axes, (0.5, 1.0, 2.0), strict=True):
        found = (truth[0] + shift, truth[1] + shift, truth[2] + shift, truth[3] + shift)
        ax.add_patch(Rectangle((found[0], found[1]), 4 - shift, 4 - shift, facecolor=tint(ORANGE, 0.5)))
        for corners, color, dash in ((truth, GREEN, "-"), (found, RED, "--")):
            ax.add_patch(Rectangle(corners[:2], 4, 4, fill=False, edgecolor=color, linewidth=2.2, linestyle=dash))
        both = (4 - shift) ** 2
        ax.set(xlim=(0.5, 7.5), ylim=(0.5, 7.5), aspect="equal", title=f"IoU = {_iou(truth, found):.2f}")
        ax.set_xlabel(f"∩/∪ = {both:g}/{32 - both:g}", fontsize=SMALL)
        no_ticks(ax)
    label(axes[0], (1.1, 6.6), "真值 truth", size=SMALL, color=GREEN, ha="left")
    label(axes[1], (1.1, 6.6), "预测 predicted", size=SMALL, color=RED, ha="left")
    return fig


@figure("nms")
def nms() -> Figure:
    """Five candidates, and the two that greedy suppression keeps."""
    found: list[tuple[Corners, float]] = [
        ((0.6, 0.8, 3.2, 4.6), 0.95),
        ((0.9, 1.1, 3.5, 4.9), 0.85),
        ((0.3, 0.4, 2.9, 4.1), 0.7),
        ((5.0, 1.0, 7.4, 4.4), 0.9),
        ((5.4, 1.4, 7.8, 4.8), 0.6),
    ]
    kept: list[tuple[Corners, float]] = []
    for corners, score in sorted(found, key=lambda pair: -pair[1]):
        if all(_iou(corners, other) <= 0.5 for other, _ in kept):
            kept.append((corners, score))
    fig, axes = panels(2.9 + 0.1, 2)
    titles = (f"前 before: {len(found)}", f"后 after: {len(kept)}")
    for ax, boxes, title in zip(axes, (found, kept), titles, strict=True):
        for corners, score in reversed(boxes):
            color = RED if (corners, score) in kept else GREY
            wide, tall = corners[2] - corners[0], corners[3] - corners[1]
            thick = 2.4 if color == RED else 1.3
            ax.add_patch(Rectangle(corners[:2], wide, tall, fill=False, edgecolor=color, linewidth=thick))
            if color == RED:
                ax.text(corners[0] + wide / 2, corners[1] + tall / 2, f"{score:.2f}", ha="center", va="center", color=RED)
            else:
                above = corners[1] > 1
                y = corners[3] + 0.1 if above else corners[1] - 0.1
                ax.text(corners[2], y, f"{score:.2f}", ha="right", va="bottom" if above else "top", fontsize=SMALL, color=GREY)
        ax.set(xlim=(0, 8.1), ylim=(-0.5, 5.7), title=title)
        ax.set_aspect("equal")
        no_ticks(ax)
    axes[1].set_xlabel("IoU > 0.5 → ×")
    return fig


@figure("anchors")
def anchors() -> Figure:
    """The nine anchors of one place: three areas times three ratios."""
    fig, ax = canvas(5.4)
    for scale, color in ((128, BLUE), (256, GREEN), (512, RED)):
        for ratio, dash in ((0.5, "--"), (1.0, "-"), (2.0, ":")):
            wide = scale / math.sqrt(ratio)
            tall = scale * math.sqrt(ratio)
            ax.add_patch(
                Rectangle((-wide / 2, -tall / 2), wide, tall, fill=False, edgecolor=color, linewidth=1.8, linestyle=dash)
            )
        ax.plot([], [], color=color, label=f"{scale}²")
    for name, dash in (("h : w = 1 : 2", "--"), ("1 : 1", "-"), ("2 : 1", ":")):
        ax.plot([], [], dash, color=GREY, label=name)
    ax.plot(0, 0, "k+", markersize=9)
    ax.set(xlim=(-400, 400), ylim=(-400, 400), aspect="equal", xlabel="px", xticks=[-300, 0, 300], yticks=[-300, 0, 300])
    fig.legend(*ax.get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


@figure("two-stage")
def two_stage() -> Figure:
    """The two pipelines of detection side by side."""
    fig, ax = sheet(3.9)
    label(ax, (0.15, 3.65), "两阶段 two-stage (Faster R-CNN)", size=SMALL, ha="left", color=RED)
    label(ax, (0.15, 1.55), "单阶段 one-stage (YOLO, SSD)", size=SMALL, ha="left", color=GREEN)
    box(ax, (0.6, 2.6), (0.8, 0.7), "图像\nimage", color=GREY, letters=SMALL)
    box(ax, (1.85, 2.6), (1.1, 0.7), "backbone", color=BLUE, letters=SMALL)
    box(ax, (3.15, 2.95), (0.85, 0.5), "RPN", color=ORANGE)
    box(ax, (4.1, 2.2), (0.95, 0.5), "RoIAlign", color=ORANGE, letters=SMALL)
    box(ax, (5.4, 2.2), (0.95, 0.8), "类别+框\nclass+box", color=RED, letters=SMALL)
    arrow(ax, (1.02, 2.6), (1.28, 2.6))
    route(ax, [(2.42, 2.75), (2.55, 2.75), (2.55, 2.95), (2.7, 2.95)])
    route(ax, [(2.42, 2.45), (2.55, 2.45), (2.55, 2.2), (3.6, 2.2)])
    route(ax, [(3.6, 2.95), (4.1, 2.95), (4.1, 2.48)])
    label(ax, (4.2, 3.12), "候选框 proposals", size=SMALL, ha="left")
    arrow(ax, (4.6, 2.2), (4.9, 2.2))
    ax.plot([0.15, 5.85], [1.82, 1.82], color=PALE, linewidth=1)
    box(ax, (0.6, 0.8), (0.8, 0.7), "图像\nimage", color=GREY, letters=SMALL)
    box(ax, (1.85, 0.8), (1.1, 0.7), "backbone", color=BLUE, letters=SMALL)
    box(ax, (3.6, 0.8), (1.5, 0.7), "密集预测头\ndense head", color=GREEN, letters=SMALL)
    box(ax, (5.4, 0.8), (0.95, 0.8), "类别+框\nclass+box", color=GREEN, letters=SMALL)
    for start, end in ((1.02, 1.28), (2.42, 2.82), (4.37, 4.9)):
        arrow(ax, (start, 0.8), (end, 0.8))
    return fig


@figure("roi-align")
def roi_align() -> Figure:
    """One box between the cells of a map: rounded to them, or sampled where it really is."""
    region = (1.3, 1.4, 5.7, 5.6)
    fig, axes = panels(3.5, 2)
    snapped = (round(region[0]), round(region[1]), round(region[2]), round(region[3]))
    for ax, title in zip(axes, ("RoI Pooling", "RoI Align"), strict=True):
        for line in range(8):
            ax.plot([0, 7], [line, line], color=PALE, linewidth=0.8)
            ax.plot([line, line], [0, 7], color=PALE, linewidth=0.8)
        wide, tall = region[2] - region[0], region[3] - region[1]
        ax.add_patch(Rectangle(region[:2], wide, tall, fill=False, edgecolor=RED, linewidth=2.2, zorder=3))
        ax.set(xlim=(-0.1, 7.1), ylim=(-0.1, 7.1), aspect="equal", title=title)
        ax.set_axis_off()
    left, right = axes
    wide, tall = snapped[2] - snapped[0], snapped[3] - snapped[1]
    left.add_patch(Rectangle(snapped[:2], wide, tall, facecolor=tint(BLUE), edgecolor=BLUE, linestyle="--", linewidth=2.2))
    cut = (snapped[0] + math.floor(wide / 2), snapped[1] + math.floor(tall / 2))
    left.plot([cut[0], cut[0]], [snapped[1], snapped[3]], "--", color=BLUE)
    left.plot([snapped[0], snapped[2]], [cut[1], cut[1]], "--", color=BLUE)
    label(left, (3.5, -0.5), "取整 rounded", color=BLUE)
    wide, tall = region[2] - region[0], region[3] - region[1]
    right.plot([region[0] + wide / 2] * 2, [region[1], region[3]], color=RED, linewidth=1.2)
    right.plot([region[0], region[2]], [region[1] + tall / 2] * 2, color=RED, linewidth=1.2)
    for column in range(4):
        for row in range(4):
            right.plot(
                region[0] + (column + 0.5) * wide / 4, region[1] + (row + 0.5) * tall / 4, "o", color=GREEN, markersize=5
            )
    label(right, (3.5, -0.5), "双线性采样 bilinear", color=GREEN)
    return fig


@figure("fpn")
def fpn() -> Figure:
    """Up the backbone, down the pyramid, sideways by 1×1, a prediction on every level."""
    fig, ax = sheet(4.2)
    widths = (1.7, 1.2, 0.8, 0.5)
    for level, wide in enumerate(widths):
        y = 0.6 + level * 0.98
        box(ax, (1.15, y), (wide, 0.4), f"C{level + 2}", color=BLUE, letters=SMALL)
        box(ax, (3.8, y), (wide, 0.4), f"P{level + 2}", color=ORANGE, letters=SMALL)
        arrow(ax, (1.15 + wide / 2 + 0.03, y), (3.8 - wide / 2 - 0.03, y))
        arrow(ax, (3.83 + wide / 2, y), (5.0, y), color=GREEN)
        label(ax, (5.08, y), f"1/{2 ** (level + 2)}", ha="left", size=SMALL)
        if level:
            arrow(ax, (1.15, y - 0.76), (1.15, y - 0.22), color=BLUE)
            arrow(ax, (3.8, y - 0.22), (3.8, y - 0.76), color=ORANGE)
            label(ax, (3.9, y - 0.49), "↑2×, +", size=SMALL, ha="left", color="#9A6A00")
    label(ax, (2.35, 3.74), "1×1", size=SMALL)
    label(ax, (4.55, 3.74), "3×3, 预测 predict", size=SMALL, color=GREEN, ha="left")
    label(ax, (1.15, 0.18), "自下而上 bottom-up", size=SMALL, color=BLUE)
    label(ax, (3.8, 0.18), "自上而下 top-down", size=SMALL, color="#9A6A00")
    return fig


@figure("unet")
def unet() -> Figure:
    """Down, up, and the copies across that keep fine detail."""
    fig, ax = sheet(4.0)
    levels = [(572, 64, 1.5), (284, 128, 1.15), (140, 256, 0.85), (68, 512, 0.6)]
    for depth, (_, channels, tall) in enumerate(levels):
        y = 3.2 - depth * 0.78
        left, right = 0.6 + depth * 0.52, 5.4 - depth * 0.52
        box(ax, (left, y), (0.44, tall * 0.4), str(channels), color=BLUE, letters=SMALL)
        box(ax, (right, y), (0.44, tall * 0.4), str(channels), color=ORANGE, letters=SMALL)
        arrow(ax, (left + 0.26, y), (right - 0.26, y), dashed=True, color=GREEN)
        below = y - 0.78
        nearer = (left + 0.52, right - 0.52) if depth < 3 else (2.72, 3.28)
        arrow(ax, (left + 0.06, y - tall * 0.2 - 0.03), (nearer[0] - 0.12, below + 0.25), color=RED)
        arrow(ax, (nearer[1] + 0.12, below + 0.25), (right - 0.06, y - tall * 0.2 - 0.03), color=PINK)
    box(ax, (3, 0.08 + 0.1), (0.7, 0.26), "1024", color=GREY, letters=SMALL)
    label(ax, (3, 3.42), "拷贝并拼接 copy + concat", size=SMALL, color=GREEN)
    label(ax, (0.75, 1.05), "下采样\nmax pool 2×2", size=SMALL, color=RED)
    label(ax, (5.2, 1.05), "上采样\nup-conv 2×2", size=SMALL, color="#A3487A")
    label(ax, (0.6, 3.72), "图像 image", size=SMALL)
    label(ax, (5.3, 3.72), "掩码 mask", size=SMALL)
    return fig


@figure("yolo-grid")
def yolo_grid() -> Figure:
    """The cell that the centre falls into answers for the object; what each cell predicts in version 1."""
    fig, ax = sheet(3.6)
    side, left, top = 0.42, 0.25, 3.25
    centre = (left + 3.6 * side, top - 2.7 * side)
    answers = (2, 3)

    def fill(row: int, column: int) -> str:
        return tint(ORANGE, 0.6) if (row, column) == answers else WHITE

    cells(ax, (left, top), [[""] * 7] * 7, size=side, fill=fill, edge=PALE)
    wide, tall = 2.6 * side, 3.4 * side
    frame(ax, (centre[0] - wide / 2, centre[1] + tall / 2), (wide, tall), color=BLUE)
    ax.plot(*centre, "o", color=RED, markersize=7, zorder=6)
    arrow(ax, (left + 4 * side + 0.28, centre[1]), (3.45, centre[1]))
    widths = ((0.6, "B₁", GREEN), (0.6, "B₂", GREEN), (1.15, "20 P(c)", BLUE))
    x = 3.5
    for width, name, color in widths:
        box(ax, (x + width / 2, centre[1]), (width, 0.45), name, color=color, letters=SMALL)
        x += width
    label(ax, (4.7, centre[1] + 0.55), "B = (x, y, w, h, conf)", size=SMALL)
    label(ax, (4.7, 1.3), r"$S\times S\times(5B+C)$")
    label(ax, (4.7, 0.95), f"7×7×(5·2+20) = 7×7×{5 * 2 + 20}", size=SMALL)
    label(ax, (4.7, 0.5), "YOLOv1", size=SMALL, color=GREY)
    return fig


@figure("vit")
def vit() -> Figure:
    """From pixels to patches to tokens to a class."""
    fig, ax = sheet(4.2)
    colors = [(BLUE, ORANGE, GREEN), (PINK, SKY, YELLOW), (RED, GREY, BLUE)]

    def fill(row: int, column: int) -> str:
        return tint(colors[row][column], 0.55)

    cells(ax, (0.3, 1.75), [[1, 2, 3], [4, 5, 6], [7, 8, 9]], size=0.45, fill=fill)
    label(ax, (0.97, 0.2), "图像块 patches", size=SMALL)
    arrow(ax, (1.75, 1.05), (2.12, 1.05))
    names = ["*", *(str(part) for part in range(1, 10))]
    for place, name in enumerate(names):
        x = 2.35 + place * 0.38
        shade = tint(colors[(place - 1) // 3][(place - 1) % 3], 0.55) if place else WHITE
        cells(ax, (x - 0.16, 1.21), [[name]], size=0.32, fill=shade, edge=RED if place == 0 else GREY)
        arrow(ax, (x, 1.25), (x, 1.72), width=1.0)
    label(ax, (4.05, 0.65), "线性投影 + 位置 linear + position", size=SMALL)
    label(ax, (4.05, 0.3), "* = [CLS]", size=SMALL, color=RED)
    box(ax, (4.05, 2.05), (3.75, 0.6), "Transformer encoder × L", color=BLUE)
    arrow(ax, (2.35, 2.38), (2.35, 2.85), color=RED)
    box(ax, (2.35, 3.1), (0.9, 0.45), "MLP", color=ORANGE)
    arrow(ax, (2.82, 3.1), (3.25, 3.1))
    label(ax, (3.35, 3.1), "类别 class", ha="left")
    label(ax, (3.0, 3.85), f"224×224, 16×16  →  (224/16)² = {(224 // 16) ** 2} tokens + 1", size=SMALL)
    return fig


@figure("se-block")
def se_block() -> Figure:
    """Squeeze every channel to a number, excite, and weigh the channels with the answer."""
    fig, ax = sheet(3.6)
    block(ax, (0.2, 0.5), (0.7, 0.85), 0.6, color=BLUE)
    block(ax, (4.75, 0.5), (0.7, 0.85), 0.6, color=GREEN)
    label(ax, (0.7, 0.25), "H×W×C", size=SMALL)
    label(ax, (5.2, 0.25), "H×W×C", size=SMALL)
    arrow(ax, (1.3, 0.95), (4.02, 0.95))
    node(ax, (4.2, 0.95), 0.17, "×", color=RED)
    arrow(ax, (4.39, 0.95), (4.7, 0.95))
    parts = [("GAP", "1×1×C", ORANGE), ("FC\nReLU", "C/r", BLUE), ("FC\nσ", "C", BLUE)]
    for place, (name, shape, color) in enumerate(parts):
        x = 1.35 + place * 1.2
        box(ax, (x, 2.5), (0.78, 0.68), name, color=color, letters=SMALL)
        label(ax, (x + 0.6, 2.95), shape, size=SMALL)
        if place < 2:
            arrow(ax, (x + 0.42, 2.5), (x + 0.78, 2.5))
    route(ax, [(0.65, 1.75), (0.65, 2.5), (0.93, 2.5)])
    route(ax, [(4.17, 2.5), (4.2, 2.5), (4.2, 1.15)], color=RED)
    label(ax, (4.3, 1.8), "s ∈ (0, 1)", size=SMALL, ha="left", color=RED)
    label(ax, (1.35, 3.35), "squeeze", size=SMALL)
    label(ax, (3.15, 3.35), "excitation", size=SMALL)
    label(ax, (2.7, 1.18), "scale", size=SMALL)
    return fig


@figure("edges")
def edges() -> Figure:
    """A drawn square and disc under Sobel's two kernels."""
    size = 48
    rows, columns = np.mgrid[0:size, 0:size]
    image = np.zeros((size, size))
    image[8:26, 6:24] = 1.0
    image[(rows - 31) ** 2 + (columns - 33) ** 2 <= 100] = 0.7
    across = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    padded = np.pad(image, 1, mode="edge")
    parts = [
        sum(kernel[r, c] * padded[r : r + size, c : c + size] for r in range(3) for c in range(3))
        for kernel in (across, across.T)
    ]
    gx, gy = (np.asarray(part) for part in parts)
    fig, axes = panels(5.6, 2, 2)
    shown = [("输入 input", image, "gray", 0.0, 1.0), ("$G_x$", gx, "RdBu_r", -4.0, 4.0)]
    shown += [("$G_y$", gy, "RdBu_r", -4.0, 4.0), ("$\\sqrt{G_x^2+G_y^2}$", np.hypot(gx, gy), "gray", 0.0, 4.3)]
    for ax, (title, data, colors, low, high) in zip(axes, shown, strict=True):
        ax.imshow(data, cmap=colors, vmin=low, vmax=high, interpolation="nearest")
        ax.set_title(title)
        no_ticks(ax)
    return fig
