"""Formulas as readable text: what each construct looks like, that nothing is lost, and that nothing else is touched."""

import math
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.formulas import literal, readable
from bot.maths.latex import display, inline
from bot.plain import plain_text
from knowledge.folder import built_in, snapshot
from knowledge.reader import read_knowledge

INLINE = [
    # roots and fractions: bracketed where a line would be ambiguous, bare where it is not
    (r"\sqrt{x}", "√x"),
    (r"\sqrt{x+y}", "√(x+y)"),
    (r"\sqrt{2}b", "√2 b"),
    (r"\sqrt[3]{x}", "∛x"),
    (r"\sqrt[k]{n}", "ᵏ√n"),
    (r"\sqrt{d_k}", "√(d_k)"),
    (r"\frac{1}{n}", "1/n"),
    (r"\frac{a}{2\sigma^2}", "a/(2σ²)"),
    (r"\frac{1}{n(n-1)}", "1/(n(n−1))"),
    (r"\frac{P(A,B)}{P(B)}", "P(A,B)/P(B)"),
    (r"\frac{\text{tr}(\Sigma)}{\lVert g \rVert^2}", "tr(Σ)/‖g‖²"),
    (r"\frac{x-\mu}{\sigma}", "(x−μ)/σ"),
    (r"\frac{\frac{a}{b}}{c}", "(a/b)/c"),
    (r"\frac{a}{b}^2", "(a/b)²"),
    (r"\frac12 x", "½x"),
    (r"x\frac{a}{b}", "x(a/b)"),
    (r"\frac{1}{n}\sum_i x_i", "(1/n) ∑ᵢ xᵢ"),
    (r"-\frac{1}{n}", "−1/n"),
    (r"\log\frac{p}{1-p}", "log(p/(1−p))"),
    (r"\frac{\partial y}{\partial u}\frac{\partial u}{\partial x}", "(∂y/∂u)(∂u/∂x)"),
    (r"\frac{\partial^2 f}{\partial x \partial y}", "∂²f/(∂x∂y)"),
    (r"\frac{dy}{dx}", "dy/dx"),
    # spaces
    (r"\partial L", "∂L"),
    (r"\lVert w\rVert", "‖w‖"),
    (r"\|w\|_2^2", "‖w‖₂²"),
    (r"P(A\mid B)", "P(A ∣ B)"),
    (r"P(A|B)P(B)", "P(A|B)P(B)"),
    (r"E|X-\mu|", "E|X−μ|"),
    (r"|x| - |y|", "|x| − |y|"),
    (r"a+b", "a + b"),
    (r"(-x)", "(−x)"),
    (r"f(x)=-x", "f(x) = −x"),
    (r"-y \log p - (1 - y) \log(1 - p)", "−y log p − (1 − y) log(1 − p)"),
    (r"\text{ln }g", "ln g"),
    (r"\text{if } x > 0", "if x > 0"),
    (r"\text{if } -1 < x", "if −1 < x"),
    (r"\int f(x)\,dx", "∫ f(x) dx"),
    (r"a \quad b", "a  b"),
    (r"A_1,...,A_n", "A₁, …, A_n"),
    (r"f\colon X\to Y", "f: X → Y"),
    (r"\{x \mid x>0\}", "{x ∣ x > 0}"),
    (r"y = x \bmod 2", "y = x mod 2"),
    (r"y \equiv x \pmod{3}", "y ≡ x (mod 3)"),
    # scripts: small characters where all of them exist
    (r"x_i^2", "xᵢ²"),
    (r"x^2_i", "xᵢ²"),
    (r"\mu_B", "μ_B"),
    (r"w_{t+1}", "w_(t+1)"),
    (r"w_t x", "w_t x"),
    (r"C_{in}C_{out}", "C_in C_out"),
    (r"W_l^T\delta", "W_lᵀ δ"),
    (r"\sigma_w^2", "σ_w²"),
    (r"e^{-x}", "e⁻ˣ"),
    (r"e^{x_i}", "e^(xᵢ)"),
    (r"e^{-\frac{(x-\mu)^2}{2\sigma^2}}", "e^(−(x−μ)²/(2σ²))"),
    (r"{x^2}^3", "(x²)³"),
    (r"w^\top x", "wᵀx"),
    (r"A^{\top}", "Aᵀ"),
    (r"\theta^*", "θ*"),
    (r"\sigma'(x)", "σ′(x)"),
    (r"\sum_{i=1}^{n}", "∑ᵢ₌₁ⁿ"),
    (r"\sum_{k=l}^{n}", "∑_(k=l)^n"),
    (r"\sum\limits_{i}", "∑ᵢ"),
    (r"\sum_{\substack{i=1\\j\ne i}}", "∑_(i=1, j≠i)"),
    (r"\max_{1\le i\le n} x_i", "max_(1≤i≤n) xᵢ"),
    (r"\lim_{n\to\infty} a_n", "lim_(n→∞) a_n"),
    # letters, accents, words
    (r"\mathbf{x}", "𝐱"),
    (r"\boldsymbol{\mu}", "𝛍"),
    (r"\mathbb{R}^{n \times d}", "ℝ^(n×d)"),
    (r"\mathcal{L}", "𝓛"),
    (r"\hat{x}_i", "x̂ᵢ"),
    (r"\bar{\mathbf{y}}", "𝐲̄"),
    (r"\hat m_t", "m̂_t"),
    (r"\mathrm{softmax}(QK^\top/\sqrt{d_k})V", "softmax(QKᵀ/√(d_k))V"),
    (r"\operatorname*{arg\,max}_{y} p(y)", "arg max_y p(y)"),
    (r"\text{准确率}=\frac{TP}{\text{总数}}", "准确率 = TP/总数"),
    (r"\lfloor x \rfloor \lceil y \rceil", "⌊x⌋⌈y⌉"),
    (r"\langle u,v\rangle", "⟨u,v⟩"),
    (r"\left(\frac{a}{b}\right)^2", "(a/b)²"),
    (r"\left. x \right|", "x|"),
    (r"\exp\left( -\frac{|w|}{b} \right)", "exp(−|w|/b)"),
    (r"\max(0, x), \min, \log, \ln, \ell", "max(0, x), min, log, ln, ℓ"),
    (r"x \xrightarrow{d} y", "x →ᵈ y"),
    (r"\overset{\text{def}}{=}", "=ᵈᵉᶠ"),
    (r"\underbrace{a+b}_{\text{loss}}", "(a+b)_loss"),
    (r"\binom{n}{k}", "C(n, k)"),
    (r"\not= x", "≠ x"),
    (r"50\%, a\_b", "50%, a_b"),
    (r"\textcolor{red}{x+y}z \color{blue}", "(x+y)z"),
    (r"P\left(A\middle|B\right)", "P(A | B)"),
    (r"a~b \tag{1}", "a b  (1)"),
    (r"\mathrm{H_2O}", "H₂O"),
    (r"||x||_2 \le \Vert y\Vert", "||x||₂ ≤ ‖y‖"),
    (r"\text{IoU}=\frac{|A\cap B|}{|A\cup B|}", "IoU = |A∩B|/|A∪B|"),
    (r"\max_{a^\prime}Q(s',a')", "max_a′ Q(s′,a′)"),
    (r"\frac{-b}{2a}", "−b/(2a)"),
    (r"\frac{b}{-a}", "b/(−a)"),
    (r"x := y_1{}_2", "x := y₁ ₂"),
    # rows on one line
    (r"\begin{vmatrix}a&b\\c&d\end{vmatrix}", "|a, b; c, d|"),
    (r"\begin{array}{cc}a&b\\[2pt]c&d\end{array}", "a, b; c, d"),
    (r"\begin{bmatrix}1&100\\0&0\end{bmatrix}", "[[1, 100], [0, 0]]"),
    (r"\begin{cases}1 & x>0\\0, & x\le 0\end{cases}", "{1, x > 0; 0, x ≤ 0}"),
    (r"\begin{aligned} a &= b \\ &= c \end{aligned}", "a = b; = c"),
    # what is unknown or half-written stays legible
    (r"\foo+\bar", "foo + "),
    (r"\unknown{a}{b}", "unknown(a, b)"),
    (r"\frac{a}", "a/"),
    (r"\left( x", "(x"),
    (r"{x", "x"),
    (r"x}", "x}"),
    (r"x \right) y \middle", "x)y"),
    (r"\frac{)(}{)}", ")(/())"),
    (r"\substack x", "x"),
    (r"'x_", "′x"),
    ("\\", ""),
]


@pytest.mark.parametrize(("latex", "expected"), INLINE)
def test_formula_on_one_line(latex: str, expected: str) -> None:
    assert inline(latex) == expected.rstrip()


DISPLAY = [
    (
        r"H(r) = \begin{cases} \frac{1}{2} r^2 & |r| \le 1 \\ |r| - \frac{1}{2}, & \text{otherwise} \end{cases}",
        ["H(r) = ⎧ ½r²,      |r| ≤ 1", "       ⎩ |r| − ½,  otherwise"],
    ),
    (r"A = \begin{bmatrix} a & b \\ -b & c \end{bmatrix}^T", ["A = ⎡ a   b ⎤ᵀ", "    ⎣ −b  c ⎦"]),
    (r"\begin{pmatrix}1\\2\\3\end{pmatrix}x", ["⎛ 1 ⎞", "⎜ 2 ⎟x", "⎝ 3 ⎠"]),
    (r"\begin{aligned} a &= b + c \\ &= d \\ &+ e\end{aligned}", ["a = b + c", "  = d", "  + e"]),
    (r"\left\{\begin{aligned}x&=1\\y&=2\end{aligned}\right.", ["⎧ x = 1", "⎩ y = 2"]),
    (r"\begin{cases}\text{甲} & x\\ b & y\end{cases}", ["⎧ 甲,  x", "⎩ b,   y"]),
    ("a = b \\\\\n c = d", ["a = b", "c = d"]),
    (r"\frac{1}{\begin{cases}1\\2\end{cases}}", ["1/{1; 2}"]),
]


@pytest.mark.parametrize(("latex", "expected"), DISPLAY)
def test_formula_with_a_line_for_each_row(latex: str, expected: list[str]) -> None:
    assert [row.rstrip() for row in display(latex)] == expected


MARKDOWN = [
    ("当 $\\sigma^2 \\to 0$ 时", "当 σ² → 0 时"),
    ("花 \\$5，`$x$` 和 ``a`$y$``", "花 \\$5，`$x$` 和 ``a`$y$``"),
    ("$5 and $6, $7-$8", "$5 and $6, $7-$8"),
    ("a ` b\n\n$x_1$ ` c", "a ` b\n\nx₁ ` c"),
    ("```\n$x$\n$$y$$\n```", "```\n$x$\n$$y$$\n```"),
    ("- ~~~\n  $x$\n  ~~~\n- $x_1$", "- ~~~\n  $x$\n  ~~~\n- x₁"),
    ("    $$x$$", "    $$x$$"),
    ("$a*b*c$ $w_B$ $[x](y)$ $a<b$", "a \\* b \\* c w\\_B \\[x\\](y) a \\< b"),
    ("$1$. no list", "&#49;. no list"),
    ("- $+1$", "- \\+1"),
    ("$a\n= b$", "a = b"),
    ("> $a\n> = b$", "> a = b"),
    ("$$x = 1$$", "```formula\nx = 1\n```"),
    ("text\n$$\nx = 1\n$$\nmore", "text\n```formula\nx = 1\n```\nmore"),
    ("$$x = 1$$。", "```formula\nx = 1。\n```"),
    ("1. a\n\n   $$x \\\\ y$$\n2. b", "1. a\n\n   ```formula\n   x\n   y\n   ```\n2. b"),
    ("- $$x$$\n- b", "- ```formula\n  x\n  ```\n- b"),
    ("> $$a\n> = b$$", "> ```formula\n> a = b\n> ```"),
    ("in $$x_1$$ between", "in x₁ between"),
    ("$$a$$ and $$b$$", "a and b"),
    ("$$", "$$"),
    ("$$\n$$", "$$\n$$"),
    ("$$a\n\nb$$", "$$a\n\nb$$"),
    ("$a\r\n= b$", "a = b"),
]


@pytest.mark.parametrize(("markdown", "expected"), MARKDOWN)
def test_formulas_in_markdown(markdown: str, expected: str) -> None:
    assert readable(markdown) == expected


def test_a_fence_is_longer_than_any_ticks_in_it() -> None:
    assert readable("$$```$$") == "````formula\n```\n````"


# ── all formulas that we ship ──


def _texts() -> Iterator[str]:
    knowledge = read_knowledge(snapshot(built_in())).knowledge
    for entry in knowledge.entries.values():
        for text in entry.texts.values():
            yield text.short
            yield from text.sections.values()
            yield from text.points


def _formulas() -> list[str]:
    prose = [re.sub(r"(?ms)^```.*?^```|`[^`\n]*`", "", text) for text in _texts()]
    return [wide or narrow for text in prose for wide, narrow in re.findall(r"(?s)\$\$(.+?)\$\$|\$(.+?)\$", text)]


def test_every_formula_of_the_knowledge_is_readable() -> None:
    formulas = _formulas()
    assert len(formulas) > 300
    for latex in formulas:
        for shown in (inline(latex), "\n".join(display(latex))):
            assert shown.strip(), latex
            assert not set("\\$&") & set(shown), f"{latex} → {shown}"
            if "\\{" not in latex and "cases" not in latex:
                assert not set("{}") & set(shown), f"{latex} → {shown}"
            if not re.search(r"[\[(][^()\[\]]*,[^()\[\]]*[)\]]", latex):  # half-open intervals
                assert shown.count("(") == shown.count(")"), f"{latex} → {shown}"


def test_no_dollar_is_left_in_any_text_of_the_knowledge() -> None:
    seen = 0
    for text in _texts():
        for token in MarkdownIt("commonmark").parse(readable(text)):
            for child in token.children or []:
                if child.type == "text":
                    seen += 1
                    assert "$" not in child.content
                    assert "\\" not in child.content
                    assert "**" not in child.content
            if token.type == "fence" and token.info == "formula":
                seen += 1
                assert not set("\\$") & set(token.content)
    assert seen > 1000


# ── properties ──


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    shown = readable(text)
    assert shown == text or "$" in text


@given(st.text(alphabet="$`\\\n >-*+_{}^&|[]()12ab", max_size=80))
def test_any_text_of_markup_is_taken(text: str) -> None:
    readable(text)


@given(st.text(alphabet=st.characters(exclude_characters="$`\\\r", exclude_categories=["Cs"])), st.data())
def test_what_is_no_formula_is_not_touched(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=4)))
    parts = [text[begin:end] for begin, end in zip([0, *places], [*places, len(text)], strict=True)]
    # a digit right behind a dollar makes it a price
    parts = [part if n == 0 or not part[:1].isdigit() else f" {part}" for n, part in enumerate(parts)]
    # what is left as it was (in code) is made equal
    assert readable("$x_1$".join(parts)).replace("$x_1$", "x₁") == "x₁".join(parts)


COMMANDS = (
    r"\frac \sqrt \left( \right) \begin{cases} \end{cases} \\ & _ ^ { } [ ] \text{ \mathbf \hat \sum \foo a 1 - | ' $ \, \quad"
).split()


@given(st.lists(st.sampled_from([*COMMANDS, " "]), max_size=60).map("".join))
@example(r"\frac\right){\mathbf\text{}\frac")
def test_any_latex_becomes_text_without_backslashes(latex: str) -> None:
    assert "\\" not in inline(latex)
    assert "\n" not in inline(latex)
    rows = display(latex)
    assert all(row and "\n" not in row and "\\" not in row for row in rows)


@pytest.mark.parametrize(
    "latex", ["{" * 20_000, r"\frac" * 5_000, r"\sqrt[" * 5_000, "^" * 20_000, r"\begin{cases}" * 3_000, "(|" * 5_000]
)
def test_nesting_beyond_reason_is_taken(latex: str) -> None:
    readable(f"${latex}$")
    readable(f"$${latex}$$")


LETTERS = st.sampled_from("abcxyzABZ129")
LATEX = st.recursive(
    LETTERS,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: rf"\frac{{{pair[0]}}}{{{pair[1]}}}"),
        st.tuples(LETTERS, inner, inner).map(lambda three: f"{three[0]}_{{{three[1]}}}^{{{three[2]}}}"),
        inner.map(lambda text: rf"\sqrt{{{text}}}"),
        inner.map(lambda text: rf"\left({text}\right)"),
        inner.map(lambda text: rf"\mathbf{{{text}}}"),
        st.tuples(inner, inner).map(lambda pair: rf"\begin{{cases}}{pair[0]} & {pair[1]}\\{pair[1]}\end{{cases}}"),
    ),
    max_leaves=12,
)


@given(LATEX)
def test_no_letter_or_digit_is_lost(latex: str) -> None:
    def letters(text: str) -> list[str]:
        return sorted(letter for letter in unicodedata.normalize("NFKC", text) if letter.isalnum())

    written = letters(re.sub(r"\\(?:frac|sqrt|left|right|mathbf|(?:begin|end)\{cases\})", "", latex))
    assert letters(inline(latex)) == written
    assert letters("".join(display(latex))) == written


VALUES = {"a": 2.0, "b": 3.0, "c": 5.0}
TERMS = st.recursive(
    st.sampled_from([*VALUES.items(), ("7", 7.0)]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map(lambda pair: (f"({pair[0][0]}+{pair[1][0]})", pair[0][1] + pair[1][1])),
        st.tuples(inner, inner).map(lambda pair: (rf"\frac{{{pair[0][0]}}}{{{pair[1][0]}}}", pair[0][1] / pair[1][1])),
        st.tuples(inner, inner).map(
            lambda pair: (rf"\frac{{{pair[0][0]}+{pair[1][0]}}}{{{pair[1][0]}}}", (pair[0][1] + pair[1][1]) / pair[1][1])
        ),
        st.tuples(inner, inner).map(
            lambda pair: (pair[0][0] + r"\cdot " * pair[1][0][0].isdigit() + pair[1][0], pair[0][1] * pair[1][1])
        ),
        inner.map(lambda term: (rf"\sqrt{{{term[0]}}}", math.sqrt(term[1]))),
        inner.map(lambda term: (f"{{{term[0]}}}^2", term[1] ** 2)),
    ),
    max_leaves=8,
)


class Calculator:
    """Works a line out as the strictest reader would: what stands side by side is multiplied before anything is divided."""

    def __init__(self, text: str) -> None:
        self._items = re.findall(r"\d+|\S", text)

    def value(self) -> float:
        total = self._quotient()
        while self._take("+"):
            total += self._quotient()
        return total

    def _quotient(self) -> float:
        value = self._product()
        while self._items[:1] in (["/"], ["·"]):
            value = value / self._product() if self._items.pop(0) == "/" else value * self._product()
        return value

    def _product(self) -> float:
        value = self._power()
        while self._items and self._items[0] not in "/·+)":
            value *= self._power()
        return value

    def _power(self) -> float:
        value = self._single()
        return value**2 if self._take("²") else value

    def _single(self) -> float:
        item = self._items.pop(0)
        if item == "(":
            value = self.value()
            assert self._take(")")
            return value
        if item == "√":
            return math.sqrt(self._single())
        return VALUES[item] if item in VALUES else float(item) if item.isdigit() else unicodedata.numeric(item)

    def _take(self, item: str) -> bool:
        there = self._items[:1] == [item]
        del self._items[:there]
        return there


@given(TERMS)
@settings(max_examples=500)
def test_one_line_means_what_the_formula_means(term: tuple[str, float]) -> None:
    latex, value = term
    shown = inline(latex)
    assert math.isclose(Calculator(shown).value(), value, rel_tol=1e-6), f"{latex} → {shown}"


PLAIN = st.text(alphabet=st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp", "Zs"]), min_size=1)


@given(st.lists(PLAIN, min_size=1).map(" ".join))
def test_literal_text_is_shown_as_it_is(text: str) -> None:
    assert plain_text(literal(text)) == text
    assert plain_text(f"1. {literal(text)}") == f"1. {text}"


def test_text_without_formulas_does_not_load_the_tables() -> None:
    code = "import sys; from bot.formulas import readable; readable('a `$` b'); print('telegramify_markdown' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
