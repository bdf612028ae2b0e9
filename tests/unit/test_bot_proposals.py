"""What was asked in vain becomes a diff that patches the content."""

import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from bot.proposals import proposal
from bot.unanswered import Cluster

FILES = {
    "regularization/batch-norm.md": "---\nquestion: 什么是BN\nalso:\n  - BN\nterms: [batch-norm]\n---\n答。\n",
    "regularization/batch-norm.en.md": "---\nquestion: What is BN\n---\nAnswer.\n",
}


def cluster(near: str | None, score: float, *texts: str) -> Cluster:
    return Cluster(wordings=tuple((text, 1) for text in texts), disliked=0, near=near, score=score)


FOUND = [
    cluster("batch-norm", 0.4, "BN咋回事", "- 'BN': why?", "yes", "12", "two\nlines", "x" * 101),
    cluster("batch-norm", 0.1, "今天吃什么"),
    cluster(None, 0.0, "哈哈"),
    cluster("gone", 0.9, "没有的"),
]


@pytest.mark.skipif(shutil.which("patch") is None, reason="there is no patch")
def test_the_diff_can_be_applied_and_adds_what_came_near(tmp_path: Path) -> None:
    for path, content in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(content, "utf-8")
    diff = proposal(FOUND, FILES, 0.2).encode()
    subprocess.run(["patch", "-p1"], input=diff, cwd=tmp_path, check=True, capture_output=True)  # noqa: S607 — wherever it is
    heads = {path: yaml.safe_load((tmp_path / path).read_text("utf-8").split("---")[1]) for path in FILES}
    assert heads["regularization/batch-norm.md"] == {
        "question": "什么是BN",
        "also": ["BN", "BN咋回事"],
        "terms": ["batch-norm"],
    }
    assert heads["regularization/batch-norm.en.md"] == {"question": "What is BN", "also": ["- 'BN': why?", "yes", "12"]}


def test_nothing_near_is_no_diff() -> None:
    assert proposal(FOUND[1:], FILES, 0.2) == ""
