"""The command line: arguments in, one of the commands run, errors as one clear message and the exit code of their family."""

import argparse
import gc
import json
import logging
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.settings import Settings, read_settings
from knowledge.figures import Figure
from knowledge.folder import built_in, figure_file, snapshot
from knowledge.problems import KnowledgeError, ZhuiwenError

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

    from index.searcher import Searcher

_Options = Sequence[tuple[tuple[str, ...], Mapping[str, Any]]]
_Command = tuple[Callable[[argparse.Namespace, Settings], int], str, _Options]

_SLOW = 1.0
"""Seconds of building from which progress is shown."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; the exit code: 0 fine, 1 unexpected, 2 usage, 3 knowledge, 4 index, 5 settings, 6 delivery."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy starts faster, and nothing here multiplies matrices
    gc.disable()  # what is loaded at the start stays; collecting in between only costs time
    _use_utf8()
    debug = "--debug" in (sys.argv[1:] if arguments is None else arguments)
    try:
        code = _run(arguments)
        sys.stdout.flush()  # what cannot be written is an error here, not a complaint of the interpreter's at its end
    except ZhuiwenError as fault:
        return _ended(str(fault), fault.exit_code)
    except BrokenPipeError:
        _silence_output()
        return 0
    except KeyboardInterrupt:
        return 130
    except Exception as fault:
        if debug:
            raise
        if isinstance(fault, OSError):
            return _ended(f"cannot go on: {fault.strerror or fault}" + (f" ({fault.filename})" if fault.filename else ""), 1)
        kind = type(fault).__name__
        return _ended(f"unexpected error ({kind}: {fault}); run again with --debug to see where, and report it", 1)
    return code


def _run(arguments: Sequence[str] | None) -> int:
    try:
        given = _parser(sys.argv[1:] if arguments is None else arguments).parse_args(arguments)
    except SystemExit as leaving:  # --help, --version, or a usage error, of which argparse has told
        return int(leaving.code or 0)
    logging.basicConfig(format="zhuiwen: %(message)s", level=logging.DEBUG if given.debug else logging.WARNING)
    settings, slips = read_settings(os.environ, Path.cwd())
    for slip in slips:
        logging.getLogger(__name__).warning("%s", slip)
    code: int = given.run(given, settings)
    return code


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the command that the arguments name, or of all: making them all takes as long as answering."""
    parser = argparse.ArgumentParser(prog="zhuiwen", description="追问: answers deep-learning interview questions, offline.")
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    parser.add_argument("--debug", action="store_true", help="log everything, and show where an unexpected error arose")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    named = next((argument for argument in arguments if argument in _COMMANDS), None)
    for name in _COMMANDS if named is None else (named,):
        run, text, options = _COMMANDS[name]
        added = commands.add_parser(name, help=text, description=text)
        added.add_argument("--knowledge", type=Path, metavar="DIR", help="serve this folder instead of the built-in knowledge")
        added.set_defaults(run=run)
        for names, how in options:
            added.add_argument(*names, **how)
    return parser


def _folder(given: argparse.Namespace, settings: Settings) -> "Traversable":
    chosen = given.knowledge or settings.knowledge
    return chosen.resolve() if chosen is not None else built_in()


def _figure_place(given: argparse.Namespace, settings: Settings) -> Callable[[Figure], str]:
    return lambda figure: str(figure_file(_folder(given, settings), figure))


def _searcher(given: argparse.Namespace, settings: Settings) -> "Searcher":
    from index import opening

    searcher = opening.open_searcher(_folder(given, settings), settings.data, progress=_Progress())
    gc.freeze()
    gc.enable()
    return searcher


def _chat(given: argparse.Namespace, settings: Settings) -> int:
    from bot.state import MemorySessions, State
    from bot.talk import Talk
    from bot.terminal import run

    searcher = _searcher(given, settings)
    with State(settings.data) if settings.record == "unanswered" else nullcontext() as state:
        record = None if state is None else _recorder(state.record)
        talk = Talk(searcher, MemorySessions(), _folder(given, settings), lang=settings.lang, record=record)
        return run(talk, lang=settings.lang, history=settings.data / "history")


def _recorder(record: Callable[[str, str, float], None]) -> Callable[[str, str], None]:
    return lambda text, outcome: record(text, outcome, time.time())


def _ask(given: argparse.Namespace, settings: Settings) -> int:
    from bot.dialogue import step
    from bot.replay import as_json
    from bot.replies import Typed
    from bot.session import Session

    searcher = _searcher(given, settings)
    text = " ".join(given.text)
    _, reply = step(Session(lang=settings.lang), Typed(text=text), searcher, time.time())
    if given.json:
        print(json.dumps(as_json(reply, id_="1", turn=0), ensure_ascii=False))
    else:
        from bot.layout import plain

        print(plain(reply, _figure_place(given, settings)))
    if given.explain:
        from bot.explain import explain

        print(explain(text, searcher.search(text), searcher), file=sys.stderr if given.json else sys.stdout)
    return 0


def _replay(given: argparse.Namespace, settings: Settings) -> int:
    from bot.replay import as_json, read_scripts, replay

    scripts = read_scripts(given.file)
    searcher = _searcher(given, settings)
    for script in scripts:
        for turn, reply in enumerate(replay(script, searcher, settings.lang)):
            if given.json:
                print(json.dumps(as_json(reply, id_=script.id, turn=turn), ensure_ascii=False))
            else:
                from bot.layout import plain

                print(f"› {reply.query}\n\n{plain(reply, _figure_place(given, settings))}\n")
    return 0


def _telegram(given: argparse.Namespace, settings: Settings) -> int:
    if given.check:
        return _telegram_check(given, settings)
    from bot.messenger import run
    from bot.settings import SettingsError
    from bot.state import State
    from bot.talk import Talk

    if settings.telegram_token is None:
        raise SettingsError("ZHUIWEN_TELEGRAM_TOKEN is not set; get a token from @BotFather and put it into .env")
    searcher = _searcher(given, settings)
    with State(settings.data) as state:
        record = None if settings.record == "off" else _recorder(state.record)
        return run(Talk(searcher, state, _folder(given, settings), lang=settings.lang, record=record), settings, state)


def _telegram_check(given: argparse.Namespace, settings: Settings) -> int:
    from bot.messenger.checkup import checkup
    from bot.messenger.findings import exit_code, report

    findings = checkup(settings, lambda: _searcher(given, settings))
    print(report(findings))
    return exit_code(findings)


def _check(given: argparse.Namespace, settings: Settings) -> int:
    from bot.check import check

    folder = _folder(given, settings)
    reading, problems = check(folder, progress=_Progress())
    if problems:
        raise KnowledgeError(str(folder), problems)
    wordings = sum(len(text.wordings) for entry in reading.knowledge.entries.values() for text in entry.texts.values())
    print(f"{len(reading.knowledge.entries)} entries, {wordings} wordings, {len(reading.knowledge.terms)} terms: no problems")
    return 0


def _eval(given: argparse.Namespace, settings: Settings) -> int:
    from bot.evaluate import compared, evaluate, left_out, report, table

    searcher = _searcher(given, settings)
    if given.fit:
        from bot.calibrate import fit_and_store

        print(fit_and_store(given.files, searcher))
        return 0
    run = ""
    for file in given.files:
        judged = evaluate(file, searcher)
        run += table(f"{file.parent.name}/{file.name}", judged)
        print(report(file.name, judged, misses=given.misses))
        if given.leave_one_out:
            print(f"  left out          {left_out(file, searcher) or '-'}")
    if given.against:
        print(compared(_text(given.against), run))
    if given.save:
        given.save.write_text(run, "utf-8")
    return 0


def _text(file: Path) -> str:
    """What a file says.

    Raises:
        ReplayError: It cannot be read.
    """
    from bot.replay import ReplayError

    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise ReplayError(f"{file} cannot be read; make it with «zhuiwen eval --save {file} FILE…»") from fault


def _unanswered(given: argparse.Namespace, settings: Settings) -> int:
    from bot.feedback import Feedback
    from bot.mistakes import listing
    from bot.proposals import proposal
    from bot.state import State
    from bot.unanswered import clusters, report

    searcher = _searcher(given, settings)
    with State(settings.data) as state:
        feedback = Feedback(state)
        votes, reported = feedback.votes(), listing(feedback.mistakes())
        found = clusters(state.recorded(), votes, searcher)
    if given.diff:
        files = {path: content.decode("utf-8", "replace") for path, content in snapshot(_folder(given, settings)).items()}
        print(proposal(found, files, searcher.model.suggest), end="")
        return 0
    print(report(found))
    for subject, count in votes.items():
        kind, _, entry = subject.partition(":")
        if kind == "entry" and count.bad > count.good:
            print(f"{entry}: 👎 {count.bad}, 👍 {count.good}")
    if reported:
        print(reported)
    return 0


def _build(given: argparse.Namespace, settings: Settings) -> int:
    from index import opening

    started = time.monotonic()
    path, knowledge = opening.build(_folder(given, settings), settings.data, progress=_Progress())
    size = path.stat().st_size / 2**20
    print(f"{path}: {len(knowledge.entries)} entries, {size:.1f} MiB, {time.monotonic() - started:.1f} s")
    return 0


_FLAG = {"action": "store_true"}
_COMMANDS: Mapping[str, _Command] = {
    "chat": (_chat, "Chat in the terminal; with a pipe, one reply for each line.", ()),
    "ask": (
        _ask,
        "Answer one question.",
        (
            (("text",), {"nargs": "+", "metavar": "TEXT", "help": "the question"}),
            (("--json",), {**_FLAG, "help": "print the reply as JSON"}),
            (("--explain",), {**_FLAG, "help": "show why"}),
        ),
    ),
    "replay": (
        _replay,
        "Replay the dialogues of a JSON Lines file.",
        (
            (("file",), {"type": Path, "metavar": "FILE"}),
            (("--json",), {**_FLAG, "help": "print one JSON line for each turn"}),
        ),
    ),
    "telegram": (
        _telegram,
        "Serve as a Telegram bot.",
        ((("--check",), {**_FLAG, "help": "do not serve, but say what serving lacks and how to mend it"}),),
    ),
    "check": (_check, "Check all of the knowledge and report every problem.", ()),
    "eval": (
        _eval,
        "Measure answers on query sets.",
        (
            (("files",), {"nargs": "+", "type": Path, "metavar": "FILE", "help": "query sets in JSON Lines"}),
            (("--misses",), {**_FLAG, "help": "print each miss"}),
            (("--fit",), {**_FLAG, "help": "fit the decision on these sets and store it in the source tree"}),
            (("--leave-one-out",), {**_FLAG, "help": "ask again without the right entries"}),
            (("--save",), {"type": Path, "metavar": "RUN", "help": "write this run query by query"}),
            (("--against",), {"type": Path, "metavar": "RUN", "help": "print what changed since a run that was saved"}),
        ),
    ),
    "unanswered": (
        _unanswered,
        "List what people asked in vain, the answers that they disliked, and the mistakes that they reported.",
        ((("--diff",), {**_FLAG, "help": "print a diff that gives the nearest entries what was asked in vain as wordings"}),),
    ),
    "build": (_build, "Build the index anew.", ()),
}
"""What each command runs, what it is for, and its options as ``add_argument`` takes them."""


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that costs more than an answer."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"zhuiwen {version('zhuiwen')}")
        parser.exit()


class _Progress:
    """Shows how far a build is, on a terminal and only when it takes long."""

    def __init__(self) -> None:
        self._started = time.monotonic()

    def __call__(self, what: str, done: int, total: int) -> None:
        if sys.stderr.isatty() and time.monotonic() - self._started > _SLOW:
            end = "\n" if done + 1 >= total else ""
            print(f"\rzhuiwen: {what} {done + 1}/{total} ", end=end, file=sys.stderr, flush=True)


def _use_utf8() -> None:
    """Text in and out is UTF-8 whatever the locale says; what cannot be written is replaced, not an error."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")


def _silence_output() -> None:
    """Keep the interpreter from complaining about a closed pipe when it ends."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _ended(message: str, code: int) -> int:
    """Say why it ended; what was not written yet is given up."""
    try:
        sys.stdout.flush()
    except OSError:
        _silence_output()
    print(f"zhuiwen: {message}", file=sys.stderr)
    return code
