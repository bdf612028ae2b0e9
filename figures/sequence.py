"""Figures of sequences: recurrent networks, decoding, word vectors, tagging."""

import heapq
import itertools

import numpy as np
from matplotlib.figure import Figure

from figures.registry import figure
from figures.shapes import Point, arrow, box, label, node, route
from figures.style import BLUE, GREEN, GREY, ORANGE, PALE, RED, SMALL, canvas, panels, sheet


@figure("rnn")
def rnn() -> Figure:
    """The loop, and the same cell written out along time."""
    fig, ax = sheet(3.2)
    box(ax, (0.75, 1.5), (0.75, 0.6), "RNN")
    arrow(ax, (0.75, 0.75), (0.75, 1.17))
    arrow(ax, (0.75, 1.83), (0.75, 2.25))
    label(ax, (0.75, 0.55), "$x_t$")
    label(ax, (0.75, 2.45), "$y_t$")
    route(ax, [(1.14, 1.6), (1.4, 1.6), (1.4, 2.02), (0.15, 2.02), (0.15, 1.5), (0.36, 1.5)], color=RED)
    label(ax, (1.8, 1.5), "=", size=18)
    for place, time in enumerate(("1", "2", "3")):
        x = 2.95 + place * 1.12
        box(ax, (x, 1.5), (0.65, 0.6), "RNN")
        arrow(ax, (x, 0.75), (x, 1.17))
        arrow(ax, (x, 1.83), (x, 2.25))
        label(ax, (x, 0.55), f"$x_{time}$")
        label(ax, (x, 2.45), f"$y_{time}$")
        arrow(ax, (x - 0.77, 1.5), (x - 0.35, 1.5), color=RED)
        label(ax, (x - 0.56, 1.7), f"$h_{place}$", size=SMALL, color=RED)
    arrow(ax, (5.54, 1.5), (5.92, 1.5), color=RED)
    label(ax, (5.73, 1.7), "$h_3$", size=SMALL, color=RED)
    label(ax, (3, 2.9), "各时刻共用 W, U, b  shared over time", size=SMALL)
    label(ax, (3, 0.16), r"$h_t=\tanh(W h_{t-1}+U x_t+b)$")
    return fig


@figure("rnn-gradient")
def rnn_gradient() -> Figure:
    """The gradient's norm on its way back through a linear recurrent net, for three spectral radii."""
    size, steps = 32, 100
    fig, ax = canvas(3.7)
    for radius, color, dash in ((1.1, RED, "--"), (1.0, GREEN, "-"), (0.9, BLUE, "-.")):
        rng = np.random.default_rng(2)
        half = rng.normal(0, 1, (size, size))
        symmetric = half + half.T
        symmetric *= radius / np.abs(np.linalg.eigvalsh(symmetric)).max()
        back = rng.normal(0, 1, size)
        start = float(np.linalg.norm(back))
        norms = [1.0]
        for _ in range(steps):
            back = symmetric.T @ back
            norms.append(float(np.linalg.norm(back)) / start)
        ax.plot(norms, dash, color=color, label=f"ρ(W) = {radius:g}")
    ax.set_yscale("log")
    ax.set(xlim=(0, steps), ylabel=r"$\Vert\partial L/\partial h_{T-k}\Vert\;/\;\Vert\partial L/\partial h_T\Vert$")
    ax.set_xlabel("往回的步数 steps back, k")
    ax.grid(axis="y")
    ax.legend(loc="upper left")
    return fig


@figure("lstm")
def lstm() -> Figure:
    """The cell: a straight road for c above, three gates that decide what enters, stays and leaves."""
    fig, ax = sheet(4.3)
    road, gates = 3.3, 1.55
    label(ax, (0.3, road), "$c_{t-1}$")
    arrow(ax, (0.6, road), (1.22, road), color=RED, width=2.4)
    node(ax, (1.4, road), 0.17, "×", color=RED)
    arrow(ax, (1.58, road), (2.72, road), color=RED, width=2.4)
    node(ax, (2.9, road), 0.17, "+", color=RED)
    ax.plot([3.08, 4.3], [road, road], color=RED, linewidth=2.4)
    arrow(ax, (4.3, road), (5.4, road), color=RED, width=2.4)
    label(ax, (5.65, road), "$c_t$")
    for x, name, text in ((1.4, "σ", "f"), (2.3, "σ", "i"), (3.2, "tanh", "g"), (4.1, "σ", "o")):
        box(ax, (x, gates), (0.66, 0.42), name, color=ORANGE if name == "σ" else BLUE, letters=SMALL)
        label(ax, (x - 0.14, gates + 0.38), text, color=RED)
        arrow(ax, (x, 0.72), (x, gates - 0.24), width=1.1)
    arrow(ax, (1.4, gates + 0.24), (1.4, road - 0.19))
    node(ax, (2.9, 2.45), 0.17, "×")
    route(ax, [(2.3, gates + 0.24), (2.3, 2.45), (2.72, 2.45)])
    route(ax, [(3.2, gates + 0.24), (3.2, 2.45), (3.08, 2.45)])
    arrow(ax, (2.9, 2.63), (2.9, road - 0.19))
    box(ax, (4.7, 2.75), (0.66, 0.36), "tanh", color=BLUE, letters=SMALL)
    arrow(ax, (4.7, road), (4.7, 2.95))
    node(ax, (4.7, 2.15), 0.17, "×")
    arrow(ax, (4.7, 2.56), (4.7, 2.33))
    route(ax, [(4.1, gates + 0.24), (4.1, 2.15), (4.52, 2.15)])
    arrow(ax, (4.88, 2.15), (5.4, 2.15))
    label(ax, (5.65, 2.15), "$h_t$")
    ax.plot([0.75, 4.1], [0.72, 0.72], color=GREY, linewidth=1.4)
    label(ax, (0.38, 0.72), "$h_{t-1}$\n$x_t$")
    label(ax, (3, 0.25), r"$c_t=f\odot c_{t-1}+i\odot g,\quad h_t=o\odot\tanh(c_t)$")
    label(ax, (3, 4.0), "f 遗忘 forget   i 输入 input   o 输出 output", size=SMALL)
    return fig


@figure("gru")
def gru() -> Figure:
    """What the two cells keep and compute, side by side."""
    fig, ax = sheet(3.9)
    rows = [
        ("", "LSTM", "GRU"),
        ("状态 state", "h, c", "h"),
        ("门 gates", "f, i, o", "r, z"),
        ("更新\nupdate", "$c_t=f\\odot c_{t-1}+i\\odot g$", "$h_t=(1-z)\\odot h_{t-1}+z\\odot\\tilde h$"),
        ("候选\ncandidate", "$g(x_t,\\,h_{t-1})$", "$\\tilde h(x_t,\\,r\\odot h_{t-1})$"),
        ("输出\noutput", "$h_t=o\\odot\\tanh(c_t)$", "$h_t$"),
        ("参数\nweights", "$4\\,(d_hd_x+d_h^2+d_h)$", "$3\\,(d_hd_x+d_h^2+d_h)$"),
    ]
    for row, (name, left, right) in enumerate(rows):
        y = 3.6 - row * 0.55
        label(ax, (0.15, y), name, size=SMALL, ha="left")
        label(ax, (2.25, y), left, color=RED if row == 0 else "#000000", size=13 if row == 0 else SMALL)
        label(ax, (4.65, y), right, color=BLUE if row == 0 else "#000000", size=13 if row == 0 else SMALL)
        if row:
            ax.plot([0.15, 5.85], [y + 0.275, y + 0.275], color=PALE, linewidth=0.8)
    return fig


@figure("seq2seq")
def seq2seq() -> Figure:
    """An encoder reads, a decoder writes and reads its own words."""
    fig, ax = sheet(3.0)
    sources, written = ("我", "爱", "猫"), ("I", "love", "cats", "<eos>")
    fed = ("<bos>", "I", "love", "cats")
    for place, word in enumerate(sources):
        x = 0.45 + place * 0.75
        box(ax, (x, 1.45), (0.5, 0.5), color=BLUE)
        arrow(ax, (x, 0.85), (x, 1.17))
        label(ax, (x, 0.65), word)
        arrow(ax, (x + 0.27, 1.45), (x + 0.48 if place < 2 else x + 0.94, 1.45), color=GREY if place < 2 else RED)
    label(ax, (2.46, 1.7), "c", color=RED)
    for place, (word, given) in enumerate(zip(written, fed, strict=True)):
        x = 3.15 + place * 0.8
        box(ax, (x, 1.45), (0.5, 0.5), color=ORANGE)
        arrow(ax, (x, 0.85), (x, 1.17))
        label(ax, (x, 0.65), given, size=SMALL)
        arrow(ax, (x, 1.73), (x, 2.05))
        label(ax, (x, 2.22), word, size=SMALL)
        if place < 3:
            arrow(ax, (x + 0.27, 1.45), (x + 0.53, 1.45))
            route(ax, [(x + 0.06, 1.88), (x + 0.4, 1.88), (x + 0.4, 1.02), (x + 0.72, 1.02)], dashed=True, width=1.1)
    label(ax, (1.2, 2.7), "编码器 encoder", color=BLUE)
    label(ax, (4.35, 2.7), "解码器 decoder", color="#9A6A00")
    label(ax, (3, 0.3), r"$p(y|x)=\prod_t\; p(y_t\,|\,y_{<t},\,c)$")
    return fig


@figure("sampling")
def sampling() -> Figure:
    """One distribution cut by top-k, by top-p, and flattened or sharpened by temperature."""
    logits = np.array([3.0, 2.6, 1.9, 1.2, 0.6, 0.1, -0.6, -1.2])
    p = np.exp(logits) / np.exp(logits).sum()
    fig, axes = panels(4.8, 2, 2)
    keep_k = np.arange(8) < 3
    before = np.cumsum(p) - p
    keep_p = before < 0.9
    for ax, keep, name in ((axes[0], keep_k, "top-k,  k = 3"), (axes[1], keep_p, "top-p,  p = 0.9")):
        ax.bar(range(8), p, color=[BLUE if kept else PALE for kept in keep])
        ax.set_title(f"{name}:  Σ = {p[keep].sum():.2f}")
    for ax, heat in ((axes[2], 0.5), (axes[3], 2.0)):
        q = np.exp(logits / heat) / np.exp(logits / heat).sum()
        ax.bar(range(8), q, color=ORANGE)
        ax.step(np.arange(-1, 9) + 0.5, [*p, 0.0, 0.0], where="post", color=GREY, linewidth=1.0)
        ax.set_title(f"T = {heat:g}   (— T = 1)")
    for ax in axes:
        ax.set(ylim=(0, 0.75), xticks=range(8), xticklabels=[str(token + 1) for token in range(8)], xlim=(-0.6, 7.6))
    for ax in axes[2:]:
        ax.set_xlabel("词 token")
    axes[0].set_ylabel("p")
    axes[2].set_ylabel("p")
    return fig


@figure("word2vec")
def word2vec() -> Figure:
    """Context to word, and word to context."""
    fig, ax = sheet(3.8)
    names = (("$w_{t-2}$", 3.0), ("$w_{t-1}$", 2.3), ("$w_{t+1}$", 1.6), ("$w_{t+2}$", 0.9))
    for name, y in names:
        box(ax, (0.55, y), (0.75, 0.45), name, color=BLUE)
        arrow(ax, (0.95, y), (1.38, 1.95))
        box(ax, (5.45, y), (0.75, 0.45), name, color=ORANGE)
        arrow(ax, (4.62, 1.95), (5.05, y))
    box(ax, (1.55, 1.95), (0.3, 0.9), "Σ", color=GREY)
    arrow(ax, (1.73, 1.95), (2.05, 1.95))
    box(ax, (2.4, 1.95), (0.65, 0.5), "$w_t$", color=ORANGE)
    box(ax, (3.55, 1.95), (0.65, 0.5), "$w_t$", color=BLUE)
    arrow(ax, (3.9, 1.95), (4.25, 1.95))
    box(ax, (4.44, 1.95), (0.3, 0.9), color=GREY)
    ax.plot([2.97, 2.97], [0.4, 3.5], color=PALE, linewidth=1)
    label(ax, (1.45, 3.55), "CBOW")
    label(ax, (4.5, 3.55), "Skip-gram")
    label(ax, (1.45, 0.3), r"$p(w_t\,|\,\mathrm{context})$")
    label(ax, (4.5, 0.3), r"$p(w_{t+j}\,|\,w_t)$")
    return fig


@figure("huffman")
def huffman() -> Figure:
    """The Huffman tree of five words with their counts: frequent words have short ways."""
    counts = {"的": 16, "学习": 8, "网络": 5, "卷积": 3, "池化": 2}
    order = itertools.count()
    heap: list[tuple[int, int, object]] = [(count, next(order), word) for word, count in counts.items()]
    heapq.heapify(heap)
    while len(heap) > 1:
        low, high = heapq.heappop(heap), heapq.heappop(heap)
        heapq.heappush(heap, (low[0] + high[0], next(order), (high, low)))
    fig, ax = sheet(4.4)

    def draw(tree: tuple[int, int, object], at: Point, code: str) -> None:
        count, _, inside = tree
        if isinstance(inside, str):
            box(ax, at, (0.8, 0.62), f"{inside} {count}\n{code}", color=ORANGE, letters=SMALL)
            return
        node(ax, at, 0.24, str(count), color=BLUE, letters=SMALL)
        if not isinstance(inside, tuple):
            return
        for bit, child in enumerate(inside):
            leaf = isinstance(child[2], str)
            end = (at[0] + (-0.65 if bit == 0 else 0.8), at[1] - 0.85)
            arrow(ax, (at[0] + (-0.14 if bit == 0 else 0.14), at[1] - 0.2), (end[0], end[1] + (0.33 if leaf else 0.25)))
            label(ax, ((at[0] + end[0]) / 2 + (-0.2 if bit == 0 else 0.22), at[1] - 0.38), str(bit), size=SMALL, color=RED)
            draw(child, end, code + str(bit))

    draw(heap[0], (3.7, 4.05), "")
    label(ax, (1.6, 4.05), "p(词 word) = Π σ(±v·θ)", size=SMALL)
    label(ax, (1.6, 3.7), "log₂ V, 不是 not V", size=SMALL, color=GREEN)
    return fig


@figure("bilstm-crf")
def bilstm_crf() -> Figure:
    """Scores of tags a character, and scores of going from tag to tag; the best legal path is found by Viterbi."""
    tags, words = ("B", "I", "O"), ("张", "三", "在", "京")
    emit = np.array([[1.0, 0.2, 1.3], [0.2, 1.5, 0.9], [0.1, 0.3, 2.0], [1.5, 1.2, 0.8]])
    move = np.array([[-1.0, 1.0, -0.5], [-1.0, 0.5, 0.3], [0.5, -9.0, 0.5]])
    best = emit[0].copy()
    back: list[list[int]] = []
    for scores in emit[1:]:
        ways = best[:, None] + move
        back.append([int(way) for way in ways.argmax(axis=0)])
        best = ways.max(axis=0) + scores
    path = [int(best.argmax())]
    for step in reversed(back):
        path.insert(0, step[path[0]])
    greedy = [int(tag) for tag in emit.argmax(axis=1)]
    fig, ax = sheet(4.4)
    xs = [1.2 + place * 1.25 for place in range(4)]
    ys = [3.75, 3.05, 2.35]
    for place, x in enumerate(xs):
        for tag, y in enumerate(ys):
            on = path[place] == tag
            box(ax, (x, y), (0.78, 0.42), f"{tags[tag]} {emit[place, tag]:g}", color=RED if on else GREY, letters=SMALL)
            if place < 3:
                for other, below in enumerate(ys):
                    if (tag, other) == (2, 1):
                        continue
                    chosen = on and path[place + 1] == other
                    arrow(
                        ax,
                        (x + 0.4, y),
                        (xs[place + 1] - 0.4, below),
                        color=RED if chosen else PALE,
                        width=2.2 if chosen else 0.9,
                    )
        box(ax, (x, 1.4), (0.95, 0.45), "BiLSTM", color=BLUE, letters=SMALL)
        arrow(ax, (x, 1.65), (x, 2.12))
        arrow(ax, (x, 0.92), (x, 1.15))
        label(ax, (x, 0.74), words[place])
        if place < 3:
            arrow(ax, (x + 0.49, 1.4), (xs[place + 1] - 0.49, 1.4), head="<|-|>")
    label(ax, (0.35, 3.05), "CRF", color=RED)
    label(ax, (3.1, 4.2), "O→I  = −9", size=SMALL, color=GREY)
    shown = "".join(tags[tag] for tag in path), "".join(tags[tag] for tag in greedy)
    label(ax, (3.0, 0.28), f"CRF: {shown[0]}    逐字 argmax per word: {shown[1]}", size=SMALL)
    return fig
