"""What a look at everything that serving needs brought to light, and how it is told.  Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How it stands with something."""

    FINE = "ok"
    ADVICE = "note"
    """It serves all the same."""
    FAULT = "mend"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was looked at."""

    subject: str
    text: str
    """What was found; for anything but FINE with the remedy."""
    verdict: Verdict = Verdict.FINE
    code: int = 0
    """The exit code of the family that a fault belongs to."""


def fault(subject: str, text: str, code: int) -> Finding:
    """Something that must be mended before it serves."""
    return Finding(subject=subject, text=text, verdict=Verdict.FAULT, code=code)


def report(findings: Sequence[Finding]) -> str:
    """The findings as text, each with its verdict; further lines of one are indented."""
    width = max((len(finding.subject) for finding in findings), default=0)
    return "\n".join(
        f"{finding.verdict:<4}  {finding.subject:<{width}}  " + finding.text.replace("\n", "\n" + " " * (width + 8))
        for finding in findings
    )


def exit_code(findings: Sequence[Finding]) -> int:
    """That of the first fault; 0 where there is none."""
    return next((finding.code for finding in findings if finding.verdict is Verdict.FAULT), 0)
