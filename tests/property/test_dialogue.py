"""Whatever people type, in whatever order, the dialogue answers, is pure, and picks from the list that it showed."""

import json
from dataclasses import dataclass
from typing import Any

from hypothesis import given, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from bot.dialogue import step
from bot.replay import as_json
from bot.replies import Chosen, Incoming, Outcome, Reply, Typed, Undone
from bot.session import DEEPEST, LONGEST_SILENCE, Session, from_json, to_json
from bot.wording import say
from index.searcher import Searcher
from knowledge.model import LANGS, Knowledge, Section
from knowledge.reader import read_knowledge, serveable

ODD = st.text(st.characters(exclude_categories=()), max_size=60)
"""Any text at all, lone surrogates and control characters among them."""
PIECES = st.sampled_from(
    "BN L1 L2 范数 梯度 卷积 dropout LSTM 为什么 怎么 公式 代码 呢 那 它 这个 刚才 what about why the formula 2 3 ② 第 个 的 回到 返回 back to 不是 no 谢谢 哈哈 好的"
    " 请问 ? ？ ， < > </b> <script> & ** ` $x^2$ \\frac {{ }} [/b] / /lang en \u200b \u200d \u202e \ufe0f \x00 \x1b[31m \n \t \ud800 🙂 𝟚 é ﬁ İ ß Ⅷ".split(
        " "
    )
)
MIXED = st.lists(PIECES, min_size=1, max_size=8).flatmap(
    lambda pieces: st.sampled_from(["", " "]).map(lambda by: by.join(pieces))
)
LONG = st.builds(lambda text, times: (text or "字") * times, ODD | MIXED, st.sampled_from([30, 1_000, 100_000])).map(
    lambda text: text[:100_000]
)
MOVES = st.sampled_from(
    "返回|back|再说一遍|again|换个话题|有哪些题目|帮助|不是|no|你好|谢谢|再见|真棒|哈哈|真笨|你是谁|好的|懂了谢谢|回到BN|back to batch norm|回到刚才那个|go back to the norms"
    "|/start|/help|/topics|/new|/back|/lang|/lang zh|/lang en|/lang auto|/lang fr|/start batch-norm|/start x|/nonsense|/|//|/lang@bot en|/NEW".split(
        "|"
    )
)
PICKS = st.sampled_from(
    "0|1|2|3|4|9|99|①|②|第一个|第二个|第九个|the first one|second|last one|最后一个|选2|#1|一|two|2nd".split("|")
)
LEANING = st.sampled_from(
    "为什么|why|公式|公式呢|formula|代码|show me the code|易错点|详细点|more|图|怎么办|有什么缺点|它的优点|那L2呢|what about L2?|那GRU呢|它和L1有什么区别|刚才那个的公式|and then?|那呢".split(
        "|"
    )
)
TEXTS = st.one_of(ODD, MIXED, MOVES, PICKS, LEANING)
SECTIONS = st.none() | st.sampled_from(Section)
TIMES = st.sampled_from([0.0, 1.0, 10.0, LONGEST_SILENCE, LONGEST_SILENCE + 1, -5.0, 1e9])
NOT_TIMED = settings(deadline=None, max_examples=150)
"""What is tested is what is answered, not how fast; a loaded machine must not fail it."""


@dataclass(frozen=True, slots=True)
class World:
    searcher: Searcher
    knowledge: Knowledge

    @property
    def wordings(self) -> list[tuple[str, str]]:
        """Every wording with the id of its entry."""
        entries = self.knowledge.entries.items()
        return [(wording, id_) for id_, its in entries for text in its.texts.values() for wording in text.wordings]


def check_reply(session: Session, reply: Reply, searcher: Searcher) -> None:
    """What holds of every session and reply."""
    assert reply.lang in LANGS
    assert session.lang is None or reply.lang == session.lang or reply.query == ""
    assert (reply.answer is not None) == (reply.outcome is Outcome.ANSWER)
    assert reply.said or reply.answer is not None
    assert not (reply.options and reply.topics)
    if reply.outcome is Outcome.SUGGEST:
        assert 1 <= len(reply.options) <= 3
    if reply.options or reply.topics:
        assert session.listed == list_of(reply)
    for option in reply.options:
        assert option.text == searcher.entry(option.entry).text(reply.lang).question
    if reply.answer is not None:
        assert session.current is not None
        assert session.current.entry == reply.answer.entry
        assert session.current.section == reply.section
        assert reply.answer.short is not None or list(reply.answer.sections) == [reply.section]
        assert reply.answer.question == searcher.entry(reply.answer.entry).text(reply.lang).question
    assert reply.score is None or 0.0 <= reply.score <= 1.0
    assert len(reply.candidates) <= 5
    if reply.resolved is not None:
        assert reply.outcome is Outcome.ANSWER
    if reply.undoable:
        assert session.before is not None
    assert len(session.trail) <= DEEPEST
    assert session.before is None or session.before.before is None
    assert from_json(json.loads(json.dumps(to_json(session)))) == session
    json.dumps(as_json(reply, id_="x", turn=0))


def stepped(session: Session, incoming: Incoming, searcher: Searcher, now: float) -> tuple[Session, Reply]:
    """One step, taken twice: the same comes of it, and what went in is as it was."""
    before = to_json(session)
    first = step(session, incoming, searcher, now)
    assert step(session, incoming, searcher, now) == first
    assert to_json(session) == before
    check_reply(*first, searcher)
    return first


def list_of(reply: Reply) -> tuple[str, ...]:
    """What a reply lists, in the order of its numbers."""
    return tuple(option.entry for options in (reply.options, *(options for _, options in reply.topics)) for option in options)


def entry_of(reply: Reply) -> str | None:
    return reply.answer.entry if reply.answer is not None else None


class Talk(RuleBasedStateMachine):
    """A talk of any turns; subclassed with the world that it is held in."""

    world: World

    def __init__(self) -> None:
        super().__init__()
        self.session = Session()
        self.now = 1_000_000.0
        self.shown: tuple[str, ...] = ()
        """The list last shown."""

    def turn(self, incoming: Incoming) -> Reply:
        silent = self.now - self.session.at > LONGEST_SILENCE
        self.session, reply = stepped(self.session, incoming, self.world.searcher, self.now)
        if reply.options or reply.topics:
            self.shown = list_of(reply)
        elif silent or not self.session.listed or reply.said == say("undone", reply.lang):
            self.shown = self.session.listed  # what is taken back takes its list along
        note(f"{incoming!r:.80} → {reply.outcome} {entry_of(reply)} {self.shown}")
        return reply

    @rule(text=TEXTS)
    def types(self, text: str) -> None:
        reply = self.turn(Typed(text=text))
        assert reply.query == text

    @rule(text=LONG)
    def pastes(self, text: str) -> None:
        reply = self.turn(Typed(text=text))
        assert entry_of(reply) is None or len(text.strip()) <= 600 or text.lstrip().startswith("/")

    @rule(data=st.data())
    def asks_a_whole_question(self, data: st.DataObject) -> None:
        wording, id_ = data.draw(st.sampled_from(self.world.wordings))
        assert entry_of(self.turn(Typed(text=wording))) == id_

    @rule(data=st.data(), section=SECTIONS)
    def presses_a_button(self, data: st.DataObject, section: Section | None) -> None:
        id_ = data.draw(st.sampled_from([*self.world.knowledge.entries, "no-such-entry", ""]))
        reply = self.turn(Chosen(entry=id_, section=section))
        assert entry_of(reply) == (id_ if self.world.searcher.has(id_) else None)

    @rule()
    def takes_back(self) -> None:
        had, trail = self.session.before, self.session.trail
        reply = self.turn(Undone())
        assert reply.answer is None
        assert self.session.trail == (had.trail if had is not None else trail) or not self.session.trail
        assert self.session.before is None

    @rule(seconds=TIMES)
    def waits(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: self.shown)
    @rule(data=st.data())
    def picks(self, data: st.DataObject) -> None:
        number = data.draw(st.integers(1, len(self.shown)))
        if self.now - self.session.at > LONGEST_SILENCE:
            self.now = self.session.at + 1.0
        wanted = self.shown[number - 1]
        assert entry_of(self.turn(Typed(text=str(number)))) == wanted

    @precondition(lambda self: len(self.session.trail) > 1 and not self.session.away)
    @rule()
    def goes_back(self) -> None:
        self.now = max(self.now, self.session.at)
        if self.now - self.session.at > LONGEST_SILENCE:
            self.now = self.session.at + 1.0
        wanted = self.session.trail[-2].entry
        assert entry_of(self.turn(Typed(text="返回"))) == wanted
        assert self.session.trail[-1].entry == wanted

    @invariant()
    def numbers_pick_from_the_list_that_was_shown(self) -> None:
        if self.shown:
            assert self.session.listed == self.shown


def test_a_talk_of_any_turns(searcher: Searcher, knowledge: Knowledge) -> None:
    class BuiltIn(Talk):
        world = World(searcher, knowledge)

    assert len(BuiltIn.world.wordings) > 500
    run_state_machine_as_test(BuiltIn, settings=settings(NOT_TIMED, max_examples=80, stateful_step_count=25))


def test_a_talk_of_any_turns_over_another_subject(small_searcher: Searcher, bicycles: dict[str, str]) -> None:
    """No subject is built in: the same holds of four entries about bicycles."""
    knowledge = serveable(read_knowledge({path: text.encode() for path, text in bicycles.items()}), "bicycles")

    class Bicycles(Talk):
        world = World(small_searcher, knowledge)

    assert len(Bicycles.world.wordings) > 10
    run_state_machine_as_test(Bicycles, settings=settings(NOT_TIMED, max_examples=40, stateful_step_count=25))


@NOT_TIMED
@given(text=st.one_of(ODD, MIXED, LONG))
def test_any_first_text_is_answered(searcher: Searcher, text: str) -> None:
    session, reply = stepped(Session(), Typed(text=text), searcher, 0.0)
    assert reply.query == text
    assert reply.resolved is None
    assert session.before is None


@NOT_TIMED
@given(
    data=st.data(),
    between=st.sampled_from(["", "谢谢", "哈哈", "/help", "/topics", "99", "/lang"]),
    back=st.sampled_from(["返回", "back", "/back"]),
)
def test_back_after_two_answers_shows_the_first(
    searcher: Searcher, knowledge: Knowledge, data: st.DataObject, between: str, back: str
) -> None:
    first, second = data.draw(st.lists(st.sampled_from(list(knowledge.entries)), min_size=2, max_size=2, unique=True))
    session, now = Session(), 0.0
    turns: list[Incoming] = [Chosen(entry=first), Chosen(entry=second), *([Typed(text=between)] if between else [])]
    for incoming in turns:
        session, _ = stepped(session, incoming, searcher, now)
        now += 10.0
    session, reply = stepped(session, Typed(text=back), searcher, now)
    assert entry_of(reply) == first
    assert tuple(option.entry for option in reply.options) == knowledge.entries[first].follow_ups
    assert [shown.entry for shown in session.trail] == [first]


@NOT_TIMED
@given(data=st.data(), turns=st.lists(st.one_of(MOVES, LEANING, PICKS, MIXED), max_size=4))
def test_a_whole_question_gets_the_same_entry_in_any_talk(
    searcher: Searcher, knowledge: Knowledge, data: st.DataObject, turns: list[str]
) -> None:
    wordings = World(searcher, knowledge).wordings
    before, _ = data.draw(st.sampled_from(wordings))
    questions = [(text.question, id_) for id_, its in knowledge.entries.items() for text in its.texts.values()]
    asked, wanted = data.draw(st.sampled_from(wordings) | st.sampled_from(questions))
    session = Session()
    for number, text in enumerate((before, *turns)):
        session, _ = step(session, Typed(text=text), searcher, float(number))
    session, reply = stepped(session, Typed(text=asked), searcher, 100.0)
    assert entry_of(reply) == wanted
    assert entry_of(step(Session(), Typed(text=asked), searcher, 0.0)[1]) == wanted
    assert session.current is not None


DRESS = st.sampled_from(
    ["请问{}", "{}？", "{}?", "  {}\n", "hey, {}", "{}!!!", "面试官问我{}", "{} please", "\u200b{}\u200b", "请问一下，{}？谢谢"]
)


@NOT_TIMED
@given(data=st.data(), dress=DRESS)
def test_politeness_changes_nothing(searcher: Searcher, knowledge: Knowledge, data: st.DataObject, dress: str) -> None:
    """DESIGN §4: adding 请问, «hey» or a question mark does not change the outcome."""
    asked, wanted = data.draw(st.sampled_from(World(searcher, knowledge).wordings))
    assert entry_of(step(Session(), Typed(text=dress.format(asked)), searcher, 0.0)[1]) == wanted


@settings(NOT_TIMED, max_examples=40)
@given(turns=st.lists(st.one_of(TEXTS, LONG), min_size=1, max_size=12))
def test_a_stored_session_goes_on_as_the_one_in_memory(searcher: Searcher, turns: list[str]) -> None:
    """A process that ended between two turns makes no difference."""
    kept: Any = to_json(Session())
    session = Session()
    for number, text in enumerate(turns):
        session, reply = step(session, Typed(text=text), searcher, float(number))
        again, same = step(from_json(json.loads(json.dumps(kept))), Typed(text=text), searcher, float(number))
        assert (again, same) == (session, reply)
        kept = to_json(again)
