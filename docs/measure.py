"""Writes the measured table into both READMEs; ``--check`` only says whether it is what it should be.

Run in the root of the project: ``make measure``.
"""

import sys
import tempfile
from pathlib import Path

from bot.calibrate import cross_validated, read_questions
from bot.evaluate import evaluate
from index import opening
from index.metrics import Rate, rates
from index.searcher import Searcher
from knowledge.figures import figures
from knowledge.folder import built_in
from knowledge.model import Section

SETS = {"single": "single questions", "oos": "out of scope", "dialogues": "dialogues, all turns"}
READMES = (Path("README.md"), Path("README.zh-CN.md"))
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def table() -> str:
    """The rates of our own query sets as Markdown."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = opening.open_searcher(built_in(), Path(folder))
        rows = [_size(searcher), ""]
        rows += ["| set | turns | right | right or offered | wrong | false answer |", "| --- | --: | --: | --: | --: | --: |"]
        for name, title in SETS.items():
            judged = evaluate(Path("tests/eval/judging", f"{name}.jsonl"), searcher)
            found = rates(judged)
            cells = [_cell(found.get(key)) for key in ("right", "right_or_offered", "wrong", "false_answer")]
            rows.append(" | ".join([f"| {title}", str(len(judged)), *cells]) + " |")
        files = [Path("tests/eval/tuning", f"{name}.jsonl") for name in ("single", "oos")]
        unseen = cross_validated(read_questions(files, searcher))
    return "\n".join([*rows, "", "```", unseen, "```"])


def _size(searcher: Searcher) -> str:
    """How much it knows."""
    entries = [searcher.entry(id_) for id_ in searcher.entry_ids]
    wordings = sum(len(text.wordings) for entry in entries for text in entry.texts.values())
    shown = {figure for entry in entries for figure in figures(entry.text("zh").sections.get(Section.FIGURE, ""))}
    return (
        f"{len(entries)} questions in {len(searcher.topics)} topics, each in Chinese and English; {wordings:,} wordings, "
        f"{len(searcher.terms):,} terms, {len(shown)} figures."
    )


def _cell(rate: Rate | None) -> str:
    return f"{100 * rate.value:.1f} %" if rate is not None else ""


def written(text: str, block: str) -> str:
    """A page with the block between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def main() -> int:
    """Write the pages, or with ``--check`` compare them."""
    block = table()
    stale = [page for page in READMES if written(page.read_text("utf-8"), block) != page.read_text("utf-8")]
    if "--check" in sys.argv[1:]:
        for page in stale:
            print(f"{page}: the measured table is stale; run «make measure»")
        return bool(stale)
    for page in stale:
        page.write_text(written(page.read_text("utf-8"), block), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
