"""One normal form for everything: what is indexed, what is asked, and what the two are compared by.

Pure.  The tables of the script (traditional to simplified, Taiwan terms) are data, made when the index is built.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from index.forms import FRAMES, SPOKEN

MOST_CHARACTERS = 500
"""Longer texts are no question: they are cut here before anything looks at them."""

_DROPPED = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u2028-\u202e\u2060-\u206f\u20dd-\u20e4\ufe00-\ufe0f\ufeff\ufff0-\uffff]"
)
_BLANK = re.compile(
    "[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2190-\u21ff\u2300-\u27bf\u2900-\u297f\u2b00-\u2bff\u3000\ue000-\uf8ff"
    "\U0001f000-\U0001faff\U000e0000-\U0010ffff]+"
)
_PUNCTUATION = re.compile(
    r"[。，、；：？！…“”‘’\"「」『』《》〈〉【】〔〕（）()\[\]{}<>?!,;:~`@$%&\\—–―·・|]+|(?<![0-9a-z])['.]+|['.]+(?![0-9a-z])"
)
_CIRCLED = {first + n: str(n + 1) for first in (0x2776, 0x2780, 0x278A, 0x24F5) for n in range(10)}
"""Digits in circles that NFKC leaves alone."""
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_TIMES = re.compile(r"(?<=\d)\s*[x×*乘]\s*(?=\d)")
_SPACES = re.compile(r"\s+")
_REPEATS = re.compile(r"([^\W\d_])\1{3,}")
CJK = "\u3400-\u4dbf\u4e00-\u9fff"
"""Range of Chinese characters, for a regular expression's class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """How traditional writing maps to simplified."""

    characters: Mapping[int, str] = field(default_factory=dict)
    """Code point of a traditional character: simplified character; for ``str.translate``."""
    phrases: tuple[tuple[str, str], ...] = ()
    """Taiwan terms in simplified characters and the mainland term, longest first; for text that had traditional ones."""


class Normaliser:
    """Gives texts their normal form; see ``normal`` and ``core``."""

    __slots__ = ("_made", "_script")

    def __init__(self, script: Script) -> None:
        """Prepare the tables of ``script``."""
        self._script = script
        self._made: re.Pattern[str] | None = None

    @property
    def _phrases(self) -> re.Pattern[str]:
        """The phrases as a pattern; made when a text in traditional characters is met, for most are not."""
        if self._made is None:
            self._made = re.compile("|".join(re.escape(taiwan) for taiwan, _ in self._script.phrases))
        return self._made

    def normal(self, text: str) -> str:
        """``text`` in NFKC, lower case, simplified, without punctuation, emoji and invisible characters.

        Idempotent.  At most ``MOST_CHARACTERS`` characters of the text count.
        """
        folded = _DROPPED.sub("", unicodedata.normalize("NFKC", text[: 2 * MOST_CHARACTERS].translate(_CIRCLED)))
        parted = unicodedata.normalize("NFKD", _BLANK.sub(" ", folded).casefold())
        folded = unicodedata.normalize("NFKC", _ACCENTS.sub("", parted))[:MOST_CHARACTERS]
        simplified = folded.translate(self._script.characters)
        if simplified != folded and self._script.phrases:
            mapping = dict(self._script.phrases)
            simplified = self._phrases.sub(lambda found: mapping[found.group()], simplified)
        bare = _TIMES.sub("x", _SPACES.sub(" ", _PUNCTUATION.sub(" ", simplified)))
        return _SPACES.sub(" ", _REPEATS.sub(r"\1\1\1", bare)).strip()

    def core(self, normal: str) -> str:
        """A normal text with spoken forms made plain and without the frames that carry no question."""
        plain = normal
        for pattern, replacement in SPOKEN:
            plain = pattern.sub(replacement, plain)
        return _SPACES.sub(" ", FRAMES.sub(" ", plain)).strip()
