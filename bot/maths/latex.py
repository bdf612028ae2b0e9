"""Gives LaTeX formulas as Unicode text, on one line or with a line for each row.  Pure.

Its tables take tens of milliseconds to import; import it where a formula is met.
"""

from functools import lru_cache

from bot.maths.commands import FORMS
from bot.maths.environments import joined
from bot.maths.pieces import box, line
from bot.maths.reader import Reader


@lru_cache(maxsize=4096)
def inline(latex: str) -> str:
    r"""The formula on one line.

    >>> inline(r"\frac{\partial L}{\partial x_i} \le \frac{a}{2\sigma^2}")
    '∂L/∂xᵢ ≤ a/(2σ²)'
    """
    lines = Reader(latex, FORMS, flat=True).lines()
    return "; ".join(text for cells in lines if (text := line(joined([cells]))))


@lru_cache(maxsize=1024)
def display(latex: str) -> tuple[str, ...]:
    r"""The formula with a line for each of its rows, none of them empty.

    >>> print(*display(r"f(x) = \begin{cases} x & x > 0 \\ 0 & x \le 0 \end{cases}"), sep="\n")
    f(x) = ⎧ x,  x > 0
           ⎩ 0,  x ≤ 0
    """
    lines = Reader(latex, FORMS, flat=False).lines()
    rows = [row.rstrip() for cells in lines for row in box(joined([cells])).rows]
    margin = min((len(row) - len(row.lstrip()) for row in rows if row), default=0)
    return tuple(row[margin:] for row in rows if row)
