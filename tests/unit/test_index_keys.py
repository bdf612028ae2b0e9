"""Texts as numbers, and many texts in two arrays."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from index.keys import Blob, blob, key, keys, lookup
from index.typos import SHORTEST, shapes

TEXTS = st.lists(st.text(st.characters(exclude_categories=()), max_size=20), max_size=20)


def test_keys_are_the_same_on_every_machine() -> None:
    assert (key("w:loss"), key("批")) == (0xFB248C6A6BD39FD5, 0x4F917EB412B5192D)
    assert keys(["w:loss", "批"]).tolist() == [key("w:loss"), key("批")]


@given(TEXTS, TEXTS)
def test_every_text_is_found_and_no_other(texts: list[str], others: list[str]) -> None:
    kept = np.unique(keys(texts))
    places = lookup(kept, keys([*texts, *others]))
    assert len(places) == len(texts) + len(others)
    for text, place in zip([*texts, *others], places.tolist(), strict=True):
        assert (place >= 0) == (text in texts)
        if place >= 0:
            assert int(kept[place]) == key(text)


@given(TEXTS)
def test_a_blob_gives_its_texts_back(texts: list[str]) -> None:
    stored = Blob(*blob(texts))
    assert len(stored) == len(texts)
    assert [stored[place] for place in range(len(stored))] == texts


@given(st.text(alphabet="abc", min_size=1, max_size=8), st.integers(0, 7), st.sampled_from(["drop", "change", "swap"]))
def test_words_one_slip_apart_share_a_shape(word: str, place: int, slip: str) -> None:
    at = place % len(word)
    match slip:
        case "drop":
            other = word[:at] + word[at + 1 :]
        case "change":
            other = f"{word[:at]}z{word[at + 1 :]}"
        case _:
            other = word[:at] + word[at : at + 2][::-1] + word[at + 2 :]
    if min(len(word), len(other)) >= SHORTEST:
        assert shapes(word) & shapes(other)
    else:
        assert not shapes(min(word, other, key=len))
