"""Reads the lexicon and the list of topics.  Pure: bytes in, values and problems out."""

import re
import tomllib
from collections.abc import Mapping

from knowledge.markdown import is_id
from knowledge.model import LANGS, Term, Topic
from knowledge.problems import Problem

_NAME_LISTS = ("zh", "en", "abbr", "misspelt")
_LISTS = (*_NAME_LISTS, "siblings")


def read_lexicon(content: bytes, *, file: str) -> tuple[dict[str, Term], list[Problem]]:
    """The terms by id, and every problem of the file."""
    tables, problems = _tables(content, file)
    lines = _lines(content)
    terms: dict[str, Term] = {}
    for id_, table in tables.items():
        found = _term_problems(id_, table)
        problems += [Problem(file=file, line=lines.get(id_, 0), what=what, remedy=mend, fatal=True) for what, mend in found]
        if not found:
            terms[id_] = Term(id=id_, **{name: tuple(map(str, _list(table.get(name)))) for name in _LISTS})
    for term in terms.values():
        line = lines.get(term.id, 0)
        for sibling in term.siblings:
            if sibling == term.id:
                problems.append(Problem(file=file, line=line, what=f"{term.id} is its own sibling", remedy="take it out"))
            elif sibling not in tables:
                what = f"{term.id} has the sibling {sibling}, which is no term"
                problems.append(Problem(file=file, line=line, what=what, remedy="add that term or take it out"))
            elif sibling in terms and term.id not in terms[sibling].siblings:
                what = f"{term.id} has the sibling {sibling}, but not the other way round"
                problems.append(Problem(file=file, line=line, what=what, remedy=f"add {term.id} to {sibling}'s siblings"))
    return terms, problems


def term_lines(content: bytes) -> Mapping[str, int]:
    """The line on which each term begins."""
    return _lines(content)


def read_topics(content: bytes, *, file: str) -> tuple[tuple[Topic, ...], list[Problem]]:
    """The topics in their order, and every problem of the file."""
    tables, problems = _tables(content, file)
    lines = _lines(content)
    topics: list[Topic] = []
    for id_, table in tables.items():
        names = {lang: name for lang in LANGS if isinstance(name := table.get(lang), str)}
        start = table.get("start")
        wrong = sorted(set(table) - {*LANGS, "start"})
        if not names or wrong or not isinstance(start, str | None):
            what = f"the topic {id_} is not well-formed" + (f" (unknown: {', '.join(wrong)})" if wrong else "")
            mend = "give it zh and en (names) and, if wanted, start (id of an entry)"
            problems.append(Problem(file=file, line=lines.get(id_, 0), what=what, remedy=mend, fatal=True))
        else:
            topics.append(Topic(id=id_, names=names, start=start))
    return tuple(topics), problems


def _tables(content: bytes, file: str) -> tuple[dict[str, dict[str, object]], list[Problem]]:
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError as fault:
        line = content[: fault.start].count(b"\n") + 1
        return {}, [Problem(file=file, line=line, what="not UTF-8", remedy="save it as UTF-8", fatal=True)]
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        found = re.search(r"at line (\d+)", str(fault))
        line = int(found.group(1)) if found else content.rstrip().count(b"\n") + 1
        return {}, [Problem(file=file, line=line, what=f"not valid TOML ({fault})", remedy="mend it", fatal=True)]
    tables = {id_: table for id_, table in data.items() if isinstance(table, dict)}
    what, mend = "a value outside any table", "put it under a heading [id]"
    return tables, [Problem(file=file, what=f"{what}: {id_}", remedy=mend, fatal=True) for id_ in data.keys() - tables.keys()]


def _term_problems(id_: str, table: Mapping[str, object]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    if not is_id(id_):
        found.append((f"the id {id_!r} is not kebab-case", "use a-z, 0-9 and single hyphens"))
    found += [(f"{id_} has the unknown field {name}", f"use {', '.join(_LISTS)}") for name in sorted(set(table) - set(_LISTS))]
    for name in _LISTS:
        value = table.get(name, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            found.append((f"{name} of {id_} is not a list of texts", f'write {name} = ["…"]'))
    if not any(table.get(name) for name in _NAME_LISTS):
        found.append((f"{id_} has no name", "give it zh, en or abbr"))
    return found


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _lines(content: bytes) -> dict[str, int]:
    text = content.decode("utf-8", "replace")
    heads = ((number, re.match(r"\s*\[\s*\"?([^\]\"]+?)\"?\s*\]", line)) for number, line in enumerate(text.splitlines(), 1))
    return {head.group(1): number for number, head in heads if head}
