"""Renders replies: the messages that show them, as Telegram takes them."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.formulas import wide
from bot.layout import page
from bot.messenger.delivery import Offer
from bot.messenger.display import Display
from bot.messenger.markup import blocks, sendable
from bot.messenger.pieces import LONGEST_CAPTION, Piece, pieces
from bot.replies import Reply
from bot.show import entry_reply
from bot.talk import Talk
from knowledge.model import Lang

_LOG = logging.getLogger(__name__)
_LONGEST_TEASER = 100
"""Characters of an answer shown in a list of offers."""
_LONGEST_RICH = 32_768
_MOST_RICH_BLOCKS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A reply as it is to be sent."""

    pieces: tuple[Piece, ...]
    rich: str | None = None
    """The same as one rich message, in rich Markdown, to be tried first."""


def rendered(reply: Reply, talk: Talk, way: Display) -> Rendered:
    """A reply as a chat wants it shown."""
    parts = _messages(reply, talk)
    match way:
        case Display.PLAIN:
            return Rendered(pieces=unformatted(tuple(replace(part, formulas=()) for part in parts if part.plain or part.photo)))
        case Display.RICH:
            return Rendered(pieces=parts, rich=_rich(reply))
        case Display.HTML:
            return Rendered(pieces=parts)


def said(markdown: str, way: Display) -> tuple[Piece, ...]:
    """The messages of a text of the bot's own."""
    parts = pieces(blocks(markdown))
    return unformatted(parts) if way is Display.PLAIN else parts


def unformatted(parts: tuple[Piece, ...]) -> tuple[Piece, ...]:
    """The messages as nothing but text."""
    return tuple(replace(part, formatted=False) for part in parts)


def offer(entry: str, talk: Talk, lang: Lang) -> Offer:
    """An entry's short answer with its key points: what fits into one message."""
    reply = entry_reply(talk.search, entry, lang, query="")
    assert reply.answer is not None  # noqa: S101 — an entry was asked for
    short = replace(reply, answer=replace(reply.answer, sections={}, more=(), sources=()), options=())
    piece = pieces(blocks(page(short)))[0]
    title, _, teaser = piece.plain.partition("\n")
    return Offer(entry=entry, title=title, teaser=teaser.strip()[:_LONGEST_TEASER], piece=piece)


def _rich(reply: Reply) -> str | None:
    """The reply as one rich message, whose formulas the client sets; ``None`` where it does not fit or shows figures."""
    if reply.answer is not None and reply.answer.figures:
        return None
    text = sendable(page(reply, formulas=lambda markdown: markdown))
    fits = len(text) <= _LONGEST_RICH and len(blocks(text)) <= _MOST_RICH_BLOCKS
    return text if fits and text.strip() else None


def _messages(reply: Reply, talk: Talk) -> tuple[Piece, ...]:
    """The messages of a reply; where it shows pictures and fits under the last of them, it stands there."""
    parts = pieces(blocks(page(reply)))
    pictures = [Piece(html="", plain="", photo=photo) for photo in _photos(reply, talk)]
    formulas = _formulas(reply)
    if formulas:
        pictures.append(Piece(html="", plain="", formulas=formulas))
    if not pictures:
        return parts
    caption = pieces(blocks(page(reply)), longest=LONGEST_CAPTION)
    if len(caption) > 1:
        return (*pictures, *parts)
    *alone, last = pictures
    return (*alone, replace(caption[0], photo=last.photo, formulas=last.formulas))


def _formulas(reply: Reply) -> tuple[str, ...]:
    """The formulas of a reply that are to be drawn."""
    if reply.answer is None:
        return ()
    texts = (reply.answer.short or "", *reply.answer.sections.values())
    return tuple(latex for text in texts for latex in wide(text))


def _photos(reply: Reply, talk: Talk) -> Iterator[bytes]:
    for figure in reply.answer.figures if reply.answer is not None else ():
        try:
            yield talk.figure(figure).read_bytes()
        except OSError as fault:
            _LOG.error("the figure %s cannot be read: %s", figure.name, fault)
