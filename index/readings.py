"""Other readings of a text: homophones, typed pinyin and Latin typos, restricted to what the knowledge says.

Nothing is corrected towards a word that the knowledge does not use, and nothing that it does use is corrected away.  Pure.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from index.text import CJK

LONGEST_PHRASE = 6

_CHINESE = re.compile(f"[{CJK}]+")
_LONGEST_BUT_PLURAL = 4
"""Words of so many letters may end in an s that is a slip; longer ones are plurals."""
LATIN = re.compile(r"(?<![a-z0-9])[a-z]+(?![a-z0-9])")
_PINYIN_RUN = re.compile(r"(?<![a-z0-9])[a-z]+(?: +[a-z]+)*(?![a-z0-9])")
_BLURS = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_LONGEST_SYLLABLE = 6


class Vocabulary(Protocol):
    """What the knowledge says, as far as readings need it."""

    def phrase(self, sound: str) -> str | None:
        """The commonest Chinese phrase of the knowledge that sounds so (blurred syllables, spaces between)."""

    def knows_pairs(self, run: str) -> list[bool]:
        """Of each two neighbours among Chinese characters whether the knowledge has them next to each other."""

    def knows_word(self, word: str) -> bool:
        """Whether the knowledge has this Latin word."""

    def near_words(self, word: str) -> tuple[str, ...]:
        """Words of the knowledge a single slip away from ``word``, commonest first; none for a short word."""


def blur(syllable: str) -> str:
    """A syllable as people who type by ear confuse them: zh/z, ch/c, sh/s, -ang/-an, -eng/-en, -ing/-in."""
    for hard, soft in _BLURS:
        if syllable.startswith(hard):
            syllable = soft + syllable[2:]
            break
    return syllable[:-1] if syllable.endswith("ng") and syllable[-3:-2] in tuple("aei") else syllable


@dataclass(frozen=True, slots=True)
class Sounds:
    """Sounds of Chinese characters."""

    first: int
    """Code point of the first character on record."""
    numbers: Sequence[int] | np.ndarray[Any, np.dtype[Any]]
    """For each character from ``first`` on: number of its syllable; 0 for none."""
    syllables: tuple[str, ...]
    """Blurred syllable of each number."""
    typed: frozenset[str]
    """Syllables as people type them."""

    def of(self, run: str) -> tuple[str, ...]:
        """The blurred syllables of Chinese characters; of one without a sound the character itself."""
        return tuple(self._one(character) for character in run)

    def _one(self, character: str) -> str:
        place = ord(character) - self.first
        number = self.numbers[place] if 0 <= place < len(self.numbers) else 0
        return self.syllables[number] or character

    def split(self, word: str) -> tuple[str, ...] | None:
        """The syllables of a word in typed pinyin, as few as there can be, or ``None`` where it is no pinyin."""
        best: list[tuple[str, ...] | None] = [()] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for start in range(max(0, end - _LONGEST_SYLLABLE), end):
                before = best[start]
                if before is None or word[start:end] not in self.typed:
                    continue
                now = best[end]
                if now is None or len(before) + 1 < len(now):
                    best[end] = (*before, word[start:end])
        return best[-1]


def read_again(normal: str, sounds: Sounds, vocabulary: Vocabulary) -> str | None:
    """A normal text as it was probably meant, or ``None`` where nothing in it suggests a slip."""
    text = LATIN.sub(lambda found: _word(found.group(), vocabulary), normal)
    text = _PINYIN_RUN.sub(lambda found: _typed(found.group(), sounds, vocabulary), text)
    text = _CHINESE.sub(lambda found: _homophones(found.group(), sounds, vocabulary), text)
    return text if text != normal else None


def _word(word: str, vocabulary: Vocabulary) -> str:
    if vocabulary.knows_word(word) or (
        len(word) > _LONGEST_BUT_PLURAL and word[-1] == "s" and vocabulary.knows_word(word[:-1])
    ):
        return word
    return next((near for near in vocabulary.near_words(word) if near[0] == word[0]), word)


def _typed(run: str, sounds: Sounds, vocabulary: Vocabulary) -> str:
    """Typed pinyin as Chinese, where the knowledge has such a phrase; other words stay."""
    words = run.split()
    split = [sounds.split(word) if len(word) > 1 else None for word in words]
    out: list[str] = []
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and split[end] is not None:
            end += 1
        group = tuple(syllable for part in split[at:end] if part for syllable in part)
        foreign = any(not vocabulary.knows_word(word) for word in words[at:end])
        decoded = _decode(group, vocabulary) if len(group) > 1 and foreign else None
        out += [decoded] if decoded else words[at : max(end, at + 1)]
        at = max(end, at + 1)
    return " ".join(out)


def _decode(group: tuple[str, ...], vocabulary: Vocabulary) -> str | None:
    """Phrases of the knowledge for typed syllables; ``None`` where they cover less than half."""
    blurred = [blur(syllable) for syllable in group]
    out: list[str] = []
    covered = at = 0
    while at < len(group):
        for size in range(min(LONGEST_PHRASE, len(group) - at), 1, -1):
            phrase = vocabulary.phrase(" ".join(blurred[at : at + size]))
            if phrase is not None:
                out.append(phrase)
                covered += size
                at += size
                break
        else:
            single = vocabulary.phrase(blurred[at])
            out.append(single or f" {group[at]} ")
            at += 1
    return "".join(out).strip() if 2 * covered >= len(group) else None


def _homophones(run: str, sounds: Sounds, vocabulary: Vocabulary) -> str:
    return "".join(_pieces(run, sounds, vocabulary))


def _pieces(run: str, sounds: Sounds, vocabulary: Vocabulary) -> Iterator[str]:
    """The run piece by piece: what only sounds like the knowledge is replaced, longest first.

    A character that the knowledge knows beside its neighbour stays what it is.
    """
    pairs = vocabulary.knows_pairs(run)
    stays = [before or after for before, after in zip([False, *pairs], [*pairs, False], strict=True)]
    if all(stays):
        yield run
        return
    heard = sounds.of(run)
    at = 0
    while at < len(run):
        for size in range(min(LONGEST_PHRASE, len(run) - at), 1, -1):
            piece, fixed = run[at : at + size], stays[at : at + size]
            phrase = None if all(fixed) else vocabulary.phrase(" ".join(heard[at : at + size]))
            if phrase is not None and all(new == old for new, old, stay in zip(phrase, piece, fixed, strict=True) if stay):
                yield phrase
                at += size
                break
        else:
            yield run[at]
            at += 1
