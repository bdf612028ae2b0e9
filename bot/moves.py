"""Recognises moves of a conversation that need no knowledge: back, again, thanks, a number from a list.  Pure.

All texts are in normal form (index.text).  A move is recognised only where the whole text is that move and fillers.
"""

import re
from enum import StrEnum
from functools import cache

from index.alternation import LazyPattern


class Move(StrEnum):
    """What somebody does instead of asking."""

    BACK = "back"
    START = "start"
    REPEAT = "repeat"
    NEW = "new"
    TOPICS = "topics"
    HELP = "help"
    NO = "no"
    HELLO = "hello"
    THANKS = "thanks"
    BYE = "bye"
    PRAISE = "praise"
    LAUGH = "laugh"
    SORRY = "sorry"
    WHO = "who"
    ACK = "ack"


_WORDS: dict[Move, str] = {
    Move.BACK: r"(?:返回|退回|回退|回)?到?[上前]一(?:级|层|步|个|条|题|页)(?:问题|题目?|话题|答案|回答)?|返回|后退|回去|回退|退回去?"
    r"|回到?(?:上一?(?:级|层|步|个|条|题|页)|上面|前面|刚才|之前)(?:的?那个|那里|那条|的)?(?:问题|题目?|话题)?"
    r"|刚才那个|go back|back|(?:go back to |back to )?(?:the )?previous(?: (?:one|question|answer|topic))?|last one before|return",
    Move.START: r"(?:返回|回到?|退回)到?(?:最|一)?(?:开始|开头|最初|起初)(?:时候|那个|那里|那题|问过?的?|的)*(?:问题|题目?|话题|地方)?"
    r"|(?:返回|回到?|退回)到?(?:第一|首)个?(?:问题|题目?|话题)"
    r"|(?:go |get )?back to (?:the )?(?:very )?(?:start|beginning|first|original)(?: (?:thing|one|question|topic|answer))?",
    Move.REPEAT: r"(?:再|重新?)(?:说|讲|来|看|发)(?:一)?(?:遍|次)|重复一?[遍次下]?|没听清|repeat(?: that| it)?|again|say (?:that|it) again|once more|come again",
    Move.NEW: r"重新开始|从头(?:开始|来)|清空|换个?话题|换一?个(?:话题|题目?|问题)|聊点别的|start over|new topic|change (?:the )?topic|reset|restart",
    Move.TOPICS: r"有(?:哪些|什么)(?:题目?|问题|主题|话题|内容)|(?:全部|所有)(?:题目?|问题|主题)|题库|目录|你(?:都)?会(?:些)?什么|你(?:都)?能(?:回答|答|干|做)(?:些)?什么|topics|list (?:of )?(?:questions|topics)|what can (?:you|u) (?:answer|do)",
    Move.HELP: r"帮助|怎么用你?|使用说明|用法|help(?: me)?|how (?:do i|to) use (?:this|you)",
    Move.NO: r"不是(?:这个)?(?:意思)?|不对|错了|不是这个|我不是(?:这个意思|问这个)|no+|nope|not that|wrong|that'?s not (?:it|what i meant)|i meant something else",
    Move.HELLO: r"你好呀?|您好|大家好|哈[喽啰罗]|嗨|在[吗么嘛不]|在不在|有人[吗么嘛]|早(?:安|上好|呀|啊)?|上午好|中午好|下午好|晚上好|hi+|hello+|hey+|yo|good (?:morning|afternoon|evening)|(?:hi|hello|hey) there|howdy|what'?s up|sup",
    Move.THANKS: r"谢谢?(?:你|您|啦|了|哈|呀|大佬|老师|哥|姐)*|谢[啦了谢]|多谢|感谢|感恩|帮(?:了)?大忙了?|辛苦了?|thanks?(?: (?:a lot|so much|you|very much|a bunch|man|bro))*|thank (?:you|u)(?: (?:so|very) much)?|thx(?: a lot)?|ty(?:sm)?|3q|cheers|appreciate it",
    Move.BYE: r"再见|拜拜?|回(?:头)?见|下次(?:再)?聊|晚安|我(?:先)?(?:走|下|撤)了|先这样|bye+(?: bye)?|goodbye|see (?:you|ya)(?: later)?|cya|good ?night|gtg|later",
    Move.PRAISE: r"(?:你)?(?:真|太|好|挺|还挺|很|可以)?(?:棒|厉害|牛+|强|聪明|不错|给力|靠谱|优秀|赞|6+)(?:的|了|啊|呀|哦)*|牛[逼批哇]|good (?:bot|job)|nice(?: one)?|great|awesome|cool|perfect|amazing|excellent|well done|you'?re (?:smart|great|awesome|good|the best)",
    Move.LAUGH: r"[哈嘿呵嘻]{2,}|笑死(?:我了)?|哈+|(?:ha){2,}h?|l(?:ol)+|lmao|rofl|233+|hh+|xs+wl",
    Move.SORRY: r"(?:你)?(?:真|太|好|个|是)*(?:笨|蠢|傻|垃圾|废物|没用|智障|人工智障|菜|差劲|烂)(?:的|了|啊|死了|透了)*|滚(?:开|蛋|吧)?|闭嘴|stupid(?: bot)?|(?:you'?re |you are )?(?:useless|dumb|an idiot|stupid)|shut up|bad bot|idiot",
    Move.WHO: r"你(?:是|叫)(?:谁|什么(?:名字)?|机器人[吗么嘛]?|真人[吗么嘛]?|ai[吗么嘛]?|人[吗么嘛]?|不是(?:机器人|真人))|你的?名字(?:是什么)?|(?:你)?是(?:机器人|真人|人工智能|gpt|chatgpt)[吗么嘛]|who are (?:you|u)|what are (?:you|u)|what'?s your name|are (?:you|u) (?:a |an )?(?:real|human|bot|robot|ai)(?: person)?(?: or (?:a )?(?:bot|robot|human|person))?",
    Move.ACK: r"好(?:的|吧|滴|嘞|哒)?|行(?:吧|了)?|嗯+|哦+|噢+|明白(?:了)?|懂(?:了|啦)?|知道(?:了)?|了解(?:了)?|收到|原来如此|这样啊|可以|没问题|没事|算了|是(?:的|吗|啊)?|对(?:的)?|ok+(?:ay)?|k|okay|got it|i see|understood|sure|fine|alright|all right|right|yes|yep|yeah|hmm+|makes sense|never ?mind",
}

_FILLER = r"\s|[啊呀呢吧哦噢喔嘛啦哈诶欸呃嗯额了的~!?.,、]|那|就|先|再|我|你|您|请|一下|看看?|我们|咱们?|然后|现在|to|the|please|pls|now|then|so|me|let'?s|can|we|you|just|well|oh|ok|okay|好|行|嗯|大佬|老师|亲|朋友|bot|机器人"
_CHARACTERS = frozenset("".join((*_WORDS.values(), _FILLER, " ")))
"""Every character that the patterns of moves have, and more: a text with another one is no move."""
_CHAT = (Move.THANKS, Move.ACK, Move.LAUGH, Move.PRAISE, Move.HELLO, Move.BYE, Move.SORRY)
"""Moves that people string together («懂了谢谢»)."""
_LONGEST = 40
"""Characters from which a text is more than a move."""
_LEAD = (Move.THANKS, Move.BYE, Move.SORRY, Move.PRAISE, Move.LAUGH, Move.HELLO, Move.ACK)
"""Which of several moves in one text gets the reply, most telling first."""

_INSULT = LazyPattern(
    r"人工智障|你(?:这个?|真|太|好|是)*(?:笨|蠢|傻|智障|废物|垃圾)|(?:stupid|dumb|useless) bot", "人工智障 你 bot".split()
)
"""An insult makes chat of a whole text, whatever words of the field go with it."""

_BACK_TO = LazyPattern(
    r"(?:返回|回到|退回到?|回去看看?|再看(?:一)?(?:下|看|眼)?|看回|go back to|back to|return to)\s*"
    r"(?P<which>.+)",
    "返回 回到 退回 回去 再看 看回 back return".split(),
)
_BACK_FILLER = LazyPattern(
    r"刚才|刚刚|之前|前面|上一?个?|那个|这个|那里|那条|那题|题目?|问题|话题|一下|的|吧|呢|了|the|one|previous|last|earlier|question|about|topic|that|please",
    ("",),
)


def move(normal: str) -> Move | None:
    """The move that a text is, if it is one and nothing else."""
    if not normal or len(normal) > _LONGEST:
        return None
    likely = _CHARACTERS.issuperset(normal)
    whole = _moves().fullmatch(normal) if likely else None
    if whole is not None:
        return next(found for found in Move if whole[found.name] is not None)
    if _INSULT.search(normal):
        return Move.SORRY
    if likely and _moves().match(normal) and _all_chat(normal):  # the second is cheap, and without it there is no word of chat
        return next((lead for lead in _LEAD if re.search(_WORDS[lead], normal)), None)
    back = _BACK_TO.fullmatch(normal)
    return Move.BACK if back and not _BACK_FILLER.sub("", back["which"]).strip() else None


@cache
def _moves() -> re.Pattern[str]:
    """A whole move among fillers; made when first met, like the next."""
    moves = "|".join(f"(?P<{found.name}>{words})" for found, words in _WORDS.items())
    return re.compile(rf"(?:{_FILLER})*?(?:{moves})(?:{_FILLER})*")


@cache
def _chat_word() -> re.Pattern[str]:
    """One word of chat; made when first met, for making it takes longer than most answers."""
    return re.compile(rf"{'|'.join(_WORDS[found] for found in _CHAT)}|{_FILLER}")


def _all_chat(normal: str) -> bool:
    """Whether a text is chat from word to word («懂了谢谢»)."""
    at = 0
    while at < len(normal):
        found = _chat_word().match(normal, at)
        if found is None or found.end() == at:
            return False
        at = found.end()
    return True


def back_to(normal: str) -> str | None:
    """What a text wants to go back to by name («回到刚才范数那个»: 范数), if it says so."""
    back = _BACK_TO.search(normal) if len(normal) <= _LONGEST else None
    if back is None or back.start() > 6:  # noqa: PLR2004 — «那就回到…»; later in a text it is part of a question
        return None
    which = _BACK_FILLER.sub(" ", back["which"]).strip()
    return which or None


_NUMERALS = {
    numeral: value
    for value, numerals in enumerate(("一壹", "二贰两", "三叁", "四肆", "五伍", "六陆", "七柒", "八捌", "九玖", "十拾"), 1)
    for numeral in numerals
}
_ORDINALS = {
    word: value for value, word in enumerate("first second third fourth fifth sixth seventh eighth ninth tenth".split(), 1)
}
_ORDINALS |= {word: value for value, word in enumerate("1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th".split(), 1)}
_CARDINALS = {word: value for value, word in enumerate("one two three four five six seven eight nine ten".split(), 1)}
_UNIT = r"(?:个|条|题|项|问|号|道|点|行)?"
_LAST = r"最后(?:一)?(?:个|条|题|项)?|最末(?:一)?个|(?:the )?last(?: one)?"
_PICK = LazyPattern(
    rf"(?:第\s*(?P<nth>[一二两三四五六七八九十壹贰叁]|[0-9]{{1,2}})\s*{_UNIT}|(?:选|看|要|答|点)?\s*(?P<number>[0-9]{{1,2}})(?![a-z0-9])\s*(?:{_UNIT}|号)"
    rf"|(?:no\.?|number|option|item|#|question)\s*(?P<named>[0-9]{{1,2}}|{'|'.join(_CARDINALS)})|(?P<ordinal>{'|'.join(_ORDINALS)})(?:\s*one)?"
    rf"|(?:选|看|要)\s*(?P<chosen>[一二两三四五六七八九十])\s*{_UNIT}|(?P<last>{_LAST}))",
    (*"0123456789第选看要最", *_CARDINALS, *_ORDINALS, "last"),
)
_FORMER = LazyPattern(
    r"(?P<first>前面|前头|前)(?:的)?(?:那|这|一)?个|(?:后面|后头|后)(?:的)?(?:那|这|一)?个|(?P<former>the former)|the latter",
    "前 后 former latter".split(),
)
"""Of two things listed, or the first two."""
_SINGLE = re.compile(r"[一二三四五六七八九十]|one|two|three|four|five")
_PICK_FILLER = LazyPattern(
    r"\s|谢谢|多谢|thanks|thx|问题|选项|追问|那|就|我|你|选择?|看看?|要|也|吧|来|的|这个|那个|这条|那条|先|再|哦|噢|嗯|啊|呢|呀|了|看错了|错了|好|行|说说?|讲讲?|聊聊|想|问|点开?|打开|展开|一下|下|给|继续|还有"
    r"|(?<![a-z])(?:ok|okay|now|please|pls|the|one|show|me|let's|lets|i'll|i|take|want|go|with|to|see|try|pick|choose|do|and|then|tell|about|answer|oops|sorry|no|wait|next|how)(?![a-z])|[.,)(、。:]",
    ("",),
)


def pick(normal: str, count: int) -> int | None:
    """The number from 1 that a text picks from a list of ``count``, if it is a pick and nothing else.

    May be greater than ``count``: then the pick is out of range.
    """
    single = _SINGLE.fullmatch(normal)
    if single:
        return _value(single.group())
    former = _FORMER.fullmatch(normal)
    if former:
        return 1 if former["first"] or former["former"] else 2
    found = _PICK.search(normal)
    if found is None or _PICK_FILLER.sub("", normal[: found.start()] + " " + normal[found.end() :]):
        return None
    if found["last"]:
        return max(count, 1)
    return _value(next(value for name, value in found.groupdict().items() if value is not None and name != "last"))


def _value(text: str) -> int:
    if text.isdigit():
        return int(text)
    return _NUMERALS.get(text) or _ORDINALS.get(text) or _CARDINALS[text]
