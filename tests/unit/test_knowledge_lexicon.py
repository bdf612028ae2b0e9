"""The lexicon and the list of topics: what they hold, and every fault with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexicon import read_lexicon, read_topics, term_lines
from knowledge.model import Term, Topic

LEXICON = """\
# 自行车

[disc-brake]
zh = ["碟刹", "盘式刹车"]
en = ["disc brake"]
abbr = ["DB"]
misspelt = ["disk brake"]
siblings = ["rim-brake"]

["rim-brake"]
en = ["rim brake"]
siblings = ["disc-brake"]

  [chain]
abbr = ["CN"]
"""


def faults(text: str | bytes) -> list[tuple[int, str, bool]]:
    content = text.encode() if isinstance(text, str) else text
    _, problems = read_lexicon(content, file="lexicon.toml")
    assert all(problem.file == "lexicon.toml" and problem.remedy for problem in problems)
    return [(problem.line, problem.what, problem.fatal) for problem in problems]


def topic_faults(text: str) -> list[tuple[int, str, bool]]:
    _, problems = read_topics(text.encode(), file="topics.toml")
    assert all(problem.file == "topics.toml" and problem.remedy for problem in problems)
    return [(problem.line, problem.what, problem.fatal) for problem in problems]


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_terms(mark: str, ending: str) -> None:
    terms, problems = read_lexicon((mark + LEXICON.replace("\n", ending)).encode(), file="lexicon.toml")
    assert problems == []
    assert list(terms) == ["disc-brake", "rim-brake", "chain"]
    assert terms["disc-brake"] == Term(
        id="disc-brake",
        zh=("碟刹", "盘式刹车"),
        en=("disc brake",),
        abbr=("DB",),
        misspelt=("disk brake",),
        siblings=("rim-brake",),
    )
    assert terms["disc-brake"].names == ("碟刹", "盘式刹车", "disc brake", "DB", "disk brake")


def test_a_term_is_shown_in_the_language_that_it_has() -> None:
    terms, _ = read_lexicon(LEXICON.encode(), file="lexicon.toml")
    assert [terms[id_].name("zh") for id_ in terms] == ["碟刹", "rim brake", "CN"]
    assert [terms[id_].name("en") for id_ in terms] == ["disc brake", "rim brake", "CN"]


def test_the_line_of_each_term() -> None:
    assert term_lines(LEXICON.encode()) == {"disc-brake": 3, "rim-brake": 10, "chain": 14}


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ('[a]\nzh = ["甲"]\n[a]\nzh = ["乙"]\n', 3, "not valid TOML"),
        ('[a]\nzh = ["甲"\n[b]\n', 3, "not valid TOML"),
        ("[a]\n\nzh = 甲\n", 3, "not valid TOML"),
        ('[a]\nzh = ["甲"]\n[b]\nzh = ["乙', 4, "not valid TOML"),
        ('[a]\n\nzh = ["甲"]\n# \u00b5 in another encoding'.encode("latin-1", "replace"), 4, "UTF-8"),
        ('zh = ["甲"]\n', 0, "a value outside any table: zh"),
        ('\n[Bad_Id]\nzh = ["甲"]\n', 2, "the id 'Bad_Id' is not kebab-case"),
        ('[a]\nzh = ["甲"]\nnames = ["乙"]\n', 1, "a has the unknown field names"),
        ('[a]\nzh = "甲"\n', 1, "zh of a is not a list of texts"),
        ('[a]\nzh = ["甲", 1]\n', 1, "zh of a is not a list of texts"),
        ('[a]\nzh = ["甲", " "]\n', 1, "zh of a is not a list of texts"),
        ("[a]\nsiblings = []\n", 1, "a has no name"),
        ("[a]\nzh = []\n", 1, "a has no name"),
    ],
)
def test_what_keeps_the_lexicon_from_being_served(text: str | bytes, line: int, what: str) -> None:
    found = faults(text)
    assert len(found) == 1
    assert (found[0][0], found[0][2]) == (line, True)
    assert what in found[0][1]


def test_a_lexicon_too_deep_to_read_is_refused() -> None:
    assert [fatal for _, _, fatal in faults("a = " + "[" * 5000)] == [True]


def test_siblings_must_exist_be_others_and_know_of_each_other() -> None:
    text = '[a]\nzh = ["甲"]\nsiblings = ["a", "b", "nothing"]\n[b]\nzh = ["乙"]\n'
    assert faults(text) == [
        (1, "a is its own sibling", False),
        (1, "a has the sibling b, but not the other way round", False),
        (1, "a has the sibling nothing, which is no term", False),
    ]


def test_all_faults_of_the_lexicon_come_at_once_and_the_sound_terms_stay() -> None:
    text = '[Bad]\nzh = "甲"\n[good]\nzh = ["乙"]\n[c]\nen = []\nwhat = 1\n[d]\nzh = ["丁"]\nsiblings = ["c"]\n'
    terms, problems = read_lexicon(text.encode(), file="lexicon.toml")
    assert list(terms) == ["good", "d"]
    assert [(problem.line, problem.what) for problem in problems] == [
        (1, "the id 'Bad' is not kebab-case"),
        (1, "zh of Bad is not a list of texts"),
        (5, "c has the unknown field what"),
        (5, "c has no name"),
    ]


def test_topics() -> None:
    text = '[wheels]\nzh = "轮组"\nen = "Wheels"\nstart = "hub"\n[brakes]\nen = "Brakes"\n'
    topics, problems = read_topics(text.encode(), file="topics.toml")
    assert problems == []
    assert topics == (
        Topic(id="wheels", names={"zh": "轮组", "en": "Wheels"}, start="hub"),
        Topic(id="brakes", names={"en": "Brakes"}, start=None),
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("[a]\n", 1, "the topic a is not well-formed"),
        ('[b]\nzh = "乙"\n[a]\nzh = 1\n', 3, "the topic a is not well-formed"),
        ('[a]\nzh = "甲"\nstart = 1\n', 1, "the topic a is not well-formed"),
        ('[a]\nzh = "甲"\nfirst = "b"\n', 1, "the topic a is not well-formed (unknown: first)"),
        ('a = "甲"\n', 0, "a value outside any table: a"),
        ('[a]\nzh = "甲\n', 2, "not valid TOML"),
    ],
)
def test_what_keeps_the_topics_from_being_served(text: str, line: int, what: str) -> None:
    found = topic_faults(text)
    assert len(found) == 1
    assert (found[0][0], found[0][2]) == (line, True)
    assert what in found[0][1]


@given(st.one_of(st.binary(), st.text(alphabet="[]\"'=abz\n .-#,1\\u").map(str.encode)))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    terms, problems = read_lexicon(content, file="lexicon.toml")
    assert all(term.names for term in terms.values())
    last = content.count(b"\n") + content.count(b"\r") + 1
    assert all(0 <= problem.line <= last for problem in problems)
    topics, problems = read_topics(content, file="topics.toml")
    assert all(topic.names for topic in topics)
    assert all(0 <= problem.line <= last for problem in problems)
