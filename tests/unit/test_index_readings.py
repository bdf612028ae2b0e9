"""What was probably meant: sounds, typed pinyin and typos, never beyond what the knowledge says."""

import re
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from index.decision import Outcome
from index.fuzzy import slips
from index.language import FIRST, sounds
from index.readings import LONGEST_PHRASE, Sounds, blur, read_again
from index.searcher import Searcher
from index.tokens import chinese_runs
from knowledge.model import Knowledge

SYLLABLES, NUMBERS = sounds()
HEARD = Sounds(FIRST, NUMBERS, tuple(map(blur, SYLLABLES)), frozenset(filter(None, SYLLABLES)))


class Said:
    """A vocabulary of a few texts, without any index."""

    def __init__(self, phrases: Sequence[str], words: Sequence[str]) -> None:
        pieces = [p[n : n + size] for p in phrases for size in range(2, LONGEST_PHRASE + 1) for n in range(len(p) - size + 1)]
        self._phrases = {" ".join(HEARD.of(piece)): piece for piece in reversed(pieces)}
        self._pairs = {piece for piece in pieces if len(piece) == 2}
        self._words = words

    def phrase(self, sound: str) -> str | None:
        return self._phrases.get(sound)

    def knows_pairs(self, run: str) -> list[bool]:
        return [one + other in self._pairs for one, other in pairwise(run)]

    def knows_word(self, word: str) -> bool:
        return word in self._words

    def near_words(self, word: str) -> tuple[str, ...]:
        return tuple(near for near in self._words if len(word) > 3 and slips(word, near, 1) <= 1)


BIKES = Said(
    ["碟刹", "链条", "真空胎", "自补液", "朴素", "谱曲", "和谱曲"], ["chain", "tubeless", "brake", "brakes", "shimano"]
)


@pytest.mark.parametrize(
    ("normal", "meant"),
    [
        ("碟沙怎么调", "碟刹怎么调"),
        ("练条脏了", "链条脏了"),
        ("真孔胎和自不液", "真空胎和自补液"),
        ("diesha", "碟刹"),
        ("die sha", "碟刹"),
        ("zhenkongtai huan", "真空胎 huan"),
        ("zenkongtai", "真空胎"),
        ("chian", "chain"),
        ("chan", "chain"),
        ("chhain", "chain"),
        ("chein", "chain"),
        ("tubelss 胎", "tubeless 胎"),
    ],
)
def test_a_slip_is_mended(normal: str, meant: str) -> None:
    assert read_again(normal, HEARD, BIKES) == meant


@pytest.mark.parametrize(
    "normal",
    [
        "",
        "碟刹",
        "链条和真空胎",
        "chain brakes shimano",
        "朴素",
        "一二三四",
        "dog",
        "cat food",
        "xhain",
        "chn",
        "a b c",
        "123 + 456",
        "c++",
    ],
)
def test_without_a_slip_nothing_is_read_anew(normal: str) -> None:
    assert read_again(normal, HEARD, BIKES) is None


PIECES = ["碟刹", "叠", "沙", "链条", "练", "调", "真空胎", "孔", "自补液", "不", "朴素", "普", "谱曲", "区", "和", "河", "的"]


@given(st.lists(st.sampled_from(PIECES), max_size=8).map("".join))
@example("和朴素")
@example("朴素和")
def test_what_the_knowledge_says_stays(run: str) -> None:
    """朴素 is known; that 和朴 sounds like 和谱 is no reason to tear it apart."""
    again = read_again(run, HEARD, BIKES) or run
    assert len(again) == len(run)
    assert HEARD.of(again) == HEARD.of(run)
    for place, known in enumerate(BIKES.knows_pairs(run)):
        if known:
            assert again[place : place + 2] == run[place : place + 2]


@given(st.text(alphabet="abcdeghiklmnorstubx 碟沙胎1+.", max_size=30))
def test_no_word_is_invented(normal: str) -> None:
    again = read_again(normal, HEARD, BIKES)
    if again is not None:
        typed = set(re.findall("[a-z]+", normal))
        pieces = {syllable for word in typed for syllable in HEARD.split(word) or ()}
        assert {word for word in re.findall("[a-z]+", again) if not BIKES.knows_word(word)} <= typed | pieces


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_can_be_read_again(searcher: Searcher, text: str) -> None:
    typed, *others = [found.analysis for found in searcher.readings(text)]
    assert not typed.meant
    assert len(others) <= 1
    assert all(other.meant and other.normal != typed.normal for other in others)


@pytest.mark.parametrize(
    ("syllable", "blurred"),
    [
        ("zhang", "zan"),
        ("cheng", "cen"),
        ("shi", "si"),
        ("ping", "pin"),
        ("zong", "zong"),
        ("an", "an"),
        ("ng", "ng"),
        ("", ""),
    ],
)
def test_blurred_syllables(syllable: str, blurred: str) -> None:
    assert blur(syllable) == blurred
    assert blur(blurred) == blurred


@pytest.mark.parametrize(
    ("word", "split"),
    [
        ("tidu", ("ti", "du")),
        ("xiaoshi", ("xiao", "shi")),
        ("xian", ("xian",)),
        ("fangan", ("fang", "an")),
        ("lvse", ("lv", "se")),
        ("relu", ("re", "lu")),
        ("dropout", None),
        ("", ()),
        ("zh", None),
    ],
)
def test_typed_pinyin_is_split(word: str, split: tuple[str, ...] | None) -> None:
    found = HEARD.split(word)
    if word == "fangan":
        assert found is not None
        assert "".join(found) == word
        assert len(found) == 2
    else:
        assert found == split


def test_characters_without_a_sound_stand_for_themselves() -> None:
    assert HEARD.of("批x㐀") == ("pi", "x", "㐀")


def test_wordings_hold_no_slips(searcher: Searcher, knowledge: Knowledge) -> None:
    wordings = [w for entry in knowledge.entries.values() for text in entry.texts.values() for w in text.wordings]
    assert len(wordings) > 1000
    changed = {w: r[1].analysis.normal for w in wordings if len(r := searcher.readings(w)) > 1}
    assert changed == {}


def test_names_of_terms_hold_no_slips(searcher: Searcher, knowledge: Knowledge) -> None:
    names = [name for term in knowledge.terms.values() for name in term.names]
    assert len(names) > 1000
    changed = {n: r[1].analysis.normal for n in names if len(r := searcher.readings(n)) > 1}
    assert changed == {}


@pytest.mark.parametrize(
    ("text", "meant", "entry"),
    [
        ("皮归一化的步骤", "批归一化的步骤", "batch-norm"),
        ("提度消失怎么解决", "梯度消失怎么解决", "vanishing-exploding-solutions"),
        ("tiduxiaoshi zenme jiejue", "梯度消失怎么解决", "vanishing-exploding-solutions"),
        ("batchnrom 是什么", "batchnorm 是什么", "batch-norm"),
        ("overfiting vs underfitting", "overfitting vs underfitting", "overfitting-underfitting"),
        ("卷及计算公式", "卷积计算公式", "convolution-formula"),
    ],
)
def test_slips_lead_to_the_entry(searcher: Searcher, text: str, meant: str, entry: str) -> None:
    readings = searcher.readings(text)
    assert meant in [reading.analysis.normal for reading in readings]
    found = searcher.search(text)
    assert found.outcome is Outcome.ANSWER
    assert found.hits[0].entry == entry


def test_a_small_knowledge_corrects_towards_its_own_words_alone(small_searcher: Searcher) -> None:
    def meant(text: str) -> list[str]:
        return [reading.analysis.normal for reading in small_searcher.readings(text)][1:]

    assert meant("tubless") == ["tubeless"]
    assert meant("liantiao") == ["链条"]
    assert meant("batchnrom") == []
    assert meant("提度消失") == []


def test_the_sounds_cover_the_common_characters() -> None:
    assert SYLLABLES[0] == ""
    assert len(set(SYLLABLES)) == len(SYLLABLES) > 380
    assert all(re.fullmatch("[a-z]*", syllable) for syllable in SYLLABLES)
    assert [SYLLABLES[NUMBERS[ord(c) - FIRST]] for c in "批归一化女绿"] == ["pi", "gui", "yi", "hua", "nv", "lv"]
    assert sum(number > 0 for number in NUMBERS) > 0.98 * len(NUMBERS)
    assert chinese_runs(chr(FIRST)) == [chr(FIRST)]
