"""No secret gets into a log, wherever in a record it hides."""

import io
import logging
from collections.abc import Iterator
from urllib.parse import quote

import pytest

from bot.messenger.redact import Redaction, install

TOKEN = "1234567890:AAsecretSECRETsecretSECRETsecretSECRET"  # noqa: S105 — nobody's
SHORT = "12:short-one"


@pytest.fixture
def log() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    stream, logger = io.StringIO(), logging.getLogger("test of redaction")
    handler = logging.StreamHandler(stream)
    handler.addFilter(Redaction([TOKEN, SHORT, ""]))
    logger.addHandler(handler)
    logger.propagate = False
    logger.setLevel(logging.INFO)
    yield logger, stream
    logger.removeHandler(handler)


def test_messages_arguments_and_encoded_forms(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.info("%s and %s and %s", f"https://e.com/bot{TOKEN}/getMe", quote(TOKEN, safe=""), [SHORT])
    logger.info("only the half %s", TOKEN.partition(":")[2])
    text = stream.getvalue()
    assert text.splitlines() == ["https://e.com/bot[hidden]/getMe and [hidden] and ['[hidden]']", "only the half [hidden]"]


def test_tracebacks_with_all_their_causes(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    try:
        _fail()
    except RuntimeError:
        logger.exception("failed", stack_info=True)
    text = stream.getvalue()
    assert "ValueError: invalid literal for int() with base 10: '[hidden]'" in text
    assert "RuntimeError: [hidden]" in text
    assert "Stack (most recent call last)" in text
    assert TOKEN not in text
    assert SHORT not in text


def _fail() -> None:
    try:
        int(TOKEN)
    except ValueError as inner:
        raise RuntimeError(SHORT) from inner


def test_a_stranger_s_token_is_hidden_too(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("bot9876543210:BBotherOTHERotherOTHERotherOTHERother failed 3 of 10: 20 s")
    assert stream.getvalue() == "bot[hidden] failed 3 of 10: 20 s\n"


def test_what_holds_no_secret_stays(log: tuple[logging.Logger, io.StringIO]) -> None:
    logger, stream = log
    logger.warning("100%% of %d", 7)
    assert stream.getvalue() == "100% of 7\n"


def test_installing_covers_what_is_there_and_keeps_httpx_quiet() -> None:
    root = logging.getLogger()
    before, levels = list(root.handlers), {name: logging.getLogger(name).level for name in ("httpx", "httpcore", "bot", "")}
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root.addHandler(handler)
    try:
        install([TOKEN])
        logging.getLogger("anything.below").error("%s", TOKEN)
        logging.getLogger("httpx").info("HTTP Request: POST https://api.telegram.org/bot%s/getMe", TOKEN)
        logging.getLogger("bot.messenger").info("serving")
        assert stream.getvalue().splitlines() == ["[hidden]", "serving"]
    finally:
        root.removeHandler(handler)
        for other in before:
            for each in [each for each in other.filters if isinstance(each, Redaction)]:
                other.removeFilter(each)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)
        logging.captureWarnings(capture=False)
