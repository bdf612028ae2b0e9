"""Pictures within the text of a terminal, for the terminals that can."""

import base64
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from itertools import chain

_ITERM = frozenset({"iTerm.app", "WezTerm", "mintty", "rio"})
"""What terminals that follow iTerm2's protocol call themselves; iterm2.com/documentation-images.html."""
_KITTY = frozenset({"ghostty"})
"""The same for kitty's; sw.kovidgoyal.net/kitty/graphics-protocol."""
_COLUMNS = 60
_CHUNK = 4096
"""Characters of base64 in one of kitty's sequences."""


def inline(file: Traversable, environment: Mapping[str, str]) -> str:
    """The sequence that draws a PNG where the cursor is; empty where the terminal is not known to draw.

    Within tmux and screen no sequence gets through, so none is sent.
    """
    draw = _protocol(environment)
    if draw is None:
        return ""
    try:
        picture = file.read_bytes()
    except OSError:
        return ""  # the text names the file
    return draw(base64.b64encode(picture).decode())


def _protocol(environment: Mapping[str, str]) -> Callable[[str], str] | None:
    if environment.get("TMUX") or environment.get("STY"):
        return None
    program = environment.get("TERM_PROGRAM", "")
    if "KITTY_WINDOW_ID" in environment or environment.get("TERM") == "xterm-kitty" or program in _KITTY:
        return _kitty
    if program in _ITERM or environment.get("LC_TERMINAL") == "iTerm2":
        return _iterm
    return None


def _iterm(picture: str) -> str:
    return f"\x1b]1337;File=inline=1;width={_COLUMNS};preserveAspectRatio=1:{picture}\a"


def _kitty(picture: str) -> str:
    chunks = [picture[at : at + _CHUNK] for at in range(0, len(picture), _CHUNK)]
    heads = chain([f"a=T,f=100,q=2,c={_COLUMNS},"], ("" for _ in chunks[1:]))
    more = (int(number < len(chunks)) for number in range(1, len(chunks) + 1))
    return "".join(f"\x1b_G{head}m={rest};{chunk}\x1b\\" for head, rest, chunk in zip(heads, more, chunks, strict=True))
