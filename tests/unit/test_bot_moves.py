"""Moves and picks are recognised where a text is one and nothing else, and only there."""

import subprocess
import sys

import pytest

from bot.moves import Move, back_to, move, pick
from index.searcher import Searcher

MOVES = {
    Move.BACK: (
        "返回|返回一下|上一个|上一题|上一步|回去|回到上一个|回到刚才的那个|刚才那个|回退|返回上一题|回到前一个问题|上一个话题|go back to the previous question|back|go back|previous|please go back|Back!|返回吧"
    ),
    Move.START: "回到最开始|返回第一个问题|回到一开始的问题|回到最初|back to the start|go back to the first question|go back to the beginning",
    Move.REPEAT: "再说一遍|再讲一次|重复一下|没听清|请再说一遍|repeat that|again|say that again|once more|Repeat, please",
    Move.NEW: "换个话题|换一个问题|重新开始|从头开始|聊点别的|start over|new topic|change the topic|restart",
    Move.TOPICS: "有哪些题目|有什么问题|题库|目录|你会什么|你能回答什么|topics|list of topics|what can you answer|What can you do?",
    Move.HELP: "帮助|怎么用|使用说明|help|help me|how do I use this|how to use you",
    Move.NO: "不是|不对|错了|不是这个|不是这个意思|no|nope|not that|wrong|I meant something else|That's not it",
    Move.HELLO: "你好|您好|在吗|哈喽|早上好|hello|hi|hey there|good morning|What's up?|你好呀！",
    Move.THANKS: "谢谢|谢谢大佬|多谢|感谢|好的谢谢|懂了谢谢|哈哈谢谢|好的谢谢你|哈哈哈 太棒了 谢谢|嗯嗯懂了谢谢大佬|ok thanks bye|thanks|thanks a lot|thank you so much|thx|ok thanks",
    Move.BYE: "再见|拜拜|晚安|我先走了|bye|goodbye|see you later|good night",
    Move.PRAISE: "真棒|你真棒|厉害了|666|nice|good job|awesome|you're the best",
    Move.LAUGH: "哈哈|哈哈哈哈哈|嘿嘿|笑死|lol|hahaha|2333",
    Move.SORRY: "真笨|闭嘴|滚|useless|shut up|stupid bot",
    Move.WHO: "你是谁|你叫什么名字|你是机器人吗|who are you|are you a bot|what's your name",
    Move.ACK: "好的|嗯嗯|明白了|知道了|懂了|行吧|原来如此|ok|okay|got it|I see|makes sense|never mind",
}
QUESTIONS = (
    "返回值是什么|反向传播|回归分析|上一层的梯度怎么传|怎么用BN|帮助理解BN|不是凸函数怎么办|好的优化器有哪些|目录树怎么遍历|重复博弈|对偶问题|行列式"
    "|强化学习|牛顿法|早停|是否收敛|再说一遍BN|谢谢，BN是什么|no free lunch|nice property of relu|hello world是什么|back propagation|backpropagation"
    "|again and again|right skewed|later layers|okay but why|k-means|cool down schedule|why|为什么|公式|2|BN|new optimizer|help with overfitting"
    "|hinge loss|okapi bm25|yolo|hierarchical softmax|supremum|byte pair encoding|fine-tuning|great circle distance|kmeans|hidden layer|sure independence"
    "|thanks to batch norm it converges|好的特征怎么选|强化|牛顿|666的含义是啥|no free lunch theorem|back and forth|ok google"
)


def split(texts: str) -> list[str]:
    found = texts.split("|")
    assert len(found) > 1
    return found


@pytest.mark.parametrize("expected", list(Move))
def test_a_move_is_recognised_in_every_wording(expected: Move, searcher: Searcher) -> None:
    missed = {text: found for text in split(MOVES[expected]) if (found := move(searcher.analyser.normal(text))) is not expected}
    assert missed == {}


def test_a_question_is_no_move(searcher: Searcher) -> None:
    taken = {text: found for text in split(QUESTIONS) if (found := move(searcher.analyser.normal(text))) is not None}
    assert taken == {}


def test_no_text_is_no_move() -> None:
    assert move("") is None
    assert pick("", 3) is None
    assert back_to("") is None


PICKS = {
    1: "1|①|１|⑴|⒈|1.|1)|(1)|1。|第一个|第一|第1个|第一题|第一条|第 一 个|选1|选第一个吧|1号|那第一个呢|一|one|first|the first one|the first one please"
    "|#1|no.1|No 1|number one|option 1|item 1|show me 1|1 please|ok now the first|1st|the 1st one|第一个问题|第1个问题",
    2: "2|②|２|2、|第二个|第二|第2个|看看第二个|我要看第二个|2号|二|two|second|the second one|the second|2nd|the 2nd|question 2|𝟚|²|第二个吧，谢谢"
    "|第二个问题|❷|➋|➁|2️⃣",
    3: "3|③|第三个|三|three|third|3rd|the 3rd one|最后一个|最后|the last one|last one|last",
    10: "10|⑩|第十个|第10个|十|tenth|10th",
    12: "12|第12个|⑫",
    99: "99|第99个",
    0: "0|第0个|00",
}
NO_PICKS = (
    "3 和 5 哪个好|1x1|1×1|1 x 1卷积|L2|l1|2L|k=3|1.5|-1|2/3|2 3|1和2|第二个和第三个|3d|resnet50|1e3|2 layers|second order methods|first-order"
    "|二阶导数|一阶|两个|一个|3 sigma|三层网络|第一类错误是什么|第二范数是什么|first moment|the one|one-hot|one hot encoding|top 5 accuracy|100|1000|2的10次方"
    "|5折交叉验证|10 fold cross validation|为什么第一个好|GPT-2|VGG16|第二个公式怎么推导|2 plus 2|one or two"
)


@pytest.mark.parametrize("number", list(PICKS))
def test_a_pick_is_recognised_in_every_wording(number: int, searcher: Searcher) -> None:
    missed = {text: found for text in split(PICKS[number]) if (found := pick(searcher.analyser.normal(text), 3)) != number}
    assert missed == {}


def test_what_only_looks_like_a_pick_is_none(searcher: Searcher) -> None:
    taken = {text: found for text in split(NO_PICKS) if (found := pick(searcher.analyser.normal(text), 3)) is not None}
    assert taken == {}


@pytest.mark.parametrize(("count", "last"), [(3, 3), (1, 1), (8, 8)])
def test_the_last_is_that_of_the_list(count: int, last: int) -> None:
    assert pick("最后一个", count) == last
    assert pick("the last one", count) == last


def test_the_last_of_no_list_is_out_of_range() -> None:
    picked = pick("最后一个", 0)
    assert picked is not None
    assert picked > 0


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("回到BN", "bn"),
        ("回到刚才BN那个", "bn"),
        ("返回上一个范数的问题", "范数"),
        ("那就回到L1吧", "l1"),
        ("go back to batch norm", "batch norm"),
        ("back to the one about norms", "norms"),
        ("再看一下激活函数", "激活函数"),
    ],
)
def test_going_back_to_something_names_it(text: str, named: str, searcher: Searcher) -> None:
    normal = searcher.analyser.normal(text)
    assert back_to(normal) == named
    assert move(normal) is None


@pytest.mark.parametrize("text", ["BN是什么", "gradients flow back to earlier layers", "返回", "back"])
def test_what_names_nothing_to_go_back_to(text: str, searcher: Searcher) -> None:
    assert back_to(searcher.analyser.normal(text)) is None


def test_long_chatter_is_read_in_reasonable_time() -> None:
    """A regular expression that tries every way to cut up a text hangs on a few words of chatter that end in something else."""
    units = "哈哈 |嘿哈|好的|好 |谢谢 |嗯哦|666 |6|了好|牛棒|thanks |ok |okay |lol |haha |hh ha |你好|好的谢谢|看看再|看看 |返回 |就那|very |我们我|1 |第一个|再说一遍"
    program = (
        "import sys\nfrom bot.moves import back_to, move, pick\n"
        "for unit in sys.argv[1:]:\n"
        "    for start, end in (('', '猫'), ('返回', '猫'), ('', ' bn是什么'), ('', ' zebra'), ('谢谢', 'x')):\n"
        "        text = start + unit * (400 // len(unit)) + end\n"
        "        move(text), back_to(text), pick(text, 3)\n"
        "print('read')"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *split(units)], capture_output=True, text=True, timeout=30, check=True
    )
    assert done.stdout == "read\n"
