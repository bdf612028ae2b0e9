"""What a browser shows of Markdown: an independent measure for what a message has to show."""

import re
from html.parser import HTMLParser

from markdown_it import MarkdownIt


class _Text(HTMLParser):
    """The text of HTML, with the marks that lists get in a message."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._lists: list[int | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in ("ul", "ol"):
            self._lists.append(int(given.get("start") or 1) if tag == "ol" else None)
        elif tag == "li":
            number = self._lists[-1]
            self.text += "•" if number is None else f"{number}."
            if number is not None:
                self._lists[-1] = number + 1
        elif tag == "hr":
            self.text += "———"
        elif tag == "img":
            self.text += f"[{given.get('alt')}]"

    def handle_endtag(self, tag: str) -> None:
        if tag in ("ul", "ol"):
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        self.text += data


def visible(markdown: str) -> str:
    """What a browser shows of the Markdown."""
    reader = _Text()
    reader.feed(MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(markdown))
    reader.close()
    return reader.text


def squeezed(text: str) -> str:
    """The text without white space, bullets all alike."""
    return re.sub(r"[◦▪]", "•", re.sub(r"\s+", "", text))
