"""Makes what people asked in vain into a diff of the content, for an author to strike from and to apply.  Pure."""

import difflib
import json
import re
from collections.abc import Iterable, Mapping

from bot.unanswered import Cluster
from index.text import CJK
from knowledge.model import Lang

_LONGEST = 100
"""Characters above which a text is no wording."""
_PLAIN = re.compile(
    rf"(?!(?:yes|no|true|false|null|on|off|[\d.eE+-]+)\Z)[A-Za-z0-9{CJK}][A-Za-z0-9{CJK} ，。？！、（）()/+=^-]*", re.IGNORECASE
)
"""What YAML takes for a text without quotes."""
_ALSO = re.compile(r"^also:[ \t]*\n(?:[ \t]*-[ \t].*\n)*", re.MULTILINE)
_CHINESE = re.compile(f"[{CJK}]")


def proposal(found: Iterable[Cluster], files: Mapping[str, str], least: float) -> str:
    """A unified diff that gives entries the wordings that came near them, relative to the folder of the content.

    Args:
        found: What was asked in vain.
        files: The text of each file of the content by its path.
        least: Probability from which a cluster is taken for its nearest entry; the others need entries of their own.
    """
    wanted: dict[str, list[str]] = {}
    for cluster in found:
        if cluster.near is not None and cluster.score >= least:
            for text, _ in cluster.wordings:
                path = _path(files, cluster.near, "zh" if _CHINESE.search(text) else "en")
                if path is not None and len(text) <= _LONGEST and "\n" not in text.strip():
                    wanted.setdefault(path, []).append(text.strip())
    return "".join(_diff(path, files[path], _with(files[path], texts)) for path, texts in sorted(wanted.items()))


def _path(files: Mapping[str, str], entry: str, lang: Lang) -> str | None:
    name = f"{entry}.md" if lang == "zh" else f"{entry}.{lang}.md"
    return next((path for path in files if path.rpartition("/")[2] == name), None)


def _with(content: str, texts: Iterable[str]) -> str:
    """The file with further wordings behind those that it has, or behind its question."""
    lines = "".join(f"  - {text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)}\n" for text in texts)
    stored = _ALSO.search(content)
    if stored is not None:
        return content[: stored.end()] + lines + content[stored.end() :]
    head = re.compile(r"^question:.*\n", re.MULTILINE).search(content)
    at = head.end() if head is not None else 0
    return f"{content[:at]}also:\n{lines}{content[at:]}"


def _diff(path: str, before: str, after: str) -> str:
    lines = difflib.unified_diff(before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}")
    return "".join(lines)
