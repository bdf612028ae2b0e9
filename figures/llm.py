"""Figures of large language models: memory, tuning, experts, retrieval, tools."""

from matplotlib.figure import Figure

from figures.registry import figure
from figures.shapes import arrow, box, cells, label, node, route
from figures.style import BLUE, GREEN, GREY, ORANGE, PALE, PINK, RED, SKY, SMALL, WHITE, canvas, sheet, tint


@figure("kv-cache")
def kv_cache() -> Figure:
    """Keys and values a step computes, without and with a cache."""
    fig, ax = sheet(3.6)
    side, steps = 0.36, 5
    for place, (name, cached) in enumerate((("无缓存 no cache", False), ("KV cache", True))):
        left = 0.55 + place * 2.9

        def fill(row: int, column: int, keep: bool = cached) -> str:  # noqa: FBT001  # bound, never passed
            if column > row:
                return WHITE
            return tint(GREEN, 0.4) if keep and column < row else tint(RED, 0.55)

        cells(ax, (left, 2.75), [[""] * steps] * steps, size=side, fill=fill, edge=PALE)
        count = steps if cached else steps * (steps + 1) // 2
        label(ax, (left + 0.9, 3.35), name)
        label(ax, (left + 0.9, 2.95), "K, V: 1 … 5 →", size=SMALL)
        label(ax, (left - 0.22, 1.85), "步\nt\n↓", size=SMALL)
        label(ax, (left + 0.9, 0.68), f"Σ = {count}", color=RED)
    label(ax, (1.9, 0.25), "■ 计算 computed", size=SMALL, color=RED)
    label(ax, (4.2, 0.25), "■ 读缓存 read", size=SMALL, color=GREEN)
    return fig


@figure("memory")
def memory() -> Figure:
    """Bytes a parameter of mixed precision with Adam, and what they make for seven billion."""
    parts = [
        ("权重 weights fp16", 2, BLUE),
        ("梯度 gradients fp16", 2, SKY),
        ("主权重 master fp32", 4, ORANGE),
        ("Adam m fp32", 4, GREEN),
        ("Adam v fp32", 4, PINK),
    ]
    billions = 7
    fig, ax = canvas(3.8)
    start = 0
    for row, (_, size, color) in enumerate(parts):
        ax.barh(row, size * billions, left=start * billions, color=color, height=0.6)
        end = (start + size) * billions
        text = f"{size} B = {size * billions} GB"
        if row < 3:
            ax.text(end + 1.5, row, text, va="center", fontsize=SMALL)
        else:
            ax.text(start * billions - 1.5, row, text, va="center", ha="right", fontsize=SMALL)
        start += size
    ax.set_yticks(range(len(parts)), [name for name, _, _ in parts])
    ax.invert_yaxis()
    ax.set(xlim=(0, start * billions + 3), xlabel="GB (7B)", title=f"{start} B × 7·10⁹ = {start * billions} GB")
    return fig


@figure("lora")
def lora() -> Figure:
    """A frozen matrix with a thin pair beside it."""
    width, rank = 4096, 8
    fig, ax = sheet(3.9)
    label(ax, (2.1, 0.3), "x")
    box(ax, (1.2, 1.9), (1.5, 1.5), f"W\n{width}×{width}", color=GREY)
    label(ax, (1.2, 2.82), "冻结 frozen", size=SMALL, color=GREY)
    box(ax, (3.2, 1.42), (1.5, 0.42), f"A  {rank}×{width}", color=ORANGE, letters=SMALL)
    box(ax, (3.2, 2.42), (1.5, 0.42), f"B  {width}×{rank}", color=ORANGE, letters=SMALL)
    arrow(ax, (2.1, 0.45), (1.2, 1.1))
    arrow(ax, (2.1, 0.45), (3.2, 1.17))
    arrow(ax, (3.2, 1.66), (3.2, 2.17))
    node(ax, (2.2, 3.2), 0.18, "+", color=RED)
    route(ax, [(1.95, 2.2), (2.2, 2.2), (2.2, 3.0)])
    route(ax, [(3.2, 2.66), (3.2, 3.2), (2.4, 3.2)])
    arrow(ax, (2.2, 3.39), (2.2, 3.65))
    label(ax, (2.4, 3.65), "h", ha="left")
    full, small = width * width, 2 * width * rank
    label(ax, (4.9, 2.6), "r = 8", color="#9A6A00")
    label(ax, (4.98, 1.9), f"{small:,}\n/ {full:,}\n= {small / full:.2%}", size=SMALL)
    label(ax, (4.4, 0.45), r"$h=Wx+\frac{\alpha}{r}BAx$")
    return fig


@figure("rlhf")
def rlhf() -> Figure:
    """Three steps, each with what goes in and what comes out."""
    fig, ax = sheet(3.7)
    steps = (
        ("1  SFT", "示范 demos\n(x, y)", "微调\nfine-tune", "$\\pi_{SFT}$", BLUE),
        ("2  RM", "偏好 prefs\ny⁺ > y⁻", "奖励模型\nreward model", "r(x, y)", ORANGE),
        ("3  PPO", "提示 prompts\nx", "强化学习\nRL", "$\\pi_\\theta$", GREEN),
    )
    for place, (name, data, work, result, color) in enumerate(steps):
        x = 1.0 + place * 2.0
        label(ax, (x, 3.45), name)
        box(ax, (x, 2.85), (1.5, 0.62), data, color=GREY, letters=SMALL)
        arrow(ax, (x, 2.52), (x, 2.22))
        box(ax, (x, 1.88), (1.5, 0.64), work, color=color, letters=SMALL)
        arrow(ax, (x, 1.54), (x, 1.24))
        label(ax, (x, 1.05), result)
    arrow(ax, (1.35, 1.05), (2.22, 1.72), dashed=True)
    arrow(ax, (3.45, 1.05), (4.22, 1.7), color=RED)
    label(ax, (3, 0.4), r"$\max_\theta\;\mathbb{E}\,[\,r(x,y)\,]-\beta\,\mathrm{KL}(\pi_\theta\,\Vert\,\pi_{SFT})$")
    return fig


@figure("moe")
def moe() -> Figure:
    """A router sends a token to two of eight experts."""
    weights = {1: 0.7, 5: 0.3}
    fig, ax = sheet(3.6)
    box(ax, (3, 0.75), (1.7, 0.45), "Router (top-2)", color=ORANGE, letters=SMALL)
    label(ax, (3, 0.17), "token x")
    arrow(ax, (3, 0.3), (3, 0.5))
    node(ax, (3, 3.0), 0.2, "Σ", color=RED)
    for expert in range(8):
        x = 0.5 + expert * 0.715
        on = expert in weights
        box(ax, (x, 1.9), (0.58, 0.55), f"E{expert + 1}", color=BLUE if on else GREY, dashed=not on)
        arrow(ax, (3, 1.0), (x, 1.6), color=RED if on else PALE, width=2 if on else 0.9)
        if on:
            arrow(ax, (x, 2.2), (3 + (-0.2 if x < 3 else 0.2), 2.95), color=RED, width=2)
            label(ax, (x + (-0.05 if x < 3 else 0.15), 2.6), f"g = {weights[expert]:g}", size=SMALL, color=RED)
    arrow(ax, (3, 3.22), (3, 3.5))
    label(ax, (3.15, 3.4), "y = Σ g·E(x)", size=SMALL, ha="left")
    label(ax, (5.2, 0.55), "激活 active 2/8", size=SMALL, color=BLUE)
    return fig


@figure("rag")
def rag() -> Figure:
    """Offline the index is built, online it is asked, and the found text goes into the prompt."""
    fig, ax = sheet(3.6)
    label(ax, (0.15, 3.38), "离线 offline", size=SMALL, ha="left", color=BLUE)
    label(ax, (0.15, 1.85), "在线 online", size=SMALL, ha="left", color="#9A6A00")
    tops = (("文档\ndocuments", 0.75), ("切分\nchunk", 2.2), ("向量化\nembed", 3.65), ("向量库\nindex", 5.15))
    for place, (name, x) in enumerate(tops):
        box(ax, (x, 2.75), (1.1, 0.65), name, color=BLUE, letters=SMALL)
        if place:
            arrow(ax, (tops[place - 1][1] + 0.58, 2.75), (x - 0.58, 2.75))
    low = (("问题\nquestion", 0.75), ("回答\nanswer", 0.75))
    box(ax, (0.75, 1.3), (1.1, 0.6), low[0][0], color=ORANGE, letters=SMALL)
    box(ax, (3.65, 1.3), (1.1, 0.6), "向量化\nembed", color=ORANGE, letters=SMALL)
    box(ax, (5.15, 1.3), (1.1, 0.6), "检索 top-k\nretrieve", color=GREEN, letters=SMALL)
    arrow(ax, (1.33, 1.3), (3.07, 1.3))
    arrow(ax, (4.23, 1.3), (4.57, 1.3))
    arrow(ax, (5.15, 2.4), (5.15, 1.63))
    box(ax, (3.65, 0.4), (1.9, 0.55), "提示: 问题+片段\nprompt", color=PINK, letters=SMALL)
    route(ax, [(5.15, 0.97), (5.15, 0.4), (4.63, 0.4)])
    route(ax, [(1.0, 0.97), (1.0, 0.86), (3.0, 0.86), (3.0, 0.7)])
    box(ax, (2.0, 0.4), (0.75, 0.4), "LLM", color=RED, letters=SMALL)
    arrow(ax, (2.67, 0.4), (2.4, 0.4))
    label(ax, (0.7, 0.4), low[1][0], size=SMALL)
    arrow(ax, (1.6, 0.4), (1.15, 0.4))
    return fig


@figure("clip")
def clip() -> Figure:
    """Images against texts: the diagonal is pulled together, the rest pushed apart."""
    fig, ax = sheet(3.6)
    side, left, top, count = 0.46, 3.2, 2.35, 4

    def fill(row: int, column: int) -> str:
        return tint(GREEN, 0.6) if row == column else tint(GREY, 0.12)

    def name(row: int, column: int) -> str:
        return f"I{row + 1}T{column + 1}".translate(str.maketrans("1234", "₁₂₃₄"))

    cells(ax, (left, top), [[name(r, c) for c in range(count)] for r in range(count)], size=side, fill=fill)
    box(ax, (1.0, 1.43), (1.5, 0.75), "图像编码器\nimage encoder", color=BLUE, letters=SMALL)
    arrow(ax, (1.78, 1.43), (2.4, 1.43))
    cells(ax, (2.5, top), [[f"I{r}"] for r in "₁₂₃₄"], size=side, fill=tint(BLUE))
    box(ax, (1.0, 2.85), (1.5, 0.75), "文本编码器\ntext encoder", color=ORANGE, letters=SMALL)
    arrow(ax, (1.78, 2.85), (3.1, 2.85))
    cells(ax, (left, 3.08), [[f"T{c}" for c in "₁₂₃₄"]], size=side, fill=tint(ORANGE))
    label(ax, (5.15, 2.0), "↑ 拉近\npull", size=SMALL, color=GREEN, ha="left")
    label(ax, (5.15, 1.2), "↓ 推远\npush", size=SMALL, color=GREY, ha="left")
    label(ax, (3, 0.2), "按行与按列 softmax  ·  softmax by row and by column", size=SMALL)
    return fig


@figure("agent")
def agent() -> Figure:
    """The loop of thinking, acting and looking at what came back."""
    fig, ax = sheet(3.6)
    box(ax, (3, 3.0), (2.0, 0.65), "思考 thought\n(LLM)", color=BLUE, letters=SMALL)
    box(ax, (4.9, 1.6), (1.7, 0.65), "行动 action\ntool(args)", color=ORANGE, letters=SMALL)
    box(ax, (1.1, 1.6), (1.7, 0.65), "观察 observation", color=GREEN, letters=SMALL)
    box(ax, (3, 0.45), (2.9, 0.5), "工具 tools: 搜索, 代码, API", color=GREY, letters=SMALL)
    arrow(ax, (4.03, 3.0), (4.9, 1.96), bend=-0.2)
    arrow(ax, (4.9, 1.25), (4.47, 0.45), bend=-0.25)
    arrow(ax, (1.53, 0.45), (1.1, 1.25), bend=-0.25)
    arrow(ax, (1.1, 1.96), (1.97, 3.0), bend=-0.2)
    label(ax, (3, 1.6), "循环 loop", color=RED)
    label(ax, (0.55, 3.0), "任务 task", size=SMALL)
    arrow(ax, (1.0, 3.12), (1.95, 3.12))
    arrow(ax, (4.03, 3.15), (4.85, 3.15), dashed=True)
    label(ax, (5.35, 3.15), "答案 answer", size=SMALL)
    return fig
