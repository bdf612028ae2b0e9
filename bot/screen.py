"""Shows Markdown on a terminal: the only importer of rich."""

from typing import TextIO

from markdown_it.token import Token
from rich import box
from rich import markdown as rich_markdown
from rich.console import Console, ConsoleOptions, RenderResult
from rich.padding import Padding
from rich.segment import Segment, Segments
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text
from rich.theme import Theme

from bot.cells import line_starts
from bot.plain import parser

WIDEST = 100
"""Cells of the longest line, however wide the terminal is."""
_CODE_THEME = "ansi_dark"
"""Colours that the terminal's own palette names, so that they suit its background."""
_NUMBER = 4
"""Cells of an item's number, so that short lists align with each other."""
_NARROWEST = 12
"""Cells of the narrowest column that can be read."""
_GAP = 2
"""Cells between columns."""
_THEME = Theme({"markdown.code": "cyan", "markdown.item.number": "bold", "markdown.item.bullet": "dim"})


class Screen:
    """A terminal, or a file that stands for one."""

    def __init__(self, file: TextIO, *, width: int | None = None) -> None:
        """Take the file, and its width in cells where that is not the terminal's own."""
        self._console = Console(file=file, width=width, theme=_THEME, highlight=False, markup=False, emoji=False)

    def show(self, markdown: str) -> None:
        """Print a Markdown text, at the width that the terminal has now."""
        options = self._console.options.update(width=min(self._console.width, WIDEST))
        lines = self._console.render_lines(_Markdown(markdown), options, pad=False)
        self._console.print(Segments([part for line in lines for part in (*_stripped(line), Segment.line())]), end="")

    def draw(self, sequence: str) -> None:
        """Write the control sequence of a picture; an empty one draws nothing."""
        if sequence:
            self._console.file.write(f"{sequence}\n")
            self._console.file.flush()


def _stripped(line: list[Segment]) -> list[Segment]:
    """A line without the spaces at its end, which would wrap when the terminal gets narrower."""
    while line and not line[-1].text.strip(" "):
        line = line[:-1]
    return [*line[:-1], Segment(line[-1].text.rstrip(" "), line[-1].style)] if line else []


def _wrapped(text: Text, width: int) -> list[Text]:
    """The lines of a text, broken as Chinese and English are."""
    lines = list(text.divide(line_starts(text.plain, max(1, width))))
    for line in lines:
        line.rstrip()
    return lines


class _Paragraph(rich_markdown.Paragraph):
    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield from _wrapped(self.text, options.max_width)


class _Heading(rich_markdown.Heading):
    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        yield from _wrapped(self.text, options.max_width)


class _CodeBlock(rich_markdown.CodeBlock):
    def __rich_console__(self, _: Console, options: ConsoleOptions) -> RenderResult:
        code = str(self.text).rstrip()
        if self.lexer_name == "formula":
            indent = 4
            for line in code.split("\n"):
                yield from (Padding(part, (0, 0, 0, indent)) for part in _wrapped(Text(line), options.max_width - indent))
        else:
            syntax = Syntax(code, self.lexer_name, theme=self.theme, word_wrap=True, background_color="default")
            yield Padding(syntax, (0, 0, 0, 2))


class _ListItem(rich_markdown.ListItem):
    def render_number(self, console: Console, options: ConsoleOptions, number: int, last_number: int) -> RenderResult:
        indent = max(_NUMBER, len(str(last_number - 1)) + 2)
        style = console.get_style("markdown.item.number")
        mark = Segment(f"{number}. ".rjust(indent), style)
        for line in console.render_lines(self.elements, options.update(width=options.max_width - indent), style=self.style):
            yield mark
            yield from line
            yield Segment.line()
            mark = Segment(" " * indent)


class _Table(rich_markdown.TableElement):
    """A table; where its columns would be too narrow to read, its rows one after the other."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        heads = [cell.content for cell in self.header.row.cells] if self.header and self.header.row else []
        rows = [[cell.content for cell in row.cells] for row in self.body.rows] if self.body else []
        natural = sum(max(text.cell_len for text in column) + _GAP for column in zip(heads, *rows, strict=False))
        if natural > options.max_width < _NARROWEST * len(heads):
            yield from self._records(heads, rows, options.max_width)
            return
        table = Table(box=box.SIMPLE, pad_edge=False, style="markdown.table.border", collapse_padding=True)
        for head in heads:
            table.add_column(Text(head.plain, style="markdown.table.header"), overflow="fold")
        for row in rows:
            table.add_row(*row)
        yield table

    def _records(self, heads: list[Text], rows: list[list[Text]], width: int) -> RenderResult:
        yield from _wrapped(Text(" · ".join(head.plain for head in heads[1:]), style="dim"), width)
        for first, *others in rows:
            yield from _wrapped(Text(first.plain, style="bold"), width)
            for text in others:
                yield from (Padding(line, (0, 0, 0, 2)) for line in _wrapped(text, width - 2))
        yield Text()


class _Markdown(rich_markdown.Markdown):
    elements = rich_markdown.Markdown.elements | {
        "paragraph_open": _Paragraph,
        "heading_open": _Heading,
        "fence": _CodeBlock,
        "code_block": _CodeBlock,
        "list_item_open": _ListItem,
        "table_open": _Table,
    }

    def __init__(self, markup: str) -> None:
        super().__init__(markup, code_theme=_CODE_THEME, hyperlinks=False)
        self.parsed: list[Token] = parser().parse(markup)
