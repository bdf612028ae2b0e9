"""Turns of a talk over the built-in knowledge: picks, follow-ups, moves, commands, what is remembered and for how long."""

import re
from collections.abc import Iterable, Mapping
from typing import Self

import pytest

from bot.dialogue import step
from bot.replies import Answer, Chosen, Incoming, Outcome, Quoted, Reply, Typed, Undone
from bot.session import LONGEST_SILENCE, Session
from bot.wording import SECTION_NAMES, say
from index.build import build
from index.decision import Outcome as Verdict
from index.searcher import Searcher
from knowledge.model import LANGS, Knowledge, Lang, Section
from knowledge.reader import read_knowledge, serveable

BN = "BN是什么"
L1 = "为什么L1正则项可以防止模型过拟合？"
NORMS = "L1和L2范数"
WEATHER = "今天天气怎么样"
FEW = 8
"""One of so many entries or wordings is tried where all would take minutes."""
PROJECT = "拿到一个机器学习问题，你的解决流程是什么？"
"""An entry with neither formula nor figure."""


class Person:
    """Somebody who talks, a turn every ten seconds."""

    def __init__(self, searcher: Searcher, session: Session | None = None) -> None:
        self.searcher = searcher
        self.session = session or Session()
        self.now = 1000.0

    def does(self, incoming: Incoming) -> Reply:
        self.now += 10.0
        self.session, reply = step(self.session, incoming, self.searcher, self.now)
        return reply

    def says(self, *texts: str) -> Reply:
        assert texts
        return [self.does(Typed(text=text)) for text in texts][-1]

    def has_said(self, *texts: str) -> Self:
        self.says(*texts)
        return self

    def waits(self, seconds: float) -> Self:
        self.now += seconds
        return self


@pytest.fixture
def person(searcher: Searcher) -> Person:
    return Person(searcher)


def answer(reply: Reply) -> Answer:
    assert reply.outcome is Outcome.ANSWER, reply
    assert reply.answer is not None
    return reply.answer


def entry(reply: Reply) -> str:
    return answer(reply).entry


def listed(reply: Reply) -> list[str]:
    return [option.entry for option in reply.options]


def follow_ups(knowledge: Knowledge, id_: str) -> list[str]:
    found = list(knowledge.entries[id_].follow_ups)
    assert len(found) > 1
    return found


def suggested(searcher: Searcher) -> str:
    """A text that comes to several suggestions, whatever the decision was fitted to."""
    texts = ("dropout", "训练", "梯度", "矩阵", "what about dropout", "batch")
    found = (text for text in texts if searcher.search(text).outcome is Verdict.SUGGEST)
    return next(text for text in found if len(searcher.search(text).hits) > 1)


# ── picks ──


@pytest.mark.parametrize(
    "text", ["2", "２", "②", "2.", "第二个", "选第二个吧", "第2条", "the second one", "2nd", "no. 2", "❷", "2️⃣", "第二个问题"]
)
def test_a_pick_shows_what_the_list_has_there(text: str, person: Person, knowledge: Knowledge) -> None:
    first = person.says(BN)
    assert listed(first) == follow_ups(knowledge, "batch-norm")
    assert entry(person.says(text)) == listed(first)[1]


def test_every_number_of_every_list_picks(searcher: Searcher, knowledge: Knowledge) -> None:
    picked = 0
    for id_ in knowledge.entries:
        person = Person(searcher)
        shown = person.does(Chosen(entry=id_))
        session = person.session
        for number, option in enumerate(shown.options, 1):
            assert entry(step(session, Typed(text=str(number)), searcher, person.now)[1]) == option.entry
            picked += 1
    assert picked > 40


def test_the_last_one_is_the_last_of_the_list(person: Person, knowledge: Knowledge) -> None:
    assert entry(person.has_said(L1).says("最后一个")) == follow_ups(knowledge, "l1-prevents-overfitting")[-1]


@pytest.mark.parametrize("lang", LANGS)
def test_the_full_question_picks_in_either_language(lang: Lang, searcher: Searcher, knowledge: Knowledge) -> None:
    wrong = {}
    for id_ in knowledge.entries:
        session, shown = step(Session(), Chosen(entry=id_), searcher, 0.0)
        for option in shown.options:
            question = knowledge.entries[option.entry].texts[lang].question
            _, reply = step(session, Typed(text=question), searcher, 1.0)
            if reply.answer is None or reply.answer.entry != option.entry:
                wrong[id_, question] = reply.answer and reply.answer.entry
    assert wrong == {}


def prefixes(knowledge: Knowledge, searcher: Searcher) -> Iterable[tuple[str, str, str]]:
    """Beginnings of listed questions that fit no other question of the list: shown entry, text, listed entry."""
    normal = searcher.analyser.normal
    for id_, shown in list(knowledge.entries.items())[::FEW]:
        questions = [
            (text.question, option) for option in shown.follow_ups for text in knowledge.entries[option].texts.values()
        ]
        for question, option in questions:
            others = [normal(other) for other, its in questions if its != option]
            shortest = 5 if re.search("[\u4e00-\u9fff]", question) else 10
            for length in range(shortest, len(question), 2):
                text = question[:length]
                if not any(other.startswith(normal(text)) for other in others):
                    yield id_, text, option


def test_a_beginning_that_fits_one_question_of_the_list_picks(searcher: Searcher, knowledge: Knowledge) -> None:
    tried, wrong = 0, []
    for id_, text, option in prefixes(knowledge, searcher):
        session, _ = step(Session(), Chosen(entry=id_), searcher, 0.0)
        _, reply = step(session, Typed(text=text), searcher, 1.0)
        tried += 1
        if reply.answer is None or reply.answer.entry != option:
            wrong.append((id_, text, option, reply.answer and reply.answer.entry))
    assert tried > 300
    assert wrong == []


def test_a_beginning_that_fits_several_picks_none_of_them_blindly(searcher: Searcher, knowledge: Knowledge) -> None:
    """«如何解决» begins two questions of that list; it must not count as a pick of either."""
    assert {"vanishing-exploding-solutions", "overfitting-underfitting"} <= set(knowledge.entries["bn-why-works"].follow_ups)
    session, _ = step(Session(), Chosen(entry="bn-why-works"), searcher, 0.0)
    _, reply = step(session, Typed(text="如何解决"), searcher, 1.0)
    assert reply.outcome is not Outcome.ANSWER or reply.resolved


def _names_a_sibling(slip: str, question: str, searcher: Searcher) -> bool:
    meant, typed = (set(searcher.analyser.analyse(text).terms) for text in (question, slip))
    return any(searcher.terms[term].siblings and set(searcher.terms[term].siblings) & meant for term in typed - meant)


def test_a_listed_question_with_a_slip_picks(searcher: Searcher, knowledge: Knowledge) -> None:
    tried, wrong = 0, []
    for id_, shown in list(knowledge.entries.items())[::FEW]:
        session, _ = step(Session(), Chosen(entry=id_), searcher, 0.0)
        for option in shown.follow_ups:
            for text in knowledge.entries[option].texts.values():
                question = text.question
                for place in range(0, len(question) if len(question) > 8 else 0, 3):
                    if re.search(r"\d", question[max(0, place - 1) : place + 2]):
                        continue  # without its number «L1» is another question
                    slip = question[:place] + question[place + 1 :]
                    if _names_a_sibling(slip, question, searcher):
                        continue  # «ELU» for «ReLU» is another question too
                    _, reply = step(session, Typed(text=slip), searcher, 1.0)
                    tried += 1
                    if reply.answer is None or reply.answer.entry != option:
                        wrong.append((id_, slip, option, reply.answer and reply.answer.entry))
    assert tried > 300
    assert wrong == []


def test_another_question_is_not_taken_for_a_slip_of_a_listed_one(searcher: Searcher, knowledge: Knowledge) -> None:
    """A list with the L2 question under it must not swallow the L1 question: one character apart, and two questions."""
    wrong = []
    for id_ in list(knowledge.entries)[::FEW]:
        session, _ = step(Session(), Chosen(entry=id_), searcher, 0.0)
        for number, (asked, its) in enumerate(knowledge.entries.items()):
            question = its.text(LANGS[number % len(LANGS)]).question
            _, reply = step(session, Typed(text=question), searcher, 1.0)
            if reply.answer is None or reply.answer.entry != asked:
                wrong.append((id_, question, reply.answer and reply.answer.entry))
    assert wrong == []


def test_a_button_shows_its_entry_and_its_section(person: Person) -> None:
    assert entry(person.does(Chosen(entry="batch-size"))) == "batch-size"
    reply = person.does(Chosen(entry="batch-norm", section=Section.CODE))
    assert entry(reply) == "batch-norm"
    assert reply.section is Section.CODE
    assert list(answer(reply).sections) == [Section.CODE]
    assert answer(reply).short is None


def test_a_button_of_a_section_that_is_not_there_shows_the_entry(person: Person, knowledge: Knowledge) -> None:
    assert Section.FIGURE not in knowledge.entries["ml-project-workflow"].texts["zh"].sections
    reply = person.does(Chosen(entry="ml-project-workflow", section=Section.FIGURE))
    assert entry(reply) == "ml-project-workflow"
    assert reply.section is None
    assert answer(reply).short
    assert "图" in reply.said


def test_a_button_that_is_no_more_changes_nothing(person: Person) -> None:
    person.says(BN)
    before = person.session
    reply = person.does(Chosen(entry="no-such-entry"))
    assert reply.outcome is Outcome.CHAT
    assert reply.said == say("expired", "zh")
    assert person.session == before.at_time(person.now)


def test_a_button_speaks_the_language_of_the_talk(person: Person) -> None:
    person.says("what is batch normalization")
    assert person.does(Chosen(entry="batch-size")).lang == "en"
    person.says("什么是批归一化")
    assert person.does(Chosen(entry="batch-size")).lang == "zh"


@pytest.mark.parametrize("text", ["9", "0", "第九个", "99", "⑨", "the ninth one"])
def test_out_of_range_is_answered_with_the_list(text: str, person: Person) -> None:
    first = person.says(BN)
    reply = person.says(text)
    assert reply.outcome is Outcome.CHAT
    assert reply.answer is None
    assert listed(reply) == listed(first)
    assert str(len(first.options)) in reply.said
    assert entry(person.says("1")) == listed(first)[0]


@pytest.mark.parametrize("text", ["1", "第二个", "the first one", "最后一个"])
def test_a_pick_without_a_list_is_told_so(text: str, person: Person) -> None:
    reply = person.says(text)
    assert reply.outcome is Outcome.CHAT
    assert reply.said == say("no_list", reply.lang)
    assert reply.options == ()


def test_a_text_that_answers_an_older_reply_is_about_that_one(searcher: Searcher) -> None:
    listed = ("bn-why-works", "normalization-variants")
    quoted = Quoted(entry="batch-norm", listed=listed)
    talking, _ = step(Session(), Chosen(entry="l1-prevents-overfitting"), searcher, 1.0)
    for session in (talking, Session()):  # one who saw it and one who did not
        after, reply = step(session, Typed(text="2", quoted=quoted), searcher, 2.0)
        assert reply.answer is not None
        assert reply.answer.entry == listed[1]
        assert [shown.entry for shown in after.trail][-2:] == ["batch-norm", listed[1]]
        _, reply = step(session, Typed(text="公式", quoted=quoted), searcher, 2.0)
        assert reply.answer is not None
        assert (reply.answer.entry, reply.section) == ("batch-norm", Section.FORMULA)
    gone = Quoted(entry="no-such-entry", listed=("nor-this",))
    assert step(talking, Typed(text="1", quoted=gone), searcher, 2.0) == step(talking, Typed(text="1"), searcher, 2.0)


@pytest.mark.parametrize(
    "text", ["不是，我问的是dropout", "不对 我是说dropout", "no, I meant dropout", "Nope, I mean dropout!"]
)
def test_what_was_meant_can_be_said_with_the_no(person: Person, text: str) -> None:
    assert person.has_said("什么是过拟合").says("那欠拟合呢").undoable
    reply = person.says(text)
    assert reply.answer is not None
    assert reply.answer.entry == "dropout"


def test_numbers_pick_from_the_list_last_shown(person: Person, knowledge: Knowledge) -> None:
    person.says(BN)
    second = person.says(NORMS)
    assert entry(person.says("1")) == follow_ups(knowledge, "l1-l2-norm")[0] == listed(second)[0]


@pytest.mark.parametrize(
    "between", ["谢谢", "哈哈", "你好", "/help", "/lang", WEATHER, "卡尔曼滤波是什么原理", "/nonsense", "", "99"]
)
def test_the_list_stays_through_turns_that_show_none(between: str, person: Person) -> None:
    first = person.says(BN)
    reply = person.says(between)
    assert reply.answer is None
    wanted = listed(reply) or listed(first)
    assert entry(person.says("2")) == wanted[1]


def test_suggestions_are_a_list_to_pick_from(person: Person, searcher: Searcher) -> None:
    reply = person.says(suggested(searcher))
    assert reply.outcome is Outcome.SUGGEST
    assert 1 < len(reply.options) <= 3
    assert entry(person.says("2")) == listed(reply)[1]


def test_after_suggestions_a_new_question_is_a_new_question(person: Person, searcher: Searcher) -> None:
    person.says(suggested(searcher))
    assert entry(person.says(NORMS)) == "l1-l2-norm"
    assert person.says(WEATHER).outcome is Outcome.UNKNOWN


def without_follow_ups(bicycles: Mapping[str, str]) -> Searcher:
    """The small knowledge with an entry that nothing follows."""
    files = dict(bicycles)
    files["brakes/rim-brake.md"] = files["brakes/rim-brake.md"].replace("follow_ups: [tubeless-puncture]\n", "")
    assert files != bicycles
    reading = read_knowledge({path: text.encode() for path, text in files.items()})
    return Searcher(*build(serveable(reading, "bicycles")))


def test_an_answer_that_nothing_follows_keeps_list_and_context(bicycles: Mapping[str, str]) -> None:
    person = Person(without_follow_ups(bicycles))
    chain = person.says("怎么判断链条磨损了？")
    assert entry(chain) == "chain-wear"
    rim = person.says("圈刹有哪些优缺点？")
    assert entry(rim) == "rim-brake"
    assert rim.options == ()
    assert entry(person.says("再说一遍")) == "rim-brake"
    session = person.session
    assert entry(person.says("返回")) == "chain-wear"
    person.session = session
    assert entry(person.says("1")) == listed(chain)[0]


# ── follow-ups ──


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("公式", Section.FORMULA),
        ("公式呢", Section.FORMULA),
        ("它的公式是什么", Section.FORMULA),
        ("show me the formula", Section.FORMULA),
        ("代码", Section.CODE),
        ("有代码吗", Section.CODE),
        ("给我看看代码", Section.CODE),
        ("show me the code", Section.CODE),
        ("易错点", Section.PITFALLS),
        ("有什么坑", Section.PITFALLS),
        ("pitfalls", Section.PITFALLS),
        ("common mistakes", Section.PITFALLS),
        ("详细点", Section.DETAILS),
        ("展开说说", Section.DETAILS),
        ("tell me more", Section.DETAILS),
    ],
)
def test_a_section_of_the_answer_is_shown(text: str, section: Section, person: Person, knowledge: Knowledge) -> None:
    reply = person.has_said(BN).says(text)
    assert entry(reply) == "batch-norm"
    assert reply.section is section
    assert dict(answer(reply).sections) == {section: knowledge.entries["batch-norm"].text(reply.lang).sections[section]}
    assert reply.resolved
    assert answer(reply).question in reply.resolved


@pytest.mark.parametrize(
    ("first", "text", "section"),
    [(PROJECT, "图", Section.FIGURE), (PROJECT, "有图吗", Section.FIGURE), (PROJECT, "公式", Section.FORMULA)],
)
def test_a_section_that_is_not_there_is_told_so(first: str, text: str, section: Section, person: Person) -> None:
    """Neither another entry's formula nor the same answer once more, as if it had been asked for."""
    shown = answer(person.says(first))
    assert section not in shown.sections
    assert section not in shown.more
    reply = person.says(text)
    assert entry(reply) == shown.entry
    assert reply.section is None
    assert reply.said == say("no_section", "zh", question=shown.question, section=SECTION_NAMES["zh"][section])


def test_why_asks_the_why_of_what_was_shown(person: Person) -> None:
    reply = person.has_said(BN).says("为什么")
    assert entry(reply) == "bn-why-works"
    assert reply.resolved == answer(reply).question
    assert reply.resolved in reply.said
    assert reply.undoable


@pytest.mark.parametrize(
    ("first", "text"), [(L1, "那L2呢"), (L1, "L2呢"), ("why does L1 prevent overfitting", "what about L2?")]
)
def test_another_term_asks_the_same_of_it(first: str, text: str, person: Person) -> None:
    assert entry(person.says(first)) == "l1-prevents-overfitting"
    reply = person.says(text)
    assert entry(reply) == "l2-prevents-overfitting"
    assert reply.resolved
    assert reply.resolved in reply.said
    assert reply.undoable


def test_a_term_that_nothing_is_known_about_is_not_answered(person: Person) -> None:
    person.says(BN)
    for text in ("那卡尔曼滤波呢", "what about NeRF", "那Kubernetes呢"):
        assert person.says(text).outcome in (Outcome.UNKNOWN, Outcome.SUGGEST)


@pytest.mark.parametrize("text", ["为什么", "公式", "代码呢", "那为什么", "why", "展开说说"])
def test_a_follow_up_to_nothing_asks_for_a_whole_question(text: str, person: Person) -> None:
    reply = person.says(text)
    assert reply.answer is None
    assert reply.said == say("no_context", reply.lang)


@pytest.mark.parametrize("between", ["谢谢", "哈哈哈", "好的", WEATHER, "/help", "/topics", "/lang", "9", "你是谁", ""])
def test_context_survives_small_talk_and_what_is_out_of_scope(between: str, person: Person) -> None:
    assert person.has_said(BN).says(between).answer is None
    reply = person.says("公式")
    assert entry(reply) == "batch-norm"
    assert reply.section is Section.FORMULA


def test_a_question_that_names_its_own_subject_takes_the_context_away(person: Person) -> None:
    assert person.has_said(BN).says("Kubernetes 和 BN 的 operator 怎么写").answer is None
    reply = person.says("公式")
    assert not (reply.answer and reply.answer.entry == "batch-norm")


def test_a_full_question_yields_the_context_at_once(person: Person) -> None:
    person.says(BN)
    reply = person.says(NORMS)
    assert entry(reply) == "l1-l2-norm"
    assert reply.resolved is None
    reply = person.says("公式")
    assert entry(reply) == "l1-l2-norm"


def wordings(knowledge: Knowledge) -> list[tuple[str, str]]:
    """Every wording of the knowledge with the id of its entry."""
    found = [
        (wording, id_) for id_, its in knowledge.entries.items() for text in its.texts.values() for wording in text.wordings
    ]
    assert len(found) > 500
    return found


def test_every_wording_is_answered_in_a_talk_as_without_one(searcher: Searcher, knowledge: Knowledge) -> None:
    """Wordings from all over, each in the context of another entry, one after the other round all of them."""
    sessions = [(id_, step(Session(), Chosen(entry=id_), searcher, 0.0)[0]) for id_ in knowledge.entries]
    wrong = []
    for number, (wording, wanted) in enumerate(wordings(knowledge)[::FEW]):
        context, session = sessions[number % len(sessions)]
        _, reply = step(session, Typed(text=wording), searcher, 1.0)
        if reply.answer is None or reply.answer.entry != wanted:
            wrong.append((context, wording, reply.answer and reply.answer.entry))
    assert wrong == []


POINTING = re.compile(
    r"(?<![a-z])(?:it|its|that|this|they|them|these|those|same|and|then|so|too|instead)(?![a-z])|[它这那此其]|呢$",
    re.IGNORECASE,
)


@pytest.mark.parametrize("context", ["linear-vs-logistic-regression", "activation-functions", "batch-norm"])
def test_a_wording_that_seems_to_lean_is_answered_in_a_talk_as_without_one(
    context: str, searcher: Searcher, knowledge: Knowledge
) -> None:
    """Wordings with «it», «the same», «那…呢» in them: those that a talk could lead astray."""
    leaning = [(wording, id_) for wording, id_ in wordings(knowledge) if POINTING.search(wording)][::FEW]
    assert len(leaning) > 30
    session, _ = step(Session(), Chosen(entry=context), searcher, 0.0)
    wrong = []
    for wording, wanted in leaning:
        _, reply = step(session, Typed(text=wording), searcher, 1.0)
        if reply.answer is None or reply.answer.entry != wanted:
            wrong.append((wording, reply.answer and reply.answer.entry))
    assert wrong == []


NOISE = ("t", "d", "b", "x", "q", "猫", "asdf", "qwer", "lo", "...t", "嘎嘎嘎", "z z z", "%", "b?")


@pytest.mark.parametrize(
    "first", [BN, "卷积计算的公式", "how do I choose the kernel size", "loss functions", "线性回归和逻辑回归的区别"]
)
def test_noise_in_a_talk_is_not_answered(first: str, person: Person) -> None:
    """A letter that happens to stand in a wording of the answer shown last is no question about it."""
    person.says(first)
    assert person.session.current is not None
    session, answered = person.session, {}
    for text in NOISE:
        person.session = session
        reply = person.says(text)
        if reply.answer is not None:
            answered[text] = reply.answer.entry
    assert answered == {}


# ── taking back ──


@pytest.mark.parametrize("undo", [Typed(text="不是"), Typed(text="不是这个意思"), Typed(text="no"), Undone()], ids=repr)
def test_an_understanding_is_taken_back(undo: Incoming, person: Person) -> None:
    person.says(L1)
    before = person.session
    assert entry(person.says("那L2呢")) == "l2-prevents-overfitting"
    reply = person.does(undo)
    assert reply.answer is None
    assert reply.said in (say("undone", reply.lang), say("undone_near", reply.lang))
    assert bool(reply.options) == (reply.said == say("undone_near", reply.lang))
    assert person.session.trail == before.trail
    if reply.options:
        assert entry(person.says("1")) == listed(reply)[0]


def test_what_was_taken_back_is_gone_and_the_talk_goes_on_from_before(person: Person) -> None:
    person.has_said(BN, "为什么").does(Undone())
    reply = person.says("公式")
    assert entry(reply) == "batch-norm"
    assert reply.section is Section.FORMULA


@pytest.mark.parametrize("turns", [(), (BN,), (L1, "那L2呢", "谢谢", "2"), (L1, "那L2呢", NORMS)])
def test_there_is_nothing_to_take_back_after_a_plain_answer(turns: tuple[str, ...], person: Person) -> None:
    for text in turns:
        person.says(text)
    before = person.session
    reply = person.does(Undone())
    assert reply.outcome is Outcome.CHAT
    assert reply.said == say("nothing_to_undo", "zh")
    assert person.session.trail == before.trail


def test_an_understanding_is_taken_back_once(person: Person) -> None:
    person.has_said(L1, "那L2呢").does(Undone())
    assert person.does(Undone()).said == say("nothing_to_undo", "zh")


def test_only_what_was_understood_can_be_undone(person: Person) -> None:
    assert person.says(L1).undoable is False
    assert person.says("那L2呢").undoable is True
    assert person.says("1").undoable is False


# ── back and again ──


@pytest.mark.parametrize("back", ["返回", "back", "/back", "回去", "上一个", "go back"])
def test_back_shows_the_answer_before(back: str, person: Person) -> None:
    person.has_said(BN, NORMS)
    reply = person.says(back)
    assert entry(reply) == "batch-norm"
    assert answer(reply).question in reply.said
    assert person.says(back).said == say("nothing_before", reply.lang)


def test_back_goes_through_all_answers_and_forward_again(person: Person) -> None:
    first, second = entry(person.says(BN)), entry(person.says("1"))
    third = entry(person.says("2"))
    assert len({first, second, third}) == 3
    assert entry(person.says("返回")) == second
    assert entry(person.says("返回")) == first
    assert entry(person.says("1")) == second


def test_back_from_a_stray_turn_is_back_to_the_answer_itself(person: Person) -> None:
    person.has_said(BN, NORMS)
    assert person.says(WEATHER).outcome is Outcome.UNKNOWN
    assert entry(person.says("返回")) == "l1-l2-norm"
    assert entry(person.says("返回")) == "batch-norm"
    person.has_said(NORMS, "SVM和随机森林的区别")
    assert person.session.away
    assert entry(person.says("返回")) == "l1-l2-norm"


def test_two_terms_that_no_entry_compares_are_shown_side_by_side(person: Person) -> None:
    reply = person.says("SVM和随机森林的区别")
    assert reply.outcome is Outcome.SUGGEST
    assert reply.answer is None
    assert listed(reply) == ["svm", "random-forest"]
    assert all(word in reply.said for word in ("支持向量机", "随机森林", "放在一起"))
    assert entry(person.says("2")) == "random-forest"


@pytest.mark.parametrize("text", ["SVM和红烧肉的区别", "随机森林和SVM在小数据集上训练时间的区别"])
def test_nothing_is_put_together_unless_both_are_certain_and_all_that_is_said(text: str, person: Person) -> None:
    assert "放在一起" not in person.says(text).said


def test_small_talk_is_no_answer_to_go_back_over(person: Person) -> None:
    person.has_said(BN, NORMS, "谢谢", "哈哈", "/help")
    assert entry(person.says("返回")) == "batch-norm"


def test_back_forgets_a_list_of_where_it_came_from(person: Person, knowledge: Knowledge) -> None:
    reply = person.has_said(BN, NORMS).says("返回")
    assert listed(reply) == follow_ups(knowledge, "batch-norm")
    assert entry(person.says("2")) == follow_ups(knowledge, "batch-norm")[1]
    assert entry(person.has_said("返回").says("公式")) == "batch-norm"


@pytest.mark.parametrize(
    "text",
    ["回到BN", "回到刚才BN那个", "返回批归一化那个问题", "go back to batch norm", "back to the one about BN", "再看一下BN"],
)
def test_going_back_by_name_finds_what_was_shown(text: str, person: Person) -> None:
    person.has_said(BN, NORMS, L1)
    reply = person.says(text)
    assert entry(reply) == "batch-norm"
    assert answer(reply).question in reply.said
    assert [shown.entry for shown in person.session.trail] == ["batch-norm"]


def test_going_back_to_what_was_never_shown_goes_nowhere(person: Person) -> None:
    person.has_said(BN, NORMS)
    assert person.says("回到卡尔曼滤波那个").answer is None
    assert entry(person.says("再说一遍")) == "l1-l2-norm"


@pytest.mark.parametrize("again", ["再说一遍", "repeat that", "again", "没听清"])
def test_again_shows_the_same_once_more(again: str, person: Person) -> None:
    first = person.has_said(BN).says("公式")
    reply = person.says(again)
    assert entry(reply) == "batch-norm"
    assert reply.section is Section.FORMULA
    assert listed(reply) == listed(first)
    assert person.has_said(WEATHER).says(again).answer is not None


def test_again_of_nothing_is_told_so(person: Person) -> None:
    assert person.says("再说一遍").said == say("nothing_to_repeat", "zh")


# ── commands ──


@pytest.mark.parametrize("new", ["/new", "/NEW", "/new@zhuiwen_bot", "换个话题", "重新开始", "start over"])
def test_new_forgets_the_talk_but_not_the_language_that_was_set(new: str, person: Person) -> None:
    person.has_said("/lang en", BN, "why")
    reply = person.says(new)
    assert reply.outcome is Outcome.CHAT
    assert reply.said == say("new", "en")
    assert person.session == Session(lang="en", spoken="en", at=person.now)
    assert person.says("1").said == say("no_list", "en")
    assert person.says("formula").said == say("no_context", "en")


@pytest.mark.parametrize("text", ["/topics", "有哪些题目", "topics"])
@pytest.mark.parametrize("lang", LANGS)
def test_topics_are_listed_with_their_size_and_opening(text: str, lang: Lang, searcher: Searcher, knowledge: Knowledge) -> None:
    reply = Person(searcher, Session(lang=lang)).says(text)
    assert reply.outcome is Outcome.CHAT
    assert len(reply.topics) == len(knowledge.topics)
    for topic, (name, options) in zip(knowledge.topics, reply.topics, strict=True):
        assert topic.names[lang] in name
        assert str(len(searcher.entries_of(topic.id))) in name
        assert [option.entry for option in options] == [topic.start]
        assert options[0].text == knowledge.entries[options[0].entry].texts[lang].question
    assert str(len(knowledge.entries)) in reply.said


def test_a_topic_is_listed_whole_by_number_id_or_name(person: Person, knowledge: Knowledge, searcher: Searcher) -> None:
    for number, topic in enumerate(knowledge.topics, 1):
        for wanted in (str(number), topic.id, topic.names["zh"], topic.names["en"].upper()):
            reply = person.says(f"/topics {wanted}")
            ((name, options),) = reply.topics
            assert name == topic.names[reply.lang]
            assert tuple(option.entry for option in options) == searcher.entries_of(topic.id)


def test_a_part_of_topics_names_lists_those_and_no_topic_all(person: Person, knowledge: Knowledge) -> None:
    assert len(person.says("/topics neural").topics) == 1
    assert 1 < len(person.says("/topics 网络").topics) < len(knowledge.topics)
    for wanted in ("99", "cooking", "?"):
        reply = person.says(f"/topics {wanted}")
        assert len(reply.topics) == len(knowledge.topics)
        assert wanted in reply.said


def test_every_question_of_a_topic_can_be_picked_by_its_number(person: Person, searcher: Searcher) -> None:
    shown = [option.entry for _, options in person.says("/topics math").topics for option in options]
    assert shown == list(searcher.entries_of("math"))
    for number in (1, 2, len(shown)):
        person.says("/topics math")
        assert entry(person.says(str(number))) == shown[number - 1]
    person.says("/topics math")
    assert person.says(str(len(shown) + 1)).answer is None


@pytest.mark.parametrize("text", ["/help", "/help@zhuiwen_bot", "/help me", "帮助"])
def test_help_helps(text: str, person: Person) -> None:
    reply = person.says(text)
    assert reply.outcome is Outcome.CHAT
    assert reply.said == say("help", reply.lang)


def test_the_language_that_is_set_holds(person: Person) -> None:
    assert person.says("/lang en").said == say("lang_set", "en")
    assert answer(person.says(BN)).question == person.searcher.entry("batch-norm").texts["en"].question
    assert person.says("谢谢").lang == "en"
    assert person.says("/lang zh").said == say("lang_set", "zh")
    assert person.says("what is batch normalization").lang == "zh"
    assert person.says("/lang auto").outcome is Outcome.CHAT
    assert person.says("what is batch normalization").lang == "en"
    assert person.says("什么是批归一化").lang == "zh"


@pytest.mark.parametrize("text", ["/lang", "/lang fr", "/lang zh en", "/lang \ud800"])
def test_a_language_that_is_none_is_told_the_usage(text: str, person: Person) -> None:
    person.says("/lang en")
    reply = person.says(text)
    assert reply.said == say("lang_usage", "en", now="en")
    assert person.session.lang == "en"


def test_start_greets_or_opens_an_entry(person: Person, knowledge: Knowledge) -> None:
    greeting = person.says("/start")
    assert greeting.outcome is Outcome.CHAT
    assert greeting.answer is None
    assert any(text.question in greeting.said for its in knowledge.entries.values() for text in its.texts.values())
    assert entry(person.says("/start batch-norm")) == "batch-norm"
    assert entry(person.says("公式")) == "batch-norm"
    assert person.says("/start no-such-entry").answer is None


def test_the_greetings_example_is_answered(person: Person) -> None:
    for lang in LANGS:
        person.says(f"/lang {lang}")
        example = re.search("[「“]([^」”]+)[」”]", person.says("/start").said)
        assert example is not None
        assert person.says(example[1]).outcome is Outcome.ANSWER


@pytest.mark.parametrize("text", ["/nonsense", "/nonsense with words", "/answer 2"])
def test_an_unknown_command_is_named_and_changes_nothing(text: str, person: Person) -> None:
    person.says(BN)
    before = person.session
    reply = person.says(text)
    assert reply.outcome is Outcome.CHAT
    assert text.split(maxsplit=1)[0] in reply.said
    assert "/help" in reply.said
    assert person.session.trail == before.trail
    assert person.session.listed == before.listed


# ── time ──


def test_a_talk_ends_after_half_an_hour_of_silence(person: Person) -> None:
    person.has_said(BN).waits(LONGEST_SILENCE - 20)
    assert entry(person.says("公式")) == "batch-norm"
    person.waits(LONGEST_SILENCE - 20)
    assert entry(person.says("代码")) == "batch-norm"
    person.waits(LONGEST_SILENCE)
    assert LONGEST_SILENCE == 30 * 60
    assert person.says("公式").said == say("no_context", "zh")
    assert person.says("返回").said == say("nothing_before", "zh")
    assert person.says("1").said == say("no_list", "zh")


def test_a_button_works_after_any_time(person: Person) -> None:
    assert entry(person.has_said(BN).waits(10 * LONGEST_SILENCE).does(Chosen(entry="batch-size"))) == "batch-size"


def test_the_set_language_outlives_the_silence(person: Person) -> None:
    assert person.has_said("/lang en", BN).waits(10 * LONGEST_SILENCE).says(NORMS).lang == "en"


# ── language ──


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        (BN, "zh"),
        ("什么是 batch normalization", "zh"),
        ("什麼是批次正規化", "zh"),
        ("what is batch normalization", "en"),
        ("What is BN?", "en"),
        ("relu advantages", "en"),
        ("vanishing gradient", "en"),
        ("thanks a lot", "en"),
        ("谢谢", "zh"),
        ("/topics", "zh"),
        ("BN", "zh"),
        ("who won the football match yesterday", "en"),
        ("shenme shi guonihe", "zh"),
    ],
)
def test_a_reply_comes_in_the_language_of_the_query(text: str, lang: str, person: Person) -> None:
    assert person.says(text).lang == lang


def test_a_bare_name_or_number_keeps_the_language_of_the_talk(person: Person) -> None:
    person.says("what is batch normalization")
    for text in ("1", "BN", "ReLU", "?", "2", "/topics", "no"):
        assert person.says(text).lang == "en", text
    person.says("什么是过拟合")
    for text in ("1", "BN", "ReLU", "?", "2", "/topics"):
        assert person.says(text).lang == "zh", text


# ── bad input ──


@pytest.mark.parametrize("text", ["", " \t\n", "\u200b\u200d", "\x00\x07", "\ud800", "？！。", "🙂🙂"])
def test_what_says_nothing_is_asked_for_more(text: str, person: Person) -> None:
    person.says(BN)
    reply = person.says(text)
    assert reply.outcome is Outcome.UNKNOWN
    assert reply.said == say("empty", reply.lang)
    assert entry(person.says("公式")) == "batch-norm"


@pytest.mark.parametrize("text", ["过拟合" * 40_000, "word " * 25_000, "\n" * 100_000 + "x" * 600, "<td>" * 40_000])
def test_what_is_too_long_is_told_so(text: str, person: Person) -> None:
    reply = person.says(text)
    assert reply.outcome is Outcome.UNKNOWN
    assert reply.said == say("too_long", reply.lang, most=500)


def test_white_space_around_a_question_does_not_make_it_long(person: Person) -> None:
    assert entry(person.says(" " * 100_000 + BN + "\n" * 100_000)) == "batch-norm"


@pytest.mark.parametrize(
    "text",
    [
        "<b>BN</b>是什么",
        "**BN**是什么",
        "`BN`是什么",
        "<BN>是什么",
        "BN\u200b是什么",
        "B\u00adN是什么",
        "ＢＮ是什么？？？",
        "BN\x00是什么",
        "BN\n是什么",
    ],
)
def test_what_dresses_a_question_up_does_not_hide_it(text: str, person: Person) -> None:
    assert entry(person.says(text)) == "batch-norm"


@pytest.mark.parametrize(
    "text", ["<script>alert('BN是什么')</script>", "<table><tr><td>BN</td></tr></table>", "{{ BN }}是什么", "[b]BN[/b]是什么"]
)
def test_a_pasted_page_is_no_question(text: str, person: Person) -> None:
    person.says(BN)
    reply = person.says(text)
    assert reply.outcome is Outcome.UNKNOWN
    assert reply.said
    assert "<" not in reply.said
    assert entry(person.says("公式")) == "batch-norm"


def test_what_is_asked_in_another_script_is_answered_in_chinese(person: Person) -> None:
    assert person.says("什麼是批次正規化？").lang == "zh"
    assert entry(person.says("請問 BN 是什麼")) == "batch-norm"
