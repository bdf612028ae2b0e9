"""Fulfils single requests with python-telegram-bot, and puts its errors in our words."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

import httpx
import telegram
from telegram import error
from telegram.constants import ParseMode

from bot.messenger.buttons import Keyboard
from bot.messenger.delivery import Fault, Offer, Place, Undelivered, refusal

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


class Requests:
    """Fulfils single requests with the library's bot."""

    def __init__(self, bot: telegram.Bot) -> None:
        """Take the bot."""
        self._bot = bot
        self._photos: dict[bytes, str] = {}
        """Telegram's id of each picture that it has, by the picture's digest."""

    async def send(self, place: Place, text: str, keyboard: Keyboard, *, html: bool) -> int:
        """Send a message; its number."""
        with _in_our_words():
            message = await self._bot.send_message(
                place.chat,
                text,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=_markup(keyboard),
                link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
                message_thread_id=place.thread,
                reply_parameters=_answered(place),
            )
        return message.message_id

    async def send_photo(self, place: Place, photo: bytes, text: str, keyboard: Keyboard, *, html: bool) -> int:
        """Send a picture (PNG) with a text under it, which is uploaded once; the number of the message."""
        digest = hashlib.blake2b(photo, digest_size=16).digest()
        with _in_our_words():
            message = await self._bot.send_photo(
                place.chat,
                self._photos.get(digest) or telegram.InputFile(photo, filename="figure.png"),
                caption=text,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=_markup(keyboard),
                message_thread_id=place.thread,
                reply_parameters=_answered(place),
            )
        self._photos[digest] = message.photo[-1].file_id
        return message.message_id

    async def send_rich(self, place: Place, markdown: str, keyboard: Keyboard) -> int:
        """Send a rich message, given in rich Markdown; its number."""
        values = {
            "chat_id": place.chat,
            "rich_message": {"markdown": markdown},
            "reply_markup": _markup(keyboard),
            "message_thread_id": place.thread,
            "reply_parameters": _answered(place),
        }
        given = {name: value for name, value in values.items() if value is not None}
        with _in_our_words():
            # The library does not know this method yet.
            message = await self._bot.do_api_request("sendRichMessage", api_kwargs=given, return_type=telegram.Message)
        return int(message.message_id)

    async def edit_rich(self, place: Place, message: int, markdown: str, keyboard: Keyboard) -> None:
        """Put another rich text and keyboard in a message of ours."""
        values = {"chat_id": place.chat, "message_id": message, "rich_message": {"markdown": markdown}}
        markup = {"reply_markup": _markup(keyboard)} if keyboard else {}
        with _in_our_words():
            # The library's own method insists on a text, of which there must be none.
            await self._bot._post("editMessageText", {**values, **markup})  # noqa: SLF001

    async def edit(self, place: Place, message: int, text: str, keyboard: Keyboard, *, html: bool) -> None:
        """Put another text and keyboard in a message of ours."""
        with _in_our_words():
            await self._bot.edit_message_text(
                text,
                place.chat,
                message,
                parse_mode=ParseMode.HTML if html else None,
                reply_markup=_markup(keyboard),
                link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
            )

    async def acknowledge(self, press: str, text: str) -> None:
        """Tell Telegram that the press of a button was noticed."""
        with _in_our_words():
            await self._bot.answer_callback_query(press, text or None)

    async def offer(self, query: str, offers: Sequence[Offer]) -> None:
        """Bring offers to who types a query; they depend on the person's language."""
        results = [
            telegram.InlineQueryResultArticle(
                _result_id(offer.entry),
                offer.title,
                telegram.InputTextMessageContent(
                    offer.piece.html,
                    parse_mode=ParseMode.HTML,
                    link_preview_options=telegram.LinkPreviewOptions(is_disabled=True),
                ),
                description=offer.teaser,
            )
            for offer in offers
        ]
        with _in_our_words():
            await self._bot.answer_inline_query(query, results, is_personal=True)


@contextmanager
def _in_our_words() -> Iterator[None]:
    """Turns the library's errors into faults."""
    try:
        yield
    except error.TelegramError as fault:
        raise _fault(fault) from fault


def _fault(fault: error.TelegramError) -> Undelivered:
    text = fault.message
    match fault:
        case error.Forbidden():
            return Undelivered(Fault.BLOCKED, text)
        case error.RetryAfter():
            return Undelivered(Fault.THROTTLED, text, wait=seconds(fault))
        case error.ChatMigrated():
            return Undelivered(Fault.MOVED, text, chat=fault.new_chat_id)
        case error.BadRequest():
            return Undelivered(refusal(text), text)
        case error.EndPointNotFound():
            return Undelivered(Fault.UNKNOWN, text)
        case error.InvalidToken():
            return Undelivered(Fault.REFUSED, text)
        case error.NetworkError() if isinstance(fault.__cause__, _NEVER_SENT):
            return Undelivered(Fault.UNSENT, text)
        case error.NetworkError() if not isinstance(fault.__cause__, httpx.HTTPError):
            # The server itself said that it failed.
            return Undelivered(Fault.UNSENT, text)
        case _:
            return Undelivered(Fault.UNCERTAIN, text)


def _result_id(entry: str) -> str:
    """A short id, whatever the entry is called: Telegram allows 64 bytes."""
    return hashlib.blake2b(entry.encode(), digest_size=16).hexdigest()


def seconds(fault: error.RetryAfter) -> float:
    """How long Telegram wants us to wait."""
    wait = fault.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _answered(place: Place) -> telegram.ReplyParameters | None:
    """The message that is answered; it may be gone."""
    return telegram.ReplyParameters(place.answers, allow_sending_without_reply=True) if place.answers else None


def _markup(keyboard: Keyboard) -> telegram.InlineKeyboardMarkup | None:
    if not keyboard:
        return None
    return telegram.InlineKeyboardMarkup(
        [[telegram.InlineKeyboardButton(button.label, callback_data=button.data) for button in row] for row in keyboard]
    )
