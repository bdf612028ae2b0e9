"""Reads updates: python-telegram-bot's types into our values, chats side by side, the messages of one chat in their order."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import telegram
from telegram.constants import ChatType
from telegram.ext import BaseUpdateProcessor

from bot.messenger.exchange import Pressed
from bot.messenger.hearing import Heard, Mark
from bot.messenger.order import Flooded, Turns
from knowledge.model import Lang

_LOG = logging.getLogger(__name__)
_SIDE_BY_SIDE = 512
"""Updates in work at the same time, waiting ones included."""


def heard(message: telegram.Message) -> Heard | None:
    """The message, unless it is no person's or only tells of an event in the chat."""
    author = message.sender_chat or message.from_user
    machine = message.sender_chat is None and message.from_user is not None and message.from_user.is_bot
    if author is None or machine or message.is_automatic_forward:
        return None
    if message.text is None and message.effective_attachment is None:
        return None
    entities = message.entities or message.caption_entities
    replied = message.reply_to_message.from_user if message.reply_to_message else None
    return Heard(
        chat=message.chat.id,
        private=message.chat.type == ChatType.PRIVATE,
        who=author.id,
        lang=_lang(message.from_user),
        message=message.message_id,
        sent=message.date.timestamp(),
        words=message.text,
        marks=tuple(
            Mark(kind=entity.type, offset=entity.offset, length=entity.length, who=entity.user.id if entity.user else None)
            for entity in entities
        ),
        caption=message.caption or "",
        answers=replied.id if replied else None,
        thread=message.message_thread_id if message.is_topic_message else None,
        album=message.media_group_id,
    )


def pressed(query: telegram.CallbackQuery) -> Pressed | None:
    """The press, unless it is of a game or of a message that is in no chat."""
    message = query.message
    if message is None or query.data is None:
        return None
    seen = message if isinstance(message, telegram.Message) else None
    return Pressed(
        chat=message.chat.id,
        private=message.chat.type == ChatType.PRIVATE,
        who=query.from_user.id,
        lang=_lang(query.from_user),
        press=query.id,
        data=query.data,
        message=seen.message_id if seen else None,
        thread=seen.message_thread_id if seen and seen.is_topic_message else None,
    )


def _lang(user: telegram.User | None) -> Lang:
    code = user.language_code if user else None
    return "zh" if code is None or code.startswith("zh") else "en"


class InOrder(BaseUpdateProcessor):
    """Works on updates of different chats side by side and on those of one chat in their order."""

    def __init__(self, acknowledge: Callable[[telegram.Update], Coroutine[Any, Any, None]]) -> None:
        """Take what is done at once, whatever is still going on in the chat."""
        super().__init__(_SIDE_BY_SIDE)
        self._acknowledge = acknowledge
        self._turns = Turns()

    async def initialize(self) -> None:
        """Nothing to do."""

    async def shutdown(self) -> None:
        """Nothing to do."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        """Work on one update in its turn."""
        if not isinstance(update, telegram.Update) or update.effective_chat is None:
            await coroutine
            return
        noticed = asyncio.create_task(self._acknowledge(update))
        try:
            async with self._turns.turn(update.effective_chat.id):
                await coroutine
        except Flooded:
            _LOG.warning("update dropped: its chat has too many waiting")
            if isinstance(coroutine, Coroutine):
                coroutine.close()
        await noticed
