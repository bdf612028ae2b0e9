"""Sorts what people asked in vain, so that an author sees what to write: another wording, or another entry.  Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot import subjects
from bot.feedback import Votes
from index.fuzzy import likeness
from index.searcher import Searcher

_ALIKE = 0.75
"""Likeness from which two texts ask the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """Questions that ask the same."""

    wordings: tuple[tuple[str, int], ...]
    """Each with how often it was asked, the most frequent first."""
    disliked: int
    """How often people disliked that there was no answer."""
    near: str | None
    """The entry that comes nearest."""
    score: float
    """Calibrated probability that it is what was asked, in [0, 1]."""

    @property
    def times(self) -> int:
        """How often it was asked in all."""
        return sum(times for _, times in self.wordings)


def clusters(recorded: Iterable[tuple[str, int]], votes: Mapping[str, Votes], searcher: Searcher) -> tuple[Cluster, ...]:
    """The recorded questions (each with how often it was asked), those together that name the same terms or are alike.

    In order of how often they were asked.
    """
    groups: list[tuple[str, frozenset[str], list[tuple[str, int]]]] = []
    for text, times in sorted(recorded, key=lambda pair: (-pair[1], pair[0])):
        analysis = searcher.analyser.analyse(text)
        bare, terms = analysis.normal.replace(" ", ""), frozenset(analysis.terms)
        for head, named, members in groups:
            if named == terms and (terms or likeness(head, bare) >= _ALIKE):
                members.append((text, times))
                break
        else:
            groups.append((bare, terms, [(text, times)]))
    found = [_cluster(members, votes, searcher) for _, _, members in groups]
    return tuple(sorted(found, key=lambda cluster: (-cluster.times, cluster.wordings)))


def report(found: Iterable[Cluster]) -> str:
    """The clusters as text: each wording on a line of its own, as it would stand in an entry."""
    lines: list[str] = []
    for cluster in found:
        disliked = f", 👎 {cluster.disliked}" if cluster.disliked else ""
        near = f"near {cluster.near} ({cluster.score:.2f})" if cluster.near else "near nothing"
        lines.append(f"{cluster.times}×{disliked}, {near}")
        lines.extend(f"  - {text}" for text, _ in cluster.wordings)
    return "\n".join(lines) or "nothing was asked in vain"


def _cluster(members: list[tuple[str, int]], votes: Mapping[str, Votes], searcher: Searcher) -> Cluster:
    found = searcher.search(members[0][0])
    best = found.hits[0] if found.hits else None
    names = (subjects.of_question(subjects.digest(text)) for text, _ in members)
    return Cluster(
        wordings=tuple(members),
        disliked=sum(votes[name].bad for name in names if name in votes),
        near=best.entry if best else None,
        score=round(best.score, 4) if best else 0.0,
    )
