"""Tokens of several kinds from a text in normal form.  Pure.

A token is a kind, a colon and a value; the kinds share one vocabulary and never meet.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, pairwise
from types import MappingProxyType

from index.forms import FACETS, Facet
from index.text import CJK

KIND_WEIGHTS: Mapping[str, float] = MappingProxyType({"w": 1.0, "b": 0.7, "s": 0.35, "c1": 0.9, "c2": 1.0, "t": 3.0, "f": 1.5})
"""Weight of each kind: words, pairs of words, sub-words, Chinese characters, pairs of them, terms, facets.

Tuned by cross-validation on development queries (``python -m measures.ablation`` shows what each kind is worth).
"""

_LATIN = re.compile(r"[a-z0-9]+(?:[.'/*^_-][a-z0-9]+)*(?:\+\+|#)?|[^\W\d_]+|[=≥≤≠∈∞∂∇Σ∏√]")
_CHINESE = re.compile(f"[{CJK}]+")
_PARTS = re.compile(r"[.'/*^_-]+")
_SHORTEST_CUT = 4
_STOP = frozenset(
    "a an the of to in on for and or is are be it its i my me you we this that with by as at from do does did s t".split()
)


def kind(token: str) -> str:
    """The kind of a token."""
    return token.partition(":")[0]


def chinese_runs(text: str) -> list[str]:
    """The maximal runs of Chinese characters."""
    return _CHINESE.findall(text)


def latin_words(text: str) -> list[str]:
    """Words that are not Chinese, symbols such as C++ and k-nn kept whole."""
    return [word for word in _LATIN.findall(_CHINESE.sub(" ", text)) if word]


def stem(word: str) -> str:
    """A word without the commonest English endings; never shorter than three letters.

    Source: the S-stemmer of Harman 1991, "How effective is suffixing?", JASIS 42(1), with -ing and -ed added.
    """
    if len(word) > 5 and word.endswith("ies"):  # noqa: PLR2004 — lengths below which an ending is part of the word
        return word[:-3] + "y"
    if len(word) > 6 and word.endswith("ing"):  # noqa: PLR2004
        return word[:-3]
    if len(word) > 5 and word.endswith("ed"):  # noqa: PLR2004
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):  # noqa: PLR2004
        return word[:-1]
    return word


def facets(core: str) -> frozenset[Facet]:
    """What a text wants to know."""
    return frozenset(facet for facet, pattern in FACETS.items() if pattern.search(core))


def tokens(core: str, terms: Iterable[str], wanted: Iterable[Facet], *, bare: bool) -> dict[str, int]:
    """How often each token of a question occurs.

    Args:
        core: The text in normal form without frames.
        terms: Ids of the terms that it names.
        wanted: Its facets.
        bare: Whether it says nothing besides: a question for the thing itself, which one entry of several is about.
    """
    runs = chinese_runs(core)
    words, stems = _split(latin_words(core))
    said = [*_words(words, stems), *_word_pairs(stems), *_cuts(stems), *_pairs(runs)]
    said += [f"c1:{character}" for run in runs for character in run]
    said += [f"t:{term}" for term in terms]
    said += [f"f:{facet}" for facet in sorted(wanted)]  # so that sums are the same in every process
    if bare:
        said.append("f:bare")
    return Counter(said)


def prose_tokens(normal: str, terms: Iterable[str]) -> dict[str, int]:
    """How often each token of running text occurs: what it says, not how it sounds or what it asks for.

    Args:
        normal: Its lines in normal form.
        terms: Ids of the terms that it names.
    """
    words = _words(*_split(latin_words(normal)))
    return Counter([*words, *_pairs(chinese_runs(normal)), *(f"t:{term}" for term in terms)])


def content(core: str) -> frozenset[str]:
    """The words and pairs of characters of a text."""
    return frozenset((*_pairs(chinese_runs(core)), *_words(*_split(latin_words(core)))))


def without_facets(core: str) -> str:
    """A text without the words that only say what it wants to know."""
    for pattern in FACETS.values():
        core = pattern.sub(" ", core)
    return core


def _pairs(runs: list[str]) -> list[str]:
    return [f"c2:{first}{second}" for run in runs for first, second in pairwise(run)]


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    """Those words that consist of several, and the stems of all single ones that are no stop words."""
    compounds = [word for word in words if _PARTS.search(word)]
    parts = chain.from_iterable(map(_PARTS.split, words)) if compounds else words
    return compounds, [word for word in (stem(part) for part in parts if part) if word not in _STOP]


def _words(compounds: list[str], stems: list[str]) -> list[str]:
    return [f"w:{word}" for word in (*compounds, *stems)]


def _word_pairs(stems: list[str]) -> list[str]:
    return [f"b:{first} {second}" for first, second in pairwise(stems)]


def _cuts(stems: list[str]) -> list[str]:
    marked = [f"^{word}$" for word in stems if len(word) >= _SHORTEST_CUT]
    return [f"s:{word[n : n + 3]}" for word in marked for n in range(len(word) - 2)]
