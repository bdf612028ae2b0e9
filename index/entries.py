"""Entries as the index keeps them: one JSON text each, read when it is shown.  Pure."""

import json

from knowledge.model import Entry, Lang, Section, Text


def encoded(entry: Entry) -> str:
    """An entry as text."""
    texts = {
        lang: {
            "question": text.question,
            "also": text.also,
            "points": text.points,
            "short": text.short,
            "sections": {section.value: content for section, content in text.sections.items()},
        }
        for lang, text in entry.texts.items()
    }
    return json.dumps(
        {
            "id": entry.id,
            "topic": entry.topic,
            "seed": entry.seed,
            "terms": entry.terms,
            "follow_ups": entry.follow_ups,
            "sources": entry.sources,
            "texts": texts,
        },
        ensure_ascii=False,
    )


def decoded(text: str) -> Entry:
    """The entry that was encoded as ``text``."""
    stored = json.loads(text)
    texts: dict[Lang, Text] = {
        lang: Text(
            question=text["question"],
            also=tuple(text["also"]),
            points=tuple(text["points"]),
            short=text["short"],
            sections={Section(name): content for name, content in text["sections"].items()},
        )
        for lang, text in stored["texts"].items()
    }
    return Entry(
        id=stored["id"],
        topic=stored["topic"],
        seed=stored["seed"],
        terms=tuple(stored["terms"]),
        follow_ups=tuple(stored["follow_ups"]),
        sources=tuple(stored["sources"]),
        texts=texts,
    )
