"""Figures of seeing: convolution and its kin, networks for images, detection and segmentation."""

import math

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from figures.registry import figure
from figures.shapes import Point, arrow, block, box, cells, frame, label, node, route, span
from figures.style import BLUE, GREEN, GREY, ORANGE, PALE, PINK, RED, SKY, SMALL, WHITE, YELLOW, canvas, no_ticks, panels, sheet, tint

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
    label(ax, (3, 0.4), r"$o=\left\lfloor\frac{n+2p-k}{s}\right\rfloor+1=\left\lfloor\frac{5+2-3}{2}\right\rfloor+1=3$", size=14)
    return fig


@figure("receptive-field")
def receptive_field() -> Figure:
    """Which inputs one unit three layers up depends on; the stride widens every later layer."""
    layers = [(3, 1), (3, 2), (3, 1)]
    fig, ax = sheet(3.9)
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
    label(ax, (2.3, 3.65), r"$r_l=r_{l-1}+(k_l-1)\,\prod_{i<l}s_i$")
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
    ax.set(xlim=(0, 18), xlabel="ILSVRC top-5 %  (测试集，集成 test set, ensembles)")
    ax.tick_params(axis="y", labelsize=13, length=0)
    return fig
