"""The measured parts of the pages: a table in both READMEs, more of it and two pictures in docs/."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.calibrate import Question, cross_validated, read_questions
from bot.evaluate import evaluate
from index import opening
from index.metrics import Rate, rates
from index.searcher import Searcher
from knowledge.figures import figures
from knowledge.folder import built_in
from knowledge.model import Section
from measures import baselines, curves

SETS = {"single": "single questions", "oos": "out of scope", "dialogues": "dialogues, all turns"}
TUNING, JUDGING = Path("tests/eval/tuning"), Path("tests/eval/judging")
READMES = (Path("README.md"), Path("README.zh-CN.md"))
PAGE = Path("docs/retrieval.md")
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"


def files() -> Mapping[Path, str]:
    """What each page and picture should be."""
    with tempfile.TemporaryDirectory() as folder:
        searcher = opening.open_searcher(built_in(), Path(folder))
        judging = [JUDGING / "single.jsonl", JUDGING / "oos.jsonl"]
        questions = read_questions(judging, searcher)
        kinds = _by_kind(searcher)
        unseen = cross_validated(read_questions([TUNING / "single.jsonl", TUNING / "oos.jsonl"], searcher))
        beside = _beside(searcher, judging, questions)
        found = curves.points(questions)
    table = "\n".join([_size(searcher), "", _rates(searcher), "", beside])
    more = f"{kinds}\n\n```\n{unseen}\n```\n\n{beside}"
    return {
        **{page: written(page.read_text("utf-8"), table) for page in READMES},
        PAGE: written(PAGE.read_text("utf-8"), more),
        Path("docs/reliability.svg"): curves.reliability(found),
        Path("docs/coverage.svg"): curves.coverage(found, searcher.model.answer),
    }


def written(text: str, block: str) -> str:
    """A page with the block between its marks."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{block}\n{END}{after}"


def _size(searcher: Searcher) -> str:
    """How much it knows."""
    entries = [searcher.entry(id_) for id_ in searcher.entry_ids]
    wordings = sum(len(text.wordings) for entry in entries for text in entry.texts.values())
    shown = {figure for entry in entries for figure in figures(entry.text("zh").sections.get(Section.FIGURE, ""))}
    return (
        f"{len(entries)} questions in {len(searcher.topics)} topics, each in Chinese and English; {wordings:,} wordings, "
        f"{len(searcher.terms):,} terms, {len(shown)} figures."
    )


def _rates(searcher: Searcher) -> str:
    rows = ["| set | turns | right | right or offered | wrong | false answer |", "| --- | --: | --: | --: | --: | --: |"]
    for name, title in SETS.items():
        judged = evaluate(JUDGING / f"{name}.jsonl", searcher)
        found = rates(judged)
        cells = [_cell(found.get(key)) for key in ("right", "right_or_offered", "wrong", "false_answer")]
        rows.append(" | ".join([f"| {title}", str(len(judged)), *cells]) + " |")
    return "\n".join(rows)


def _by_kind(searcher: Searcher) -> str:
    rows = ["| kind | queries | right | offered or right | wrong | false answer |", "| --- | --: | --: | --: | --: | --: |"]
    for name in ("single", "oos"):
        judged = evaluate(JUDGING / f"{name}.jsonl", searcher)
        for kind in sorted({row.kind for row in judged}):
            some = [row for row in judged if row.kind == kind]
            found = rates(some)
            cells = [_cell(found.get(key)) for key in ("right", "right_or_offered", "wrong", "false_answer")]
            rows.append(" | ".join([f"| {kind}", str(len(some)), *cells]) + " |")
    return "\n".join(rows)


def _beside(searcher: Searcher, paths: list[Path], questions: list[Question]) -> str:
    entries = [searcher.entry(id_) for id_ in searcher.entry_ids]
    pairs = [(wording, entry.id) for entry in entries for text in entry.texts.values() for wording in text.wordings]
    stored = baselines.Stored(
        wordings=tuple(wording for wording, _ in pairs),
        entries=tuple(entry for _, entry in pairs),
        questions=frozenset(text.question for entry in entries for text in entry.texts.values()),
    )
    texts = [row.query for path in paths for row in evaluate(path, searcher)]
    rows = ["| engine | right first | right | wrong | false answer |", "| --- | --: | --: | --: | --: |"]
    for its in baselines.results(stored, texts, questions):
        shares = (its.first, its.right, its.wrong, its.false)
        rows.append(" | ".join([f"| {its.name}", *(f"{100 * share:.1f} %" for share in shares)]) + " |")
    return "\n".join(rows)


def _cell(rate: Rate | None) -> str:
    return f"{100 * rate.value:.1f} %" if rate is not None else ""
