"""The checks across files that need no search: links, translations, wordings, names.

Each adds to the problems of a reading; none of these keeps the knowledge from being served.
"""

from collections.abc import Callable
from collections.abc import Set as AbstractSet

from knowledge.figures import FOLDER, KEPT_AS, figures, strays
from knowledge.model import LANGS, Entry, Lang, Section
from knowledge.reader import Place, Reading

Normalise = Callable[[str], str]
"""Gives wordings that are the same question the same form."""

FEWEST_POINTS, MOST_POINTS = 3, 6


def check_links(reading: Reading) -> None:
    """Follow-ups that lead nowhere or straight back, and terms that the lexicon lacks."""
    entries = reading.knowledge.entries
    for entry in entries.values():
        for number, target in enumerate(entry.follow_ups):
            place = _place(reading, entry, f"follow_ups[{number}]")
            if target == entry.id:
                reading.report(place, f"{entry.id} follows itself", "take it out")
            elif target in reading.broken:
                continue
            elif target not in entries:
                reading.report(place, f"the follow-up {target} does not exist", "write that entry or take it out")
            elif entry.follow_ups.index(target) < number:
                reading.report(place, f"the follow-up {target} stands twice", "take one out")
            elif entry.id in entries[target].follow_ups and entry.id < target:
                what = f"looping follow-ups: {entry.id} leads to {target} and {target} leads straight back"
                reading.report(place, what, "take one of the two out («back» leads back)")
        for number, term in enumerate(entry.terms):
            if term not in reading.knowledge.terms:
                place = _place(reading, entry, f"terms[{number}]")
                reading.report(place, f"unknown term {term}", "add it to lexicon.toml or take it out")
    for topic in reading.knowledge.topics:
        if topic.start is not None and topic.start not in entries.keys() | reading.broken:
            place = reading.topic_places.get(topic.id, Place(file="topics.toml", line=0))
            reading.report(place, f"the topic {topic.id} starts with {topic.start}, which does not exist", "name an entry")


def check_translations(reading: Reading) -> None:
    """Entries that lack a language, or whose two languages do not hold the same parts."""
    for entry in reading.knowledge.entries.values():
        for lang in LANGS:
            if lang not in entry.texts:
                there = _place(reading, entry, "question")
                name = f"{entry.id}.md" if lang == LANGS[0] else f"{entry.id}.{lang}.md"
                reading.report(there, f"the translation {name} is missing", "write it beside this file")
        if len(entry.texts) < len(LANGS):
            continue
        first, *others = (entry.texts[lang] for lang in LANGS)
        for lang, other in zip(LANGS[1:], others, strict=True):
            place = reading.places[entry.id, lang, "question"]
            if list(other.sections) != list(first.sections):
                has, wants = ", ".join(other.sections) or "none", ", ".join(first.sections) or "none"
                reading.report(place, f"its sections are {has}; the Chinese file has {wants}", "translate section by section")
            if len(other.points) != len(first.points):
                what = f"it has {len(other.points)} points; the Chinese file has {len(first.points)}"
                reading.report(place, what, "translate point by point")


def check_completeness(reading: Reading) -> None:
    """Entries without what every answer must have."""
    for entry in reading.knowledge.entries.values():
        for lang, text in entry.texts.items():
            place = reading.places[entry.id, lang, "question"]
            if Section.DETAILS not in text.sections:
                reading.report(place, "the section details is missing", "write it")
            if not FEWEST_POINTS <= len(text.points) <= MOST_POINTS:
                what = f"{len(text.points)} points"
                reading.report(place, what, f"name {FEWEST_POINTS} to {MOST_POINTS} that a good answer must mention")
        if not entry.sources:
            reading.report(_place(reading, entry, "question"), "no sources", "name the papers or chapters that bear it out")


def check_figures(reading: Reading, files: AbstractSet[str]) -> None:
    """Figures whose files are missing or that say nothing to those who do not see them, and files that no entry shows.

    Args:
        reading: What was read.
        files: Names of the files in the folder of figures.
    """
    shown: set[str] = set()
    for entry in reading.knowledge.entries.values():
        of_langs: list[list[str]] = []
        for lang, text in entry.texts.items():
            if Section.FIGURE not in text.sections:
                continue
            place = reading.places[entry.id, lang, "question"]
            section = text.sections[Section.FIGURE]
            found = figures(section)
            if not found or strays(section):
                what = "its figure section has a picture that is no figure, or none"
                reading.report(place, what, f"write each as ![what one sees](../{FOLDER}/NAME.png)")
            for figure in found:
                if not figure.alt:
                    reading.report(place, f"the figure {figure.name} has no alternative text", "say what one sees")
                for ending in KEPT_AS:
                    if f"{figure.name}.{ending}" not in files:
                        what = f"the figure {FOLDER}/{figure.name}.{ending} does not exist"
                        reading.report(place, what, "draw it, or take the figure out")
            of_langs.append([figure.name for figure in found])
            shown.update(figure.name for figure in found)
        if any(names != of_langs[0] for names in of_langs):
            reading.report(_place(reading, entry, "question"), "its languages show different figures", "show the same ones")
    for name in sorted(files):
        stem, _, ending = name.rpartition(".")
        if stem not in shown or ending not in KEPT_AS:
            reading.report(Place(file=f"{FOLDER}/{name}", line=0), "no entry shows this file", "show it, or remove it")


def check_wordings(reading: Reading, normalise: Normalise) -> None:
    """Wordings that stand twice, in one entry or in two."""
    seen: dict[str, tuple[str, Place]] = {}
    for entry in reading.knowledge.entries.values():
        for lang, text in entry.texts.items():
            for number, wording in enumerate(text.wordings):
                name = f"also[{number - 1}]" if number else "question"
                place = reading.places.get((entry.id, lang, name), _place(reading, entry, "question"))
                form = normalise(wording)
                if not form:
                    reading.report(place, f"«{wording}» says nothing that the search could use", "take it out or say more")
                    continue
                owner, first = seen.setdefault(form, (entry.id, place))
                if first is place:
                    continue
                where = f"{first.file}:{first.line}"
                if owner == entry.id:
                    reading.report(place, f"the wording «{wording}» repeats {where}", "take one out")
                else:
                    what = f"the wording «{wording}» is also one of {owner} ({where})"
                    reading.report(place, what, "leave it to one entry, or add the word that decides")


def check_names(reading: Reading, normalise: Normalise) -> None:
    """Names, abbreviations among them, that two terms claim."""
    seen: dict[str, str] = {}
    for term in reading.knowledge.terms.values():
        for name in term.names:
            form = normalise(name)
            owner = seen.setdefault(form, term.id) if form else term.id
            if owner != term.id:
                kind = "abbreviation" if name in term.abbr else "name"
                what = f"the {kind} «{name}» of {term.id} is claimed by {owner} too"
                reading.report(reading.term_places[term.id], what, "leave it to one of them, or to neither")


def _place(reading: Reading, entry: Entry, name: str) -> Place:
    lang: Lang = next(iter(entry.texts))
    return reading.places.get((entry.id, lang, name)) or reading.places[entry.id, lang, "question"]
