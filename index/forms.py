"""Closed lists of the two languages: frames that carry no question, spoken forms, and what a question is after.

Nothing here belongs to a subject: these are the words *around* a technical question.  All texts are in normal form
(index.text), simplified and lower case.  Pure.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from index.alternation import LazyPattern, any_of, whole_words

SPOKEN: tuple[tuple[LazyPattern, str], ...] = tuple(
    (LazyPattern(pattern, needs.split()), plain)
    for pattern, plain, needs in (
        (
            r"为\s*(?:什么|啥|毛|何)(?!东)|干(?:嘛|吗|啥)(?:非得|非要|要(?=用|加))|凭(?:什么|啥)|何故|咋就|怎么就(?!业)|何以",
            "为什么",
            "为 干 凭 何 咋 怎",
        ),
        (r"有(?:啥|什么)(?:用处|用途|用)|干(?:嘛|吗|啥|什么)(?:用|使|的)|做(?:什么|啥)用", "有什么作用", "有 干 做"),
        (r"干(?:嘛|啥|什么)(?!用)", "做什么", "干"),
        (r"咋(?:办|整|搞|弄)|怎么(?:办|整|搞|弄)|如何是好", "怎么解决", "咋 怎 如"),
        (r"咋样|如何(?=$|[?\s])", "怎么样", "咋 如"),
        (r"咋|如何|怎样|怎(?![么样])|肿么", "怎么", "咋 如 怎 肿"),
        (r"啥(?:玩意儿?|东东|东西)|什么(?:玩意儿?|东东|东西)|是个?啥|啥(?:叫|是)", "是什么", "啥 什"),
        (r"啥|神马|甚么", "什么", "啥 神 甚"),
        (
            (
                r"有(?:什么|几)(?:办法|法子|招数?|手段|对策|方法|妙招)|什么(?:办法|法子|招数?|手段|对策|方法|妙招)|几(?:办法|法子|招数?|手段|对策|方法|妙招)"
                r"|怎么(?:处理|应对|对付|治|救|破|缓解|避免|改善|搞定|补救|克服)|有招|没招"
            ),
            "怎么解决",
            "有 什 几 怎 没",
        ),
        (
            r"好(?:处|在(?:哪里?|什么地方)?)|强在(?:哪里?)?|优势|长处|有什么好(?=$|[^处])|优点|牛在(?:哪里?)?",
            "优点",
            "好 强 优 长 有 牛",
        ),
        (r"优缺点|利弊", "优点和缺点", "优 利"),
        (r"坏处|劣势|短板|毛病|不足(?:之处)?|弊端|短处|有什么不好|局限性?|缺陷", "缺点", "坏 劣 短 毛 不 弊 有 局 缺"),
        (
            r"差(?:别|异|在(?:哪里?|什么地方)?)|不同(?:之处|点)?|有什么不(?:同|一样)|哪[里儿]不(?:同|一样)|不一样|异同|分别在哪|对比(?!学习|损失)|比较(?![大小好差高低快慢稳合难简])|比(?:起来)?(?:怎么样|如何)",
            "区别",
            "差 不 有 哪 异 分 对 比",
        ),
        (r"俩|两者|二者", "两个", "俩 两 二"),
        (r"是?怎么定义的?", "定义", "怎"),
        (r"怎么运作", "怎么工作", "怎"),
        (r"w(?<![a-z]w)hat'?s(?![a-z])", "what is", "what"),
        (
            r"how come(?<![a-z]how come)(?![a-z])|w(?<![a-z]w)h(?:y'?s|at for)(?![a-z])|r(?<![a-z]r)eason (?:why|for|of|that)(?![a-z])",
            "why",
            "how wh reason",
        ),
        (r"h(?<![a-z]h)ow'?s(?![a-z])", "how is", "how"),
        (r"v(?<![a-z]v)(?:s|ersus|\.s\.)(?![a-z])\.?", "vs", "v"),
    )
)
"""Spoken forms and what they say plainly, applied in this order."""

_FRAMES_CHINESE = (
    *"请问 请教 请教下 请教一下 想请教 想问 想问下 想问一下 我想问 我想问下 想知道 想了解 想了解一下 问一下 问下 麻烦 麻烦问下 劳驾".split(),
    *"面试官问我 面试官问 面试官 面试被问到 面试被问 面试问到 面试问 面试题 被问到 被问 面试中 面试里 面试时 面试".split(),
    *"解释一下 解释下 解释 说一下 说下 说说 说一说 讲一下 讲下 讲讲 讲一讲 聊聊 聊一下 谈谈 谈一谈 介绍一下 介绍下 介绍 简述一下 简述下 简述 阐述".split(),
    *"简单说说 简单讲讲 简单介绍 简单说明 简单 请简单说明 说明一下 说明下 请说明 通俗点 通俗地 用人话 说人话 科普一下 科普下 科普".split(),
    *"告诉我 帮我 帮忙 帮帮我 给我 给我讲讲 给我说说 给一下 给下 帮我捋捋 捋捋 能不能 能否 可不可以 可以吗 能讲讲 有没有人".split(),
    *"求解释 求解答 求解 求助 求科普 求补充 求问 跪求 急求 求教 求大佬 救命 急急急 在线等 谢谢 多谢 谢谢啦 谢啦 感谢 拜托 大佬们 各位大佬 大佬 老师们 各位 大神".split(),
    *"一下 一下下 到底 究竟 其实 讲真 说实话 话说 那个啥 就是说 所以说 傻傻分不清 搞不懂 没搞懂 不太懂 看不懂 不明白 弄不明白 不理解 有点懵".split(),
    *"你好 您好 哈喽 嗨 小白求问 小白问 新手问 弱弱地问 弱弱问一句 弱问 再问一个 再问下 最后问下 最后一个问题 顺便问下 顺便问一下".split(),
    *"导师让我 导师问我 导师问 导师说 老板让我 老板问我 老板问 老板说 老师让我 老师问 老师说 师兄问我 师兄说 师姐说 同事问我 同事说 学长说 学姐说 领导问 领导让我 室友说".split(),
    *"给实习生讲 给同学讲 给学弟讲 组会上 组里 期末复习 期末考试 期末考 期末 毕设里 毕设 毕业设计 课程作业 写作业 大作业 课堂上 上课 笔试又考 笔试考 笔试 秋招 春招 校招".split(),
    *"面经里写 面经里 面经上 面经 明天面试 马上面试 马上要面试 刚面完 面完 被拷打 被问懵了 被问住了 被问倒了 卡壳了 卡壳 说不清楚 讲不清楚".split(),
    *"刚入门 刚入坑 刚开始学 刚学 初学者 初学 新手 小白 小萌新 萌新 菜鸟 本菜鸡 转行的 零基础 文科生 非科班".split(),
    *"别笑我 不要笑我 问个弱智问题 弱智问题 问个蠢问题 蠢问题 问个傻问题 傻问题 小问题 问个小问题 问个基础问题 问个问题 有个问题 有一个问题 一直没敢问 不好意思问 一直没搞懂 一直不明白 一直想不通 想不通 想不明白 没想明白".split(),
    *"看得头大 看晕了 眼花了 看花眼了 懵了 懵圈 一脸懵 崩溃了 心态崩了 人麻了 绷不住了 哭死 太难了 好难啊".split(),
    *"记不住 老是记不住 老记不住 背不下来 记混了 老搞混 老是搞混 总搞混 总是搞混 搞混了 搞混 分不清 总分不清 傻傻分不清楚 看了半天 看了好久 看了好几遍 查了半天 想了半天 琢磨半天 网上说法不一 众说纷纭".split(),
    *"有大佬吗 有没有大佬 有没有懂的 有懂的吗 懂的来 谁能 谁来 谁给 来个人 有人知道吗 有人懂吗 求个 求讲讲 求讲 求讲解 求一个 求通俗解释 求详细 求总结 求教一下 求大神 跪谢 蹲一个 同问 插眼".split(),
    *"再给我来一遍 再来一遍 给个准话 捋一捋 捋一遍 梳理一下 总结一下 有没有个总结 帮忙总结 帮我总结 帮我理一下 理一下 盘一盘 盘点一下 科普一波 来一波 安排一下 搞懂 弄懂 整明白 整不明白 没整明白".split(),
    *"随便问问 突然想到 有点疑惑 有个疑问 纠结 纠结死了 好纠结 老是 我觉得 我以为 我猜 我记得 听说 听说过 据说 大家都说 网上说 书上说 书上写 论文里说 博客说".split(),
    *"换个问题 换个话题 下一个问题 下一题 另外 另外问下 算了 好吧 好的 我是说 我的意思是 呗 呀 呢 啊 吧 哦 噢 喔 诶 欸 呃 嗯 嘛 啦 喽 咯 唉 哎 嘞".split(),
)
_FRAMES_LATIN = (
    *"hey hello hi please pls plz thanks thx guys folks mate bro dude lol well actually basically anyway um uh so".split(),
    *(
        "can you",
        "could you",
        "would you",
        "can u",
        "tell me",
        "tell me about",
        "explain",
        "describe",
        "help me understand",
    ),
    *(
        "i want to know",
        "i wonder",
        "i am wondering",
        "i'm wondering",
        "i was wondering",
        "do you know",
        "quick question",
    ),
    *(
        "i have a question",
        "in plain words",
        "in simple terms",
        "in simple words",
        "real quick",
        "for me",
        "to me",
        "give me",
    ),
    *(
        "walk me through",
        "talk about",
        "talk me through",
        "interviewer asked me",
        "interviewer asked",
        "interview question",
    ),
    *(
        "different topic",
        "next question",
        "new question",
        "ok",
        "okay",
        "btw",
        "by the way",
        "could someone",
        "can someone",
    ),
    *("would you mind", "i don't get", "i dont get", "not sure", "just", "really", "exactly", "please explain"),
)
FRAMES = LazyPattern(
    "|".join(
        (
            any_of(_FRAMES_CHINESE),
            r"哈(?!希|夫|密|弗|佛)|" + "|".join(rf"{one}(?<!\S{one})(?=[\s,])" for one in "额行嘿哇"),
            r"e(?<![a-z]e)mm+(?![a-z])|m(?<![a-z]m)m+(?![a-z])|h(?<![a-z]h)h+(?![a-z])|呜呜*|2(?<![a-z]2)333+",
            whole_words(_FRAMES_LATIN),
        )
    ),
    (*_FRAMES_CHINESE, *_FRAMES_LATIN, *"哈额行嘿哇呜", "mm", "hh", "2333"),
)
"""Frames: they may stand anywhere and change nothing about what is asked."""


class Facet(StrEnum):
    """What a question wants to know of its subject."""

    WHAT = "what"
    WHY = "why"
    HOW = "how"
    FIX = "fix"
    CHOOSE = "choose"
    DIFFERENCE = "difference"
    PROS = "pros"
    CONS = "cons"
    USE = "use"
    FORMULA = "formula"
    CODE = "code"
    EXAMPLE = "example"
    KINDS = "kinds"
    EFFECT = "effect"
    ERROR = "error"
    ORIGIN = "origin"
    DEFAULT = "default"
    CALL = "call"


FACETS: Mapping[Facet, LazyPattern] = MappingProxyType(
    {
        facet: LazyPattern(f"{any_of(zh.split())}|{whole_words(en)}", (*zh.split(), *en))
        for facet, zh, en in (
            (
                Facet.WHAT,
                "是什么 什么是 什么意思 定义 概念 含义 指什么 何为 什么叫 叫什么 怎么理解 代表什么 啥意思 意义",
                ("what is", "what are", "what does", "definition", "define", "meaning", "mean", "means"),
            ),
            (
                Facet.WHY,
                "为什么 原因 理由 道理 原理 怎么来的 怎么产生 怎么造成 怎么形成 为何 怎么会 怎么导致 导致 由来 依据 背后",
                ("why", "reason", "reasons", "cause", "causes", "how does it help", "because", "justify"),
            ),
            (
                Facet.HOW,
                "怎么算 怎么做 怎么求 怎么推 推导 计算 步骤 流程 过程 算法 怎么工作 怎么实现 怎么用 怎么判断 判断 判定",
                ("how do", "how does", "how to", "how is", "how are", "compute", "calculate", "derive", "steps", "algorithm"),
            ),
            (
                Facet.FIX,
                "怎么解决 解决 怎么防 防止 缓解 避免 应对 处理 对策 改善 补救",
                (
                    "fix",
                    "solve",
                    "solution",
                    "solutions",
                    "deal with",
                    "prevent",
                    "avoid",
                    "remedy",
                    "handle",
                    "mitigate",
                    "stop",
                    "cure",
                ),
            ),
            (
                Facet.CHOOSE,
                "怎么选 选取 选择 怎么定 怎么设 设多大 设多少 多大合适 取多大 取多少 选多大 用哪个 选哪个 该用 怎么挑 选用 合适",
                (
                    "choose",
                    "choice",
                    "pick",
                    "select",
                    "which one",
                    "how big",
                    "how large",
                    "what size",
                    "should i use",
                    "decide",
                ),
            ),
            (
                Facet.DIFFERENCE,
                "区别 相比 与其 哪个好 谁更 关系 联系 比呢 相同 混淆 是不是一回事 一回事 是不是就是",
                (
                    "difference",
                    "differences",
                    "differ",
                    "vs",
                    "compare",
                    "comparison",
                    "compared",
                    "different",
                    "same as",
                    "relation",
                ),
            ),
            (
                Facet.PROS,
                "优点 有什么好",
                (
                    "advantage",
                    "advantages",
                    "pros",
                    "benefit",
                    "benefits",
                    "strength",
                    "strengths",
                    "better",
                    "good at",
                    "good about",
                ),
            ),
            (
                Facet.CONS,
                "缺点 有什么坏 代价",
                (
                    "disadvantage",
                    "disadvantages",
                    "cons",
                    "drawback",
                    "drawbacks",
                    "weakness",
                    "weaknesses",
                    "limitation",
                    "limitations",
                    "downside",
                    "downsides",
                ),
            ),
            (
                Facet.USE,
                "作用 用处 用途 应用 做什么 用来 拿来 什么时候用",
                ("used for", "use case", "use cases", "purpose", "role", "when to use", "useful"),
            ),
            (
                Facet.FORMULA,
                "公式 表达式 式子 方程 数学形式 怎么写 写出",
                ("formula", "equation", "expression", "mathematically"),
            ),
            (
                Facet.CODE,
                "代码 怎么实现 手写 实现一下 写个 demo",
                ("code", "implement", "implementation", "snippet", "numpy code"),
            ),
            (Facet.EXAMPLE, "举例 举个例子 例子 比如", ("example", "examples", "for instance", "e.g.")),
            (
                Facet.KINDS,
                "有哪些 哪几种 有几种 哪些 常见的 常用的 种类 分类有 有几类 几种",
                ("list", "types of", "kinds of", "which are common", "common", "commonly used", "what kinds", "what types"),
            ),
            (
                Facet.EFFECT,
                "影响 后果 会怎么样 会怎样 会发生什么 效果",
                ("effect", "effects", "affect", "affects", "impact", "influence", "consequence", "what happens"),
            ),
            (
                Facet.ERROR,
                "报错 报了个错 报这个错 错误提示 报警告 抛异常 抛错 卡死 崩溃 闪退 安装失败 装不上 跑不起来 用不了",
                (
                    "runtimeerror",
                    "valueerror",
                    "typeerror",
                    "keyerror",
                    "attributeerror",
                    "importerror",
                    "traceback",
                    "exception",
                    "warning",
                    "error message",
                    "command not found",
                    "crashes",
                    "hangs",
                    "segfault",
                ),
            ),
            (
                Facet.ORIGIN,
                "谁提出 谁发明 谁写的 谁最早 最早是谁 提出者 发明者 作者 哪一年 哪年 哪篇论文 哪篇文章 出处 名字的由来 名字怎么来的",
                (
                    "who invented",
                    "who proposed",
                    "who came up with",
                    "who wrote",
                    "who introduced",
                    "which paper",
                    "what year",
                    "when was",
                    "named after",
                    "author",
                    "authors",
                ),
            ),
            (
                Facet.DEFAULT,
                "默认值 默认是 默认多少 默认几 默认的 默认参数 缺省值 参数叫什么 哪个参数 什么参数",
                ("default value", "defaults", "by default", "default", "argument", "flag", "parameter name"),
            ),
            (
                Facet.CALL,
                "怎么调用 怎么安装 哪个函数 什么函数 函数名 哪个库 什么库 哪个包 命令行 怎么配置 怎么配 接口",
                (
                    "which function",
                    "api",
                    "install",
                    "command line",
                    "command",
                    "library",
                    "package",
                    "cli",
                    "config",
                    "configure",
                    "call it",
                ),
            ),
        )
    }
)
"""How each facet is asked for, in normal form with spoken forms already plain."""
