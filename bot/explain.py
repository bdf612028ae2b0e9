"""``zhuiwen ask --explain``: why a search came to what it came to, for a person.  Pure."""

from collections.abc import Iterator

import numpy as np

from index.decision import FEATURES, row
from index.searcher import BEYOND_DOUBT, Found, Hit, Searcher
from index.tokens import kind

_SHOWN = 3
_KINDS = {
    "w": "words",
    "b": "pairs of words",
    "s": "sub-words",
    "c1": "characters",
    "c2": "pairs of characters",
    "t": "terms",
    "f": "facets",
}


def explain(text: str, found: Found, searcher: Searcher) -> str:
    """The reading of a text, the signals of its best hits, the thresholds and the outcome, line by line."""
    return "\n".join(_lines(text, found, searcher))


def _lines(text: str, found: Found, searcher: Searcher) -> Iterator[str]:
    analysis, model = found.analysis, searcher.model
    yield f"text        {text!r}"
    yield f"normal      {analysis.normal!r}" + ("   (read with corrections)" if analysis.meant else "")
    yield f"core        {analysis.core!r}   (spoken forms plain, frames gone)"
    yield f"terms       {', '.join(analysis.terms) or '-'}"
    yield f"facets      {', '.join(sorted(analysis.facets)) or '-'}"
    tokens: dict[str, list[str]] = {}
    for token in analysis.tokens:
        tokens.setdefault(kind(token), []).append(token.partition(":")[2])
    for name, values in tokens.items():
        if name in _KINDS and name not in ("t", "f"):
            yield f"tokens      {_KINDS[name]}: {' · '.join(values[:16])}{' …' if len(values) > 16 else ''}"  # noqa: PLR2004
    for rank, hit in enumerate(found.hits[:_SHOWN], 1):
        yield ""
        yield from _hit_lines(rank, hit, searcher)
    yield ""
    yield f"thresholds  answer from {model.answer:.2f}, suggest from {model.suggest:.2f}"
    yield f"outcome     {found.outcome}{_because(found, searcher)}"


def _hit_lines(rank: int, hit: Hit, searcher: Searcher) -> Iterator[str]:
    yield f"{rank}. {hit.entry}   probability {hit.score:.3f}"
    yield f"   likest wording {hit.wording!r}"
    values = row(hit.signals)
    effects = searcher.model.effects(np.array([values]))[0].tolist()
    parts = zip(effects, FEATURES, values, strict=True)
    for effect, name, value in sorted(parts, key=lambda part: -abs(part[0]))[:8]:
        yield f"   {'+' if effect >= 0 else '-'}{abs(effect):5.2f}  {name} = {value:.2f}"
    if not hit.grounded:
        yield "   never answered: it has nothing of what the text is about"
    if hit.barred:
        yield f"   never answered: the text names {', '.join(hit.barred)}, which is another question"
    if hit.doubted:
        named = ", ".join(hit.doubted)
        yield f"   answered from {BEYOND_DOUBT:.2f} on: the text names {named}, which is probably another question"


def _because(found: Found, searcher: Searcher) -> str:
    if not found.hits:
        return ": nothing in the knowledge shares a word with it"
    best = found.hits[0]
    if not best.answerable and best.score >= searcher.model.answer:
        return ": the best hit is about something else"
    return f": the best hit has {best.score:.2f}"
