"""TDLib's own parser of formatted text: the code inside Telegram's server, offline and without keys."""

import json
from dataclasses import dataclass
from typing import Any

import tdjson

tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """What a person sees, or why Telegram refuses it."""

    text: str = ""
    entities: tuple[dict[str, Any], ...] = ()
    refusal: str = ""

    @property
    def units(self) -> int:
        """Length in UTF-16 units."""
        return len(self.text.encode("utf-16-le")) // 2

    def covered(self, kind: str) -> list[str]:
        """The texts formatted in one way, which is named as TDLib does: Bold, Code, Pre, PreCode."""
        units = self.text.encode("utf-16-le")
        return [
            units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le")
            for entity in self.entities
            if entity["type"]["@type"] == f"textEntityType{kind}"
        ]


def parse_html(html: str) -> Parsed:
    """The text as Telegram's server parses it in parse mode HTML."""
    request = {"@type": "parseTextEntities", "text": html, "parse_mode": {"@type": "textParseModeHTML"}}
    answer = tdjson.td_execute(json.dumps(request).encode())
    assert answer is not None
    result = json.loads(answer)
    if result["@type"] == "error":
        return Parsed(refusal=result["message"])
    return Parsed(text=result["text"], entities=tuple(result["entities"]))
