"""How each LaTeX command is read that is more than a symbol.  Pure.

A form gets the reader, which stands behind the command, and the command's name.
"""

import re
from collections.abc import Mapping

from bot.maths.boxes import fenced
from bot.maths.environments import drawn, flat, joined
from bot.maths.operands import fraction, root, together
from bot.maths.pieces import Kind, Piece, box, kind_of, line
from bot.maths.reader import DEEPEST, SCRIPT_MARKS, Form, Reader, with_scripts
from bot.maths.symbols import ACCENTS, STYLES, accented, negated, small, styled, symbol, vulgar

_MATHS_WORDS = ("\\mathrm", "\\mathit", "\\mathsf", "\\mathtt", "\\mathop", "\\operatorname")
"""Names in upright letters that may hold a formula after all."""
_WITH_COLUMNS = ("array", "alignedat", "alignat", "alignat*")
"""Environments that begin with an argument."""
_WIDTHS = {"\\quad": "  ", "\\qquad": "    "}
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}


def _one(text: str, kind: Kind = Kind.ORD) -> list[Piece]:
    return [Piece(text=text, kind=kind)] if text else []


# ── operands ──


def _fraction(reader: Reader, _: str) -> list[Piece]:
    above, below = reader.argument(), reader.argument()
    return [fraction(above, below, vulgar(line(above), line(below)))]


def _root(reader: Reader, _: str) -> list[Piece]:
    index = line(reader.option())
    sign = _ROOTS.get(index) or (small("^", index) or f"({index})") + "√"
    return [root(sign, reader.argument())]


def _accent(reader: Reader, name: str) -> list[Piece]:
    inside = reader.argument()
    return [Piece(text=accented(name, line(inside, depth=1)), kind=inside[0].kind if len(inside) == 1 else Kind.ORD)]


def _style(reader: Reader, name: str) -> list[Piece]:
    return [Piece(text=styled(name, line(reader.argument(), depth=1)))]


def _over_and_under(reader: Reader, name: str) -> list[Piece]:
    mark, base = reader.argument(), reader.argument()
    below, above = (mark, []) if name == "\\underset" else ([], mark)
    return [with_scripts(together(base) if base else Piece(text=""), "", below, above)]


def _arrow(reader: Reader, name: str) -> list[Piece]:
    below, above = reader.option(), reader.argument()
    return [with_scripts(Piece(text="→" if name == "\\xrightarrow" else "←", kind=Kind.RELATION), "", below, above)]


def _binomial(reader: Reader, _: str) -> list[Piece]:
    of, out = reader.argument(), reader.argument()
    return [Piece(text=f"C({line(of, depth=1)}, {line(out, depth=1)})")]


def _negated(reader: Reader, _: str) -> list[Piece]:
    return _one(negated(line(reader.argument())), Kind.RELATION)


def _thin(reader: Reader, _: str) -> list[Piece]:
    inside = reader.argument()
    return [together(inside)] if inside else []


def _coloured(reader: Reader, name: str) -> list[Piece]:
    reader.raw()
    return _thin(reader, name)


# ── words ──


def _word(reader: Reader, name: str) -> list[Piece]:
    if name == "\\operatorname":
        reader.skip("*")
    raw = reader.raw()
    formula = "$" in raw or (name in _MATHS_WORDS and not set("\\_^{").isdisjoint(raw))
    if formula and reader.depth < DEEPEST:
        return _one(line(joined(reader.within(raw.replace("$", " ")).lines())), Kind.WORD)
    text = re.sub(r"\\(?:[a-zA-Z]+|.)", lambda command: _spelt(command[0]), raw, flags=re.DOTALL)
    text = re.sub(r"[\s~]+", " ", re.sub(r"[{}$\\]", "", text))
    word = text.strip()
    if not word:
        return _one(text, Kind.SPACE)
    after = _one(" ", Kind.SPACE) if text[-1] == " " and reader.peek() not in SCRIPT_MARKS else []
    return [Piece(text=word, kind=Kind.WORD if len(word) > 1 else kind_of(word), gap=text[0] == " "), *after]


def _spelt(command: str) -> str:
    """A command within a word."""
    text = symbol(command)
    return " " if FORMS.get(command) is _wide else command[1:] if text is None else text


def _modulus(reader: Reader, _: str) -> list[Piece]:
    return [*_one(" ", Kind.SPACE), Piece(text=f"(mod {line(reader.argument(), depth=1)})")]


def _tag(reader: Reader, _: str) -> list[Piece]:
    return [*_one("  ", Kind.SPACE), Piece(text=f"({line(joined(reader.within(reader.raw()).lines()))})")]


# ── brackets ──


def _delimiter(reader: Reader) -> str:
    reader.skip_spaces()
    item = reader.take()
    text = (symbol(item) or item.lstrip("\\").strip()) if item[:1] == "\\" else item
    return {".": "", "<": "⟨", ">": "⟩"}.get(text, text)


def _between(reader: Reader, _: str) -> list[Piece]:
    left = _delimiter(reader)
    inside = joined(reader.deeper(lambda: [[reader.pieces("\\right", "}", "\\end")]], flat=False))
    right = _delimiter(reader) if reader.skip("\\right") else ""
    if any(piece.box for piece in inside):
        return [Piece(text=left + line(inside) + right, box=fenced(box(inside), left, right))]
    return [*_one(left, Kind.OPEN), *inside, *_one(right, Kind.CLOSE)]


def _closing(reader: Reader, _: str) -> list[Piece]:
    return _one(_delimiter(reader), Kind.CLOSE)


def _middle(reader: Reader, _: str) -> list[Piece]:
    return _one(_delimiter(reader), Kind.RELATION)


# ── rows ──


def _stack(reader: Reader, _: str) -> list[Piece]:
    reader.skip_spaces()
    if not reader.skip("{"):
        return []
    lines = reader.deeper(lambda: reader.lines("}"), flat=True)
    reader.skip("}")
    return _one(", ".join(line(joined([cells]), script=True) for cells in lines))


def _environment(reader: Reader, _: str) -> list[Piece]:
    name = reader.raw()
    if name in _WITH_COLUMNS:
        reader.raw()
    lines = reader.deeper(lambda: reader.lines("\\end", "}", "\\right"), flat=False)
    if reader.skip("\\end"):
        reader.raw()
    if not lines:
        return []
    for cells in lines:
        for cell in cells[1:]:
            if cell and cell[0].kind is Kind.BINARY:
                cell.insert(0, Piece(text=""))  # the operand before the operator stands in the cell before
    return [Piece(text=flat(name, lines), box=None if reader.flat else drawn(name, lines))]


# ── what shows nothing ──


def _wide(_: Reader, name: str) -> list[Piece]:
    return _one(_WIDTHS.get(name, " "), Kind.SPACE)


def _colon(_: Reader, __: str) -> list[Piece]:
    return [*_one(":", Kind.PUNCTUATION), *_one(" ", Kind.SPACE)]


def _unshown(reader: Reader, _: str) -> list[Piece]:
    reader.raw()
    return []


def _silent(_: Reader, __: str) -> list[Piece]:
    return []


def _all(names: str, form: Form) -> dict[str, Form]:
    return {f"\\{name}": form for name in names.split()}


FORMS: Mapping[str, Form] = {
    **_all("frac dfrac tfrac cfrac", _fraction),
    **_all("sqrt", _root),
    **dict.fromkeys(ACCENTS, _accent),
    **dict.fromkeys(STYLES, _style),
    **_all("overset stackrel underset", _over_and_under),
    **_all("xrightarrow xleftarrow", _arrow),
    **_all("binom tbinom dbinom", _binomial),
    **_all("not", _negated),
    **_all("boxed cancel bcancel xcancel sout smash ensuremath mathord mathrel mathbin underbrace overbrace", _thin),
    **_all("textcolor", _coloured),
    **_all("text textrm textup textnormal textbf textit textsf texttt emph mbox hbox", _word),
    **dict.fromkeys(_MATHS_WORDS, _word),
    **_all("pmod", _modulus),
    **_all("tag", _tag),
    **_all("left", _between),
    **_all("right", _closing),
    **_all("middle", _middle),
    **_all("substack", _stack),
    **_all("begin", _environment),
    **_all("quad qquad , : ; > enspace thinspace", _wide),
    "\\ ": _wide,
    "\\\n": _wide,
    **_all("colon", _colon),
    **_all("end phantom hphantom vphantom hspace vspace color label mspace hskip", _unshown),
    **_all(
        "! / displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag hline strut mathstrut", _silent
    ),
    **_all("big Big bigg Bigg bigl Bigl biggl Biggl bigr Bigr biggr Biggr bigm Bigm", _silent),
}
"""How each command is read that is more than a symbol."""
