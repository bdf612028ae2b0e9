"""Reads updates: python-telegram-bot's types into our values."""

import telegram
from telegram.constants import ChatType

from bot.messenger.exchange import Asked, Pressed
from bot.messenger.hearing import Heard, Mark
from knowledge.model import Lang


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
        sent=(message.edit_date or message.date).timestamp(),
        edited=message.edit_date is not None,
        words=message.text,
        marks=tuple(
            Mark(kind=entity.type, offset=entity.offset, length=entity.length, who=entity.user.id if entity.user else None)
            for entity in entities
        ),
        caption=message.caption or "",
        answers=replied.id if replied else None,
        buttons=_buttons(message.reply_to_message),
        thread=message.message_thread_id if message.is_topic_message else None,
        album=message.media_group_id,
    )


def _buttons(message: telegram.Message | None) -> tuple[str, ...]:
    """Data of the buttons under a message."""
    rows = message.reply_markup.inline_keyboard if message is not None and message.reply_markup is not None else ()
    return tuple(button.callback_data for row in rows for button in row if isinstance(button.callback_data, str))


def pressed(query: telegram.CallbackQuery, at: float) -> Pressed | None:
    """The press that came in at ``at`` (seconds since the epoch), unless it is of a game or of a message that is in no chat."""
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
        sent=at,
        data=query.data,
        message=seen.message_id if seen else None,
        thread=seen.message_thread_id if seen and seen.is_topic_message else None,
    )


def asked(query: telegram.InlineQuery, at: float) -> Asked:
    """What somebody typed after the bot's name, which came in at ``at`` (seconds since the epoch)."""
    return Asked(id=query.id, who=query.from_user.id, lang=_lang(query.from_user), text=query.query, sent=at)


def _lang(user: telegram.User | None) -> Lang:
    code = user.language_code if user else None
    return "zh" if code is None or code.startswith("zh") else "en"
