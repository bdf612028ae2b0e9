"""Turns Markdown into plain text: no marks, no escapes, nothing visible lost.  Pure."""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_CODE = "    "
_RULE = "———"


def plain_text(markdown: str) -> str:
    r"""The text that the Markdown shows; code is indented, lists keep their marks, links are followed by their address.

    >>> plain_text("**BN**：见[论文](https://arxiv.org/abs/1502.03167)，w\\_1")
    'BN：见论文 (https://arxiv.org/abs/1502.03167)，w_1'
    """
    return "\n".join(_apart(SyntaxTreeNode(parser().parse(markdown)).children))


@lru_cache(maxsize=1)
def parser() -> MarkdownIt:
    """The parser of all that is shown as text: CommonMark with tables and struck-out text, HTML as it is written."""
    return MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


def _apart(nodes: Iterable[SyntaxTreeNode]) -> Iterator[str]:
    """The lines of blocks with an empty one between two."""
    for number, node in enumerate(nodes):
        if number:
            yield ""
        yield from _lines(node)


def _lines(node: SyntaxTreeNode) -> Iterator[str]:
    match node.type:
        case "paragraph" | "heading":
            yield from _inline(node).split("\n")
        case "fence" | "code_block":
            yield from ((_CODE + line).rstrip() for line in node.content.rstrip("\n").split("\n"))
        case "bullet_list":
            yield from _items(node, ("- " for _ in node.children))
        case "ordered_list":
            start = int(node.attrs.get("start", 1))
            yield from _items(node, (f"{start + number}. " for number, _ in enumerate(node.children)))
        case "blockquote":
            yield from (f"> {line}".rstrip() for line in _apart(node.children))
        case "hr":
            yield _RULE
        case "table":
            for row in chain.from_iterable(part.children for part in node.children):
                yield " | ".join(_inline(cell) for cell in row.children)
        case _:
            yield from _apart(node.children)


def _items(node: SyntaxTreeNode, marks: Iterable[str]) -> Iterator[str]:
    loose = any(not block.hidden for item in node.children for block in item.children if block.type == "paragraph")
    for number, (mark, item) in enumerate(zip(marks, node.children, strict=True)):
        if number and loose:
            yield ""
        lines = _apart(item.children) if loose else chain.from_iterable(map(_lines, item.children))
        for place, line in enumerate(lines):
            yield ((" " * len(mark) if place else mark) + line).rstrip()
        if not item.children:
            yield mark.rstrip()


def _inline(node: SyntaxTreeNode) -> str:
    match node.type:
        case "text" | "code_inline":
            return node.content
        case "softbreak" | "hardbreak":
            return "\n"
        case "image":
            return f"{node.content} ({node.attrs.get('src', '')})"
        case "link":
            text, address = "".join(map(_inline, node.children)), str(node.attrs.get("href", ""))
            return text if text == address else f"{text} ({address})"
        case _:
            return "".join(map(_inline, node.children))
