"""What must not change an answer, and what must."""

from collections import Counter
from collections.abc import Callable, Mapping

import pytest
from opencc import OpenCC

from index.decision import Outcome
from index.searcher import Searcher
from knowledge.model import Knowledge, Lang

TRADITIONAL, TAIWAN, SIMPLIFIED = OpenCC("s2t"), OpenCC("s2twp"), OpenCC("t2s")


def wide(text: str) -> str:
    """ASCII in its full-width forms."""
    return "".join("\u3000" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


VARIANTS: Mapping[str, Callable[[str], str]] = {
    "请问": lambda text: f"请问{text}",
    "面试官问": lambda text: f"面试官问：{text}",
    "hey": lambda text: f"Hey, {text}",
    "please": lambda text: f"{text} please",
    "?": lambda text: f"{text}?",
    "？！": lambda text: f"{text}？！",
    "upper": str.upper,
    "wide": wide,
    "traditional": TRADITIONAL.convert,
    "taiwan": TAIWAN.convert,
    "blank": lambda text: f"\n  {text}\t ",
    "invisible": "\u200b".join,
}


def wordings(knowledge: Knowledge) -> list[tuple[str, str, bool]]:
    """Each wording with its entry, and whether it is the question."""
    return [
        (wording, entry.id, number == 0)
        for entry in knowledge.entries.values()
        for text in entry.texts.values()
        for number, wording in enumerate(text.wordings)
    ]


@pytest.mark.parametrize("name", VARIANTS)
def test_what_carries_no_question_changes_no_answer(searcher: Searcher, knowledge: Knowledge, name: str) -> None:
    """Every question, and every eighth of the other wordings, another eighth for each variant."""
    turn = list(VARIANTS).index(name)
    asked = [(wording, entry) for n, (wording, entry, first) in enumerate(wordings(knowledge)) if first or (n + turn) % 8 == 0]
    assert len(asked) > 200
    astray: dict[str, str] = {}
    for wording, entry in asked:
        variant = VARIANTS[name](wording)
        if name == "taiwan" and SIMPLIFIED.convert(variant) == variant:
            continue  # a Taiwan term in characters that both scripts share does not show where it is from
        found = searcher.search(variant)
        if found.outcome is not Outcome.ANSWER or found.hits[0].entry != entry:
            astray[variant] = f"{entry}: {found.outcome} {[hit.entry for hit in found.hits[:1]]}"
    assert astray == {}


@pytest.mark.parametrize(
    "query",
    [
        "BN 那个 gamma",
        "梯度没了",
        "loss 变成 NaN",
        "正则",
        "为什么要激活",
        "今天天气怎么样",
        "what is life",
        "transformer 怎么训练",
        "红烧肉怎么做",
    ],
)
def test_nor_does_it_where_there_is_no_such_wording(searcher: Searcher, query: str) -> None:
    plain = searcher.search(query)
    for name, variant in VARIANTS.items():
        if name != "taiwan":
            found = searcher.search(variant(query))
            assert found.outcome is plain.outcome, name
            assert [hit.entry for hit in found.hits[:1]] == [hit.entry for hit in plain.hits[:1]], name


@pytest.fixture(scope="module")
def siblings_asked(searcher: Searcher, knowledge: Knowledge) -> list[tuple[str, str, str]]:
    """Queries made from an entry's wordings by naming a sibling of its term instead: entry, sibling and query.

    Wordings that keep a term of the entry are left out: they ask how the two differ.
    """
    analyser = searcher.analyser
    made: list[tuple[str, str, str]] = []
    for wording, id_, _ in wordings(knowledge):
        own = set(knowledge.entries[id_].terms)
        lang: Lang = "en" if wording.isascii() else "zh"
        for term in own.intersection(analyser.analyse(wording).terms):
            for sibling in sorted(set(knowledge.terms[term].siblings) - own):
                query, name = wording, knowledge.terms[sibling].name(lang)
                while (exchanged := analyser.exchange(query, term, name)) is not None:
                    query = exchanged
                named = set(analyser.analyse(query).terms)
                if sibling in named and not named & own:
                    made.append((id_, sibling, query))
    return sorted(made)


def answered_with(searcher: Searcher, queries: list[tuple[str, str, str]]) -> list[tuple[str, str, str]]:
    """The queries that are answered with the entry that they were made from."""
    found = [(made, searcher.search(made[2])) for made in queries]
    return [made for made, result in found if result.outcome is Outcome.ANSWER and result.hits[0].entry == made[0]]


def test_a_sibling_that_has_an_entry_is_another_question(
    searcher: Searcher, knowledge: Knowledge, siblings_asked: list[tuple[str, str, str]]
) -> None:
    """But where people ask the entry by the sibling's name alone: «ReLU 有哪些变体» is a question about the variants."""
    owned = {term for entry in knowledge.entries.values() for term in entry.terms}
    alone: Counter[tuple[str, str]] = Counter()
    for wording, id_, _ in wordings(knowledge):
        named = set(searcher.analyser.analyse(wording).terms)
        if not named.intersection(knowledge.entries[id_].terms):
            alone.update((id_, term) for term in named)
    queries = [made for made in siblings_asked if made[1] in owned and alone[made[:2]] < 3][::4]
    assert len(queries) > 1000
    assert answered_with(searcher, queries) == []


def test_a_sibling_that_no_wording_names_is_another_question(
    searcher: Searcher, knowledge: Knowledge, siblings_asked: list[tuple[str, str, str]]
) -> None:
    named = {(id_, term) for wording, id_, _ in wordings(knowledge) for term in searcher.analyser.analyse(wording).terms}
    queries = [made for made in siblings_asked if made[:2] not in named][::8]
    assert len(queries) > 300
    assert answered_with(searcher, queries) == []
