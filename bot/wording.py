"""Every sentence that the bot itself says, in both languages.  Markdown; pure."""

from collections.abc import Mapping
from types import MappingProxyType

from knowledge.model import Lang, Section

SECTION_NAMES: Mapping[Lang, Mapping[Section, str]] = MappingProxyType(
    {
        "zh": MappingProxyType(
            {
                Section.DETAILS: "展开",
                Section.FORMULA: "公式",
                Section.CODE: "代码",
                Section.FIGURE: "图",
                Section.PITFALLS: "易错点",
            }
        ),
        "en": MappingProxyType(
            {
                Section.DETAILS: "Details",
                Section.FORMULA: "Formula",
                Section.CODE: "Code",
                Section.FIGURE: "Figure",
                Section.PITFALLS: "Pitfalls",
            }
        ),
    }
)
"""How a section is called, in headings and on buttons."""

_TEXTS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        # ── around an answer ──
        "understood": (
            "按「{question}」回答。不是这个意思就说「不是」。",
            "Answering “{question}”. Say “no” if you meant something else.",
        ),
        "follow_ups": ("追问", "Next questions"),
        "more": ("还可以看：{sections}", "There is also: {sections}"),
        "points": ("要点", "Key points"),
        "sources": ("出处", "Sources"),
        "no_section": (
            "「{question}」没有{section}这一节，先看这些：",
            "“{question}” has no {section} section; here is what there is:",
        ),
        # ── no answer ──
        "suggest": ("你是不是想问：", "Did you mean:"),
        "none_of_these": ("都不是的话，换个说法再问一次。", "If none of these, ask again in other words."),
        "unknown": (
            "这个我不知道，不乱答。换个说法试试，或者用 /topics 看看我会什么。",
            "I don't know that one, and I won't guess. Try other words, or see what I know with /topics.",
        ),
        "unknown_near": ("这个我不知道，不乱答。相近的有：", "I don't know that one, and I won't guess. What comes near:"),
        "empty": ("想问什么？直接打字就行。", "What would you like to know? Just type it."),
        "too_long": (
            "这段文字太长了（超过 {most} 个字符），我只会回答单个问题。把要问的那一句发给我吧。",
            "That text is too long (over {most} characters); I answer single questions. Send me just the sentence you want answered.",
        ),
        "markup": (
            "这看起来是一段网页或程序，不是问题。想问什么，用一句话告诉我吧。",
            "That looks like a piece of a page or a program, not a question. Tell me in one sentence what you would like to know.",
        ),
        "order": (
            "我只会从知识库里查答案，不听别的指令。想问哪道面试题？",
            "I only look up answers; orders change nothing. Which interview question would you like to ask?",
        ),
        "beside": (
            "没有专门比较这两者的条目，把两个回答放在一起（选序号看全文）：",
            "No entry compares these two; here are both answers side by side (pick a number for the whole of one):",
        ),
        # ── picks and moves ──
        "out_of_range": ("列表里只有 {count} 项，选 1 到 {count}：", "The list has {count} items; pick 1 to {count}:"),
        "no_list": ("现在没有可选的列表。先问一个问题吧。", "There is no list to pick from yet. Ask a question first."),
        "back": ("回到「{question}」。", "Back to “{question}”."),
        "nothing_before": ("前面没有可以返回的内容了。", "There is nothing to go back to."),
        "nothing_to_repeat": ("还没有回答过什么。", "Nothing has been answered yet."),
        "undone": ("好，撤回。请把问题说完整一点。", "All right, taken back. Please put the question in full."),
        "undone_near": ("好，撤回。也许是下面某一个：", "All right, taken back. Perhaps one of these:"),
        "nothing_to_undo": (
            "好的，那你想问的是？请把问题说完整一点。",
            "All right; what did you mean? Please put the question in full.",
        ),
        "new": ("好，从头开始。想问什么？", "All right, a fresh start. What would you like to know?"),
        "no_context": (
            "这个追问要接在某个回答后面。先问一个完整的问题吧。",
            "That follow-up needs an answer to follow. Ask a whole question first.",
        ),
        # ── small talk ──
        "hello": (
            "你好！我是追问，陪你准备深度学习面试。问一个问题试试，比如「{example}」；/topics 看全部。",
            "Hello! I am zhuiwen, here to help you prepare for deep-learning interviews. Try “{example}”, or /topics for everything.",
        ),
        "thanks": ("不客气！还想问什么？", "You're welcome! What else would you like to know?"),
        "bye": ("再见，面试顺利！", "Goodbye, and good luck with the interview!"),
        "praise": ("谢谢！继续问吧。", "Thank you! Ask on."),
        "laugh": ("😄 想问什么就问吧。", "😄 Ask away whenever you like."),
        "sorry": (
            "抱歉没帮上忙。换个说法再问一次，我尽量。",
            "Sorry I could not help. Ask again in other words and I will try.",
        ),
        "who": (
            "我是追问（zhuiwen），一个离线的问答机器人：从一份整理好的知识库里找答案，不会就说不会，不用大模型。",
            (
                "I am zhuiwen, an offline answer bot: I look answers up in a curated knowledge base, say so when I don't know, "
                "and use no language model."
            ),
        ),
        "ack": ("好的。继续问吧。", "All right. Ask on."),
        # ── commands ──
        "help": (
            (
                "**怎么用**\n\n"
                "- 直接提问，中文、英文、混着打、缩写、拼音都行：「BN是什么」「梯度消失怎么办」「why relu」\n"
                "- 追问：「为什么」「那 L2 呢」「公式」「代码」「易错点」「详细点」，或者列表里的序号「2」「第二个」\n"
                "- 「返回」回到上一个回答，「再说一遍」重看，「不是」撤回我的理解\n\n"
                "/topics 全部主题　/new 从头开始　/lang zh|en|auto 回答语言　/help 本帮助"
            ),
            (
                "**How to use me**\n\n"
                "- Just ask, in Chinese, English or both, with abbreviations or pinyin: “what is BN”, “vanishing gradients?”\n"
                "- Follow up: “why”, “what about L2”, “formula”, “code”, “pitfalls”, “more details”, or a number from the list: “2”, “the second one”\n"
                "- “back” returns to the previous answer, “repeat” shows it again, “no” takes my understanding back\n\n"
                "/topics all topics · /new start afresh · /lang zh|en|auto language of answers · /help this help"
            ),
        ),
        "topics": (
            "**全部主题**（{topics} 个主题，{entries} 题）。下面是每个主题的开篇；「/topics {example}」列出一个主题的全部题目。",
            "**All topics** ({topics} topics, {entries} questions), each with its opening; “/topics {example}” lists all of one.",
        ),
        "topic": ("{topic}（{entries} 题）", "{topic} ({entries})"),
        "no_topic": ("没有叫「{topic}」的主题。", "There is no topic called “{topic}”."),
        "lang_set": ("以后用中文回答。", "I will answer in English from now on."),
        "lang_auto": ("以后跟着问题的语言回答。", "I will answer in the language of the question from now on."),
        "lang_usage": (
            "用法：/lang zh、/lang en 或 /lang auto。现在是 {now}。",
            "Usage: /lang zh, /lang en or /lang auto. It is {now} now.",
        ),
        "unknown_command": ("没有 {command} 这个命令。/help 看看有哪些。", "There is no command {command}. See /help."),
        "privacy": (
            (
                "**我会保存什么**\n\n"
                "- 你最近看过的题、列表和最后一句追问，好让追问接得上；你的账号只以带密钥的摘要出现\n"
                "- 还没回答的消息，回答之后正文就删掉\n"
                "- 没答上来的问题的文字，不记是谁问的（管理员可以关掉）\n"
                "- 你按的 👍 👎、报告的错误和它的文字、选的显示样式，同样只带摘要\n\n"
                "不保存已回答的问题，不用任何外部服务。/forget 删掉与你有关的一切。"
            ),
            (
                "**What is kept**\n\n"
                "- The questions and the list last shown to you and your last follow-up, so that the next one works; "
                "your account appears as a keyed digest only\n"
                "- A message until it is answered; then its text is deleted\n"
                "- The text of questions that had no answer, without who asked (the operator can switch that off)\n"
                "- Your 👍 and 👎, the mistakes you report with their text, and how answers shall look, with the same digest\n\n"
                "Answered questions are not kept, and no outside service is used. /forget deletes everything about you."
            ),
        ),
        "forgotten": ("好，与你有关的都删掉了。", "Done: everything about you is deleted."),
        # ── Telegram's buttons and list of commands ──
        "button_answer": ("回答", "Answer"),
        "button_wrong": ("⚠ 有误", "⚠ Mistake"),
        "button_html": ("排版", "Formatted"),
        "button_plain": ("纯文本", "Plain text"),
        "button_rich": ("富文本", "Rich"),
        "button_undo": ("↩ 不是这个意思", "↩ Not what I meant"),
        "command_start": ("打个招呼", "Say hello"),
        "command_help": ("怎么用", "How to use me"),
        "command_topics": ("全部主题", "All topics"),
        "command_random": ("随机来一题", "A question at random"),
        "command_privacy": ("我会保存什么", "What is kept about you"),
        "command_forget": ("忘掉我", "Forget me"),
        "command_display": ("回答的样式", "How answers look"),
        "command_feedback": ("报告错误", "Report a mistake"),
        "command_new": ("从头开始", "Start afresh"),
        "command_back": ("回到上一个回答", "Back to the previous answer"),
        "command_lang": ("回答用的语言：zh、en 或 auto", "Language of answers: zh, en or auto"),
        # ── the terminal ──
        "banner": (
            "**追问** · {entries} 题 · 直接提问，Tab 补全 · /topics 全部主题 · /help 帮助 · Ctrl-D 离开",
            "**zhuiwen** · {entries} questions · just ask, Tab completes · /topics lists them · /help · Ctrl-D leaves",
        ),
        # ── failures ──
        "failed": (
            "抱歉，我这边出错了，这个问题没能回答。请再试一次。",
            "Sorry, something went wrong on my side. Please try again.",
        ),
        "too_many": (
            "问得太快了：{most} 个问题之后要歇一歇。{wait} 秒后我再回答，这之前的消息我不回。",
            "That was too fast: after {most} questions I need a rest. I answer again in {wait} seconds, and nothing until then.",
        ),
        "stranger": (
            "这个机器人只回答名单上的人。想用的话，把你的编号 {id} 告诉管理员。",
            "This bot answers only people on its list. To be added, tell whoever runs it your number, {id}.",
        ),
        "not_yours": ("这个机器人只回答名单上的人。", "This bot answers only people on its list."),
        "text_only": ("我只看得懂文字，把问题打出来发给我吧。", "I read text only; please type your question."),
        "feedback_about": ("回答「{question}」", "the answer to “{question}”"),
        "feedback_nothing": ("整个机器人", "the bot as a whole"),
        "feedback_usage": (
            "哪里不对？在命令后面用一句话告诉我，比如「/feedback 第二个公式少了负号」。会记在{about}名下。",
            (
                "What is wrong? Put it in a sentence after the command, such as “/feedback the second formula lacks a minus”. "
                "It will be filed under {about}."
            ),
        ),
        "feedback_kept": ("谢谢，记下了，关于{about}。", "Thanks, noted, about {about}."),
        "reported": (
            "谢谢，记下了：这个回答有误。想说清哪里不对，发「/feedback 一句话」。",
            "Thanks, noted: this answer has a mistake. To say what is wrong, send “/feedback” and a sentence.",
        ),
        "display_usage": (
            (
                "回答怎么显示？现在是 {now}。选一个，或者发 /display html、/display plain、/display rich。"
                "rich 是 Telegram 的新消息格式，公式和表格更好看，旧版客户端可能显示空白。"
            ),
            (
                "How should answers look? It is {now} now. Choose, or send /display html, /display plain or /display rich. "
                "Rich is Telegram's new kind of message, with set formulas and tables; old clients may show nothing."
            ),
        ),
        "display_html": ("好，以后带排版。", "All right, formatted from now on."),
        "display_plain": ("好，以后只用纯文本。", "All right, plain text from now on."),
        "display_rich": (
            "好，以后用富文本消息；哪条发不了，就照常带排版。看到空白的话发 /display html。",
            "All right, rich messages from now on, and formatted ones where that does not work. If you see nothing, send /display html.",
        ),
        "rated": ("谢谢，记下了！", "Thanks, noted!"),
        "expired": ("这个按钮已经失效了，请重新提问。", "This button has expired; please ask again."),
    }
)


def say(key: str, lang: Lang, **values: object) -> str:
    """The sentence of that name, with its blanks filled.

    Raises:
        KeyError: There is no such sentence, or a blank is left.
    """
    zh, en = _TEXTS[key]
    return (zh if lang == "zh" else en).format(**values)
