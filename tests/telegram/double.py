"""A strict double of Telegram's Bot API server: a real HTTP server on this machine.

Its own are only the store and its rules: updates wait until an offset confirms them, the newer of two polls kills the older,
messages can be edited, presses of buttons go stale, people block the bot.  What a request may look like is judged by others
(judge.py).  Every test ends by asking it for violations.
"""
# ruff: noqa: N802 — methods are called as Telegram calls them

import asyncio
import itertools
import json
import re
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import ClientError, ClientSession, ClientTimeout, web

from tests.telegram.judge import judge, picture_faults, shown
from tests.telegram.tdlib import Parsed

TOKEN = "1234567890:AAtestTESTtestTESTtestTESTtestTEST-_x"  # noqa: S105 — nobody's
ME: dict[str, Any] = {"id": 1234567890, "is_bot": True, "first_name": "追问", "username": "zhuiwen_bot"}
ANNA: dict[str, Any] = {"id": 501, "is_bot": False, "first_name": "Anna", "language_code": "zh-hans"}
BERT: dict[str, Any] = {"id": 502, "is_bot": False, "first_name": "Bert", "language_code": "en"}
GROUP = -1007
_PRESS_LIVES = 15.0
_NUMBERS = itertools.count(100_000)
"""Of updates; none comes again, also not in another test that finds the same state file."""
_MARKS = re.compile(r"(?P<bot_command>(?<!\S)/[A-Za-z0-9_]{1,32}(?:@\w+)?)|(?P<mention>(?<!\S)@\w{4,32})")
_KINDS = {
    "textEntityTypeBold": "bold",
    "textEntityTypeItalic": "italic",
    "textEntityTypeStrikethrough": "strikethrough",
    "textEntityTypeCode": "code",
    "textEntityTypePre": "pre",
    "textEntityTypePreCode": "pre",
    "textEntityTypeTextUrl": "text_link",
    "textEntityTypeBlockQuote": "blockquote",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request that came in."""

    method: str
    values: Mapping[str, Any]
    at: float
    """Seconds of the monotonic clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What goes wrong with a request."""

    status: int = 500
    description: str = "Internal Server Error"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    silent: bool = False
    """Whether the request is fulfilled but its answer never comes: the connection is cut instead."""
    hangs: bool = False
    """Whether nothing ever comes back, although the connection stands."""
    slow: float = 0.0
    """Seconds that the answer is late; then it is as if there were no trouble."""
    page: bool = False
    """Whether the answer is the page of a proxy in between and no JSON."""


class _RefusedError(Exception):
    def __init__(self, status: int, description: str, **parameters: object) -> None:
        super().__init__(description)
        self.trouble = Trouble(status=status, description=description, parameters=parameters)


class Double:
    """The server with its store; use it as a context manager."""

    def __init__(self) -> None:
        self.violations: list[str] = []
        self.calls: list[Call] = []
        """As they came in."""
        self.done: list[Call] = []
        """Those that were fulfilled."""
        self.blocked: set[int] = set()
        self.weather: Callable[[str], Trouble | None] = lambda _: None
        """What goes wrong with a request of a method where nothing else was told."""
        self.webhook = ""
        """Address that updates are brought to."""
        self.brought: list[int] = []
        """What came back for each update that was brought to the webhook; 0 where nobody was there."""
        self.webhook_error = ""
        """What keeps updates from being brought, as Telegram tells it."""
        self._secret = ""
        self._bringing: asyncio.Task[None] | None = None
        self.inline = True
        """Whether BotFather has switched inline mode on."""
        self._chats = {
            ANNA["id"]: _private(ANNA),
            BERT["id"]: _private(BERT),
            GROUP: {"id": GROUP, "type": "supergroup", "title": "学习组"},
        }
        self._moved: dict[int, int] = {}
        self._messages: dict[tuple[int, int], dict[str, Any]] = {}
        self._pending: list[dict[str, Any]] = []
        self._latest: dict[str, Any] = {}
        self._photos: set[str] = set()
        """Ids of the photos that were uploaded."""
        self._presses: dict[str, float] = {}
        """When each press that is not acknowledged yet was made."""
        self._queries: set[str] = set()
        """Inline queries that nobody answered yet."""
        self._troubles: dict[str, list[Trouble]] = defaultdict(list)
        self._ids = itertools.count(1)
        self._poll = 0
        self._news = asyncio.Event()
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="double")
        self._port = 0

    # ── what tests do ──

    @property
    def url(self) -> str:
        """Base of the server."""
        return f"http://127.0.0.1:{self._port}"

    def say(
        self, text: str, who: Mapping[str, Any] = ANNA, chat: int | None = None, *, age: float = 0.0, **more: object
    ) -> int:
        """Somebody writes; the id of the message."""
        message = self._message(chat or who["id"], who, text, **more)
        message["date"] -= int(age)
        self._update("message", message)
        return int(message["message_id"])

    def edit(self, message: int, text: str, who: Mapping[str, Any] = ANNA, chat: int | None = None) -> None:
        """Somebody changes what they wrote."""
        edited = self._messages[chat or who["id"], message]
        edited.update(text=text, entities=_marks(text), edit_date=int(time.time()))
        self._update("edited_message", edited)

    def type(self, text: str, who: Mapping[str, Any] = ANNA) -> str:
        """Somebody types something after the bot's name in any chat; the id of the query."""
        query = str(7_000_000 + next(self._ids))
        self._queries.add(query)
        self._update("inline_query", {"id": query, "from": dict(who), "query": text, "offset": ""})
        return query

    def post(self, content: Mapping[str, Any], who: Mapping[str, Any] = ANNA, chat: int | None = None) -> None:
        """Somebody sends something that is no text."""
        self._update("message", self._message(chat or who["id"], who, None, **content))

    def press(self, message: Mapping[str, Any], label: str, who: Mapping[str, Any] = ANNA) -> str:
        """Somebody presses the button with that label; the id of the press."""
        buttons = [button for row in message["reply_markup"]["inline_keyboard"] for button in row]
        return self.press_data(message, next(button["callback_data"] for button in buttons if button["text"] == label), who)

    def press_data(self, message: Mapping[str, Any], data: str, who: Mapping[str, Any] = ANNA, *, age: float = 0.0) -> str:
        """Somebody presses a button with those data."""
        press = str(4_000_000 + next(self._ids))
        self._presses[press] = time.monotonic() - age
        query = {"id": press, "from": dict(who), "chat_instance": "77", "data": data, "message": dict(message)}
        self._update("callback_query", query)
        return press

    def join(self, number: int) -> dict[str, Any]:
        """Somebody new, with a private chat."""
        person = {"id": 10_000 + number, "is_bot": False, "first_name": f"P{number}", "language_code": "zh"}
        self._chats[person["id"]] = _private(person)
        return person

    def repeat(self) -> None:
        """Hand the latest update out once more, as after a crash before it was confirmed."""
        self._hand_out(self._latest)

    def push(self, update: Mapping[str, Any]) -> None:
        """Hand out an update as it is."""
        self._update(*next(iter(update.items())))

    def trouble(self, method: str, *troubles: Trouble) -> None:
        """Let the next requests of a method go wrong, one after the other."""
        self._troubles[method].extend(troubles)

    def move(self, chat: int, to: int) -> None:
        """Make a group a supergroup."""
        self._chats[to] = {**self._chats.pop(chat), "id": to}
        self._moved[chat] = to

    def forget(self, message: Mapping[str, Any]) -> None:
        """Delete a message."""
        del self._messages[message["chat"]["id"], message["message_id"]]

    def sent(self, chat: int = ANNA["id"]) -> list[dict[str, Any]]:
        """The bot's messages in a chat as they are now, oldest first."""
        return [
            message for (where, _), message in self._messages.items() if where == chat and message["from"]["id"] == ME["id"]
        ]

    def called(self, method: str) -> list[Call]:
        """The requests of a method as they came in."""
        return [call for call in self.calls if call.method == method]

    def fulfilled(self, method: str) -> list[Call]:
        """The requests of a method that were fulfilled."""
        return [call for call in self.done if call.method == method]

    def wait(self, done: Callable[[], object], seconds: float = 10.0) -> None:
        """Wait until something is so."""
        with self._changed:
            if not self._changed.wait_for(done, seconds):
                texts = [message.get("text") for message in self._messages.values()]
                raise AssertionError(
                    f"not within {seconds} s; calls: {[call.method for call in self.calls]}, messages: {texts}"
                )

    def answers(self, count: int, chat: int = ANNA["id"]) -> list[dict[str, Any]]:
        """The bot's messages in a chat, once there are so many."""
        self.wait(lambda: len(self.sent(chat)) >= count)
        return self.sent(chat)

    @property
    def unconfirmed(self) -> int:
        """Updates that would be handed out again."""
        return len(self._pending)

    @property
    def unacknowledged(self) -> int:
        """Presses of buttons that nobody noticed."""
        return len(self._presses)

    # ── the server ──

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    def _serve(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._open())
        self._ready.set()
        self._loop.run_forever()
        self.webhook = ""
        if self._bringing is not None:
            self._loop.run_until_complete(self._bringing)
        self._loop.run_until_complete(self._runner.cleanup())
        self._loop.close()

    async def _open(self) -> None:
        application = web.Application(client_max_size=2**24)
        application.router.add_post("/bot{token}/{method}", self._handle)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self._port = self._runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if request.match_info["token"] != TOKEN:
            return _answer(Trouble(status=401, description="Unauthorized"))
        form = await request.post()
        uploads = {name: value.file.read() for name, value in form.items() if isinstance(value, web.FileField)}
        raw = {name: f"attach://{name}" if name in uploads else str(value) for name, value in form.items()}
        values, wrong = judge(method, raw)
        wrong += [f"{method}: {fault}" for content in uploads.values() for fault in picture_faults(content)]
        with self._changed:
            self.violations.extend(wrong)
            call = Call(method=method, values=values, at=time.monotonic())
            self.calls.append(call)
            self._changed.notify_all()
        trouble = self._troubles[method].pop(0) if self._troubles[method] else self.weather(method)
        if trouble is not None and trouble.hangs:
            await asyncio.sleep(3600)
        if trouble is not None and trouble.slow:
            await asyncio.sleep(trouble.slow)
            trouble = None
        if trouble is not None and not trouble.silent:
            return _answer(trouble)
        fulfil = getattr(self, f"_{method}", None)
        if fulfil is None:
            self.violations.append(f"{method}: the double does not know it")
            return _answer(Trouble(status=404, description="Not Found"))
        try:
            result = await fulfil(values)
            self.done.append(call)
        except _RefusedError as refused:
            return _answer(refused.trouble)
        except (KeyError, TypeError, ValueError) as fault:
            self.violations.append(f"{method}: not understood ({fault!r}): {values}")
            return _answer(Trouble())
        finally:
            with self._changed:
                self._changed.notify_all()
        if trouble is not None and request.transport is not None:
            request.transport.abort()
        return web.json_response({"ok": True, "result": result})

    # ── methods of the Bot API ──

    async def _getMe(self, _: Mapping[str, Any]) -> object:
        return {**ME, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": self.inline}

    async def _deleteWebhook(self, _: Mapping[str, Any]) -> object:
        self.webhook = ""
        return True

    async def _setWebhook(self, values: Mapping[str, Any]) -> object:
        if not values["url"].startswith(("https://", "http://127.0.0.1")):
            raise _RefusedError(400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook")
        fresh = not self.webhook
        self.webhook, self._secret = values["url"], values["secret_token"]
        if fresh:
            self._bringing = asyncio.create_task(self._bring())
        return True

    async def _bring(self) -> None:
        """Bring updates to the webhook one after the other, each until it is taken."""
        async with ClientSession(timeout=ClientTimeout(10)) as session:
            while self.webhook:
                if not self._pending:
                    await asyncio.sleep(0.01)
                    continue
                update, headers = self._pending[0], {"X-Telegram-Bot-Api-Secret-Token": self._secret}
                try:
                    async with session.post(self.webhook, json=update, headers=headers) as answer:
                        self.brought.append(answer.status)
                except (ClientError, TimeoutError):
                    self.brought.append(0)
                if self.brought[-1] == 200:
                    self._pending.remove(update)
                else:
                    await asyncio.sleep(0.1)
                with self._changed:
                    self._changed.notify_all()

    async def _getWebhookInfo(self, _: Mapping[str, Any]) -> object:
        info = {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": len(self._pending)}
        return info | ({"last_error_date": 1, "last_error_message": self.webhook_error} if self.webhook_error else {})

    async def _setMyCommands(self, _: Mapping[str, Any]) -> object:
        return True

    async def _getUpdates(self, values: Mapping[str, Any]) -> object:
        if self.webhook:
            raise _RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        self._poll += 1
        mine = self._poll
        self._news.set()
        offset, until = values.get("offset", 0), time.monotonic() + values.get("timeout", 0)
        self._pending = [update for update in self._pending if update["update_id"] >= offset]
        while True:
            if mine != self._poll:
                raise _RefusedError(
                    409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
                )
            ready = self._pending[: values.get("limit", 100)]
            left = until - time.monotonic()
            if ready or left <= 0:
                return ready
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), left)
            except TimeoutError:
                continue

    async def _sendMessage(self, values: Mapping[str, Any]) -> object:
        more, parsed = self._post(values)
        return self._message(values["chat_id"], ME, parsed.text, entities=_entities(parsed), **more)

    async def _sendRichMessage(self, values: Mapping[str, Any]) -> object:
        more, parsed = self._post(values)
        return self._message(values["chat_id"], ME, parsed.text, **more)

    async def _sendPhoto(self, values: Mapping[str, Any]) -> object:
        more, parsed = self._post(values)
        uploaded = values["photo"].startswith("attach://")
        if not uploaded and values["photo"] not in self._photos:
            raise _RefusedError(400, "Bad Request: wrong remote file identifier specified")
        known = f"photo-{next(self._ids)}" if uploaded else values["photo"]
        self._photos.add(known)
        sizes = [{"file_id": known, "file_unique_id": known, "width": 900, "height": 600}]
        more |= {"photo": sizes, "caption": parsed.text, "caption_entities": _entities(parsed)}
        return self._message(values["chat_id"], ME, None, **more)

    def _post(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], Parsed]:
        """What a new message has besides its text, and the text; refused as the server does."""
        chat = values["chat_id"]
        if chat in self.blocked:
            raise _RefusedError(403, "Forbidden: bot was blocked by the user")
        if chat in self._moved:
            raise _RefusedError(
                400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=self._moved[chat]
            )
        if chat not in self._chats:
            raise _RefusedError(400, "Bad Request: chat not found")
        parsed = shown(values)
        if parsed.refusal:
            raise _RefusedError(400, f"Bad Request: {parsed.refusal}")
        answered = values.get("reply_parameters")
        more: dict[str, Any] = {}
        if answered and (chat, answered["message_id"]) in self._messages:
            more["reply_to_message"] = self._messages[chat, answered["message_id"]]
        elif answered and not answered.get("allow_sending_without_reply"):
            raise _RefusedError(400, "Bad Request: message to be replied not found")
        for name in ("reply_markup", "message_thread_id"):
            if name in values:
                more[name] = values[name]
        return more, parsed

    async def _editMessageText(self, values: Mapping[str, Any]) -> object:
        message = self._messages.get((values["chat_id"], values["message_id"]))
        if message is None or not message["from"]["is_bot"]:
            raise _RefusedError(400, "Bad Request: message to edit not found")
        parsed = shown(values)
        if parsed.refusal:
            raise _RefusedError(400, f"Bad Request: {parsed.refusal}")
        if "text" not in message:
            raise _RefusedError(400, "Bad Request: there is no text in the message to edit")
        if message["text"] == parsed.text and message.get("reply_markup") == values.get("reply_markup"):
            raise _RefusedError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message",
            )
        message.update(text=parsed.text, entities=_entities(parsed), edit_date=int(time.time()))
        message.pop("reply_markup", None)
        if "reply_markup" in values:
            message["reply_markup"] = values["reply_markup"]
        return message

    async def _answerCallbackQuery(self, values: Mapping[str, Any]) -> object:
        made = self._presses.pop(values["callback_query_id"], None)
        if made is None or time.monotonic() - made > _PRESS_LIVES:
            raise _RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        return True

    async def _answerInlineQuery(self, values: Mapping[str, Any]) -> object:
        if values["inline_query_id"] not in self._queries:
            raise _RefusedError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._queries.remove(values["inline_query_id"])
        return True

    # ── the store ──

    def _message(self, chat: int, who: Mapping[str, Any], text: str | None, **more: object) -> dict[str, Any]:
        message: dict[str, Any] = {
            "message_id": next(self._ids),
            "date": int(time.time()),
            "chat": self._chats[chat],
            "from": dict(who),
            **more,
        }
        if text is not None:
            message["text"] = text
            message.setdefault("entities", _marks(text))
        with self._changed:
            self._messages[chat, message["message_id"]] = message
        return message

    def _update(self, kind: str, content: Mapping[str, Any]) -> None:
        self._latest = {"update_id": next(_NUMBERS), kind: content}
        self._hand_out(self._latest)

    def _hand_out(self, update: dict[str, Any]) -> None:
        def hand_out() -> None:
            self._pending.append(update)
            self._news.set()

        self._loop.call_soon_threadsafe(hand_out)


def _private(person: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": person["id"], "type": "private", "first_name": person["first_name"]}


def _marks(text: str) -> list[dict[str, Any]]:
    """Commands and names, as Telegram's server marks them."""
    return [
        {
            "type": str(found.lastgroup),
            "offset": len(text[: found.start()].encode("utf-16-le")) // 2,
            "length": len(found.group().encode("utf-16-le")) // 2,
        }
        for found in _MARKS.finditer(text)
    ]


def _entities(parsed: Parsed) -> list[dict[str, Any]]:
    """Formattings, as the Bot API names them."""
    entities = []
    for found in parsed.entities:
        kind, details = found["type"]["@type"], {}
        if kind == "textEntityTypePreCode":
            details = {"language": found["type"]["language"]}
        elif kind == "textEntityTypeTextUrl":
            details = {"url": found["type"]["url"]}
        entities.append({"type": _KINDS[kind], "offset": found["offset"], "length": found["length"], **details})
    return entities


def _answer(trouble: Trouble) -> web.Response:
    if trouble.page:
        return web.Response(status=trouble.status, text="<html><h1>502 Bad Gateway</h1></html>", content_type="text/html")
    body: dict[str, Any] = {"ok": False, "error_code": trouble.status, "description": trouble.description}
    if trouble.parameters:
        body["parameters"] = dict(trouble.parameters)
    return web.Response(status=trouble.status, text=json.dumps(body), content_type="application/json")
