"""``zhuiwen check``: reads all of a folder's knowledge and reports every problem at once."""

from collections.abc import Callable
from functools import cache
from importlib.resources.abc import Traversable

from index import opening, selfcheck
from knowledge import checks
from knowledge.folder import figure_files, snapshot
from knowledge.problems import Problem
from knowledge.reader import Place, Reading, read_knowledge

Progress = Callable[[str, int, int], None]


def check(folder: Traversable, *, progress: Progress = lambda *_: None) -> tuple[Reading, list[Problem]]:
    """What was read, and all problems in order of place.

    The checks that need a search run only where there is something to search.

    Raises:
        KnowledgeError: The folder cannot be read at all.
    """
    reading = read_knowledge(snapshot(folder))
    checks.check_links(reading)
    checks.check_translations(reading)
    checks.check_completeness(reading)
    checks.check_figures(reading, figure_files(folder))
    if reading.knowledge.entries:
        searcher = opening.searcher_of(reading.knowledge)
        form = cache(searcher.analyser.form)
        checks.check_wordings(reading, form)
        checks.check_names(reading, searcher.analyser.name_form)
        for miss in selfcheck.misses(reading.knowledge, searcher, form, progress=progress):
            place = reading.places.get((miss.entry, miss.lang, miss.place), Place(file=miss.entry, line=0))
            where = f"finds {miss.found}" if miss.found not in (miss.entry, None) else "is not certain to find it"
            reading.report(place, f"{miss.entry} does not find itself: «{miss.wording}» {where}", "sharpen that wording")
        for one, other in selfcheck.confusions(reading.knowledge, searcher):
            place = reading.places[one, next(iter(reading.knowledge.entries[one].texts)), "question"]
            reading.report(place, f"{one} and {other} find each other", "merge them, or say in their questions what differs")
    return reading, sorted(reading.problems)
