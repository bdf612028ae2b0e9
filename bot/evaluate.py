"""``zhuiwen eval``: replays query sets through the very step that answers people, and judges each turn."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.moves import pick
from bot.replay import ReplayError, Script, read_scripts, replay
from bot.replies import Outcome, Reply
from index.decision import Outcome as Found
from index.metrics import Judged, Rate, Verdict, rate, rates, reciprocal_rank
from index.searcher import Searcher

_SUGGESTIONS = 3


def evaluate(file: Path, searcher: Searcher) -> list[Judged]:
    """Every turn of a query set, judged.

    The set is JSON Lines as for ``replay``; each query has ``expect``: ids of the right entries, none where nothing may be
    answered.  A turn marked ``by_number`` is right where it shows what the list then shown has at that number.

    Raises:
        ReplayError: The file holds no such queries.
    """
    return [row for script in read_scripts(file) for row in _judged(script, searcher, file)]


def left_out(file: Path, searcher: Searcher) -> Rate | None:
    """How often a single query is answered though its right entries were left out; ``None`` where none has any."""
    scripts = [script for script in read_scripts(file) if "turns" not in script.row and script.row.get("expect")]
    found = [searcher.search(script.queries[0], without=script.row["expect"]) for script in scripts]
    return rate([its.outcome is Found.ANSWER for its in found])


def table(name: str, judged: Sequence[Judged]) -> str:
    """A run query by query, tab-separated: set, turn, verdict, what was got, query."""
    return "".join(f"{name}\t{row.id}\t{row.verdict}\t{row.got}\t{' '.join(row.query.split())}\n" for row in judged)


def compared(before: str, now: str) -> str:
    """What changed from one run's table to another's, query by query, as text."""
    old, new = ({tuple(line.split("\t")[:2]): line.split("\t") for line in run.splitlines()} for run in (before, now))
    changed = [(old[key], new[key]) for key in new if key in old and old[key][2:4] != new[key][2:4]]
    lines = [f"  {was[2]} → {its[2]}   {its[0]} {its[1]} {its[4]!r}: {was[3]} → {its[3]}" for was, its in changed]
    alone = len(old.keys() ^ new.keys())
    return "\n".join([f"{len(changed)} of {len(new)} queries changed, {alone} are in one run only", *lines])


def _judged(script: Script, searcher: Searcher, file: Path) -> Iterator[Judged]:
    turns = script.row.get("turns", [script.row])
    kind = str(script.row.get("style") or script.row.get("kind") or "all")
    listed: tuple[str, ...] = ()
    for number, (turn, reply) in enumerate(zip(turns, replay(script, searcher), strict=True)):
        expected = turn.get("expect")
        if not isinstance(expected, list) or not all(isinstance(id_, str) for id_ in expected):
            raise ReplayError(f"{file}: {script.id}: «{turn['query']}» has no list expect")
        if turn.get("by_number") and listed:
            place = pick(searcher.analyser.normal(turn["query"]), len(listed))
            expected = [*expected, listed[place - 1]] if place and place <= len(listed) else []
        yield _row(f"{script.id}.{number}", kind, reply, tuple(expected))
        if reply.options:
            listed = tuple(option.entry for option in reply.options)


def _row(id_: str, kind: str, reply: Reply, expected: tuple[str, ...]) -> Judged:
    entry = reply.answer.entry if reply.answer else None
    candidates = [candidate.entry for candidate in reply.candidates]
    ranked = [entry, *(other for other in candidates if other != entry)] if entry else candidates
    offered = reply.outcome is Outcome.SUGGEST and set(candidates[:_SUGGESTIONS]) & set(expected)
    if not expected:
        verdict = Verdict.FALSE_ANSWER if entry else Verdict.SILENT
    elif entry:
        verdict = Verdict.RIGHT if entry in expected else Verdict.WRONG
    else:
        verdict = Verdict.OFFERED if offered else Verdict.MISSED
    rank = next((place for place, found in enumerate(ranked, 1) if found in expected), 0)
    got = f"{reply.outcome} {entry or ', '.join(candidates[:_SUGGESTIONS]) or '-'}"
    return Judged(id=id_, kind=kind, query=reply.query, expected=expected, got=got, verdict=verdict, rank=rank)


def report(name: str, judged: Sequence[Judged], *, misses: bool) -> str:
    """The rates of a set, over all and by kind, as text."""
    lines = [f"{name}: {len(judged)} turns"]
    found = reciprocal_rank(judged)
    lines += [f"  {rate_name:17} {value}" for rate_name, value in rates(judged).items()]
    lines += [f"  {'MRR':17} {found:7.3f}"] if found is not None else []
    for kind in sorted({row.kind for row in judged}):
        of_kind = rates([row for row in judged if row.kind == kind])
        chosen = [
            f"{key} {100 * of_kind[key].value:.1f} %" for key in ("right", "wrong", "false_answer", "turn_ok") if key in of_kind
        ]
        lines.append(f"  · {kind:15} {'  '.join(chosen)}")
    if misses:
        bad = (row for row in judged if row.verdict not in (Verdict.RIGHT, Verdict.SILENT))
        lines += [
            f"  {row.verdict:12} {row.id} {row.query[:60]!r} wanted {', '.join(row.expected) or '-'}, got {row.got}"
            for row in bad
        ]
    return "\n".join(lines)
