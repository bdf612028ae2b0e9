"""Works updates off: chats side by side, those of one chat in their order, each until it is settled in the inbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from telegram.ext import BaseUpdateProcessor

from bot.inbox import Inbox
from bot.messenger.adapter import incoming
from bot.messenger.adapter.intake import Entry
from bot.messenger.delivery import Courier, Postponed
from bot.messenger.exchange import Answer, Exchange
from bot.messenger.hearing import STALE, Me
from bot.messenger.order import Flooded, Turns

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 512
"""Updates in work at the same time, waiting ones included."""


class Work:
    """Answers updates."""

    def __init__(self, exchange: Exchange, courier: Courier, inbox: Inbox, *, clock: Callable[[], float], pause: float) -> None:
        """Take the parts.

        Args:
            exchange: Answers.
            courier: Delivers.
            inbox: Where updates are settled.
            clock: Gives seconds since the epoch.
            pause: Seconds before a postponed reply is tried again.
        """
        self._exchange = exchange
        self._courier = courier
        self._inbox = inbox
        self._clock = clock
        self._pause = pause

    async def acknowledge(self, entry: Entry) -> None:
        """Do what is done at once, whatever is still going on in the chat."""
        query = entry.update.callback_query
        pressed = incoming.pressed(query, entry.at) if query else None
        if pressed is not None:
            await self._exchange.acknowledge(pressed)

    async def answer(self, entry: Entry, me: Me) -> None:
        """Answer an update and settle it; where that has to wait for another run of the program it stays in the inbox."""
        if entry.update.inline_query is not None:
            with self._inbox.attempt(entry.number):
                asked = incoming.asked(entry.update.inline_query, entry.at)
            await self._exchange.offer(asked)
            self._inbox.finish(entry.number)
            return
        with self._inbox.attempt(entry.number):
            answer = self._prepared(entry, me)
        if answer is None:
            self._inbox.finish(entry.number)
        elif await self._delivered(entry, answer):
            self._inbox.finish(entry.number, answer.keep)

    def drop(self, entry: Entry) -> None:
        """Settle an update without an answer."""
        _LOG.warning("update dropped: its chat has too many waiting")
        self._inbox.finish(entry.number)

    def _prepared(self, entry: Entry, me: Me) -> Answer | None:
        message, query = entry.update.message or entry.update.edited_message, entry.update.callback_query
        heard = incoming.heard(message) if message else None
        if heard is not None:
            return self._exchange.heard(heard, me)
        pressed = incoming.pressed(query, entry.at) if query else None
        return self._exchange.pressed(pressed) if pressed is not None else None

    async def _delivered(self, entry: Entry, answer: Answer) -> bool:
        """Whether nothing is left to do: it is out, or came too late; trying again holds up its own chat alone."""
        while True:
            try:
                await self._exchange.deliver(answer)
            except Postponed as postponed:
                wait = max(self._pause, postponed.wait)
                age = self._clock() - entry.at
                if age + wait > STALE:
                    _LOG.error("reply dropped after %.0f s, it would come too late: %s", age, postponed)
                    return True
                _LOG.warning("reply postponed: %s", postponed)
                answer = answer.rest(postponed)
                if not await self._courier.rest(wait):
                    return False
            else:
                return True


class InOrder(BaseUpdateProcessor):
    """Works on updates of different chats side by side and on those of one chat in their order."""

    def __init__(self, work: Work) -> None:
        """Take what is done about an update."""
        super().__init__(_SIDE_BY_SIDE)
        self._work = work
        self._turns = Turns()

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
