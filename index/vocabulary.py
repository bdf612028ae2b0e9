"""What the knowledge says, as corrections need it: phrases by their sound, words by their spelling.  Pure."""

from collections import Counter
from collections.abc import Mapping
from itertools import chain
from operator import add

import numpy as np

from index.fields import Array
from index.fuzzy import slips
from index.keys import Blob, blob, key, keys, lookup
from index.readings import LATIN, LONGEST_PHRASE, Sounds
from index.terms import TermFinder
from index.tokens import chinese_runs, stem
from index.typos import shapes
from knowledge.model import Knowledge

_SURE = 3
"""Times that two characters must stand together to be no slip; chance puts any two together once."""
_SHORT = 4
"""Letters of a word of which only a swap is taken for a slip: another letter makes another word of it."""
_COMMON = 2
"""Times that two characters must be said together to be a phrase."""


class StoredVocabulary:
    """What the knowledge says, from the index's arrays; see index.readings.Vocabulary."""

    def __init__(self, arrays: Mapping[str, Array]) -> None:
        """Take the arrays of ``vocabulary_arrays``."""
        self._phrase_keys = arrays["phrases.keys"]
        self._phrases = Blob(arrays["phrases.text"], arrays["phrases.starts"])
        self._known_phrases = arrays["known.phrases"]
        self._known_words = arrays["known.words"]
        self._typo_keys = arrays["typos.keys"]
        self._typo_words = arrays["typos.words"]
        self._words = Blob(arrays["words.text"], arrays["words.starts"])

    def phrase(self, sound: str) -> str | None:
        """The commonest Chinese phrase of the knowledge that sounds so."""
        place = _place(self._phrase_keys, sound)
        return self._phrases[place] if place >= 0 else None

    def knows_pairs(self, run: str) -> list[bool]:
        """Of each two neighbours among Chinese characters whether the knowledge has them next to each other."""
        pairs = keys(map(add, run, run[1:]))
        known: list[bool] = (lookup(self._known_phrases, pairs) >= 0).tolist()
        return known

    def knows_word(self, word: str) -> bool:
        """Whether the knowledge has this Latin word."""
        return _place(self._known_words, word) >= 0

    def near_words(self, word: str) -> tuple[str, ...]:
        """Words of the knowledge a single slip away from ``word``, commonest first."""
        places: set[int] = set()
        for shape in shapes(word):
            number = np.uint64(key(shape))
            start = int(self._typo_keys.searchsorted(number))
            end = int(self._typo_keys.searchsorted(number, side="right"))
            places.update(self._typo_words[start:end].tolist())
        found = (near for near in (self._words[place] for place in sorted(places)) if slips(word, near, 1) <= 1)
        return tuple(near for near in found if len(word) > _SHORT or sorted(near) == sorted(word))


def _place(sorted_keys: Array, text: str) -> int:
    number = np.uint64(key(text))
    place = int(sorted_keys.searchsorted(number))
    return place if place < len(sorted_keys) and sorted_keys[place] == number else -1


def vocabulary_arrays(knowledge: Knowledge, normals: Mapping[str, str], finder: TermFinder, heard: Sounds) -> dict[str, Array]:
    """What corrections may lead to: phrases by their sound, words by their spelling with a letter dropped.

    Args:
        knowledge: The knowledge.
        normals: Everything that it says, its wordings and names among it, with its normal form.
        finder: The terms' names.
        heard: The sounds of Chinese.
    """
    said: Counter[str] = Counter()
    words: Counter[str] = Counter()
    for normal in normals.values():
        words.update(LATIN.findall(normal))
    named_pieces = [name for term in knowledge.terms.values() for name in term.names]
    asked = [wording for entry in knowledge.entries.values() for text in entry.texts.values() for wording in text.wordings]
    for wording in (*asked, *named_pieces):
        for run in chinese_runs(normals[wording]):
            longest = min(LONGEST_PHRASE, len(run))
            said.update([run[n : n + size] for size in range(2, longest + 1) for n in range(len(run) - size + 1)])
    for name in finder.names:
        if name.isascii() and name.isalpha():
            words[name] += 1
        said.update(run for run in chinese_runs(name) if len(run) > 1)
    terms = {run for name in finder.names for run in chinese_runs(name)}
    pairs = {piece for piece, times in said.items() if len(piece) == 2 and times >= _SURE}  # noqa: PLR2004 — pairs
    known = pairs | {term[n : n + 2] for term in terms for n in range(len(term) - 1)}
    sound = {character: heard.of(character)[0] for character in frozenset(chain.from_iterable(said))}
    phrases: dict[str, str] = {}
    for phrase in sorted(sorted(said), key=said.__getitem__, reverse=True):
        if len(phrase) > 2 or said[phrase] >= _COMMON or phrase in terms:  # noqa: PLR2004 — two characters sound alike too often
            phrases.setdefault(" ".join([sound[character] for character in phrase]), phrase)
    by_sound = sorted((key(sound), phrase) for sound, phrase in phrases.items())
    spelt = sorted(words, key=lambda word: (-words[word], word))
    dropped = sorted((key(shape), place) for place, word in enumerate(spelt) for shape in shapes(word))
    known_words = {*words, *(stem(word) for word in words)}
    arrays: dict[str, Array] = {
        "phrases.keys": np.array([number for number, _ in by_sound], dtype=np.uint64),
        "known.phrases": np.unique(keys(sorted(known))),
        "known.words": np.unique(keys(sorted(known_words))),
        "typos.keys": np.array([number for number, _ in dropped], dtype=np.uint64),
        "typos.words": np.array([place for _, place in dropped], dtype=np.int32),
    }
    arrays["phrases.text"], arrays["phrases.starts"] = blob([phrase for _, phrase in by_sound])
    arrays["words.text"], arrays["words.starts"] = blob(spelt)
    return arrays
