"""Long answers become several messages, each whole in itself."""

from bot.messenger.markup import blocks
from bot.messenger.pieces import LONGEST, MOST_ENTITIES, Piece, pieces, units
from tests.telegram.tdlib import parse_html

CODE = "```python\n" + "".join(f"line_{n} = {n} < 1\n" for n in range(400)) + "```"


def split(markdown: str, longest: int = LONGEST, most: int = MOST_ENTITIES) -> tuple[Piece, ...]:
    return pieces(blocks(markdown), longest=longest, most=most)


def test_a_short_answer_is_one_message() -> None:
    assert [piece.plain for piece in split("a\n\n- b\n- c")] == ["a\n\n• b\n• c"]


def test_nothing_is_no_message() -> None:
    assert split("  \n\n ") == ()


def test_messages_are_filled_block_by_block() -> None:
    assert [piece.plain for piece in split("aaaa\n\nbbbb\n\ncccc", longest=10)] == ["aaaa\n\nbbbb", "cccc"]


def test_a_code_block_moves_as_a_whole() -> None:
    first, second = split("x" * 20 + "\n\n```\na\n\nb\n```\n\nc", longest=22)
    assert (first.html, second.html) == ("x" * 20, "<pre>a\n\nb</pre>\n\nc")


def test_a_heading_goes_with_what_it_heads() -> None:
    first, second = split("x" * 20 + "\n\n## H\n\n```\n" + "y" * 20 + "\n```", longest=30)
    assert (first.plain, second.html) == ("x" * 20, "<b>H</b>\n<pre>" + "y" * 20 + "</pre>")


def test_a_heading_stays_behind_where_nothing_else_fits() -> None:
    assert [piece.plain for piece in split("## Head\n\n" + "y" * 20, longest=20)] == ["Head", "y" * 20]


def test_code_that_is_too_long_is_cut_between_lines_and_reopened() -> None:
    found = split("before\n\n" + CODE + "\n\nafter")
    assert len(found) == 3
    assert found[0].plain == "before"
    assert found[-1].plain.endswith("\n\nafter")
    code: list[str] = []
    for piece in found[1:]:
        parsed = parse_html(piece.html)
        (block,) = parsed.covered("PreCode")
        assert block.startswith("line_")
        assert block.endswith("< 1")
        code.append(block)
    assert "```python\n" + "\n".join(code) + "\n```" == CODE


def test_indentation_survives_a_cut() -> None:
    found = split("```\nif x:\n    aaaa\n    bbbb\n```", longest=17)
    assert [piece.html for piece in found] == ["<pre>if x:\n    aaaa</pre>", "<pre>    bbbb</pre>"]


def test_text_is_cut_after_a_sentence_and_keeps_its_style() -> None:
    found = split("**第一句话。第二句话。第三句话**", longest=11)
    assert [piece.html for piece in found] == ["<b>第一句话。第二句话。</b>", "<b>第三句话</b>"]


def test_english_text_is_cut_after_a_sentence() -> None:
    assert [piece.plain for piece in split("One two three. Four v1.5 five six", longest=24)] == [
        "One two three.",
        "Four v1.5 five six",
    ]


def test_characters_of_two_units_and_marks_are_not_torn() -> None:
    assert [piece.plain for piece in split("𝛼𝛽𝛾", longest=5)] == ["𝛼𝛽", "𝛾"]
    assert [piece.plain for piece in split("ab" + "x\u0302" * 2, longest=5)] == ["abx\u0302", "x\u0302"]


def test_no_message_has_more_than_a_hundred_formattings() -> None:
    found = split(" ".join(f"`{n}`" for n in range(250)))
    counts = [len(parse_html(piece.html).entities) for piece in found]
    assert sum(counts) == 250
    assert len(counts) == 3
    assert max(counts) <= 100


def test_units() -> None:
    assert (units(""), units("a中"), units("𝛼")) == (0, 2, 2)
