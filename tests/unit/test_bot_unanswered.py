"""What was asked in vain is sorted so that an author sees what is missing."""

from bot.feedback import Votes
from bot.subjects import digest, of_question
from bot.unanswered import clusters, report
from index.searcher import Searcher

ASKED = [("周末去哪里骑车比较好", 2), ("周末去哪里骑车好", 3), ("怎么学做红烧肉", 4), ("碟刹多少钱", 1), ("盘式刹车贵不贵", 1)]


def test_questions_that_are_alike_or_name_the_same_are_together(small_searcher: Searcher) -> None:
    found = clusters(ASKED, {}, small_searcher)
    assert [cluster.wordings for cluster in found] == [
        (("周末去哪里骑车好", 3), ("周末去哪里骑车比较好", 2)),
        (("怎么学做红烧肉", 4),),
        (("盘式刹车贵不贵", 1), ("碟刹多少钱", 1)),
    ]
    assert [cluster.times for cluster in found] == [5, 4, 2]
    assert found[2].near == "disc-brake"


def test_the_order_of_the_records_changes_nothing(small_searcher: Searcher) -> None:
    assert clusters(ASKED[::-1], {}, small_searcher) == clusters(ASKED, {}, small_searcher)


def test_dislikes_are_those_of_all_wordings(small_searcher: Searcher) -> None:
    votes = {of_question(digest(text)): Votes(good=9, bad=times) for text, times in ASKED}
    assert [cluster.disliked for cluster in clusters(ASKED, votes, small_searcher)] == [5, 4, 2]


def test_the_report_shows_every_wording(small_searcher: Searcher) -> None:
    text = report(clusters(ASKED, {}, small_searcher))
    assert text.startswith("5×")
    assert all(f"  - {asked}" in text for asked, _ in ASKED)
    assert report(()) == "nothing was asked in vain"
