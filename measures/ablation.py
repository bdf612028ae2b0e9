"""``python -m measures.ablation``: what each part of the search is worth; writes the table of docs/retrieval.md.

One part is taken away at a time: a kind of token, a field, a signal of the decision, the corrected reading.  The decision is
fitted anew each time, and the queries of the tuning half are read under cross-validation over entries.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import numpy as np

from bot import calibrate
from bot.calibrate import Question, read_questions
from index import build, fields, fit, scoring, tokens
from index.decision import FEATURES, Signals, row
from index.opening import searcher_of
from knowledge.folder import built_in, snapshot
from knowledge.model import Knowledge
from knowledge.reader import read_knowledge, serveable
from measures.pages import PAGE, TUNING

BEGIN, END = "<!-- ablation: begin -->", "<!-- ablation: end -->"
_KINDS = {
    "w": "words",
    "b": "pairs of words",
    "s": "sub-words",
    "c1": "Chinese characters",
    "c2": "pairs of characters",
    "t": "terms of the lexicon",
    "f": "facets",
}


def table() -> str:
    """The rates with everything and with each part taken away, as Markdown."""
    knowledge = serveable(read_knowledge(snapshot(built_in())), "built-in knowledge")
    whole = _questions(knowledge)
    rows = [
        "| without | right | wrong | false answer | right first |",
        "| --- | --: | --: | --: | --: |",
        _row("nothing", whole),
    ]
    for kind, name in _KINDS.items():
        weights = MappingProxyType({**tokens.KIND_WEIGHTS, kind: 1e-9})
        with _instead((tokens, build, scoring), "KIND_WEIGHTS", weights):
            rows.append(_row(f"tokens: {name}", _questions(knowledge)))
    for field in (fields.FieldName.POINTS, fields.FieldName.BODY):
        with _instead((fields, fit), "SHARES", MappingProxyType({**fields.SHARES, field: 1e-12})):
            rows.append(_row(f"field: {field}", _questions(knowledge)))
    with _instead((fields, scoring), "LIKEST", 0.0):
        rows.append(_row("the likest wording", _questions(knowledge)))
    typed = [replace(q, readings=q.readings[:1], left_out=q.left_out[:1]) for q in whole]
    rows.append(_row("corrected readings", typed))
    for place, signal in enumerate(FEATURES):
        with _without(place):
            rows.append(_row(f"signal: {signal}", whole))
    return "\n".join(rows)


def _questions(knowledge: Knowledge) -> list[Question]:
    return read_questions([TUNING / "single.jsonl", TUNING / "oos.jsonl"], searcher_of(knowledge))


def _row(name: str, questions: list[Question]) -> str:
    found = calibrate.unseen(questions)
    first = [bool(q.readings[0].hits) and q.readings[0].hits[0].entry in q.expected for q in questions if q.expected]
    shares = (np.mean(found.right), np.mean(found.wrong), np.mean(found.false), np.mean(first))
    return " | ".join([f"| {name}", *(f"{100 * share:.1f} %" for share in shares)]) + " |"


@contextmanager
def _instead(modules: tuple[Any, ...], name: str, value: object) -> Iterator[None]:
    """With another value for a name that several modules share."""
    before = getattr(modules[0], name)
    for module in modules:
        setattr(module, name, value)
    try:
        yield
    finally:
        for module in modules:
            setattr(module, name, before)


@contextmanager
def _without(place: int) -> Iterator[None]:
    """With a signal that says nothing."""

    def muted(signals: Signals) -> list[float]:
        values = list(row(signals))
        values[place] = 0.0
        return values

    with _instead((calibrate,), "row", muted):
        yield


def main() -> None:
    """Write the table into its page."""
    text = PAGE.read_text("utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    PAGE.write_text(f"{before}{BEGIN}\n{table()}\n{END}{after}", "utf-8")


if __name__ == "__main__":
    main()
