"""Tables of the Chinese script and its sounds, made while an index is built and stored in it.

The only importer of OpenCC and pypinyin; neither is needed to ask.
"""

import re
from collections import Counter
from collections.abc import Iterable
from functools import cache

from opencc import OpenCC
from pypinyin import Style, pinyin

from index.text import CJK, Script

FIRST, LAST = 0x4E00, 0x9FFF
"""Range of the characters whose sound is stored."""

_TOTAL = range(0x3400, 0xA000)
_RUN = re.compile(f"[{CJK}]+")
_LONGEST_PHRASE = 4


def script_of(texts: Iterable[str], wordings: Iterable[str] = ()) -> Script:
    """The script's tables, the Taiwan terms restricted to words that occur in ``texts``.

    What ``wordings`` hold is left alone, and so is what is the commoner word of the mainland: 向量 is Taiwan's 矢量.
    """
    characters = _characters()
    to_taiwan = OpenCC("s2twp").convert
    phrases: dict[str, str] = {}
    # what is asked in traditional writing does not make a Taiwan word the mainland's
    words, asked = _words(text.translate(characters) for text in texts), _words(wordings)
    in_taiwan = to_taiwan("\n".join(words)).translate(characters).splitlines()
    differ = [(word, taiwan) for word, taiwan in zip(words, in_taiwan, strict=True) if taiwan != word]
    for word, taiwan in sorted(differ, key=lambda pair: (len(pair[0]), -words[pair[0]], pair[0])):
        if taiwan in asked or words[taiwan] >= words[word]:
            continue
        if not any(known in taiwan for known in phrases):
            phrases[taiwan] = word
    return Script(characters=characters, phrases=tuple(sorted(phrases.items(), key=lambda item: (-len(item[0]), item[0]))))


@cache
def _characters() -> dict[int, str]:
    simplify = OpenCC("t2s").convert
    return {code: plain for code in _TOTAL if (plain := simplify(simplify(chr(code)))) != chr(code) and len(plain) == 1}


def _words(texts: Iterable[str]) -> Counter[str]:
    words: Counter[str] = Counter()
    for text in texts:
        for run in _RUN.findall(text):
            for size in range(2, _LONGEST_PHRASE + 1):
                words.update([run[start : start + size] for start in range(len(run) - size + 1)])
    return words


@cache
def sounds() -> tuple[tuple[str, ...], list[int]]:
    """The syllables without tone, and for each character from ``FIRST`` to ``LAST`` the number of its usual one.

    Number 0 is the empty syllable: the character has no sound on record.
    """
    syllables: dict[str, int] = {"": 0}
    numbers: list[int] = []
    for code in range(FIRST, LAST + 1):
        sound = pinyin(chr(code), style=Style.NORMAL)[0][0].replace("ü", "v")
        sound = sound if sound.isascii() else ""  # a character without a sound on record comes back as it is
        numbers.append(syllables.setdefault(sound, len(syllables)))
    return tuple(syllables), numbers
