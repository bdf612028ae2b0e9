"""Cuts blocks of styled runs into messages that Telegram takes.  Pure.

A message is filled block by block.  Only a block that is too long for a message of its own is cut: code between its lines,
text after a sentence, and either anywhere if there is no such place.  Every part wears the styles of the whole.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.messenger.markup import Block, Run, entities, html, join, plain

LONGEST = 4096
LONGEST_CAPTION = 1024
"""UTF-16 units of a message.  Telegram counts code points, which are never more."""
MOST_ENTITIES = 100
_SENTENCE_ENDS = ("\n", "。", "！", "？", "；", ". ", "! ", "? ", "; ")
_PAUSES = ("，", "、", "：", "）", "」", " ")
_JOINERS = "\u200d\ufe0e\ufe0f"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One message."""

    html: str
    plain: str
    """The same without formatting, for when the formatting is refused."""
    photo: bytes | None = None
    """A picture under which the text stands."""
    formulas: tuple[str, ...] = ()
    """LaTeX of formulas to be drawn as such a picture, where that can be done."""
    formatted: bool = True
    """Whether it is wanted with its formatting."""


def pieces(blocks: Sequence[Block], *, longest: int = LONGEST, most: int = MOST_ENTITIES) -> tuple[Piece, ...]:
    """The messages that show the blocks, in order; none is empty."""
    messages = (join(message) for message in _messages(blocks, longest, most))
    return tuple(Piece(html=html(runs), plain=plain(runs)) for runs in messages if plain(runs).strip())


def units(text: str) -> int:
    """The length of a text in UTF-16 units, as Telegram measures offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _messages(blocks: Sequence[Block], longest: int, most: int) -> Iterator[list[Block]]:
    def fits(parts: Sequence[Block]) -> bool:
        runs = join(parts)
        return units(plain(runs)) <= longest and entities(runs) <= most

    if fits(blocks):  # as most replies do
        yield from [list(blocks)] if blocks else []
        return
    message: list[Block] = []
    for part in (part for block in blocks for part in _parts(block, longest, most)):
        if message and not fits([*message, part]):
            end = len(message)
            while end and message[end - 1].leads:
                end -= 1
            # A heading goes with what it heads, unless that leaves nothing behind or does not fit either.
            if not end or not fits([*message[end:], part]):
                end = len(message)
            yield message[:end]
            message = message[end:]
        message.append(part)
    if message:
        yield message


def _parts(block: Block, longest: int, most: int) -> Iterator[Block]:
    """The block, or its parts where it is too long for a message of its own."""
    gap, rest = block.gap, block.runs
    while end := _reach(rest, longest, most):
        cut = _cut(plain(rest), end, lines=block.preformatted)
        head, rest = _split(rest, cut, blank="\n" if block.preformatted else " \n")
        if head:
            yield replace(block, runs=head, gap=gap)
            gap = "\n"
    if rest:
        yield replace(block, runs=rest, gap=gap)


def _reach(runs: Sequence[Run], longest: int, most: int) -> int:
    """How many characters of the runs fit into a message; 0 where all do."""
    if units(plain(runs)) <= longest and entities(runs) <= most:
        return 0
    length = position = 0
    for n, run in enumerate(runs):
        if entities(runs[: n + 1]) > most:
            return position
        for letter in run.text:
            length += units(letter)
            if length > longest:
                return position
            position += 1
    return 0


def _cut(text: str, end: int, *, lines: bool) -> int:
    """Where to cut: after the last good place in the second half of the first ``end`` characters."""
    for signs in (("\n",),) if lines else (_SENTENCE_ENDS, _PAUSES):
        cut = max((found + len(sign) for sign in signs if (found := text.rfind(sign, end // 2, end)) >= 0), default=0)
        if cut:
            return cut
    cut = end
    while cut > end // 2 and _clings(text[cut], text[cut - 1]):
        cut -= 1
    return cut


def _clings(letter: str, before: str) -> bool:
    """Whether a character is drawn together with the one before it."""
    return bool(unicodedata.combining(letter)) or letter in _JOINERS or before == _JOINERS[0]


def _split(runs: Sequence[Run], cut: int, *, blank: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """The runs before and after a position, without the blanks at the cut."""
    text = plain(runs)
    end, start = len(text[:cut].rstrip(blank)), cut + len(text[cut:]) - len(text[cut:].lstrip(blank))
    head: list[Run] = []
    tail: list[Run] = []
    position = 0
    for run in runs:
        head.append(replace(run, text=run.text[: max(0, end - position)]))
        tail.append(replace(run, text=run.text[max(0, start - position) :]))
        position += len(run.text)
    return tuple(run for run in head if run.text), tuple(run for run in tail if run.text)
