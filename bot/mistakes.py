"""Lists what people reported as wrong, for who mends the knowledge.  Pure."""

from collections.abc import Iterable
from itertools import groupby

from bot.feedback import Mistake


def listing(mistakes: Iterable[Mistake]) -> str:
    """The reports as text: for each entry and section how many there are, then what people say of it; empty if there are none.

    The reports come sorted by entry and section.
    """
    lines: list[str] = []
    for (entry, section), group in groupby(mistakes, key=lambda mistake: (mistake.entry, mistake.section)):
        texts = [mistake.text for mistake in group]
        place = (entry or "no answer in particular") + (f", {section}" if section else "")
        lines.append(f"{place}: reported {len(texts)}×")
        lines.extend(f"  - {text}" for text in texts if text)
    return "\n".join(lines)
