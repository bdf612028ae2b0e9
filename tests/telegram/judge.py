"""Judges requests to the Bot API by other people's knowledge of it.

aiogram's models are generated from Telegram's documentation and say which methods, parameters and types there are; since
they let unknown parameters pass, those are looked for here, at every depth.  TDLib parses formatted texts.  Limits that
neither knows are written out: they stand in the documentation and in TDLib.
"""

import inspect
import json
import re
import struct
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import aiogram.methods
from aiogram.methods.base import TelegramMethod
from pydantic import BaseModel, ValidationError

from tests.telegram.tdlib import Parsed, parse_html

METHODS: Mapping[str, type[TelegramMethod[Any]]] = {
    method.__api_method__: method
    for _, method in inspect.getmembers(aiogram.methods, inspect.isclass)
    if issubclass(method, TelegramMethod) and method is not TelegramMethod
}
UPDATES = frozenset(
    "message edited_message channel_post edited_channel_post business_connection business_message edited_business_message"
    " deleted_business_messages message_reaction message_reaction_count inline_query chosen_inline_result callback_query"
    " shipping_query pre_checkout_query purchased_paid_media poll poll_answer my_chat_member chat_member chat_join_request"
    " chat_boost removed_chat_boost".split()
)
_ACTIONS = frozenset(
    "url callback_data web_app login_url switch_inline_query switch_inline_query_current_chat switch_inline_query_chosen_chat"
    " copy_text callback_game pay".split()
)


def judge(method: str, raw: Mapping[str, str]) -> tuple[dict[str, Any], list[str]]:
    """The parameters of a request with their types, and everything that is wrong with it."""
    model = METHODS.get(method)
    if model is None:
        return dict(raw), [f"{method}: there is no such method"]
    values: dict[str, Any] = {}
    wrong: list[str] = []
    for name, text in raw.items():
        field = model.model_fields.get(name)
        if field is None:
            wrong.append(f"{method}: there is no parameter {name}")
            continue
        try:
            values[name] = _value(text, _kinds(field.annotation))
        except ValueError:
            wrong.append(f"{method}: {name} is no JSON: {text!r}")
    try:
        request = model.model_validate(values)
    except ValidationError as fault:
        wrong.extend(f"{method}: {'.'.join(map(str, error['loc']))}: {error['msg']}" for error in fault.errors())
        return values, wrong
    wrong.extend(f"{method}: unknown {path}" for path in _extras(request, ""))
    wrong.extend(f"{method}: {fault}" for fault in _limits(method, values))
    return values, wrong


def shown(values: Mapping[str, Any]) -> Parsed:
    """What of the text of a request a person sees."""
    if "rich_message" in values:
        return Parsed(text=values["rich_message"]["markdown"])
    text = values["caption"] if "caption" in values else values["text"]
    return parse_html(text) if values.get("parse_mode") == "HTML" and text else Parsed(text=text)


def picture_faults(content: bytes) -> list[str]:
    """What keeps Telegram from taking a PNG as a photo."""
    if not content.startswith(b"\x89PNG\r\n\x1a\n"):
        return ["the photo is no PNG"]
    width, height = struct.unpack(">II", content[16:24])
    faults = {
        "the photo is larger than 10 MB": len(content) > 10 * 2**20,
        "its width and height are more than 10000 together": width + height > 10_000,
        "its sides differ more than 20 times": max(width, height) > 20 * min(width, height),
    }
    return [fault for fault, found in faults.items() if found]


def _kinds(annotation: Any) -> set[Any]:  # noqa: ANN401 — whatever the models say
    """The alternatives of a type."""
    if typing.get_origin(annotation) in (typing.Union, types.UnionType):
        return {kind for argument in typing.get_args(annotation) for kind in _kinds(argument)}
    return {annotation} if isinstance(annotation, type) else set()


def _value(text: str, kinds: set[Any]) -> Any:  # noqa: ANN401 — JSON
    """A form value: text where the method wants text, else JSON."""
    if str in kinds:
        return int(text) if int in kinds and re.fullmatch(r"-?\d+", text) else text
    return json.loads(text)


def _extras(value: object, path: str) -> Iterator[str]:
    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or ())
        for name in type(value).model_fields:
            yield from _extras(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _extras(item, path)


def _limits(method: str, values: Mapping[str, Any]) -> Iterator[str]:
    if "text" in values and method in ("sendMessage", "editMessageText"):
        yield from _text_limits(values)
    if "rich_message" in values:
        yield from _rich_limits(values)
    if method in _LIMITS:
        yield from _LIMITS[method](values)
    if "reply_markup" in values:
        yield from _keyboard_limits(values["reply_markup"])


def _acknowledgement_limits(values: Mapping[str, Any]) -> Iterator[str]:
    if len(values.get("text", "")) > 200:
        yield "the text of an acknowledgement is longer than 200 characters"


def _poll_limits(values: Mapping[str, Any]) -> Iterator[str]:
    unknown = set(values.get("allowed_updates", ())) - UPDATES
    if unknown:
        yield f"there are no updates {unknown}"
    if "allowed_updates" not in values:
        yield "allowed_updates is not named, so an older list persists"
    if values.get("timeout", 0) > 50 or not 1 <= values.get("limit", 100) <= 100:
        yield "timeout over 50 or limit outside 1 to 100"


def _webhook_limits(values: Mapping[str, Any]) -> Iterator[str]:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", values.get("secret_token", "")):
        yield "a webhook without a secret, or with one that cannot be"
    if not values.get("allowed_updates") or set(values["allowed_updates"]) - UPDATES:
        yield "allowed_updates is not named, or names what there is not"


def _command_limits(values: Mapping[str, Any]) -> Iterator[str]:
    for command in values.get("commands", ()):
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]) or not 1 <= len(command["description"]) <= 256:
            yield f"a command that cannot be: {command}"


def _caption_limits(values: Mapping[str, Any]) -> Iterator[str]:
    yield from _text_limits(values, longest=1024)


def _text_limits(values: Mapping[str, Any], *, longest: int = 4096) -> Iterator[str]:
    if values.get("parse_mode") not in (None, "HTML"):
        yield "another parse mode than HTML"
        return
    parsed = shown(values)
    if parsed.refusal:
        yield f"{parsed.refusal}: {values!r}"
    elif not parsed.text.strip() and "text" in values:
        yield "message text is empty"
    if parsed.units > longest:
        yield f"{parsed.units} UTF-16 units"
    if len(parsed.entities) > 100:
        yield f"{len(parsed.entities)} entities"


def _rich_limits(values: Mapping[str, Any]) -> Iterator[str]:
    """What TDLib's options allow; no parser of rich Markdown is at hand."""
    if list(values["rich_message"]) != ["markdown"] or "text" in values or "parse_mode" in values:
        yield "not just Markdown in a rich message, or a text beside it"
    elif not 1 <= len(values["rich_message"]["markdown"].strip()) <= 32_768:
        yield "a rich message without text or of more than 32768 characters"


def _offer_limits(values: Mapping[str, Any]) -> Iterator[str]:
    results = values["results"]
    ids = [result["id"] for result in results]
    if len(results) > 50 or len(set(ids)) < len(ids) or not all(1 <= len(id_.encode()) <= 64 for id_ in ids):
        yield "more than 50 offers, or ids that are not unique or not of 1 to 64 bytes"
    for result in results:
        yield from _text_limits({**result["input_message_content"], "text": result["input_message_content"]["message_text"]})


def _keyboard_limits(markup: Mapping[str, Any]) -> Iterator[str]:
    rows = markup.get("inline_keyboard", [])
    if not rows or not all(rows):
        yield "a keyboard or a row without buttons"
    if sum(map(len, rows)) > 100 or any(len(row) > 8 for row in rows):
        yield "more than 100 buttons, or more than 8 in a row"
    for button in (button for row in rows for button in row):
        if not button["text"].strip() or len(_ACTIONS & button.keys()) != 1:
            yield f"a button without text or with several actions or none: {button}"
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            yield f"callback data outside of 1 to 64 bytes: {button}"


_LIMITS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[str]]] = {
    "sendPhoto": _caption_limits,
    "answerInlineQuery": _offer_limits,
    "answerCallbackQuery": _acknowledgement_limits,
    "getUpdates": _poll_limits,
    "setWebhook": _webhook_limits,
    "setMyCommands": _command_limits,
}
