"""Reads one content file: front matter, short answer and sections, with the line of everything that can be at fault.

Pure: text in, value and problems out.  Never stops at the first problem.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import yaml

from knowledge.model import HEADINGS, Lang, Section
from knowledge.problems import Problem

_FENCE = re.compile(r" {0,3}(```+(?=[^`]*$)|~~~+)")
_FAST = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""Ten times faster, where PyYAML was built with libyaml."""
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A value of the front matter and the line on which it stands."""

    value: object
    line: int
    lines: tuple[int, ...] = ()
    """For a list: the line of each item."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One content file, read but not yet interpreted."""

    fields: Mapping[str, Field]
    short: str
    sections: Mapping[Section, str]


@dataclass(slots=True)
class _Reading:
    file: str
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int, what: str, remedy: str, *, fatal: bool = True) -> None:
        self.problems.append(Problem(file=self.file, line=line, what=what, remedy=remedy, fatal=fatal))


def is_id(text: str) -> bool:
    """Whether ``text`` can be the id of an entry or a term: kebab-case ASCII."""
    return _ID.match(text) is not None


def read_document(text: str, *, file: str, lang: Lang) -> tuple[Document | None, list[Problem]]:
    """The parts of one content file, and every problem found in it.

    The document is ``None`` where there is nothing that could be served.
    """
    reading = _Reading(file)
    lines = text.removeprefix("\ufeff").splitlines()
    if not lines or lines[0].rstrip() != "---":
        reading.report(1, "no front matter", "begin the file with a line ---, the fields, and a line ---")
        return None, reading.problems
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        reading.report(1, "the front matter is not closed", "add a line --- after its last field")
        return None, reading.problems
    fields = _front_matter("\n".join(lines[1:end]), reading)
    short, sections = _body(lines[end + 1 :], end + 2, lang, reading)
    if fields is None:
        return None, reading.problems
    return Document(fields=fields, short=short, sections=sections), reading.problems


def _front_matter(text: str, reading: _Reading) -> dict[str, Field] | None:
    try:
        root, values = _read_yaml(text)
    except (yaml.YAMLError, ValueError, LookupError, AttributeError, RecursionError) as fault:
        mark, at = getattr(fault, "problem_mark", None), getattr(fault, "position", 0)
        line = mark.line + 2 if mark else text.count("\n", 0, at) + 2
        why = getattr(fault, "problem", None) or str(fault).splitlines()[0]
        reading.report(line, f"the front matter is not valid YAML ({why})", "mend it; put text with ': ' in quotes")
        return None
    if not isinstance(root, yaml.MappingNode):
        reading.report(2, "the front matter has no fields", "write each as «name: value»")
        return None
    fields: dict[str, Field] = {}
    for key, value in root.value:
        name, line = str(key.value), key.start_mark.line + 2
        if name in fields:
            reading.report(line, f"the field {name} stands twice", "keep one of them")
        items = tuple(item.start_mark.line + 2 for item in value.value) if isinstance(value, yaml.SequenceNode) else ()
        fields[name] = Field(value=values.get(key.value), line=line, lines=items)
    return fields


def _read_yaml(text: str) -> tuple[yaml.Node | None, dict[object, object]]:
    """The root of a YAML text, and the fields where it is a mapping."""
    try:
        return _constructed(_FAST(text))
    except yaml.YAMLError:
        return _constructed(yaml.SafeLoader(text))  # says better what is wrong and where


def _constructed(loader: yaml.SafeLoader) -> tuple[yaml.Node | None, dict[object, object]]:
    root = loader.get_single_node()
    return root, loader.construct_document(root) if isinstance(root, yaml.MappingNode) else {}


def _body(lines: list[str], first: int, lang: Lang, reading: _Reading) -> tuple[str, dict[Section, str]]:
    """The short answer and the sections; headings inside fenced code are text."""
    headings = HEADINGS[lang]
    parts: list[tuple[Section | None, int, list[str]]] = [(None, first, [])]
    fence, opened = "", 0
    for number, line in enumerate(lines, first):
        mark = _FENCE.match(line)
        if mark and not fence:
            fence, opened = mark.group(1), number
        elif mark and mark.group(1).startswith(fence) and not line.strip(fence[0] + " "):
            fence = ""
        if fence or not line.startswith("#"):
            parts[-1][2].append(line)
            continue
        hashes, _, title = line.partition(" ")
        section = headings.get(title.strip())
        if hashes == "##" and section is not None:
            parts.append((section, number, []))
        elif set(hashes) == {"#"} and len(hashes) <= 2:  # noqa: PLR2004 — deeper headings structure a section
            allowed = ", ".join(f"## {name}" for name in headings)
            reading.report(number, f"unknown section «{line.strip()}»", f"use one of {allowed}", fatal=False)
            parts[-1][2].append(line)
        else:
            parts[-1][2].append(line)
    if fence:
        reading.report(opened, "a code block is not closed", f"add a line {fence} at its end")
    sections: dict[Section, str] = {}
    for section, number, content in parts[1:]:
        text = "\n".join(content).strip("\n").rstrip()
        if section is None:
            continue
        if section in sections:
            reading.report(number, f"the section {section} stands twice", "join the two", fatal=False)
        elif not text.strip():
            reading.report(number, f"the section {section} is empty", "write it or take the heading out", fatal=False)
        else:
            sections[section] = text
    short = "\n".join(parts[0][2]).strip()
    if not short:
        reading.report(first, "no answer", "write the short answer after the front matter")
    return short, sections
