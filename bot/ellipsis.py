"""Understands a question that leans on the talk before it: what it leaves out, and what it says instead.  Pure.

Works from the lexicon's terms, the facets and the follow-up graph; it holds no phrase of any subject.
"""

import re
from dataclasses import dataclass

from index.alternation import LazyPattern
from index.analysis import Analysis
from index.forms import FACETS, Facet
from knowledge.model import Section

_MARKER = LazyPattern(
    r"^(?:那么?|然后|还有|所以|话说)(?=[^\s])|呢\s*$|(?:的话|的那种|的那个)\s*$"
    r"|^(?:and|then|so|but|also)\b|\b(?:what|how) about\b|\btoo$|\binstead$",
    "那 然后 还有 所以 话说 呢 的 and then so but also about too instead".split(),
)
_ANAPHORA = LazyPattern(
    r"(?:刚才|刚刚|之前|前面|上面|上一个)的?(?:说的|讲的|提到的)?(?:那个|这个|那|这)?(?:问题|东西|概念|方法|算法|公式)?"
    r"|它们?(?:自己|本身)?|[这那](?:个|种|两个|些|玩意儿?|东西)(?:问题|东西|概念|方法|算法|公式)?|此|其(?=[缺优原作公定])|[前后]者"
    r"|(?<![a-z])(?:it|its|that|this|they|them|these|those|that one|this one|the same|the (?:former|latter)(?! (?:half|part|two)))(?![a-z])",
    "刚 之前 前 上 它 这 那 此 其 后 it th".split(),
)
_SUBJECT = LazyPattern(
    r"^(?:那|那么|所以|但|但是|可|可是)?(?:它们?|这个|那个)|^(?:和|跟|与|同|比起?|相比)(?!其他|别的)"
    r"|^(?:and |but |so )?(?:why |how |what |when |where )?(?:do|does|did|is|are|was|can|could|should|will|would)? ?(?:it|they|this|that)\b"
    r"|^(?:vs|versus|compared (?:to|with))\b",
    "它 这 那 和 跟 与 同 比 it th vs versus compared".split(),
)
"""A pronoun where the subject stands, or a comparison without what is compared: the text has no subject of its own."""
_BRIEF = LazyPattern(
    r"(?:用)?一(?:句|两句|段)话(?:总结|概括|说说?|讲讲?|解释|回答)?(?:一下|下)?|(?:简单|简短|概括|总结)(?:地|点|一点)?(?:说说?|讲讲?|概括|总结)?(?:一下|下)?"
    r"|(?:just )?(?:in )?(?:one|a) (?:single )?sentence|(?:in )?short(?:er)?|briefly|tl ?;?dr|summar(?:y|ize|ise)(?: (?:it|that))?|in a nutshell",
    "话 简 概括 总结 sentence short brief tl summar nutshell".split(),
)
_EARLIER = LazyPattern(
    r"刚才|刚刚|之前|前面|上面|上一个|(?<![a-z])(?:earlier|before)(?![a-z])", "刚 之前 前 上 earlier before".split()
)
_BEFORE = LazyPattern(
    r"(?:刚才|刚刚|之前|前面)的?那个(?:问题|话题)|[上前]一个(?:问题|话题)|(?<![a-z])(?:the )?(?:earlier|previous) (?:question|topic)(?![a-z])",
    "刚 前 上 earlier previous".split(),
)
_EMPTY = re.compile(
    r"[的地得了是有么吗嘛呢和跟与及或也又都就还再用要会能可在对于把被让比很更最那这哪时候看给来说讲想]|没(?=$|\s)|怎么|什么|哪里|多少|一个|具体|主要|详细|大概|分别"
    r"|(?<![a-z])(?:a|an|the|is|are|was|do|does|did|i|you|we|of|for|to|in|on|and|or|with|what|how|about|then|so|there|any|some|one|ones|be|can|should|would|will|my|me|case|now|ok|anyway|but|if|when|instead|too|also|which|whose|where|who|show|give|see|get|tell|want|like|need|let|us|have|please)(?![a-z])"
)
_SECTION_WORDS: tuple[tuple[Section, LazyPattern], ...] = tuple(
    (section, LazyPattern(pattern, needs.split()))
    for section, pattern, needs in (
        (
            Section.FORMULA,
            r"公式|式子|表达式|数学(?:形式|表达)|formulas?|equations?|maths?",
            "式 数学 formula equation math",
        ),
        (
            Section.CODE,
            r"代码|实现|怎么写|手写|举(?:个|一个)?例子?|例子|demo|code|implement(?:ation)?|snippet|examples?",
            "代码 实现 写 举 例子 demo code implement snippet example",
        ),
        (Section.FIGURE, r"图片?|示意图|画(?:个|一)?图|figures?|pictures?|diagrams?", "图 figure picture diagram"),
        (
            Section.PITFALLS,
            r"易错点?|坑|误区|注意(?:事项|什么|点)?|常见错误|pitfalls?|gotchas?|common mistakes?",
            "易错 坑 误区 注意 常见错误 pitfall gotcha mistake",
        ),
        (
            Section.DETAILS,
            r"详细(?:点|一点|些|的|说说|讲讲)?|展开(?:说说|讲讲|一点)?|具体(?:点|一点|说说|讲讲)|细说|深入(?:点|一点)?|(?:more )?details?|elaborate|go deeper|in depth|tell me more|more",
            "详细 展开 具体 细说 深入 detail elaborate deeper depth more",
        ),
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaning:
    """What a text says and what it leans on."""

    terms: tuple[str, ...]
    facets: frozenset[Facet]
    bare: bool
    """Nothing is said besides terms and facets."""
    marked: bool
    """It says of itself that it goes on from something («那…呢», "what about")."""
    anaphora: bool
    """It points at something said («它», "that")."""
    earlier: bool
    """It points at what was said before («刚才说的»)."""
    before: bool
    """It points at the question before the last («刚才那个问题»)."""
    no_subject: bool
    """Its subject is a pronoun or is not there."""
    brief: bool
    """It asks for the answer in a few words and for nothing else."""
    rest: str
    """The text without what marks it as a follow-up and without what points back."""
    fragment: str
    """What is left of it without terms, facets and words that say nothing."""

    @property
    def leans(self) -> bool:
        """Whether it cannot be understood alone."""
        return self.anaphora or self.marked or (self.bare and not (self.terms and self.facets))


def read(analysis: Analysis) -> Leaning:
    """What an analysed text says and what it leans on."""
    normal = analysis.normal
    pointed = _ANAPHORA.search(normal)
    rest = _ANAPHORA.sub(" ", normal) if pointed else normal
    rest = re.sub(r"\s+", " ", _MARKER.sub(" ", rest)).strip()
    left = _ANAPHORA.sub(" ", _MARKER.sub(" ", analysis.subjectless))
    for _, pattern in _SECTION_WORDS:
        left = pattern.sub(" ", left)
    for pattern in FACETS.values():
        left = pattern.sub(" ", left)
    fragment = re.sub(r"\s+", " ", _EMPTY.sub(" ", left)).strip()
    return Leaning(
        terms=analysis.terms,
        facets=analysis.facets,
        bare=not fragment,
        marked=_MARKER.search(normal) is not None,
        anaphora=pointed is not None,
        earlier=_EARLIER.search(normal) is not None,
        before=_BEFORE.search(normal) is not None,
        no_subject=_SUBJECT.search(normal) is not None,
        brief=_BRIEF.fullmatch(rest) is not None,
        rest=rest,
        fragment=fragment,
    )


def section_of(ellipsis: Leaning) -> Section | None:
    """The section that a text without a subject asks for."""
    if ellipsis.terms or not ellipsis.bare:
        return None
    return next((section for section, pattern in _SECTION_WORDS if pattern.search(ellipsis.rest)), None)


def point(normal: str, name: str) -> str:
    """A text with what it points at put in by name."""
    return re.sub(r"\s+", " ", _ANAPHORA.sub(f" {name} ", _MARKER.sub(" ", normal), count=1)).strip()
