"""Reads a whole folder of content into one value, with every problem that needs no search to be found.

Pure: files as bytes in, knowledge and problems out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from knowledge.folder import LEXICON, TOPICS
from knowledge.lexicon import read_lexicon, read_topics, term_lines
from knowledge.markdown import Document, Field, is_id, read_document
from knowledge.model import LANGS, Entry, Knowledge, Lang, Text, Topic
from knowledge.problems import KnowledgeError, Problem

_SHARED = {"seed": False, "terms": False, "follow_ups": False, "sources": False}
_OWN = {"question": True, "also": False, "points": False}
_MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something stands."""

    file: str
    line: int


@dataclass(slots=True, kw_only=True)
class Reading:
    """What came of reading a folder."""

    knowledge: Knowledge
    problems: list[Problem]
    places: dict[tuple[str, Lang, str], Place] = field(default_factory=dict)
    """Place of each field of each entry, and of each item (``also[2]``)."""
    term_places: dict[str, Place] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """Ids of entries that are there and cannot be read."""
    topic_places: dict[str, Place] = field(default_factory=dict)

    def report(self, place: Place, what: str, remedy: str) -> None:
        """Add a problem that does not keep the knowledge from being served."""
        self.problems.append(Problem(file=place.file, line=place.line, what=what, remedy=remedy))


def read_knowledge(files: Mapping[str, bytes]) -> Reading:
    """The knowledge in ``files`` (path relative to the folder: content), and all problems of single files.

    Entries that cannot be read are left out of the knowledge; their problems are fatal.
    """
    terms, problems = read_lexicon(files[LEXICON], file=LEXICON) if LEXICON in files else ({}, [])
    lines = term_lines(files[LEXICON]) if LEXICON in files else {}
    listed, found = read_topics(files[TOPICS], file=TOPICS) if TOPICS in files else ((), [])
    problems += found
    reading = Reading(knowledge=Knowledge(entries={}, terms=terms, topics=()), problems=problems)
    reading.term_places = {id_: Place(file=LEXICON, line=line) for id_, line in lines.items()}
    headings = term_lines(files[TOPICS]) if TOPICS in files else {}
    reading.topic_places = {id_: Place(file=TOPICS, line=line) for id_, line in headings.items()}
    entries: dict[str, Entry] = {}
    for id_, documents in _documents(files, reading).items():
        entry = _entry(id_, documents, reading)
        if entry is not None:
            entries[id_] = entry
    topics = _topics(listed, entries)
    order = {topic.id: rank for rank, topic in enumerate(topics)}
    ordered = dict(sorted(entries.items(), key=lambda item: (order[item[1].topic], item[0])))
    if not ordered and not any(problem.fatal for problem in reading.problems):
        mend = "add <topic>/<id>.md files, or name another folder"
        reading.problems.append(Problem(file="", what="there are no entries", remedy=mend, fatal=True))
    reading.knowledge = Knowledge(entries=ordered, terms=terms, topics=topics)
    return reading


def serveable(reading: Reading, folder: str) -> Knowledge:
    """The knowledge, if it can be served.

    Raises:
        KnowledgeError: There are fatal problems; names all of them.
    """
    fatal = [problem for problem in reading.problems if problem.fatal]
    if fatal:
        raise KnowledgeError(folder, fatal)
    return reading.knowledge


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    path: str
    topic: str
    document: Document


def _documents(files: Mapping[str, bytes], reading: Reading) -> dict[str, dict[Lang, _File]]:
    """The documents of each entry by language."""
    found: dict[str, dict[Lang, _File]] = {}
    for path, content in files.items():
        if not path.endswith(".md"):
            continue
        topic, _, name = path.rpartition("/")
        stem = name.removesuffix(".md")
        lang: Lang = "en" if stem.endswith(".en") else "zh"
        id_ = stem.removesuffix(".en")
        if not topic:
            mend = "move it to <topic>/ in this folder"
            reading.problems.append(Problem(file=path, what="this entry lies in no topic", remedy=mend, fatal=True))
            continue
        if not is_id(id_):
            mend = "rename it in a-z, 0-9 and single hyphens"
            reading.problems.append(Problem(file=path, what=f"the id {id_!r} is not kebab-case", remedy=mend, fatal=True))
            continue
        document = _document(path, content, lang, reading)
        if document is None:
            reading.broken.add(id_)
            continue
        twin = found.setdefault(id_, {}).get(lang) or next(iter(found[id_].values()), None)
        if twin is not None and (lang in found[id_] or twin.topic != topic):
            what = f"the id {id_} stands in {twin.path} too"
            mend = "rename one, or put both languages into one topic"
            reading.problems.append(Problem(file=path, what=what, remedy=mend, fatal=True))
            continue
        found[id_][lang] = _File(path=path, topic=topic, document=document)
    return {id_: documents for id_, documents in found.items() if documents and id_ not in reading.broken}


def _document(path: str, content: bytes, lang: Lang, reading: Reading) -> Document | None:
    if len(content) > _MOST_BYTES:
        what, mend = f"larger than {_MOST_BYTES} bytes", "split the entry"
        reading.problems.append(Problem(file=path, what=what, remedy=mend, fatal=True))
        return None
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        reading.problems.append(Problem(file=path, line=line, what="not UTF-8", remedy="save it as UTF-8", fatal=True))
        return None
    document, problems = read_document(text, file=path, lang=lang)
    reading.problems += problems
    return document


def _entry(id_: str, documents: Mapping[Lang, _File], reading: Reading) -> Entry | None:
    texts: dict[Lang, Text] = {}
    shared: dict[str, object] = {}
    sound = True
    for lang in LANGS:
        if lang not in documents:
            continue
        file, owner = documents[lang], lang == LANGS[0] or LANGS[0] not in documents
        values = _values(id_, lang, file, reading, allowed={**_OWN, **_SHARED} if owner else _OWN)
        if values is None:
            sound = False
            continue
        shared = shared or values
        texts[lang] = Text(
            question=str(values["question"]),
            also=_tuple(values.get("also")),
            points=_tuple(values.get("points")),
            short=file.document.short,
            sections=file.document.sections,
        )
    if not sound:
        reading.broken.add(id_)
        return None
    return Entry(
        id=id_,
        topic=next(iter(documents.values())).topic,
        seed=shared.get("seed") is True,
        terms=_tuple(shared.get("terms")),
        follow_ups=_tuple(shared.get("follow_ups")),
        sources=_tuple(shared.get("sources")),
        texts=texts,
    )


def _values(id_: str, lang: Lang, file: _File, reading: Reading, *, allowed: Mapping[str, bool]) -> dict[str, object] | None:
    """The fields' values with their types checked, or ``None`` where the entry cannot be served."""
    values: dict[str, object] = {}
    fatal = False
    for name, found in file.document.fields.items():
        reading.places[id_, lang, name] = Place(file=file.path, line=found.line)
        for number, line in enumerate(found.lines):
            reading.places[id_, lang, f"{name}[{number}]"] = Place(file=file.path, line=line)
        if name not in allowed:
            where = f"; {name} stands in the Chinese file" if name in _SHARED else ""
            reading.report(Place(file=file.path, line=found.line), f"unknown field {name}{where}", "take it out")
            continue
        for line, what, mend in _type_problems(name, found):
            fatal = True
            reading.problems.append(Problem(file=file.path, line=line, what=what, remedy=mend, fatal=True))
        values[name] = found.value
    if not str(values.get("question") or "").strip():
        mend = "add «question: …» to the front matter"
        reading.problems.append(Problem(file=file.path, line=1, what="no question", remedy=mend, fatal=True))
        fatal = True
    return None if fatal else values


def _type_problems(name: str, found: Field) -> Iterator[tuple[int, str, str]]:
    value = found.value
    if name == "question" and not isinstance(value, str):
        yield found.line, "question is not a text", "put it in quotes"
    elif name == "seed" and not isinstance(value, bool):
        yield found.line, "seed is neither true nor false", "write true or false"
    elif name not in ("question", "seed"):
        if not isinstance(value, list):
            yield found.line, f"{name} is not a list", "write one item a line, each after «  - »"
            return
        for number, item in enumerate(value):
            if not isinstance(item, str) or not item.strip():
                line = found.lines[number] if number < len(found.lines) else found.line
                yield line, f"an item of {name} is not a text", "put it in quotes"


def _tuple(value: object) -> tuple[str, ...]:
    return tuple(item.strip() for item in value) if isinstance(value, list) else ()


def _topics(listed: tuple[Topic, ...], entries: Mapping[str, Entry]) -> tuple[Topic, ...]:
    """The listed topics that have entries, then the others by name."""
    used = {entry.topic for entry in entries.values()}
    known = {topic.id for topic in listed}
    others = (Topic(id=id_, names={"zh": id_, "en": id_}, start=None) for id_ in sorted(used - known))
    return (*(topic for topic in listed if topic.id in used), *others)
