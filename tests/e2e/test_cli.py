"""The command line as people and scripts use it: real processes, their output, their exit codes, never a traceback."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.state import FILE, State
from index.opening import index_path
from knowledge.folder import built_in

ROOT = Path(__file__).parents[2]
KEYS = [
    "id",
    "turn",
    "query",
    "resolved",
    "outcome",
    "entry",
    "section",
    "question",
    "score",
    "lang",
    "candidates",
    "follow_ups",
]
HEAVY = ("sklearn", "scipy", "telegram", "jieba", "pypinyin", "opencc", "prompt_toolkit", "rich", "yaml", "asyncio")
TOKEN = "123456789:AAE-very_secret_part_of_a_token_0123"  # noqa: S105 — nobody's
PATIENCE = 120
"""Seconds after which a process counts as hanging."""


def indexes(folder: Path) -> list[str]:
    """Names of all files in a folder of indexes but the parts kept for the next build."""
    return sorted(file.name for file in folder.iterdir() if file.suffix != ".parts")


@dataclass(frozen=True, slots=True)
class Done:
    code: int
    out: str
    err: str


class Zhuiwen:
    """Runs the program in a folder of its own, with a state folder and nothing else set."""

    def __init__(self, folder: Path, data: Path) -> None:
        self.folder = folder
        self.data = data

    def environment(self, changes: Mapping[str, str]) -> dict[str, str]:
        clean = {
            name: value for name, value in os.environ.items() if not name.startswith(("ZHUIWEN_", "PYTHON", "LC_", "LANG"))
        }
        return {**clean, "LANG": "C.UTF-8", "ZHUIWEN_DATA": str(self.data), **changes}

    def __call__(self, *arguments: str | bytes, stdin: str = "", **changes: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            check=False,
            cwd=self.folder,
            env=self.environment(changes),
            input=stdin.encode("utf-8", "surrogateescape"),
            capture_output=True,
            timeout=PATIENCE,
        )
        out, err = done.stdout.decode("utf-8"), done.stderr.decode("utf-8")
        assert "Traceback" not in err + out
        assert "Exception ignored" not in err
        return Done(done.returncode, out, err)

    def python(self, program: str, *arguments: str) -> Done:
        done = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            check=False,
            cwd=self.folder,
            env=self.environment({}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the index of the built-in knowledge."""
    data = tmp_path_factory.mktemp("data")
    done = Zhuiwen(tmp_path_factory.mktemp("elsewhere"), data)("build")
    assert (done.code, done.err) == (0, "")
    return data


@pytest.fixture
def zhuiwen(tmp_path: Path, built: Path) -> Zhuiwen:
    """The program with a built index, which its tests leave as it is."""
    folder = tmp_path / "working"
    folder.mkdir()
    return Zhuiwen(folder, built)


@pytest.fixture
def fresh(tmp_path: Path) -> Zhuiwen:
    """The program as it is found after installing."""
    folder = tmp_path / "working"
    folder.mkdir()
    return Zhuiwen(folder, tmp_path / "data")


def rows(text: str) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in text.splitlines()]
    assert found
    for row in found:
        assert list(row) == KEYS
    return found


def one_error(done: Done, code: int, *named: str) -> None:
    """One clear error that names the place and the remedy, and nothing on standard output."""
    assert done.code == code
    assert done.out == ""
    assert done.err.startswith("zhuiwen: ")
    for text in named:
        assert text in done.err


# ── asking ──


def test_ask_shows_the_answer(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "BN是什么")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("简述下BN算法\n")
    assert "1. 为什么bn可以让网络更容易训练" in done.out
    assert "\x1b" not in done.out


def test_ask_takes_several_words_and_answers_in_their_language(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "what", "is", "batch", "normalization?")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Describe the batch normalisation algorithm")


def test_ask_json_keeps_the_contract(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "--json", "BN是什么")
    assert (done.code, done.err) == (0, "")
    (row,) = rows(done.out)
    assert done.out.isprintable() or done.out.count("\n") == 1
    assert {key: row[key] for key in ("turn", "query", "resolved", "outcome", "entry", "section", "question", "lang")} == {
        "turn": 0,
        "query": "BN是什么",
        "resolved": None,
        "outcome": "answer",
        "entry": "batch-norm",
        "section": None,
        "question": "简述下BN算法",
        "lang": "zh",
    }
    assert isinstance(row["id"], str)
    assert 0.5 < row["score"] <= 1.0
    assert row["candidates"][0] == {"entry": "batch-norm", "question": "简述下BN算法", "score": row["score"]}
    assert row["follow_ups"][0]["entry"] == "bn-why-works"


def test_ask_json_of_what_is_unknown(zhuiwen: Zhuiwen) -> None:
    (row,) = rows(zhuiwen("ask", "--json", "今天天气怎么样").out)
    assert row["outcome"] == "unknown"
    assert row["entry"] is row["question"] is row["section"] is None
    assert 1 <= len(row["candidates"]) <= 5
    assert row["follow_ups"] == []


def test_explain_shows_why(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "--explain", "BN是什么？")
    assert (done.code, done.err) == (0, "")
    for shown in ("'bn是什么'", "batch-norm", "probability", "answer from", "suggest from", "likest wording"):
        assert shown in done.out
    assert re.search(r"^outcome +answer", done.out, re.MULTILINE)


def test_explain_leaves_the_json_alone(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "--json", "--explain", "BN是什么")
    assert rows(done.out)[0]["entry"] == "batch-norm"
    assert "thresholds" in done.err


@pytest.mark.parametrize("text", ["", "x" * 100_000, "\u202e\u200b<b>'; DROP TABLE session; --"])
def test_odd_questions_are_answered_politely(text: str, zhuiwen: Zhuiwen) -> None:
    for options in (("--explain",), ("--json",)):
        done = zhuiwen("ask", *options, "--", text)
        assert (done.code, done.err) == (0, "")
        assert done.out.strip()


def test_arguments_that_are_no_text_are_answered_politely(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "--json", b"BN\xff\xe6\x98\xaf\xe4\xbb\x80\xe4\xb9\x88")
    assert (done.code, done.err) == (0, "")
    assert rows(done.out)[0]["outcome"] in {"answer", "suggest", "unknown"}
    done = zhuiwen("ask", "--explain", b"\xff\xfe")
    assert (done.code, done.err) == (0, "")


def test_paths_that_are_no_text_are_named(zhuiwen: Zhuiwen) -> None:
    one_error(zhuiwen("ask", "--knowledge", b"/no/such/\xff", "BN"), 3, "/no/such/")
    one_error(zhuiwen("replay", b"/no/such/\xff"), 2, "/no/such/")


def test_output_is_utf8_whatever_the_locale(zhuiwen: Zhuiwen) -> None:
    for locale in ({"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}):
        done = zhuiwen("ask", "what is batch normalization", **locale)
        assert (done.code, done.err) == (0, "")
        assert "γ" in done.out
    done = zhuiwen("ask", "BN是什么", LC_ALL="C")
    assert done.out.startswith("简述下BN算法")


# ── replay ──


def test_replay_prints_a_line_for_each_turn(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text(
        '{"id": "d1", "turns": [{"query": "BN是什么"}, {"query": "为什么"}, {"query": "返回"}, {"query": "2"}], "other": 1}\n'
        '{"query": "what is overfitting"}\n'
        '{"id": "d3", "turns": [{"query": "公式"}]}\n',
        "utf-8",
    )
    done = zhuiwen("replay", "set.jsonl", "--json")
    assert (done.code, done.err) == (0, "")
    found = rows(done.out)
    assert [(row["id"], row["turn"]) for row in found] == [("d1", 0), ("d1", 1), ("d1", 2), ("d1", 3), ("2", 0), ("d3", 0)]
    assert [row["entry"] for row in found] == [
        "batch-norm",
        "bn-why-works",
        "batch-norm",
        "normalization-variants",
        "overfitting-underfitting",
        None,
    ]
    assert found[1]["resolved"] == found[1]["question"]
    assert [row["lang"] for row in found] == ["zh", "zh", "zh", "zh", "en", "zh"]


def test_replay_for_people(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text('{"turns": [{"query": "BN是什么"}, {"query": "谢谢"}]}\n', "utf-8")
    done = zhuiwen("replay", "set.jsonl")
    assert (done.code, done.err) == (0, "")
    assert done.out.index("› BN是什么") < done.out.index("简述下BN算法") < done.out.index("› 谢谢") < done.out.index("不客气")


def test_replay_names_every_line_at_fault(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text('{"query": "BN"}\nnonsense\n[]\n{"id": "x"}\n', "utf-8")
    done = zhuiwen("replay", "set.jsonl", "--json")
    one_error(done, 2, "set.jsonl:2:", "set.jsonl:3:", "set.jsonl:4:")
    assert "set.jsonl:1:" not in done.err


def test_replay_of_a_missing_file(zhuiwen: Zhuiwen) -> None:
    one_error(zhuiwen("replay", "missing.jsonl"), 2, "missing.jsonl")


# ── other commands ──


def test_check_of_knowledge_without_a_fault(fresh: Zhuiwen, small: Path) -> None:
    done = fresh("check", "--knowledge", str(small))
    assert (done.code, done.err) == (0, "")
    assert re.match(r"4 entries, \d+ wordings, 5 terms: no problems\n\Z", done.out)


def test_eval_reports_the_rates(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text(
        '{"query": "BN是什么", "expect": ["batch-norm"], "style": "plain"}\n{"query": "今天天气怎么样", "expect": []}\n'
        '{"query": "BN是什么", "expect": ["batch-size"]}\n',
        "utf-8",
    )
    done = zhuiwen("eval", "--misses", "set.jsonl")
    assert (done.code, done.err) == (0, "")
    assert "set.jsonl: 3 turns" in done.out
    for name in ("right", "wrong", "false_answer"):
        assert name in done.out
    assert re.search(r"wrong .*BN是什么.*batch-size", done.out)


@pytest.mark.parametrize("content", ["", '{"query": "BN"}\n', "nonsense\n"])
def test_eval_of_a_set_without_expectations(content: str, zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text(content, "utf-8")
    done = zhuiwen("eval", "set.jsonl")
    if content:
        one_error(done, 2, "set.jsonl")
    else:
        assert (done.code, done.err) == (0, "")


def test_build_says_what_it_built(fresh: Zhuiwen, small: Path) -> None:
    done = fresh("build", "--knowledge", str(small))
    assert (done.code, done.err) == (0, "")
    path = index_path(small.resolve(), fresh.data)
    assert path.is_file()
    assert str(path) in done.out
    assert "4 entries" in done.out
    assert indexes(path.parent) == [path.name]


def test_version_is_that_of_the_project(zhuiwen: Zhuiwen) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert zhuiwen("--version") == Done(0, f"zhuiwen {version}\n", "")


@pytest.mark.parametrize("command", ["", "chat", "ask", "replay", "telegram", "check", "eval", "unanswered", "build"])
def test_help_tells_how(command: str, zhuiwen: Zhuiwen) -> None:
    done = zhuiwen(*command.split(), "--help")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("usage: zhuiwen")
    if not command:
        for name in ("chat", "ask", "replay", "telegram", "check", "eval", "unanswered", "build"):
            assert re.search(rf"^ +{name}\b", done.out, re.MULTILINE)


@pytest.mark.parametrize(
    "arguments", [(), ("frobnicate",), ("ask",), ("ask", "--nonsense", "BN"), ("replay",), ("eval",), ("build", "extra")]
)
def test_wrong_usage(arguments: Sequence[str], zhuiwen: Zhuiwen) -> None:
    done = zhuiwen(*arguments)
    assert done.code == 2
    assert done.out == ""
    assert "usage: zhuiwen" in done.err


def test_chat_through_a_pipe_ends_well(zhuiwen: Zhuiwen) -> None:
    for stdin in ("BN是什么\n", "", "BN是什么", "\n\n", "\x00\n\udcff\udcfe\n"):
        done = zhuiwen("chat", stdin=stdin)
        assert (done.code, done.err) == (0, "")
    assert "简述下BN算法" in zhuiwen("chat", stdin="BN是什么\n谢谢\n").out


# ── knowledge ──


@pytest.mark.parametrize("command", [("ask", "BN"), ("chat",), ("check",), ("build",)])
def test_a_folder_that_is_not_there(command: Sequence[str], fresh: Zhuiwen, tmp_path: Path) -> None:
    one_error(fresh(*command, "--knowledge", str(tmp_path / "nowhere")), 3, str(tmp_path / "nowhere"))
    assert not (fresh.data / "index").exists()


def test_a_file_in_place_of_a_folder_and_an_empty_folder(fresh: Zhuiwen, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", "utf-8")
    (tmp_path / "empty").mkdir()
    for name in ("file", "empty"):
        for command in (("ask", "BN"), ("check",)):
            one_error(fresh(*command, "--knowledge", str(tmp_path / name)), 3, str(tmp_path / name))


def test_broken_knowledge_is_reported_whole(
    fresh: Zhuiwen, write: Callable[[Mapping[str, str | bytes]], Path], bicycles: Mapping[str, str]
) -> None:
    good = bicycles["brakes/rim-brake.md"]
    broken: dict[str, str | bytes] = {
        "brakes/no-front-matter.md": "Just text.\n",
        "brakes/unclosed.md": "---\nquestion: x\n",
        "brakes/bad-yaml.md": "---\nquestion: [x\n---\nText.\n",
        "brakes/no-question.md": "---\nalso:\n  - x\n---\nText.\n",
        "brakes/not-a-list.md": "---\nquestion: x y z\nalso: oops\n---\nText.\n",
        "brakes/no-answer.md": "---\nquestion: what now\n---\n",
        "brakes/not-utf8.md": b"---\nquestion: \xff\xfe\n---\nText.\n",
        "brakes/half-written.md": good[: good.index("points:") + 3],
        "brakes/unclosed-code.md": good + "\n## 代码\n\n```python\nprint(1)\n",
        "brakes/Not Kebab.md": good,
        "in-no-topic.md": good,
    }
    folder = write({**bicycles, **broken})
    for command in (("ask", "碟刹"), ("check",)):
        done = fresh(*command, "--knowledge", str(folder))
        one_error(done, 3, str(folder), *broken)
    assert not list(fresh.data.glob("index/*"))


def test_check_names_what_does_not_keep_knowledge_from_being_served(
    fresh: Zhuiwen, write: Callable[[Mapping[str, str | bytes]], Path], bicycles: Mapping[str, str]
) -> None:
    files = dict(bicycles)
    del files["brakes/rim-brake.en.md"]
    files["brakes/disc-brake.md"] = files["brakes/disc-brake.md"].replace("[rim-brake]", "[gone]", 1)
    folder = write(files)
    done = fresh("check", "--knowledge", str(folder))
    one_error(done, 3, "rim-brake.en.md", "gone", "brakes/disc-brake.md:")


def test_what_check_reports_may_still_be_served(
    fresh: Zhuiwen, write: Callable[[Mapping[str, str | bytes]], Path], bicycles: Mapping[str, str]
) -> None:
    folder = write({path: text for path, text in bicycles.items() if path != "brakes/rim-brake.en.md"})
    done = fresh("ask", "--json", "圈刹有哪些优缺点？", "--knowledge", str(folder))
    assert (done.code, done.err) == (0, "")
    assert rows(done.out)[0]["entry"] == "rim-brake"


def test_another_subject_is_served(fresh: Zhuiwen, small: Path) -> None:
    done = fresh("ask", "--json", "碟刹是怎么工作的？", ZHUIWEN_KNOWLEDGE=str(small))
    assert (done.code, done.err) == (0, "")
    assert rows(done.out)[0]["entry"] == "disc-brake"
    done = fresh("ask", "--json", "BN是什么", "--knowledge", str(small))
    assert rows(done.out)[0]["outcome"] in {"unknown", "suggest"}
    relative = Path("..") / small.name
    assert (
        fresh("ask", "--json", "碟刹是怎么工作的？", "--knowledge", str(relative)).out
        == fresh("ask", "--json", "碟刹是怎么工作的？", ZHUIWEN_KNOWLEDGE=str(small)).out
    )
    assert len(indexes(fresh.data / "index")) == 1


def test_new_content_is_served_at_once(fresh: Zhuiwen, small: Path) -> None:
    question = "链条多久上一次油？"
    before = fresh("ask", "--json", question, "--knowledge", str(small))
    assert rows(before.out)[0]["entry"] != "chain-oil"
    (small / "drivetrain" / "chain-oil.md").write_text(
        f"---\nquestion: {question}\nterms: [chain]\n---\n每两百公里上一次油。\n", "utf-8"
    )
    after = fresh("ask", "--json", question, "--knowledge", str(small))
    assert (after.code, after.err) == (0, "")
    assert rows(after.out)[0]["entry"] == "chain-oil"


# ── index ──


def test_a_damaged_index_is_rebuilt(fresh: Zhuiwen, small: Path) -> None:
    ask = ("ask", "--json", "碟刹是怎么工作的？", "--knowledge", str(small))
    first = fresh(*ask)
    assert rows(first.out)[0]["entry"] == "disc-brake"
    path = index_path(small.resolve(), fresh.data)
    good = path.read_bytes()
    middle = len(good) // 2
    for damaged in (
        b"hello, this is no index\n" * 99,
        good[:middle] + bytes([good[middle] ^ 64]) + good[middle + 1 :],
    ):
        path.write_bytes(damaged)
        done = fresh(*ask)
        assert (done.code, done.out) == (0, first.out)
        assert str(path) in done.err
        assert path.read_bytes() == good
        assert indexes(path.parent) == [path.name]
    assert fresh(*ask) == first


def test_an_index_that_cannot_be_stored_serves_from_memory(fresh: Zhuiwen, small: Path) -> None:
    fresh.data.mkdir()
    (fresh.data / "index").write_text("in the way", "utf-8")
    done = fresh("ask", "--json", "碟刹是怎么工作的？", "--knowledge", str(small))
    assert done.code == 0
    assert rows(done.out)[0]["entry"] == "disc-brake"
    assert str(fresh.data / "index") in done.err
    one_error(fresh("build", "--knowledge", str(small)), 4, str(fresh.data / "index"), "ZHUIWEN_DATA")


def test_a_build_that_fails_leaves_nothing_behind(fresh: Zhuiwen, small: Path) -> None:
    path = index_path(small.resolve(), fresh.data)
    path.mkdir(parents=True)
    one_error(fresh("build", "--knowledge", str(small)), 4, str(path))
    assert indexes(path.parent) == [path.name]


def test_a_built_index_is_not_written_again(zhuiwen: Zhuiwen) -> None:
    path = index_path(built_in(), zhuiwen.data)
    before = path.stat()
    assert zhuiwen("ask", "--json", "BN").code == 0
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


# ── settings and state ──


def test_bad_settings_are_reported_whole(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen(
        "ask", "BN", ZHUIWEN_LANG="fr", ZHUIWEN_RECORD="all", ZHUIWEN_TELEGRAM_API_URL="x", ZHUIWEN_TELEGRAM_TOKEN=TOKEN
    )
    one_error(done, 5, "ZHUIWEN_LANG", "'fr'", "ZHUIWEN_RECORD", "'all'", "ZHUIWEN_TELEGRAM_API_URL")
    assert TOKEN not in done.err


def test_the_dotenv_file_of_the_working_folder_counts(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / ".env").write_text("ZHUIWEN_LANG=en\n", "utf-8")
    assert rows(zhuiwen("ask", "--json", "BN是什么").out)[0]["lang"] == "en"
    assert rows(zhuiwen("ask", "--json", "BN是什么", ZHUIWEN_LANG="auto").out)[0]["lang"] == "zh"


def test_a_dotenv_file_that_is_no_text(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / ".env").write_bytes(b"\xff\xfe\x00ZHUIWEN")
    one_error(zhuiwen("ask", "BN"), 5, ".env")


def test_an_unknown_setting_is_a_warning(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("ask", "--json", "BN是什么", ZHUIWEN_LNAG="en")
    assert done.code == 0
    assert rows(done.out)[0]["entry"] == "batch-norm"
    assert "ZHUIWEN_LNAG" in done.err
    assert "ZHUIWEN_LANG" in done.err
    assert len(done.err.splitlines()) == 1


def test_telegram_without_a_token(zhuiwen: Zhuiwen) -> None:
    done = zhuiwen("telegram")
    one_error(done, 5, "ZHUIWEN_TELEGRAM_TOKEN", "@BotFather", ".env")


def foreign(folder: Path) -> None:
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")


def newer(folder: Path) -> None:
    with State(folder):
        pass
    with closing(sqlite3.connect(folder / FILE)) as connection:
        connection.execute("PRAGMA user_version = 99")


def damaged(folder: Path) -> None:
    (folder / FILE).write_bytes(b"no database")


@pytest.mark.parametrize("harm", [foreign, newer, damaged])
def test_a_state_file_that_is_not_ours(harm: Callable[[Path], None], zhuiwen: Zhuiwen, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(zhuiwen.data, data)
    harm(data)
    before = (data / FILE).read_bytes()
    program = Zhuiwen(zhuiwen.folder, data)
    one_error(program("chat", stdin="BN\n", ZHUIWEN_RECORD="unanswered"), 5, str(data / FILE), "ZHUIWEN_DATA")
    done = program("telegram", ZHUIWEN_TELEGRAM_TOKEN=TOKEN, ZHUIWEN_TELEGRAM_API_URL="http://127.0.0.1:9")
    one_error(done, 5, str(data / FILE), "ZHUIWEN_DATA")
    assert TOKEN not in done.err
    assert (data / FILE).read_bytes() == before
    assert program("ask", "BN").code == 0


def test_questions_are_recorded_only_with_consent(zhuiwen: Zhuiwen, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(zhuiwen.data, data)
    program = Zhuiwen(zhuiwen.folder, data)
    stdin = "BN是什么\n今天晚上吃什么好呢\n"
    assert program("chat", stdin=stdin).code == 0
    assert not (data / FILE).exists()
    assert program("chat", stdin=stdin, ZHUIWEN_RECORD="unanswered").code == 0
    with closing(sqlite3.connect(data / FILE)) as connection:
        assert connection.execute("SELECT text, outcome, times FROM question").fetchall() == [
            ("今天晚上吃什么好呢", "unknown", 1)
        ]


# ── streams ──


def to_a_closed_pipe(program: Zhuiwen, *arguments: str) -> tuple[int, str]:
    """Runs with nobody reading the output."""
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            check=False,
            cwd=program.folder,
            env=program.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=writing,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
    finally:
        os.close(writing)
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "BN是什么"),
        ("ask", "--json", "BN是什么"),
        ("replay", "long.jsonl", "--json"),
        ("--version",),
        ("--help",),
    ],
)
def test_nobody_reading_is_no_error(arguments: Sequence[str], zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "long.jsonl").write_text('{"query": "BN是什么"}\n' * 100, "utf-8")
    assert to_a_closed_pipe(zhuiwen, *arguments) == (0, "")


def test_a_reader_that_has_enough_is_no_error(zhuiwen: Zhuiwen) -> None:
    """``zhuiwen replay FILE --json | head -1``: more output than a pipe holds, and a reader that leaves after one line."""
    (zhuiwen.folder / "long.jsonl").write_text('{"query": "BN是什么"}\n' * 300, "utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "bot", "replay", "long.jsonl", "--json"],
        cwd=zhuiwen.folder,
        env=zhuiwen.environment({}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert json.loads(process.stdout.readline())["entry"] == "batch-norm"
        process.stdout.close()
        err = process.stderr.read()
        assert (process.wait(PATIENCE), err) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full on this system")
def test_a_full_disk_is_one_clear_error(zhuiwen: Zhuiwen) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "bot", "ask", "BN是什么"],
            check=False,
            cwd=zhuiwen.folder,
            env=zhuiwen.environment({}),
            stdin=subprocess.DEVNULL,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
        )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith("zhuiwen: ")


# ── what a command may cost ──

LOADED = "import sys; from bot.cli import main\ntry: main(sys.argv[1:])\nexcept SystemExit: pass\nprint('\\n' + ' '.join(sys.modules), file=sys.stderr)"


def loaded(program: Zhuiwen, *arguments: str) -> set[str]:
    done = program.python(LOADED, *arguments)
    assert done.code == 0, done.err
    assert done.out
    modules = done.err.splitlines()[-1].split()
    assert "bot.cli" in modules
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "arguments",
    [
        ("ask", "BN是什么"),
        ("ask", "--json", "BN是什么"),
        ("ask", "--json", "--explain", "shenme shi BN"),
        ("--help",),
        ("--version",),
    ],
)
def test_asking_with_a_built_index_loads_nothing_heavy(arguments: Sequence[str], zhuiwen: Zhuiwen) -> None:
    assert loaded(zhuiwen, *arguments) & set(HEAVY) == set()


def test_help_and_version_search_nothing(zhuiwen: Zhuiwen) -> None:
    for argument in ("--help", "--version"):
        assert loaded(zhuiwen, argument) & {"rapidfuzz", "sqlite3"} == set()


def test_replay_loads_nothing_heavy(zhuiwen: Zhuiwen) -> None:
    (zhuiwen.folder / "set.jsonl").write_text('{"query": "BN是什么"}\n{"query": "公式"}\n', "utf-8")
    for options in ((), ("--json",)):
        assert loaded(zhuiwen, "replay", "set.jsonl", *options) & set(HEAVY) == set()


def test_building_is_what_loads_the_fitting(fresh: Zhuiwen, small: Path) -> None:
    """The test above would pass of itself if the names were wrong."""
    found = loaded(fresh, "build", "--knowledge", str(small))
    assert {"sklearn", "scipy", "opencc", "pypinyin", "yaml"} <= found
    assert found & {"telegram", "jieba", "prompt_toolkit"} == set()


def test_what_serves_for_long_collects_its_garbage(zhuiwen: Zhuiwen) -> None:
    """A command that ends at once may leave its garbage where it lies; one that serves for days may not."""
    program = (
        "import gc, sys, bot.terminal\nfrom bot.cli import main\n"
        "bot.terminal.run = lambda *_, **__: print('collects', gc.isenabled()) or 0\nsys.exit(main(['chat']))"
    )
    assert zhuiwen.python(program) == Done(0, "collects True\n", "")
