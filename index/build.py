"""Builds an index from knowledge: all analysis and fitting that asking must not pay for.

Does no IO but for reading the packaged model.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from index.analysis import Analyser
from index.entries import encoded
from index.fields import Array, FieldName, Postings
from index.fit import fit_postings
from index.forms import Facet
from index.keys import blob, key
from index.language import FIRST, script_of, sounds
from index.parameters import decision_numbers
from index.parts import Digests, Kept, Part
from index.readings import Sounds, blur
from index.terms import TermFinder, heads, named
from index.text import Normaliser
from index.tokens import KIND_WEIGHTS, kind
from index.vocabulary import vocabulary_arrays
from knowledge.figures import without_figures
from knowledge.model import LANGS, Entry, Knowledge, Section, Text

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done and how much there is."""


_OFTEN = 3
"""Wordings that make calling an entry by a term alone more than a chance."""


def build(
    knowledge: Knowledge, *, progress: Progress = lambda *_: None, kept: Kept | None = None
) -> tuple[dict[str, Any], dict[str, Array]]:
    """The manifest and the arrays of the index of ``knowledge``; see index.store.

    Args:
        knowledge: The knowledge.
        progress: Told how far it is.
        kept: Parts of builds before, which are not made again, and where those that are made are kept.
    """
    entries = list(knowledge.entries.values())
    texts = list(_texts(knowledge))
    script = script_of(texts, _wordings(knowledge))
    syllables, numbers = sounds()
    normaliser = Normaliser(script)
    normals = {name: normaliser.normal(name) for term in knowledge.terms.values() for name in term.names}
    pairs = [(name, term.id) for term in knowledge.terms.values() for name in term.names]
    heard = Sounds(FIRST, tuple(numbers), tuple(blur(s) for s in syllables), frozenset(s for s in syllables if s))
    analyser = Analyser(normaliser, TermFinder(named(pairs, normals.__getitem__)), heard)

    digests = Digests(script, analyser.finder.names) if kept is not None else None
    documents: dict[FieldName, list[Mapping[str, int]]] = {name: [] for name in FieldName}
    forms: list[str] = []
    first = np.zeros(len(entries) + 1, dtype=np.int64)
    mentions: list[list[str]] = []
    asked: list[dict[str, float]] = []
    alone: list[list[str]] = []
    facet_shares = np.zeros((len(entries), len(Facet)), dtype=np.float32)
    for done, entry in enumerate(entries):
        progress("analysing", done, len(entries))
        found = _part(entry, analyser, kept, digests)
        normals.update(zip(_entry_texts(entry), found.normals, strict=True))
        for name in FieldName:
            documents[name] += found.documents[name]
        forms += found.forms
        first[done + 1] = len(forms)
        mentions.append(found.mentions)
        asked.append(found.asked)
        alone.append(found.alone)
        facet_shares[done] = [found.facets[facet] / found.facets.total() if found.facets else 0.0 for facet in Facet]
    progress("fitting", 0, 1)
    vocabulary, vocabulary_keys = _vocabulary(documents)
    places = {token: place for place, token in enumerate(vocabulary)}
    fitted = fit_postings(documents, places, np.array([KIND_WEIGHTS[kind(token)] for token in vocabulary]), first)
    arrays: dict[str, Array] = {
        "vocabulary": vocabulary_keys,
        "sounds": np.array(numbers, dtype=np.uint16),
        "facets": facet_shares,
        "rarity": fitted.rarity,
        **_postings_arrays("profiles", fitted.profiles),
        "profiles.asked": fitted.asked,
        **_postings_arrays("wordings", fitted.wordings),
        "wordings.first": first,
        **_exact(forms, first),
    }
    arrays["forms"], arrays["form_starts"] = blob(forms)
    arrays |= vocabulary_arrays(knowledge, normals, analyser.finder, heard)
    arrays["entries"], arrays["entry_starts"] = blob([encoded(entry) for entry in entries])
    arrays["terms"], arrays["term_starts"] = blob(
        [json.dumps([term.name("zh"), term.name("en"), term.siblings]) for term in knowledge.terms.values()]
    )
    numbers_of = {term: number for number, term in enumerate(knowledge.terms)}
    arrays["name_terms"] = np.array([numbers_of[term] for term in analyser.finder.names.values()], dtype=np.int32)
    begun = heads(analyser.finder.names)
    manifest = {
        "ids": [entry.id for entry in entries],
        "entry_topics": [entry.topic for entry in entries],
        "asked": asked,
        "alone": alone,
        "mentions": mentions,
        "topics": [{"id": topic.id, "names": dict(topic.names), "start": topic.start} for topic in knowledge.topics],
        "terms": "\n".join(knowledge.terms),
        "names": "\n".join(analyser.finder.names),
        "heads": ["\n".join(column) for column in (begun, begun.values())],
        "script": {
            "traditional": "".join(chr(code) for code in script.characters),
            "simplified": "".join(script.characters.values()),
            "phrases": [list(pair) for pair in script.phrases],
        },
        "syllables": list(syllables),
        "first_sound": FIRST,
        "decision": decision_numbers(),
    }
    return manifest, arrays


def _part(entry: Entry, analyser: Analyser, kept: Kept | None, digests: Digests | None) -> Part:
    """What an entry gives, out of what is kept or made now."""
    if kept is None or digests is None:
        return _made(entry, analyser)
    digest = digests.of(entry)
    part = kept.get(digest)
    if part is None:
        part = _made(entry, analyser)
        kept.put(digest, part)
    return part


def _made(entry: Entry, analyser: Analyser) -> Part:
    normals = {text: analyser.normal(text) for text in _entry_texts(entry)}
    found = Part(normals=[normals[text] for text in _entry_texts(entry)])
    asked: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    mentioned: dict[str, None] = dict.fromkeys(entry.terms)
    points: Counter[str] = Counter(f"t:{term}" for term in entry.terms)
    body: Counter[str] = Counter()
    for lang in LANGS:
        if lang not in entry.texts:
            continue
        text = entry.texts[lang]
        for wording in text.wordings:
            analysis = analyser.reading(normals[wording])
            found.documents[FieldName.WORDINGS].append(analysis.tokens)
            found.forms.append(analysis.form)
            asked.update(analysis.terms)
            if not set(entry.terms).intersection(analysis.terms):
                alone.update(analysis.terms)
            found.facets.update(analysis.facets)
        for counts, lines in ((points, text.points), (body, _body_lines(text))):
            tokens, terms = analyser.prose("\n".join(normals[line] for line in lines))
            counts.update(tokens)
            mentioned.update(dict.fromkeys(terms))
    most = max(asked.values(), default=1)
    found.asked = {term: round(times / most, 4) for term, times in asked.items()} | dict.fromkeys(entry.terms, 1.0)
    found.alone = sorted(term for term, times in alone.items() if times >= _OFTEN)
    found.documents[FieldName.POINTS].append(points)
    found.documents[FieldName.BODY].append(body)
    found.mentions = sorted(mentioned.keys() - found.asked.keys())
    return found


def _body_lines(text: Text) -> Iterator[str]:
    """The prose of an answer line by line; code and pictures are no prose."""
    yield from text.short.splitlines()
    for section, content in text.sections.items():
        if section is not Section.CODE:
            yield from without_figures(content).splitlines()


def _vocabulary(documents: Mapping[FieldName, list[Mapping[str, int]]]) -> tuple[list[str], Array]:
    every = {token for of_field in documents.values() for document in of_field for token in document}
    by_key = {key(token): token for token in every}
    if len(by_key) != len(every):
        raise ArithmeticError("two tokens share a 64-bit key; raise the digest size in index.keys")
    order = sorted(by_key)
    return [by_key[number] for number in order], np.array(order, dtype=np.uint64)


def _postings_arrays(name: str, postings: Postings) -> dict[str, Array]:
    return {f"{name}.starts": postings.starts, f"{name}.owners": postings.owners, f"{name}.weights": postings.weights}


def _exact(forms: Sequence[str], first: Array) -> dict[str, Array]:
    """The keys of all wordings' forms in order, and the entry of each; of two entries with one form the first's."""
    owners: dict[int, int] = {}
    entry_of = np.repeat(np.arange(len(first) - 1), np.diff(first))
    for form, owner in zip(forms, entry_of.tolist(), strict=True):
        owners.setdefault(key(form), owner)
    order = sorted(owners)
    return {
        "exact.keys": np.array(order, dtype=np.uint64),
        "exact.entries": np.array([owners[number] for number in order], dtype=np.int32),
    }


def _wordings(knowledge: Knowledge) -> Iterator[str]:
    return (wording for entry in knowledge.entries.values() for text in entry.texts.values() for wording in text.wordings)


def _entry_texts(entry: Entry) -> Iterator[str]:
    for text in entry.texts.values():
        yield from text.wordings
        yield from text.points
        yield from _body_lines(text)


def _texts(knowledge: Knowledge) -> Iterator[str]:
    for entry in knowledge.entries.values():
        yield from _entry_texts(entry)
    for term in knowledge.terms.values():
        yield from term.names
