"""What people rate: an entry, or a question that had no answer.  Pure.

A question is named by a digest of its text, so that a button can carry it and nobody need keep the text for that.
"""

import hashlib
import re

_DIGITS = 16
_DIGEST = re.compile(rf"[0-9a-f]{{{_DIGITS}}}")


def digest(text: str) -> str:
    """A short name for a text."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]


def is_digest(text: str) -> bool:
    """Whether a text can be such a name."""
    return _DIGEST.fullmatch(text) is not None


def of_entry(entry: str) -> str:
    """An entry as a subject."""
    return f"entry:{entry}"


def of_question(name: str) -> str:
    """A question as a subject, by the digest of its text."""
    return f"question:{name}"
