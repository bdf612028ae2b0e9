"""Markdown becomes text that Telegram's own parser accepts and that says the same."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.messenger.markup import blocks, entities, html, join, plain, sendable
from bot.messenger.pieces import pieces, units
from tests.telegram.tdlib import parse_html
from tests.telegram.visible import squeezed, visible

CASES = Path(__file__).parent / "messenger_markup.md"


def cases() -> list[tuple[str, str, str]]:
    """Title, Markdown and expected HTML: separated by lines that are only a dot, as markdown-it's own fixtures are."""
    parts = re.split(r"^\.\n", CASES.read_text("utf-8"), flags=re.MULTILINE)
    found = [(parts[n].strip(), parts[n + 1], parts[n + 2].rstrip("\n")) for n in range(0, len(parts) - 2, 3)]
    assert len(found) > 15
    return found


@pytest.mark.parametrize(("title", "markdown", "expected"), cases(), ids=[title for title, _, _ in cases()])
def test_golden(title: str, markdown: str, expected: str) -> None:
    assert html(join(blocks(markdown))) == expected, title


MARKDOWN = st.lists(
    st.one_of(
        st.text(max_size=60),
        st.sampled_from(
            [
                "# ",
                "- ",
                "1. ",
                "> ",
                "```",
                "```python\n",
                "~~~",
                "`",
                "**",
                "*",
                "~~",
                "[x](http://e.com)",
                "![x](y)",
                "<b>",
                "&lt;",
            ]
        ),
        st.sampled_from(
            ["\n", "\n\n", "    ", "| a | b |\n|---|---|\n| c | d |\n", "\\", "&", "<", "</pre>", "\ud800", "\x00", "𝛼"]
        ),
    ),
    max_size=30,
).map("".join)


@given(MARKDOWN)
def test_telegram_accepts_everything_and_shows_our_text(markdown: str) -> None:
    runs = join(blocks(markdown))
    parsed = parse_html(html(runs))
    assert parsed.refusal == ""
    assert parsed.text == plain(runs)
    assert len(parsed.entities) <= entities(runs)


@given(MARKDOWN)
def test_the_visible_text_is_that_of_the_markdown(markdown: str) -> None:
    assert squeezed(plain(join(blocks(markdown)))) == squeezed(visible(sendable(markdown)))


@given(MARKDOWN, st.integers(40, 200), st.integers(2, 6))
def test_pieces_fit_are_accepted_and_keep_the_text(markdown: str, longest: int, most: int) -> None:
    parts = blocks(markdown)
    found = pieces(parts, longest=longest, most=most)
    for piece in found:
        parsed = parse_html(piece.html)
        assert parsed.refusal == ""
        assert parsed.text == piece.plain
        assert piece.plain.strip()
        assert units(piece.plain) == parsed.units <= longest
        assert len(parsed.entities) <= most
    assert squeezed("".join(piece.plain for piece in found)) == squeezed(plain(join(parts)))
