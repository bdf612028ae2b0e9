"""Patterns made of trees find what the plain lists of words would."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import dialogue, ellipsis, moves
from index.alternation import LazyPattern, any_of, whole_words
from index.forms import FACETS, FRAMES, SPOKEN

FORMS = (FRAMES, *FACETS.values(), *(spoken for spoken, _ in SPOKEN))
LAZY = (
    *FORMS,
    *(pattern for _, pattern in ellipsis._SECTION_WORDS),
    *(one for module in (dialogue, ellipsis, moves) for one in vars(module).values() if isinstance(one, LazyPattern)),
)

WORDS = st.lists(st.text("ab .", min_size=1, max_size=4), min_size=1, max_size=8)
TEXTS = st.text("ab .c1", max_size=30)


def longest_first(words: list[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@given(WORDS, TEXTS)
def test_any_of_is_the_list_longest_first(words: list[str], text: str) -> None:
    assert re.findall(any_of(words), text) == re.findall(longest_first(words), text)


@given(WORDS, TEXTS)
def test_whole_words_are_the_list_between_no_letters_or_digits(words: list[str], text: str) -> None:
    plain = rf"(?<![a-z0-9])(?:{longest_first(words)})(?![a-z0-9])"
    assert re.findall(whole_words(words), text) == re.findall(plain, text)


def test_an_empty_word_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="everywhere"):
        any_of(["a", ""])


@pytest.mark.parametrize("pattern", FORMS, ids=lambda pattern: pattern.pattern[:20])
def test_every_alternative_begins_with_a_plain_character(pattern: LazyPattern) -> None:
    depth = 0
    for place, character in enumerate(pattern.pattern):
        before = pattern.pattern[place - 1] if place else ""
        depth += (character == "(") - (character == ")") if before != "\\" else 0
        if not depth and (not place or character == "|"):
            first = pattern.pattern[place if not place else place + 1]
            assert first not in "([.^$*?", f"…{pattern.pattern[place : place + 20]}…"


@pytest.mark.parametrize("pattern", LAZY, ids=lambda pattern: pattern.pattern[:20])
@settings(max_examples=50, deadline=None)
@given(st.data())
def test_what_matches_has_what_it_needs(pattern: LazyPattern, data: st.DataObject) -> None:
    matching = data.draw(st.from_regex(re.compile(pattern.pattern, pattern.flags), fullmatch=True))
    assert any(need in matching for need in pattern.needs)
    assert LazyPattern(pattern.pattern, pattern.needs, pattern.flags).fullmatch(matching)


def test_a_pattern_is_made_where_it_may_match() -> None:
    pattern = LazyPattern("ab+", ("ab",))
    assert pattern.sub("-", "a b") == "a b"
    assert pattern.search("xabbx") is not None
    assert pattern.sub("-", "abb ab", 1) == "- ab"
    assert pattern.fullmatch("abbx") is None
