"""Single signs: symbols, letters in other styles, accents, small characters.  Pure.

The only importer of telegramify-markdown, whose tables it completes.
"""

from collections.abc import Mapping

from telegramify_markdown.latex_escape.const import FRAC_MAP, LATEX_STYLES, NOT_MAP, SUBSCRIPTS, SUPERSCRIPTS
from telegramify_markdown.latex_escape.helper import LatexToUnicodeHelper

_SYMBOLS: Mapping[str, str] = {
    # where the tables have none, or one that is wide, rare or easily misread
    "\\epsilon": "ε",
    "\\varphi": "φ",
    "\\cdot": "·",
    "\\langle": "⟨",
    "\\rangle": "⟩",
    "\\lbrace": "{",
    "\\rbrace": "}",
    "\\ne": "≠",
    "\\backslash": "∖",
    "\\coloneqq": "≔",
    "\\degree": "°",
    "\\dotsc": "…",
    "\\dotsb": "⋯",
    "\\hdots": "…",
    "\\longmapsto": "↦",
    "\\lt": "<",
    "\\gt": ">",
    "\\bmod": "mod",
    "\\mod": "mod",
}
ACCENTS = {
    f"\\{name}": f"\\{name}"
    for name in "grave acute hat tilde bar overline breve dot ddot mathring check underline vec".split()
} | {
    "\\widehat": "\\hat",
    "\\widetilde": "\\tilde",
    "\\widebar": "\\bar",
    "\\overrightarrow": "\\vec",
}
STYLES = {
    "\\mathbf": "\\mathbf",
    "\\boldsymbol": "\\mathbf",
    "\\bm": "\\mathbf",
    "\\pmb": "\\mathbf",
    "\\mathbb": "\\mathbb",
    "\\mathbbm": "\\mathbb",
    "\\mathds": "\\mathbb",
    "\\mathcal": "\\mathcal",
    "\\mathscr": "\\mathcal",
    "\\mathfrak": "\\mathfrak",
}
_RAISED = {"⊤": "ᵀ", "⊺": "ᵀ", "′": "′", "*": "*", "∗": "*", "†": "†", "∘": "°"}
"""Superscripts that need no caret."""
_SMALL = (frozenset(SUBSCRIPTS.values()) | frozenset(SUPERSCRIPTS.values())) - {" "}
_TABLES = LatexToUnicodeHelper()


def symbol(command: str) -> str | None:
    r"""The text of a command that takes nothing, ``""`` for one that shows nothing, ``None`` for an unknown one.

    >>> symbol(r"\lambda")
    'λ'
    """
    if command in _SYMBOLS:
        return _SYMBOLS[command]
    text = str(_TABLES.convert(command))  # type: ignore[no-untyped-call]
    return None if "\\" in text else text.strip()


def accented(command: str, text: str) -> str:
    """The text with an accent."""
    return str(_TABLES.translate_combining(ACCENTS[command], text)) if text else ""  # type: ignore[no-untyped-call]


def styled(command: str, text: str) -> str:
    """The text in the letters of a style, as far as it has them."""
    letters = LATEX_STYLES[STYLES[command]]
    return "".join(letters.get(letter, letter) for letter in text)


def vulgar(above: str, below: str) -> str:
    """The single character for a fraction; empty where there is none."""
    return FRAC_MAP.get((above, below), "")


def negated(relation: str) -> str:
    """The relation struck out."""
    return NOT_MAP.get(relation, f"{relation[:1]}\u0338{relation[1:]}") if relation else ""


def small(mark: str, text: str) -> str:
    """A script in small characters; empty where one of them does not exist."""
    if mark == "^" and all(character in _RAISED for character in text):
        return "".join(_RAISED[character] for character in text)
    table, text = SUBSCRIPTS if mark == "_" else SUPERSCRIPTS, text.replace(" ", "")
    return "".join(table[character] for character in text) if all(character in table for character in text) else ""


def has_small(text: str) -> bool:
    """Whether a script in small characters stands in the text."""
    return not _SMALL.isdisjoint(text)
