"""Works updates off: chats side by side, those of one chat in their order, each until it is settled in the inbox."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Coroutine
from enum import Enum, auto
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.inbox import MOST_ATTEMPTS, Inbox
from bot.messenger.adapter import incoming
from bot.messenger.adapter.intake import Entry
from bot.messenger.delivery import Courier, Postponed
from bot.messenger.exchange import Answer, Asked, Exchange
from bot.messenger.hearing import STALE, Me
from bot.messenger.meter import Meter
from bot.messenger.order import Flooded, Turns

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 512
"""Updates in work at the same time, waiting ones included."""


class Work:
    """Answers updates."""

    def __init__(
        self,
        exchange: Exchange,
        courier: Courier,
        inbox: Inbox,
        meter: Meter,
        *,
        pause: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """Take the parts.

        Args:
            exchange: Answers.
            courier: Delivers.
            inbox: Where updates are settled.
            meter: Takes note of how it goes.
            pause: Seconds before a postponed reply is tried again.
            clock: Gives seconds since the epoch.
        """
        self._exchange = exchange
        self._courier = courier
        self._inbox = inbox
        self._meter = meter
        self._clock = clock
        self._pause = pause

    async def acknowledge(self, entry: Entry) -> None:
        """Do what is done at once, whatever is still going on in the chat."""
        query = entry.update.callback_query
        pressed = incoming.pressed(query, entry.at) if query else None
        if pressed is not None:
            await self._exchange.acknowledge(pressed)

    async def answer(self, entry: Entry, me: Me) -> None:
        """Answer an update and settle it, again where that fails; where it has to wait for another run it stays in the inbox.

        What fails every time is set aside: nothing of it would be better at the next start, and its chat goes on.
        """
        job = _Job(entry)
        for left in reversed(range(MOST_ATTEMPTS)):
            try:
                await self._go_on(job, me)
            except Exception:  # noqa: BLE001 — the last net of an update
                # Whatever is wrong with one update, the others are answered; the log has the traceback.
                _LOG.exception("update %d failed", entry.number)
                self._meter.error("update")
                if not left:
                    self._meter.error("aside")
                    self._inbox.set_aside(entry.number)
                    _LOG.error("update %d is set aside: it was tried %d times in vain", entry.number, MOST_ATTEMPTS)
                elif not await self._courier.rest(self._pause):
                    return
            else:
                return

    def drop(self, entry: Entry) -> None:
        """Settle an update without an answer."""
        self._meter.error("flooded")
        _LOG.warning("update dropped: its chat has too many waiting")
        self._inbox.finish(entry.number)

    async def _go_on(self, job: "_Job", me: Me) -> None:
        """Do what is left to do about an update, from where the last try came to."""
        number = job.entry.number
        if job.step is _Step.BEGUN:
            started = time.perf_counter()
            with self._inbox.attempt(number):
                job.answer = self._prepared(job.entry, me)
            job.worked = job.entry.journalled + time.perf_counter() - started
            job.step = _Step.PREPARED
        if job.step is _Step.PREPARED:
            if not await self._delivered(job):
                return
            job.step = _Step.OUT
        started = time.perf_counter()
        self._inbox.finish(number, job.answer.keep if isinstance(job.answer, Answer) else None)
        self._meter.worked(job.worked + time.perf_counter() - started)
        self._meter.answered(max(0.0, self._clock() - job.entry.at))

    def _prepared(self, entry: Entry, me: Me) -> Answer | Asked | None:
        update = entry.update
        if update.inline_query is not None:
            return incoming.asked(update.inline_query, entry.at)
        message = update.message or update.edited_message
        heard = incoming.heard(message) if message else None
        if heard is not None:
            return self._exchange.heard(heard, me)
        pressed = incoming.pressed(update.callback_query, entry.at) if update.callback_query else None
        return self._exchange.pressed(pressed) if pressed is not None else None

    async def _delivered(self, job: "_Job") -> bool:
        """Whether nothing is left to deliver: it is out, or came too late; trying again holds up its own chat alone."""
        while isinstance(job.answer, Answer):
            try:
                await self._exchange.deliver(job.answer)
            except Postponed as postponed:
                wait = max(self._pause, postponed.wait)
                age = self._clock() - job.entry.at
                if age + wait > STALE:
                    self._meter.error("late")
                    _LOG.error("reply dropped after %.0f s, it would come too late: %s", age, postponed)
                    return True
                self._meter.error("postponed")
                _LOG.warning("reply postponed: %s", postponed)
                job.answer = job.answer.rest(postponed)
                if not await self._courier.rest(wait):
                    return False
            else:
                return True
        if job.answer is not None:
            await self._exchange.offer(job.answer)
        return True


class _Step(Enum):
    """How far the work on an update has come."""

    BEGUN = auto()
    PREPARED = auto()
    OUT = auto()


class _Job:
    """The work on one update, so that a second try does nothing twice."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.step = _Step.BEGUN
        self.answer: Answer | Asked | None = None
        """What is to be delivered, or offered."""
        self.worked = 0.0
        """Seconds that writing it down and preparing its answer took."""


class InOrder(BaseUpdateProcessor):
    """Works on updates of different chats side by side and on those of one chat in their order."""

    def __init__(self, work: Work) -> None:
        """Take what is done about an update."""
        super().__init__(_SIDE_BY_SIDE)
        self._work = work
        self._turns = Turns()

    @property
    def waiting(self) -> int:
        """How many updates are in work or wait for their turn."""
        return self.current_concurrent_updates

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on one update in its turn."""
        chat = update.update.effective_chat if isinstance(update, Entry) else None
        if not isinstance(update, Entry) or chat is None:
            await coroutine
            return
        noticed = asyncio.create_task(self._work.acknowledge(update))
        try:
            async with self._turns.turn(chat.id):
                await coroutine
        except Flooded:
            self._work.drop(update)
            if isinstance(coroutine, Coroutine):
                coroutine.close()
        await noticed
