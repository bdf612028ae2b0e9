"""Knowledge that the product can serve: generated questions, and its own."""

from collections.abc import Sequence

from knowledge.folder import built_in, snapshot
from knowledge.model import Entry, Knowledge, Term, Text, Topic
from knowledge.reader import read_knowledge
from tests.bench.questions import TERMS

WORDINGS = 4
"""Of each entry."""


def knowledge_of(texts: Sequence[str]) -> Knowledge:
    """Entries of ``WORDINGS`` wordings each, in the order of the texts; the field's terms are its lexicon."""
    entries: dict[str, Entry] = {}
    for start in range(0, len(texts), WORDINGS):
        first, *others = texts[start : start + WORDINGS]
        id_ = f"e{start // WORDINGS:07}"
        text = Text(question=first, also=tuple(others), points=(first,), short=f"{first}。", sections={})
        named = tuple(f"t{place}" for place, term in enumerate(TERMS) if term in first)
        entries[id_] = Entry(id=id_, topic="t", seed=False, terms=named, follow_ups=(), sources=(), texts={"zh": text})
    terms = {
        f"t{place}": Term(id=f"t{place}", zh=(term,), en=(), abbr=(), misspelt=(), siblings=())
        for place, term in enumerate(TERMS)
    }
    return Knowledge(entries=entries, terms=terms, topics=(Topic(id="t", names={"zh": "题"}, start=None),))


def shipped() -> Knowledge:
    """The built-in knowledge."""
    return read_knowledge(snapshot(built_in())).knowledge
