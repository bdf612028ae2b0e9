"""One content file: its parts, and every fault of it with its line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.markdown import Document, is_id, read_document
from knowledge.model import HEADINGS, Lang, Section
from knowledge.problems import Problem

WHOLE = """\
---
question: 怎么调前拨？
also:
  - 前拨调不准
  - "前拨: 蹭链条"
terms: [derailleur, chain]
points:
  - 先调限位
---
先调限位，再调张力。

## 展开

第一段。

### 小标题

第二段。

## 公式

$$a=b$$

## 代码

```python
# 这是注释
## 这也是
x = "---"
```

## 易错点

- 一上来就拧张力。
"""


def read(text: str, lang: Lang = "zh") -> tuple[Document, list[Problem]]:
    document, problems = read_document(text, file="a/b.md", lang=lang)
    assert document is not None
    return document, problems


def faults(text: str, lang: Lang = "zh") -> list[tuple[int, str, bool]]:
    _, problems = read_document(text, file="a/b.md", lang=lang)
    assert all(problem.file == "a/b.md" and problem.remedy for problem in problems)
    return [(problem.line, problem.what, problem.fatal) for problem in problems]


def entry(front: str = "question: 问", body: str = "答。") -> str:
    return f"---\n{front}\n---\n{body}\n"


def test_a_whole_file() -> None:
    document, problems = read(WHOLE)
    assert problems == []
    assert document.fields["question"].value == "怎么调前拨？"
    assert document.fields["also"].value == ["前拨调不准", "前拨: 蹭链条"]
    assert document.fields["terms"].value == ["derailleur", "chain"]
    assert {name: field.line for name, field in document.fields.items()} == {"question": 2, "also": 3, "terms": 6, "points": 7}
    assert document.fields["also"].lines == (4, 5)
    assert document.fields["terms"].lines == (6, 6)
    assert document.short == "先调限位，再调张力。"
    assert list(document.sections) == [Section.DETAILS, Section.FORMULA, Section.CODE, Section.PITFALLS]
    assert document.sections[Section.DETAILS] == "第一段。\n\n### 小标题\n\n第二段。"
    assert document.sections[Section.CODE] == '```python\n# 这是注释\n## 这也是\nx = "---"\n```'


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_ends_and_byte_order_marks_change_nothing(ending: str, mark: str) -> None:
    assert read(mark + WHOLE.replace("\n", ending)) == read(WHOLE)
    assert faults(mark + WHOLE.replace("\n", ending).replace("## 公式", "## 公试")) == [
        (20, "unknown section «## 公试»", False)
    ]


def test_dashes_inside_values_and_texts_end_nothing() -> None:
    front = "question: 甲 --- 乙\nalso:\n  - '---'\n  - |\n    ---\n    ---\n  - --- 丙"
    document, problems = read(entry(front, "前。\n\n---\n\n后。"))
    assert problems == []
    assert document.fields["question"].value == "甲 --- 乙"
    assert document.fields["also"].value == ["---", "---\n---\n", "--- 丙"]
    assert document.short == "前。\n\n---\n\n后。"


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "no front matter"),
        ("\n---\nquestion: 问\n---\n答。", 1, "no front matter"),
        ("question: 问\n", 1, "no front matter"),
        ("---\nquestion: 问\nalso:\n  - 半", 1, "the front matter is not closed"),
        ("---\nquestion: 问\n ---\n答。", 1, "the front matter is not closed"),
        (entry("question: 甲: 乙"), 2, "not valid YAML"),
        (entry("question: 问\nalso:\n  - 'x"), 4, "not valid YAML"),
        (entry("question: 问\npoints:\n  - a\n - b"), 5, "not valid YAML"),
        (entry("question: 问\nalso: [a, b"), 3, "not valid YAML"),
        (entry("question: 问\nalso: *nowhere"), 3, "not valid YAML"),
        (entry("question: 问\nseed: true\nalso:\n  - a\x00b"), 5, "not valid YAML"),
        (entry("- question"), 2, "the front matter has no fields"),
        (entry(""), 2, "the front matter has no fields"),
        (entry("question: 问\nseed: true\nquestion: 又问"), 4, "the field question stands twice"),
        (entry(body=""), 4, "no answer"),
        (entry(body="\n \n## 展开\n\n长。"), 4, "no answer"),
        (entry(body="答。\n\n```python\nx = 1\n## 展开\n"), 6, "a code block is not closed"),
        (entry(body="答。\n\n````\n```\n"), 6, "a code block is not closed"),
        (entry(body="答。\n\n```\n~~~\n"), 6, "a code block is not closed"),
    ],
)
def test_what_keeps_a_file_from_being_served(text: str, line: int, what: str) -> None:
    found = faults(text)
    assert len(found) == 1
    assert (found[0][0], found[0][2]) == (line, True)
    assert what in found[0][1]


@pytest.mark.parametrize(
    ("body", "line", "what"),
    [
        ("答。\n\n## 背景\n\n长。", 6, "unknown section «## 背景»"),
        ("答。\n\n## Details\n\nlong", 6, "unknown section «## Details»"),
        ("# 展开\n\n答。", 4, "unknown section «# 展开»"),
        ("答。\n\n##\n\n长。", 6, "unknown section «##»"),
        ("答。\n\n## 展开\n\n长。\n\n## 展开\n\n又长。", 10, "the section details stands twice"),
        ("答。\n\n## 公式\n\n\n## 展开\n\n长。", 6, "the section formula is empty"),
        ("答。\n\n## 展开", 6, "the section details is empty"),
    ],
)
def test_what_a_file_can_be_served_with(body: str, line: int, what: str) -> None:
    assert faults(entry(body=body)) == [(line, what, False)]


def test_all_faults_of_a_file_come_at_once() -> None:
    front = "question: 问\nseed: true\nseed: false"
    found = faults(entry(front, "\n## 背景\n\n## 展开\n\n长。\n\n## 展开\n\n长。\n\n## 图\n\n```"))
    assert [(line, what) for line, what, _ in found] == [
        (4, "the field seed stands twice"),
        (7, "unknown section «## 背景»"),
        (19, "a code block is not closed"),
        (13, "the section details stands twice"),
    ]
    assert any("answer" in what for _, what, _ in faults(entry(front, "## 展开\n\n长。")))


def test_each_language_has_its_own_headings() -> None:
    for lang, headings in HEADINGS.items():
        body = "answer\n" + "".join(f"\n## {heading}\n\ntext of {section}\n" for heading, section in headings.items())
        document, problems = read(entry(body=body), lang)
        assert problems == []
        assert document.sections == {section: f"text of {section}" for section in Section}


@pytest.mark.parametrize(
    "code",
    [
        "```python\n## 展开\n# 易错点\n```",
        "~~~\n## 展开\n```\n## 公式\n~~~",
        "````markdown\n```\n## 展开\n```\n````",
        "```\n``` python\n## 展开\n```",
        "```\n## 展开\n`````  ",
        "   ```python\n## 展开\n   ```",
    ],
)
def test_code_hides_headings(code: str) -> None:
    document, problems = read(entry(body=f"答。\n\n{code}\n\n## 易错点\n\n错。"))
    assert problems == []
    assert document.short == f"答。\n\n{code}".rstrip()
    assert document.sections == {Section.PITFALLS: "错。"}


def test_code_within_a_line_opens_no_block() -> None:
    document, problems = read(entry(body="```x``` 是一段代码。\n\n## 展开\n\n长。"))
    assert problems == []
    assert document.short == "```x``` 是一段代码。"
    assert document.sections == {Section.DETAILS: "长。"}


@pytest.mark.parametrize(
    "front",
    [
        "question: !!timestamp never",
        "question: !!bool perhaps",
        "question: !!int x",
        "question: !!binary x",
        "question: !!python/object:os.system x",
        "question: 2001-99-99",
        "? [a, b]\n: c",
        "? {a: b}\n: c",
        "also: &a [*a]",
        "<<: 3",
        "1: x\nnull: y\ntrue: z",
        "--- x\n... y",
        "%YAML 9.9",
        "also: " + "[" * 5000,
    ],
)
def test_no_front_matter_is_too_odd(front: str) -> None:
    document, problems = read_document(entry(front), file="a/b.md", lang="zh")
    assert document is not None or any(problem.fatal for problem in problems)


ODD = st.lists(
    st.one_of(
        st.text(st.characters(exclude_categories=()), max_size=20),
        st.sampled_from("---|\n|\r|\n\n|question: x|also:|  - y|```|~~~~|## 展开|# |\ufeff|[|&a|*a|!!".split("|")),
    ),
    max_size=25,
).map("".join)


@given(st.one_of(ODD, ODD.map(lambda text: f"---\n{text}"), ODD.map(entry), ODD.map(lambda text: entry(body=text))))
def test_any_text_is_read_or_refused_with_lines(text: str) -> None:
    document, problems = read_document(text, file="a/b.md", lang="zh")
    assert document is not None or any(problem.fatal for problem in problems)
    last = len(text.splitlines()) + 1
    assert all(1 <= problem.line <= last for problem in problems)
    if document is not None and document.short == "":
        assert "no answer" in [problem.what for problem in problems]


PROSE = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp")), min_size=1).filter(
    lambda text: text.strip() == text and text[0] not in "#`~"
)


@given(PROSE, st.dictionaries(st.sampled_from(list(Section)), PROSE))
def test_what_was_written_is_read(short: str, sections: dict[Section, str]) -> None:
    heading = {section: name for name, section in HEADINGS["en"].items()}
    body = short + "".join(f"\n\n## {heading[section]}\n\n{text}" for section, text in sections.items())
    document, problems = read(entry(body=body), "en")
    assert problems == []
    assert (document.short, document.sections) == (short, sections)


@pytest.mark.parametrize("text", ["a", "7", "k-nn-2"])
def test_ids(text: str) -> None:
    assert is_id(text)
    assert not is_id(f"{text}\n")
    assert not is_id(f"-{text}")
    assert not is_id(f"{text}-")
    assert not is_id(f"{text}批")


@pytest.mark.parametrize("text", ["", "-", "A", "a_b", "a--b", "a b", "a.b"])
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)
