"""Begins to serve, waits for the end, and ends without losing a reply."""

import asyncio
import logging
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any, Protocol
from urllib.parse import urlsplit

from telegram.ext import Application, CallbackContext, ExtBot, TypeHandler

from bot.inbox import Inbox
from bot.messenger import hook, redact
from bot.messenger.adapter.beginning import Patience, announce, reach
from bot.messenger.adapter.connections import connections, token_of
from bot.messenger.adapter.intake import Entry, Intake
from bot.messenger.adapter.outgoing import Requests
from bot.messenger.adapter.polling import Polling
from bot.messenger.adapter.polls import Ending, Polls
from bot.messenger.adapter.work import InOrder, Work
from bot.messenger.alone import alone
from bot.messenger.delivery import Courier, DeliveryError
from bot.messenger.display import Display
from bot.messenger.drawings import Drawings
from bot.messenger.exchange import Exchange
from bot.messenger.gate import Gate, Limit
from bot.messenger.health import beat
from bot.messenger.hearing import Me
from bot.messenger.meter import Meter, Unmetered
from bot.messenger.records import Records
from bot.persons import Persons, installation_key
from bot.refresh import Refresh
from bot.settings import Settings, SettingsError
from bot.state import State
from bot.talk import Talk
from knowledge.problems import ZhuiwenError

_LOG = logging.getLogger(__name__)
_Application = Application[Any, Any, Any, Any, Any, Any]


def run(talk: Talk, settings: Settings, state: State) -> int:
    """Serve until a signal says to stop; the exit code.

    Raises:
        SettingsError: A setting is missing or cannot be used.
        DeliveryError: Telegram refuses the token or is out of reach, or somebody else polls with it.
    """
    token = token_of(settings)
    wrong = hook.problems(settings)
    if wrong:
        raise SettingsError("\n".join(wrong))
    secret = settings.telegram_webhook_secret
    proxy = urlsplit(settings.telegram_proxy or "")
    redaction = redact.install([token, proxy.password or "", secret.reveal() if secret is not None else ""])
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

    _on_signals(("SIGINT", "SIGTERM"), stop)
    with suppress(asyncio.CancelledError):
        await serve(talk, settings, state, ending)


def _on_signals(names: Sequence[str], do: Callable[[], None]) -> None:
    """Do something at signals, where there are such."""
    for name in names:
        # Elsewhere than in the main thread of a POSIX system there are no signals to handle.
        with suppress(AttributeError, NotImplementedError, RuntimeError, ValueError):
            asyncio.get_running_loop().add_signal_handler(getattr(signal, name), do)


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
    with alone(state.path.parent, number), _metered(settings) as meter:
        await _serve(talk, settings, state, number, ending, patience, meter)


@contextmanager
def _metered(settings: Settings) -> Iterator[Meter]:
    """What counts, told meanwhile where that is wanted."""
    if settings.telegram_metrics is None:
        yield Unmetered()
        return
    try:
        from bot.messenger.metrics import Metrics  # noqa: PLC0415 — an extra that most do not install
    except ImportError:
        raise SettingsError("ZHUIWEN_TELEGRAM_METRICS is set; for that install zhuiwen[metrics], or unset it") from None
    metrics = Metrics()
    with metrics.told(settings.telegram_metrics):
        yield metrics


async def _serve(
    talk: Talk, settings: Settings, state: State, number: int, ending: Ending, patience: Patience, meter: Meter
) -> None:
    inbox = Inbox(state, number)
    intake = Intake(inbox)
    bot, polls = _bot(settings, intake, ending, patience)
    # without the extra, formulas are text only
    draw = Drawings(state.path.parent / "formulas").picture if find_spec("matplotlib") is not None else None
    courier = Courier(Requests(bot), meter=meter, draw=draw)
    records = Records(state, default=Display.RICH if settings.telegram_rich else Display.HTML)
    persons = Persons(installation_key(state.path.parent))
    exchange = Exchange(talk, courier, persons, records, _gate(settings), meter=meter)
    work = Work(exchange, courier, inbox, meter, pause=patience.second_try)
    order = InOrder(work)
    meter.queue(lambda: intake.queue.qsize() + order.waiting)
    application = _application(bot, work, intake, order)
    source: _Source = Polling(application, polls, settings, patience)
    if settings.telegram_webhook_url is not None:
        source = _webhook(bot, lambda batch: intake.take(batch, bot), ending, settings, patience)
    refresh = Refresh(talk.folder, settings.data, talk.know)
    _on_signals(("SIGHUP",), refresh.ask)

    async def begin() -> None:
        """Reach the server, take up what was left undone, begin to answer and to take in, then watch over everything."""
        await reach(application, settings, patience)
        intake.resume(bot)
        await application.start()
        await source.begin()
        _LOG.info("serving as @%s", bot.username)
        await announce(bot)
        async with asyncio.TaskGroup() as watching:
            watching.create_task(source.watch())
            watching.create_task(refresh.watch(patience.look))
            if settings.telegram_health is not None:
                watching.create_task(beat(settings.telegram_health, source.well, patience.beat))

    beginning = asyncio.create_task(begin())
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
        await source.end()
        await _end(application)
    if ending.error is not None:
        raise ending.error


class _Source(Protocol):
    """Where updates come from."""

    def well(self) -> bool: ...

    async def begin(self) -> None: ...

    async def watch(self) -> None: ...

    async def end(self) -> None: ...


def _webhook(
    bot: ExtBot[None], take: Callable[[Sequence[Any]], None], ending: Ending, settings: Settings, patience: Patience
) -> _Source:
    try:
        from bot.messenger.adapter.webhook import Webhook  # noqa: PLC0415 — an extra that most do not install
    except ImportError:
        raise SettingsError(
            "ZHUIWEN_TELEGRAM_WEBHOOK_URL is set; for that install zhuiwen[webhook], or unset it to serve by long polling"
        ) from None
    return Webhook(bot, take, ending, settings, patience)


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


def _application(bot: ExtBot[None], work: Work, intake: Intake, order: InOrder) -> _Application:
    async def answer(entry: Entry, _: object) -> None:
        await work.answer(entry, Me(id=bot.id, name=bot.username))

    async def failed(_: object, context: CallbackContext[Any, Any, Any, Any]) -> None:
        # Not even setting it aside worked, so it stays in the inbox; the library's own message would show what it says.
        _LOG.error("an update stays in the inbox", exc_info=context.error)

    application = Application.builder().bot(bot).update_queue(intake.queue).concurrent_updates(order).build()
    application.add_handler(TypeHandler(Entry, answer))
    application.add_error_handler(failed)
    return application


async def _end(application: _Application) -> None:
    """Answer what has come in, and close the connections."""
    if application.running:
        await application.stop()
    await application.shutdown()
    await application.bot.shutdown()
