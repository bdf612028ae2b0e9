"""What people see who talk with the bot over Telegram."""

import re
from typing import Any

import pytest

from bot.feedback import Feedback, Votes
from bot.formulas import literal
from bot.messenger.markup import blocks
from bot.messenger.pieces import pieces
from bot.messenger.rendering import offer
from bot.state import State
from bot.subjects import of_entry
from bot.talk import Talk
from bot.unanswered import clusters
from index.searcher import Searcher
from knowledge.model import LANGS
from tests.telegram.conftest import Serving
from tests.telegram.double import ANNA, BERT, GROUP, Double
from tests.telegram.tdlib import parse_html

pytestmark = pytest.mark.usefixtures("bot")


def labels(message: dict[str, Any]) -> list[list[str]]:
    return [[button["text"] for button in row] for row in message["reply_markup"]["inline_keyboard"]]


def ask(double: Double, text: str, who: dict[str, Any] = ANNA) -> dict[str, Any]:
    """The reply to a question; the last of its messages."""
    before = len(double.sent(who["id"]))
    double.say(text, who)
    return double.answers(before + 1, who["id"])[-1]


def test_start_says_hello_in_the_person_s_language(double: Double) -> None:
    assert "你好" in ask(double, "/start")["text"]
    assert "Hello" in ask(double, "/start", BERT)["text"]


@pytest.mark.parametrize(
    ("who", "words"), [(ANNA, "简述下BN算法"), (BERT, "Describe the batch normalisation")], ids=["zh", "en"]
)
def test_a_link_leads_to_its_question_in_the_person_s_language(double: Double, who: dict[str, Any], words: str) -> None:
    assert ask(double, "/start batch-norm", who)["text"].startswith(words)


def test_a_link_that_leads_nowhere_says_hello(double: Double) -> None:
    assert "你好" in ask(double, "/start no-such-entry")["text"]


def test_a_question_at_random_can_be_followed_up(double: Double, searcher: Searcher) -> None:
    shown = {ask(double, "/random")["text"].partition("\n")[0] for _ in range(4)}
    assert len(shown) > 1
    assert ask(double, "/random", BERT)["text"].partition("\n")[0] in {
        parse_html(pieces(blocks(literal(searcher.entry(entry).text("en").question)))[0].html).text
        for entry in searcher.entry_ids
    }
    assert double.press(double.sent()[-1], "1")
    assert double.answers(5)


def test_who_wants_to_be_forgotten_is(double: Double, state: State) -> None:
    for who in (ANNA, BERT):
        ask(double, "BN是什么", who)
    double.say("/start@zhuiwen_bot batch-norm", ANNA, GROUP)
    double.answers(1, GROUP)
    double.wait(lambda: len(state.execute("SELECT key FROM session")) == 3)
    assert "删掉" in ask(double, "/forget")["text"]
    double.wait(lambda: len(state.execute("SELECT key FROM session")) == 1)
    assert "没有可选的列表" in ask(double, "1")["text"]
    assert "没有可选的列表" not in ask(double, "1", BERT)["text"]


def test_nothing_that_is_kept_names_a_person(double: Double, bot: Serving, state: State) -> None:
    ask(double, "BN是什么")
    double.say("@zhuiwen_bot 今天吃什么好", BERT, GROUP)
    double.answers(1, GROUP)
    bot.stop()
    kept = [str(row) for table in ("session", "question", "inbox") for row in state.execute(f"SELECT * FROM {table}")]  # noqa: S608 — our own tables
    assert len(kept) == 2 + 1 + 2
    for name in (ANNA["id"], BERT["id"], GROUP, "Anna", "Bert"):
        alone = re.compile(rf"(?<![0-9a-f.]){name}(?![0-9a-f])")
        assert not any(alone.search(row) for row in kept)


def test_the_reply_to_an_edited_question_is_edited(double: Double) -> None:
    asked = double.say("/help")
    (before,) = double.answers(1)
    double.edit(asked, "/privacy")
    double.wait(lambda: double.fulfilled("editMessageText"))
    (after,) = double.sent()
    assert after["message_id"] == before["message_id"]
    assert after["text"].startswith("我会保存什么")


def test_an_edited_question_whose_reply_is_not_known_is_answered_anew(double: Double) -> None:
    asked = double.say("/help", age=3600)
    double.edit(asked, "/privacy")
    assert double.answers(1)[0]["text"].startswith("我会保存什么")


class TestOffers:
    """Typed after the bot's name in any chat."""

    def offers(self, double: Double, text: str, who: dict[str, Any] = ANNA) -> list[dict[str, Any]]:
        query = double.type(text, who)
        double.wait(lambda: any(call.values["inline_query_id"] == query for call in double.fulfilled("answerInlineQuery")))
        return list(double.fulfilled("answerInlineQuery")[-1].values["results"])

    def test_an_answer_that_can_be_posted(self, double: Double) -> None:
        first, *_ = self.offers(double, "什么是批归一化")
        assert first["title"] == "简述下BN算法"
        assert first["description"].startswith("批归一化")
        assert first["input_message_content"]["message_text"].startswith("<b>简述下BN算法</b>")

    def test_in_the_language_of_the_question(self, double: Double) -> None:
        assert self.offers(double, "what is batch normalization")[0]["title"].startswith("Describe")

    def test_openings_before_anything_is_typed(self, double: Double) -> None:
        assert len(self.offers(double, "")) > 5
        assert re.search(r"[a-z]{4}", self.offers(double, "", BERT)[0]["title"])

    def test_nothing_where_nothing_is_known(self, double: Double) -> None:
        assert self.offers(double, "今天晚上吃什么好呢") == []

    def test_typing_is_no_talk_and_is_not_recorded(self, double: Double, state: State) -> None:
        self.offers(double, "什么是批归一化")
        self.offers(double, "今天晚上吃什么好呢")
        assert "没有可选的列表" in ask(double, "1")["text"]
        assert state.recorded() == []

    def test_every_entry_can_be_offered(self, talk: Talk, searcher: Searcher) -> None:
        for entry in searcher.entry_ids:
            for lang in LANGS:
                offered = offer(entry, talk, lang)
                assert offered.title
                assert offered.teaser
                assert parse_html(offered.piece.html).refusal == ""


@pytest.mark.parametrize(
    ("command", "words"), [("/help", "怎么用"), ("/topics", "全部主题"), ("/new", "从头开始"), ("/lang en", "English")]
)
def test_commands(double: Double, command: str, words: str) -> None:
    assert words in ask(double, command)["text"]


def test_back_returns_to_the_answer_before(double: Double) -> None:
    first = ask(double, "BN是什么")
    ask(double, "relu激活函数的优点是什么？")
    assert first["text"] in ask(double, "/back")["text"]


def test_every_question_of_the_topics_has_its_button(double: Double) -> None:
    listed = ask(double, "/topics 正则化与归一化")
    numbers = [label for row in labels(listed) for label in row]
    place = re.search(r"^(\d+)\. 简述下BN算法", listed["text"], re.MULTILINE)
    assert place is not None
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]
    assert f"\n{len(numbers)}. " in listed["text"]
    double.press(listed, place[1])
    assert double.answers(2)[-1]["text"].startswith("简述下BN算法\n")


def test_an_answer_its_follow_up_and_that_one_s_answer(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    assert answer["text"].startswith("简述下BN算法\n批归一化")
    assert labels(answer) == [["1", "2", "3", "4"], ["公式", "代码", "图", "易错点"], ["👍", "👎", "⚠ 有误"]]
    assert {"type": "bold", "offset": 0, "length": 7} in answer["entities"]
    double.press(answer, "1")
    follow_up = double.answers(2)[-1]
    assert follow_up["text"].startswith("为什么bn可以让网络更容易训练")
    double.wait(lambda: not double.unacknowledged)


def test_the_figure_of_an_answer_comes_as_a_photo(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    double.press(answer, "图")
    double.wait(lambda: any("photo" in message for message in double.sent(ANNA["id"])))
    (shown,) = [message for message in double.sent(ANNA["id"]) if "photo" in message]
    assert "简述下BN算法" in shown["caption"]


def test_a_number_typed_picks_from_the_list(double: Double) -> None:
    ask(double, "什么是批归一化")
    assert ask(double, "2")["text"].startswith("BN、LN、IN、GN有什么区别")


def test_did_you_mean(double: Double, searcher: Searcher) -> None:
    vague = (
        wording
        for wording in (
            "训练",
            "网络",
            "矩阵分布",
            "卷积网络",
            "过拟合怎么回事",
            "正则",
            "激活",
            "学习率怎么设",
            "归一化",
            "卷积",
            "attention",
        )
    )
    near = ask(double, next(text for text in vague if searcher.search(text).outcome == "suggest"))
    assert near["text"].startswith("你是不是想问")
    assert labels(near) == [["1", "2", "3"]]
    second = near["text"].split("2. ")[1].splitlines()[0]
    double.press(near, "2")
    assert double.answers(2)[-1]["text"].startswith(second)


def test_sections_take_the_place_of_the_answer(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    text = answer["text"]
    for label, kind in (("公式", "pre"), ("易错点", "bold"), ("回答", "bold")):
        shown = len(double.fulfilled("editMessageText"))
        double.press(answer, label)
        double.wait(lambda shown=shown: len(double.fulfilled("editMessageText")) > shown)  # type: ignore[misc]
        (answer,) = double.sent()
        assert kind in {entity["type"] for entity in answer["entities"]}
        assert (answer["text"] == text) == (label == "回答")


def test_votes_are_kept_once_a_person_and_thanked_for(double: Double, state: State) -> None:
    answer = ask(double, "什么是批归一化")
    for who, label in ((ANNA, "👎"), (ANNA, "👍"), (ANNA, "👍"), (BERT, "👎")):
        double.press(answer, label, who)
        double.wait(lambda: not double.unacknowledged)
    assert {call.values["text"] for call in double.fulfilled("answerCallbackQuery")} == {"谢谢，记下了！", "Thanks, noted!"}
    subject = of_entry("batch-norm")
    double.wait(lambda: Feedback(state).votes() == {subject: Votes(good=1, bad=1)})
    assert len(double.sent()) == 1, "a vote changes nothing in the chat"
    double.say("/forget")
    double.wait(lambda: Feedback(state).votes() == {subject: Votes(good=0, bad=1)})


def test_that_there_is_no_answer_can_be_disliked(double: Double, state: State, searcher: Searcher) -> None:
    unknown = ask(double, "今天晚上吃什么好呢")
    double.press(unknown, "👎")
    double.wait(lambda: bool(Feedback(state).votes()))
    (cluster,) = clusters(state.recorded(), Feedback(state).votes(), searcher)
    assert cluster.wordings == (("今天晚上吃什么好呢", 1),)
    assert cluster.disliked == 1


def test_a_double_tap_does_no_harm(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    for _ in range(3):
        double.press(answer, "公式")
    double.wait(lambda: len(double.called("editMessageText")) == 3 and not double.unacknowledged)
    assert len(double.sent()) == 1


def test_a_section_of_a_message_that_is_gone_comes_as_a_new_one(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    double.forget(answer)
    double.press(answer, "公式")
    double.wait(double.sent)
    assert "公式" in double.sent()[0]["text"]


def test_an_understanding_is_taken_back(double: Double) -> None:
    ask(double, "加L1惩罚项为啥就不太会过拟合")
    understood = ask(double, "那L2呢")
    assert understood["text"].startswith("按「为什么L2正则项可以防止模型过拟合")
    assert labels(understood)[-1] == ["↩ 不是这个意思"]
    double.press(understood, "↩ 不是这个意思")
    assert double.answers(3)[-1]["text"].startswith("好，撤回")


def test_a_stale_press_is_answered_all_the_same(double: Double) -> None:
    answer = ask(double, "什么是批归一化")
    double.press_data(answer, "q:relu-advantages", age=60)
    assert double.answers(2)[-1]["text"].startswith("relu激活函数的优点")


@pytest.mark.parametrize("pressed", ["q:no-longer-there", "z:batch-norm", "\U0001f600"])
def test_a_button_that_lost_its_meaning_says_so(double: Double, pressed: str) -> None:
    answer = ask(double, "什么是批归一化")
    double.press_data(answer, pressed)
    double.wait(lambda: double.called("answerCallbackQuery"))
    assert double.called("answerCallbackQuery")[0].values["text"] == "这个按钮已经失效了，请重新提问。"


def test_a_long_answer_comes_in_several_messages(double: Double) -> None:
    answer = ask(double, "梯度消失怎么解决")
    double.press(answer, "代码")
    double.wait(lambda: not double.unacknowledged and (double.fulfilled("editMessageText") or len(double.sent()) > 1))
    last = double.sent()[-1]
    assert [entity for entity in last["entities"] if entity["type"] == "pre" and entity["language"] == "python"]
    assert labels(last)[1][:1] == ["回答"]


TYPED = {
    "tags": "<b>BN</b> & </b> <script>",
    "signs": "a < b && c > d",
    "command": "/<b>",
    "entities": "&lt;&nbsp;&#60;",
    "markdown": "**BN** `x` [a](b)",
    "control": "\x00\x01\u200b\u202e",
    "long": "𝛼" * 4000,
    "blank": " ",
    "half a character": "\ud83d",
}


@pytest.mark.parametrize("text", TYPED.values(), ids=TYPED.keys())
def test_whatever_is_typed_gets_one_answer(double: Double, text: str) -> None:
    assert ask(double, text)["text"]


def test_people_talk_side_by_side_each_in_their_language(double: Double) -> None:
    assert ask(double, "what is batch normalization", BERT)["text"].startswith("Describe the batch normalisation algorithm.\n")
    assert ask(double, "什么是批归一化")["text"].startswith("简述")
    assert "2" in labels(double.sent(BERT["id"])[0])[0]
    assert ask(double, "2", BERT)["text"].startswith("How do batch, layer, instance and group")


def test_what_is_no_text_gets_a_kind_word(double: Double) -> None:
    photo = [{"file_id": "f", "file_unique_id": "u", "width": 1, "height": 1}]
    double.post({"photo": photo, "caption": "这是什么", "media_group_id": "9"})
    double.post({"voice": {"file_id": "f", "file_unique_id": "u", "duration": 1}}, BERT)
    assert double.answers(1, BERT["id"])[0]["text"].startswith("I read text only")
    double.answers(1)
    double.post({"photo": photo, "media_group_id": "9"})  # the album goes on, whoever spoke meanwhile
    double.post({"new_chat_title": "a service message"})
    assert ask(double, "BN")["text"].startswith("简述")
    assert double.sent()[0]["text"].startswith("我只看得懂文字")
    assert len(double.sent()) == 2


def test_old_messages_are_dropped(double: Double, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("INFO"):
        double.say("BN", age=3600)
        double.say("relu激活函数的优点是什么？", age=60)
        (answer,) = double.answers(1)
    assert answer["text"].startswith("relu")
    assert re.search(r"message dropped: 360\d s old", caplog.text)


def test_what_answers_an_older_reply_is_about_that_one(double: Double) -> None:
    older = ask(double, "什么是批归一化")
    assert ask(double, "L1为什么能防止过拟合")["text"].startswith("为什么L1")
    double.say("2", reply_to_message=older)
    assert double.answers(3)[-1]["text"].startswith("BN、LN、IN、GN有什么区别")
    double.say("公式", reply_to_message=older)
    formula = double.answers(4)[-1]["text"]
    assert formula.startswith("简述下BN算法")
    assert "公式" in formula
    unknown = ask(double, "晚上吃什么")
    double.say("1", reply_to_message=unknown)
    assert double.answers(6)[-1]["text"].startswith("为什么bn可以"), "nothing to answer there: the talk goes on"


class TestGroups:
    def test_only_what_is_meant_for_the_bot_is_answered(self, double: Double) -> None:
        double.say("BN是什么", chat=GROUP)
        double.say("/weather", chat=GROUP)
        double.say("/help@other_bot", chat=GROUP)
        double.say("@other_bot BN", chat=GROUP)
        asked = double.say("@zhuiwen_bot 什么是批归一化", chat=GROUP)
        (answer,) = double.answers(1, GROUP)
        assert answer["text"].startswith("简述下BN算法")
        assert answer["reply_to_message"]["message_id"] == asked

    def test_everybody_has_their_own_talk(self, double: Double) -> None:
        double.say("@zhuiwen_bot 什么是批归一化", chat=GROUP)
        (answer,) = double.answers(1, GROUP)
        double.say("@zhuiwen_bot 2", BERT, GROUP)
        assert "没有可选的列表" in double.answers(2, GROUP)[-1]["text"]
        double.say("@zhuiwen_bot 2", ANNA, GROUP)
        assert double.answers(3, GROUP)[-1]["text"].startswith("BN、LN、IN、GN有什么区别")
        double.say("2", BERT, GROUP, reply_to_message=answer)
        assert double.answers(4, GROUP)[-1]["text"].startswith("BN、LN、IN、GN有什么区别"), "it was Anna's, but he answers it"

    def test_anybody_may_press(self, double: Double) -> None:
        double.say("/topics@zhuiwen_bot", chat=GROUP)
        (listed,) = double.answers(1, GROUP)
        opening = re.search(r"(?m)^11\. .*?([^ ·：—]+)$", listed["text"])
        double.press(listed, "11", BERT)
        assert opening is not None
        assert opening[1] in double.answers(2, GROUP)[-1]["text"]

    def test_a_topic_of_a_forum_is_kept(self, double: Double) -> None:
        double.say("/help", chat=GROUP, message_thread_id=9, is_topic_message=True)
        (answer,) = double.answers(1, GROUP)
        assert answer["message_thread_id"] == 9

    def test_a_moved_group_is_followed(self, double: Double) -> None:
        double.move(GROUP, -1008)
        double.push(
            {
                "message": {
                    "message_id": 1,
                    "date": 2**31,
                    "chat": {"id": GROUP, "type": "group", "title": "g"},
                    "from": ANNA,
                    "text": "/help",
                    "entities": [{"type": "bot_command", "offset": 0, "length": 5}],
                }
            }
        )
        assert "怎么用" in double.answers(1, -1008)[0]["text"]

    def test_other_bots_are_no_company(self, double: Double) -> None:
        other = {"id": 9, "is_bot": True, "first_name": "Other", "username": "other_bot"}
        double.say("@zhuiwen_bot BN", other, GROUP)
        double.say("/help", ANNA, GROUP)
        assert "怎么用" in double.answers(1, GROUP)[0]["text"]


def test_the_commands_are_announced_in_both_languages(double: Double, bot: Serving) -> None:
    double.wait(lambda: len(double.called("setMyCommands")) == 2)
    default, chinese = (call.values for call in sorted(double.called("setMyCommands"), key=lambda call: len(call.values)))
    assert [command["command"] for command in default["commands"]] == [
        "start",
        "help",
        "topics",
        "random",
        "new",
        "back",
        "lang",
        "display",
        "feedback",
        "privacy",
        "forget",
    ]
    assert default["commands"][2]["description"] == "All topics"
    assert chinese["language_code"] == "zh"
    assert bot.error is None
