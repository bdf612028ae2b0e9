"""Begins to serve, waits for the end, and ends without losing a reply."""

import asyncio
import logging
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from telegram import error
from telegram.ext import Application, CallbackContext, ExtBot, TypeHandler

from bot.inbox import Inbox
from bot.messenger import redact
from bot.messenger.adapter.connections import connections, token_of
from bot.messenger.adapter.intake import Entry, Intake
from bot.messenger.adapter.outgoing import Requests, seconds
from bot.messenger.adapter.polls import Ending, Polls
from bot.messenger.adapter.work import InOrder, Work
from bot.messenger.alone import alone
from bot.messenger.delivery import Courier, DeliveryError
from bot.messenger.display import Display
from bot.messenger.exchange import Exchange
from bot.messenger.gate import Gate, Limit
from bot.messenger.hearing import COMMANDS, Me
from bot.messenger.records import Records
from bot.persons import Persons, installation_key
from bot.settings import Settings
from bot.state import State
from bot.talk import Talk
from bot.wording import say
from knowledge.model import LANGS
from knowledge.problems import ZhuiwenError

_LOG = logging.getLogger(__name__)
_UPDATES = ("message", "edited_message", "callback_query", "inline_query")
"""What is asked for; Telegram remembers the list, so every poll names it."""
_Application = Application[Any, Any, Any, Any, Any, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to put up with what."""

    tries: int = 6
    """To reach the server at the start."""
    first_pause: float = 1.0
    """Seconds before the second try; each further pause is twice as long."""
    longest_pause: float = 60.0
    """Seconds between two tries at most, whatever the server wants."""
    conflicts: int = 6
    """Polls in a row that another poller may take away."""
    second_try: float = 15.0
    """Seconds before a reply that could not be delivered is tried again."""
    poll: int = 30
    """Seconds that a poll waits for news."""
    stall: float = 120.0
    """Seconds without a poll that came back, after which new connections are opened."""
    give_up: float = 900.0
    """Seconds without a poll that came back, after which to end."""


def run(talk: Talk, settings: Settings, state: State) -> int:
    """Serve until a signal says to stop; the exit code.

    Raises:
        SettingsError: A setting is missing or cannot be used.
        DeliveryError: Telegram refuses the token or is out of reach, or somebody else polls with it.
    """
    token = token_of(settings)
    proxy = urlsplit(settings.telegram_proxy or "")
    redaction = redact.install([token, proxy.password or ""])
    try:
        asyncio.run(_run(talk, settings, state))
    except DeliveryError as fault:
        raise DeliveryError(redaction.clean(str(fault))) from None
    except ZhuiwenError:
        raise
    except Exception as fault:  # noqa: BLE001 — the last net
        # The text and the traceback of somebody else's error may hold the token: only their cleaned forms leave here.
        _LOG.critical("unexpected error", exc_info=True)
        raise RuntimeError(redaction.clean(f"{type(fault).__name__}: {fault}")) from None
    return 0


async def _run(talk: Talk, settings: Settings, state: State) -> None:
    ending, task = Ending(), asyncio.current_task()

    def stop() -> None:
        if ending.now.is_set() and task is not None:
            _LOG.warning("told twice to stop; replies may be lost")
            task.cancel()
        ending.now.set()

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        # Elsewhere than in the main thread of a POSIX system there are no signals to handle.
        with suppress(NotImplementedError, RuntimeError, ValueError):
            loop.add_signal_handler(number, stop)
    with suppress(asyncio.CancelledError):
        await serve(talk, settings, state, ending)


async def serve(talk: Talk, settings: Settings, state: State, ending: Ending, patience: Patience | None = None) -> None:
    """Serve until the ending; then finish what has begun.

    Raises:
        SettingsError: A setting is missing or cannot be used.
        DeliveryError: Telegram refuses the token or is out of reach, or somebody else polls with it.
    """
    # The library asks for this: spans of time are timedeltas, and it does not warn of numbers.
    os.environ.setdefault("PTB_TIMEDELTA", "1")
    # It logs a traceback for every answer that is no JSON, such as a proxy's error page, then raises an error that says so.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)
    patience = patience or Patience()
    number = int(token_of(settings).partition(":")[0])
    with alone(state.path.parent, number):
        await _serve(talk, settings, state, number, ending, patience)


async def _serve(talk: Talk, settings: Settings, state: State, number: int, ending: Ending, patience: Patience) -> None:
    inbox = Inbox(state, number)
    intake = Intake(inbox)
    bot, polls = _bot(settings, intake, ending, patience)
    courier = Courier(Requests(bot))
    records = Records(state, default=Display.RICH if settings.telegram_rich else Display.HTML)
    exchange = Exchange(talk, courier, Persons(installation_key(state.path.parent)), records, _gate(settings))
    work = Work(exchange, courier, inbox, clock=time.time, pause=patience.second_try)
    application = _application(bot, work, intake)
    beginning = asyncio.create_task(_begin(application, intake, polls, settings, patience))
    ended = asyncio.create_task(ending.now.wait())
    try:
        await asyncio.wait((beginning, ended), return_when=asyncio.FIRST_COMPLETED)
        if beginning.done():
            beginning.result()
        await ended
    finally:
        courier.hurry()
        for task in (beginning, ended):
            task.cancel()
        await asyncio.gather(beginning, ended, return_exceptions=True)
        await _end(application)
    if ending.error is not None:
        raise ending.error


def _gate(settings: Settings) -> Gate:
    limit = settings.telegram_limit
    return Gate(settings.telegram_allowed, Limit(most=limit[0], seconds=limit[1]) if limit is not None else None)


def _bot(settings: Settings, intake: Intake, ending: Ending, patience: Patience) -> tuple[ExtBot[None], Polls]:
    """The library's bot with two pools of connections, so that a stuck poll stops no answer; and that of the polls."""
    base = settings.telegram_api_url
    polls = Polls(connections(settings, 4), lambda batch: intake.take(batch, bot), ending, patience.conflicts)
    bot: ExtBot[None] = ExtBot(
        token_of(settings),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=connections(settings, 64),
        get_updates_request=polls,
    )
    return bot, polls


def _application(bot: ExtBot[None], work: Work, intake: Intake) -> _Application:
    async def answer(entry: Entry, _: object) -> None:
        await work.answer(entry, Me(id=bot.id, name=bot.username))

    async def failed(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        # Not even setting it aside worked, so it stays in the inbox; the library's own message would show what it says.
        _LOG.error("an update stays in the inbox", exc_info=context.error)

    application = Application.builder().bot(bot).update_queue(intake.queue).concurrent_updates(InOrder(work)).build()
    application.add_handler(TypeHandler(Entry, answer))
    application.add_error_handler(failed)
    return application


async def _begin(application: _Application, intake: Intake, polls: Polls, settings: Settings, patience: Patience) -> None:
    """Reach the server, take up what was left undone, begin to poll and to answer, announce the commands, watch the polls."""
    assert application.updater is not None  # noqa: S101 — the builder makes one
    await _reach(application, settings, patience)
    intake.resume(application.bot)
    await application.start()
    try:
        await application.updater.start_polling(
            timeout=timedelta(seconds=patience.poll),
            bootstrap_retries=patience.tries,
            allowed_updates=_UPDATES,
            error_callback=lambda fault: _LOG.warning("no news from Telegram: %s", fault),
        )
    except error.TelegramError as fault:
        raise _unreachable(settings, fault) from None
    _LOG.info("serving as @%s", application.bot.username)
    try:
        for lang in LANGS:
            commands = [(name, say(f"command_{name}", lang)) for name in COMMANDS]
            await application.bot.set_my_commands(commands, language_code=lang if lang == "zh" else None)
    except error.TelegramError as fault:
        _LOG.warning("the commands could not be announced: %s", fault)
    await polls.watch(patience.stall, patience.give_up)


async def _reach(application: _Application, settings: Settings, patience: Patience) -> None:
    """Ask the server who we are, a few times if need be."""
    pause = patience.first_pause
    for left in range(patience.tries - 1, -1, -1):
        try:
            await application.initialize()
        except error.InvalidToken:
            # Not chained: the library puts the token into its error.
            raise DeliveryError(
                f"{settings.telegram_api_url} refuses the token in ZHUIWEN_TELEGRAM_TOKEN (or is no Bot API server); "
                "copy the token again from @BotFather, or mend ZHUIWEN_TELEGRAM_API_URL"
            ) from None
        except error.TelegramError as fault:
            if not left:
                raise _unreachable(settings, fault) from None
            _LOG.warning("%s cannot be reached, trying again: %s", settings.telegram_api_url, fault)
            wait = seconds(fault) if isinstance(fault, error.RetryAfter) else pause
            await asyncio.sleep(min(wait, patience.longest_pause))
            pause *= 2
        else:
            return


def _unreachable(settings: Settings, fault: error.TelegramError) -> DeliveryError:
    proxy = " through the proxy in ZHUIWEN_TELEGRAM_PROXY" if settings.telegram_proxy else ""
    return DeliveryError(
        f"{settings.telegram_api_url} cannot be reached{proxy} ({fault}); check the network, "
        "ZHUIWEN_TELEGRAM_API_URL and ZHUIWEN_TELEGRAM_PROXY"
    )


async def _end(application: _Application) -> None:
    """Poll no more, answer what has come in, and close the connections."""
    if application.updater is not None and application.updater.running:
        with suppress(error.TelegramError):
            await application.updater.stop()
    if application.running:
        await application.stop()
    await application.shutdown()
    await application.bot.shutdown()
