"""Figures of attention and the Transformer: shapes, scaling, heads, masks, positions, tokens."""

import itertools
from collections import Counter
from collections.abc import Callable

import numpy as np
from matplotlib.figure import Figure

from figures.registry import figure
from figures.shapes import Point, arrow, box, cells, frame, label, node, route
from figures.style import BLUE, GREEN, GREY, ORANGE, PALE, PINK, RED, SMALL, WHITE, canvas, panels, sheet, tint


@figure("self-attention")
def self_attention() -> Figure:
    """The matrices of one head with their shapes."""
    fig, ax = sheet(3.9)
    side = 0.22

    def matrix(corner: Point, rows: int, columns: int, color: str, name: str, shape: str) -> None:
        cells(ax, corner, [[""] * columns] * rows, size=side, fill=tint(color, 0.45))
        label(ax, (corner[0] + columns * side / 2, corner[1] + 0.17), name)
        label(ax, (corner[0] + columns * side / 2, corner[1] - rows * side - 0.16), shape, size=SMALL)

    matrix((0.15, 2.6), 4, 5, GREY, "X", "n×d")
    for place, (name, color) in enumerate((("Q", BLUE), ("K", ORANGE), ("V", GREEN))):
        y = 3.6 - place * 1.3
        matrix((2.1, y), 4, 3, color, name, "")
        arrow(ax, (1.32, 2.15), (2.05, y - 0.44))
        label(ax, (1.66, (y - 0.26, y - 0.08, y - 0.14)[place]), f"$W_{name}$", size=SMALL)
    matrix((3.55, 3.1), 4, 4, PINK, "softmax", "n×n")
    arrow(ax, (2.8, 3.16), (3.5, 2.8))
    arrow(ax, (2.8, 1.86), (3.5, 2.5))
    label(ax, (3.1, 1.6), "$QK^T/\\sqrt{d_k}$", size=SMALL, ha="left")
    node(ax, (4.75, 1.3), 0.17, "×", color=RED)
    route(ax, [(4.47, 2.65), (4.75, 2.65), (4.75, 1.49)])
    route(ax, [(2.8, 0.56), (4.75, 0.56), (4.75, 1.11)])
    matrix((5.2, 1.74), 4, 3, RED, "O", "n×$d_v$")
    arrow(ax, (4.93, 1.3), (5.17, 1.3))
    return fig


@figure("attention-scale")
def attention_scale() -> Figure:
    """The largest weight and the entropy over 64 keys, with and without the division, really computed."""
    widths = (4, 8, 16, 32, 64, 128, 256, 512)
    keys, queries = 64, 400
    rng = np.random.default_rng(5)
    results: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for width in widths:
        q = rng.normal(0, 1, (queries, width))
        k = rng.normal(0, 1, (keys, width))
        for scaled, rows in results.items():
            scores = q @ k.T / (np.sqrt(width) if scaled else 1.0)
            weights = np.exp(scores - scores.max(axis=1, keepdims=True))
            weights /= weights.sum(axis=1, keepdims=True)
            entropy = -(weights * np.log(weights + 1e-300)).sum(axis=1)
            rows.append((float(weights.max(axis=1).mean()), float(entropy.mean())))
    fig, axes = panels(3.5, 2)
    for scaled, color, dash, name in ((True, GREEN, "-", r"$QK^T/\sqrt{d_k}$"), (False, RED, "--", "$QK^T$")):
        for part, ax in enumerate(axes):
            ax.plot(widths, [row[part] for row in results[scaled]], dash, color=color, marker="o", markersize=4, label=name)
    axes[1].axhline(float(np.log(keys)), color=GREY, linewidth=1, linestyle=":")
    axes[1].text(512, float(np.log(keys)) + 0.06, "ln 64", ha="right", va="bottom", fontsize=SMALL, color=GREY)
    axes[0].set(title="最大权重 max weight", ylim=(0, 1.02))
    axes[1].set(title="熵 entropy", ylim=(0, 4.6))
    for ax in axes:
        ax.set_xscale("log", base=2)
        ax.set(xlabel="$d_k$", xticks=[4, 16, 64, 256], xticklabels=["4", "16", "64", "256"])
    fig.legend(*axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=2)
    return fig


@figure("multi-head")
def multi_head() -> Figure:
    """Eight heads of 64 instead of one of 512, concatenated and mixed."""
    fig, ax = sheet(3.5)
    box(ax, (0.6, 1.8), (0.8, 0.6), "X\nn×512", color=GREY, letters=SMALL)
    for place, (name, color) in enumerate((("head 1", BLUE), ("head 2", ORANGE), ("⋮", ""), ("head 8", GREEN))):
        y = 3.0 - place * 0.8
        if not color:
            label(ax, (2.15, y), name)
            continue
        box(ax, (2.15, y), (1.4, 0.55), f"{name}\nn×64", color=color, letters=SMALL)
        arrow(ax, (1.03, 1.8), (1.42, y))
        arrow(ax, (2.88, y), (3.3, 1.8))
    box(ax, (3.8, 1.8), (0.95, 0.75), "concat\nn×512", color=PINK, letters=SMALL)
    arrow(ax, (4.3, 1.8), (4.55, 1.8))
    box(ax, (5.2, 1.8), (1.25, 0.75), "× $W_O$\n512×512", color=RED, letters=SMALL)
    label(ax, (4.5, 0.4), "h = 8,  512 / 8 = 64", size=SMALL)
    return fig


@figure("kv-heads")
def kv_heads() -> Figure:
    """Eight query heads share eight, two or one pair of keys and values."""
    fig, ax = sheet(3.3)
    for place, (name, groups) in enumerate((("MHA", 8), ("GQA", 2), ("MQA", 1))):
        left = 0.18 + place * 1.98
        wide = 0.21
        xs = [left + (head + 0.5) * wide for head in range(8)]
        size = 8 // groups
        for group in range(groups):
            middle = sum(xs[group * size : (group + 1) * size]) / size
            for x in xs[group * size : (group + 1) * size]:
                ax.plot([x, middle], [1.05, 1.95], color=GREY, linewidth=1)
            box(ax, (middle, 2.15), (0.17, 0.4), color=ORANGE)
        for x in xs:
            box(ax, (x, 0.85), (0.17, 0.4), color=BLUE)
        label(ax, (left + 0.84, 3.05), name)
        label(ax, (left + 0.84, 2.65), f"K, V × {groups}", size=SMALL, color="#9A6A00")
        label(ax, (left + 0.84, 0.45), "Q × 8", size=SMALL, color=BLUE)
        label(ax, (left + 0.84, 0.15), f"KV cache {groups}/8", size=SMALL)
    return fig


@figure("transformer")
def transformer() -> Figure:
    """Encoder and decoder of 2017 with their sublayers."""
    fig, ax = sheet(5.6)
    left, right = 1.6, 4.3
    for x, low, tall in ((left, 1.35, 1.75), (right, 1.35, 2.55)):
        frame(ax, (x - 1.15, low + tall), (2.3, tall), color=GREY, width=1.2, dashed=True)
    parts = [
        (left, 1.75, "Self-attention", ORANGE),
        (left, 2.65, "FFN", BLUE),
        (right, 1.75, "Masked self-attn", ORANGE),
        (right, 2.6, "Cross-attention", RED),
        (right, 3.45, "FFN", BLUE),
    ]
    for x, y, name, color in parts:
        box(ax, (x, y), (1.85, 0.46), name, color=color, letters=SMALL)
    for x, points in ((left, (1.98, 2.42)), (right, (1.98, 2.37)), (right, (2.83, 3.22))):
        arrow(ax, (x, points[0]), (x, points[1]))
    for x in (left, right):
        box(ax, (x, 0.72), (1.85, 0.46), "Embedding + PE", color=GREEN, letters=SMALL)
        arrow(ax, (x, 0.34), (x, 0.48))
        arrow(ax, (x, 0.96), (x, 1.51))
    label(ax, (left, 0.18), "源句 source", size=SMALL)
    label(ax, (right, 0.18), "目标（右移）target, shifted", size=SMALL)
    route(ax, [(left, 2.89), (left, 3.4), (2.9, 3.4), (2.9, 2.6), (3.36, 2.6)], color=RED)
    label(ax, (2.9, 3.58), "K, V", size=SMALL, color=RED)
    arrow(ax, (right, 3.69), (right, 4.3))
    box(ax, (right, 4.55), (1.85, 0.46), "Linear + softmax", color=PINK, letters=SMALL)
    arrow(ax, (right, 4.79), (right, 5.05))
    label(ax, (right, 5.25), "下一词 next token", size=SMALL)
    label(ax, (0.24, 2.2), "N×")
    label(ax, (5.75, 2.6), "N×")
    label(ax, (1.5, 4.4), "每个子层外\nround each sublayer:", size=SMALL)
    label(ax, (1.5, 3.9), "LayerNorm(x + f(x))", size=SMALL, color=BLUE)
    return fig


@figure("positions")
def positions() -> Figure:
    """The sinusoidal codes of the first positions as a heat map."""
    count, width = 64, 64
    place = np.arange(count)[:, None]
    angle = place / 10000 ** (2 * (np.arange(width) // 2) / width)[None, :]
    code = np.where(np.arange(width)[None, :] % 2 == 0, np.sin(angle), np.cos(angle))
    fig, ax = canvas(4.4)
    shown = ax.imshow(code, cmap="RdBu_r", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    fig.colorbar(shown, ax=ax, ticks=[-1, 0, 1])
    ax.set_xlabel("维度 dimension (d = 64)")
    ax.set_ylabel("位置 position")
    ax.set_title("sin(pos / 10000$^{2i/d}$),  cos(pos / 10000$^{2i/d}$)")
    return fig


@figure("rope")
def rope() -> Figure:
    """Two pairs of query and key at equal distance: turned further, but the angle between them is the same."""
    fig, axes = panels(3.5, 2)
    theta, start_q, start_k = 0.4, 0.9, 0.3
    for ax, (m, n) in zip(axes, ((3, 1), (6, 4)), strict=True):
        ends = []
        for start, place, color, name in ((start_q, m, BLUE, "q"), (start_k, n, RED, "k")):
            angle = start + place * theta
            ends.append(angle)
            ax.plot([0, np.cos(start)], [0, np.sin(start)], ":", color=color, linewidth=1.3)
            arrow(ax, (0, 0), (float(np.cos(angle)), float(np.sin(angle))), color=color, width=2.2)
            label(ax, (1.2 * float(np.cos(angle)), 1.2 * float(np.sin(angle))), f"{name}, {place}", color=color, size=SMALL)
        arc = np.linspace(ends[1], ends[0], 40)
        ax.plot(0.4 * np.cos(arc), 0.4 * np.sin(arc), color=GREEN)
        circle = np.linspace(0, 2 * np.pi, 121)
        ax.plot(np.cos(circle), np.sin(circle), color=PALE, linewidth=0.8, zorder=0)
        ax.set(xlim=(-1.4, 1.4), ylim=(-1.4, 1.4), aspect="equal", title=f"m = {m}, n = {n}:  m − n = {m - n}")
        ax.set_axis_off()
        label(ax, (0, -0.45), f"q·k = {np.cos(ends[0] - ends[1]):.2f}", color=GREEN)
    return fig


@figure("masks")
def masks() -> Figure:
    """Which keys each query may see: padding hidden, future hidden, both."""
    fig, ax = sheet(3.0)
    size, real, side = 6, 4, 0.28
    rules: tuple[tuple[str, Callable[[int, int], bool]], ...] = (
        ("填充 padding", lambda _row, column: column < real),
        ("因果 causal", lambda row, column: column <= row),
        ("两者 both", lambda row, column: column <= row and column < real),
    )
    for place, (name, seen) in enumerate(rules):
        left = 0.3 + place * 1.95
        marks = [["" if seen(row, column) else "−∞" for column in range(size)] for row in range(size)]

        def fill(row: int, column: int, of: list[list[str]] = marks) -> str:
            return tint(GREEN, 0.5) if of[row][column] == "" else tint(GREY, 0.2)

        cells(ax, (left, 2.25), [["×" if mark else "" for mark in line] for line in marks], size=side, fill=fill)
        label(ax, (left + 0.84, 2.72), name)
        label(ax, (left + 0.84, 2.4), "K →", size=SMALL)
        label(ax, (left - 0.14, 1.4), "Q\n↓", size=SMALL)
    label(ax, (3, 0.22), "× : −∞ → softmax 0", size=SMALL)
    return fig


@figure("lm-masks")
def lm_masks() -> Figure:
    """Causal, prefix and full attention."""
    fig, ax = sheet(3.0)
    size, prefix, side = 6, 3, 0.28
    rules: tuple[tuple[str, Callable[[int, int], bool], str], ...] = (
        ("Causal LM", lambda row, column: column <= row, "GPT"),
        ("Prefix LM", lambda row, column: column <= row or column < prefix, "GLM, U-PaLM"),
        ("双向 full", lambda _row, _column: True, "BERT"),
    )
    for place, (name, seen, model) in enumerate(rules):
        left = 0.3 + place * 1.95

        def fill(row: int, column: int, place: int = place) -> str:
            if not rules[place][1](row, column):
                return WHITE
            return tint(ORANGE, 0.6) if column > row else tint(GREEN, 0.5)

        cells(ax, (left, 2.25), [[""] * size] * size, size=side, fill=fill)
        label(ax, (left + 0.84, 2.72), name)
        label(ax, (left + 0.84, 2.4), "K →", size=SMALL)
        label(ax, (left - 0.14, 1.4), "Q\n↓", size=SMALL)
        label(ax, (left + 0.84, 0.35), model if seen(0, 0) else "", size=SMALL, color=GREY)
    return fig


@figure("pre-post-norm")
def pre_post_norm() -> Figure:
    """Where the normalisation stands; only in one of them is the road of the residual free."""
    fig, ax = sheet(4.3)
    designs = (
        (1.3, "Post-LN", (("f", 2.75, BLUE), ("+", 2.0, RED), ("LN", 1.25, ORANGE)), "LN(x + f(x))"),
        (4.3, "Pre-LN", (("LN", 2.75, ORANGE), ("f", 2.0, BLUE), ("+", 1.25, RED)), "x + f(LN(x))"),
    )
    for x, name, parts, formula in designs:
        label(ax, (x, 4.05), name)
        label(ax, (x, 3.7), "x")
        above = 3.56
        for text, y, color in parts:
            half = 0.18 if text == "+" else 0.23
            arrow(ax, (x, above), (x, y + half + 0.01))
            if text == "+":
                node(ax, (x, y), 0.18, "+", color=color)
                route(ax, [(x, 3.3), (x + 0.85, 3.3), (x + 0.85, y), (x + 0.2, y)], color=RED)
            else:
                box(ax, (x, y), (0.95, 0.46), text, color=color)
            above = y - half
        arrow(ax, (x, above), (x, 0.66))
        label(ax, (x, 0.45), formula)
    return fig


@figure("flash")
def flash() -> Figure:
    """The n×n matrix is never written: tile after tile passes through the fast memory."""
    fig, ax = sheet(3.7)
    side, left, top = 0.42, 0.75, 2.75

    def fill(row: int, column: int) -> str:
        if (row, column) == (1, 2):
            return tint(RED, 0.6)
        return tint(GREEN, 0.35) if row < 1 or (row == 1 and column < 2) else WHITE

    cells(ax, (left, top), [[""] * 4] * 4, size=side, fill=fill)
    cells(ax, (left - 0.55, top), [[f"Q{row + 1}"] for row in range(4)], size=side, fill=tint(BLUE))
    cells(ax, (left, top + 0.55), [[f"K{column + 1}" for column in range(4)]], size=side, fill=tint(ORANGE))
    arrow(ax, (left + 3 * side, top - 1.5 * side), (3.3, top - 1.5 * side), color=RED)
    box(ax, (4.55, 2.1), (2.4, 1.2), "SRAM\n$QK^T$ → softmax → $\\times V$\nm, ℓ, O", color=RED, letters=SMALL)
    label(ax, (4.55, 2.95), "一次一块 one tile at a time", size=SMALL)
    size = 8192
    label(ax, (4.5, 1.15), f"n = {size:,}: n² fp16 = {size * size * 2 / 1e6:.0f} MB/head", size=SMALL, color=GREY)
    label(ax, (3, 0.62), "显存 memory: O(n²) → O(n)", color=GREEN)
    label(ax, (3, 0.25), "计算 FLOPs: O(n²d)", color=GREY)
    return fig


@figure("bpe")
def bpe() -> Figure:
    """The first merges on a toy corpus, really computed."""
    corpus = {tuple("low"): 5, tuple("lower"): 2, tuple("newest"): 6, tuple("widest"): 3}
    words = dict(corpus)
    lines = [" ".join("".join(word) + f"×{count}" for word, count in corpus.items())]
    rows: list[tuple[str, str, str]] = []
    for _ in range(5):
        pairs: Counter[tuple[str, str]] = Counter()
        for word, count in words.items():
            for pair in itertools.pairwise(word):
                pairs[pair] += count
        best = max(pairs, key=lambda pair: pairs[pair])
        merged: dict[tuple[str, ...], int] = {}
        for word, count in words.items():
            parts: list[str] = []
            for letter in word:
                if parts and (parts[-1], letter) == best:
                    parts[-1] += letter
                else:
                    parts.append(letter)
            merged[tuple(parts)] = count
        rows.append((f"{best[0]} + {best[1]}", str(pairs[best]), "  ".join("·".join(word) for word in merged)))
        words = merged
    fig, ax = sheet(3.6)
    label(ax, (3, 3.3), lines[0])
    for x, name in ((0.75, "合并 merge"), (1.75, "次数 count"), (4.1, "语料 corpus")):
        label(ax, (x, 2.8), name, size=SMALL, color=GREY)
    for row, (merge, times, now) in enumerate(rows):
        y = 2.35 - row * 0.46
        box(ax, (0.75, y), (1.1, 0.36), merge, color=ORANGE, letters=SMALL)
        label(ax, (1.75, y), times, size=SMALL, color=RED)
        label(ax, (2.2, y), now, size=SMALL, ha="left")
    return fig
