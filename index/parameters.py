"""The numbers and lists that shape an index besides its content: an index made with others is stale."""

import hashlib
import json
from pathlib import Path
from typing import Any

from index.fields import LIKEST, SATURATION, SHARES
from index.forms import FACETS, FRAMES, SPOKEN
from index.tokens import KIND_WEIGHTS

DECISION_FILE = "decision.json"


def decision_numbers() -> dict[str, Any]:
    """The fitted decision that comes with the program; written by ``zhuiwen eval --fit``."""
    numbers: dict[str, Any] = json.loads(_decision())
    return numbers


def _decision() -> str:
    try:
        return (Path(__file__).parent / DECISION_FILE).read_text("utf-8")
    except OSError:
        from importlib import resources  # noqa: PLC0415 — needed in a zip alone, and costs every start some milliseconds

        return (resources.files("index") / DECISION_FILE).read_text("utf-8")


def digest() -> str:
    """A digest of all parameters."""
    values = {
        "fields": [dict(SHARES), SATURATION, LIKEST],
        "kinds": dict(KIND_WEIGHTS),
        "frames": FRAMES.pattern,
        "spoken": [(pattern.pattern, plain) for pattern, plain in SPOKEN],
        "facets": {facet: pattern.pattern for facet, pattern in FACETS.items()},
        "decision": decision_numbers(),
    }
    return hashlib.blake2b(json.dumps(values, ensure_ascii=False).encode(), digest_size=16).hexdigest()
