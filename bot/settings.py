"""Settings: what they are called, what they mean and what they may be.  The only module that knows their names.

The environment wins over a file ``.env`` in the working directory, that over the defaults.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from knowledge.model import Lang
from knowledge.problems import ZhuiwenError

PREFIX = "ZHUIWEN_"
_HIDDEN = ("token", "secret")
"""Settings whose values are not shown."""
Record = Literal["off", "unanswered"]
TELEGRAM_API = "https://api.telegram.org"


class SettingsError(ZhuiwenError):
    """Settings that cannot be used; names each, its value and the remedy."""

    exit_code = 5


class Secret:
    """A text that must not be seen: its repr and str hide it."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        """Take the text."""
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    def __repr__(self) -> str:
        """Nothing of the text."""
        return "Secret(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set."""

    knowledge: Path | None = None
    """Folder of the knowledge; ``None`` for the built-in one."""
    data: Path
    """Folder of the state and the indexes."""
    lang: Lang | None = None
    """Language of the replies; ``None`` for that of the question."""
    record: Record | None = None
    """Whether unanswered questions are kept; ``None`` for the front end's default."""
    telegram_token: Secret | None = None
    telegram_api_url: str = TELEGRAM_API
    """Base of the Bot API server."""
    telegram_proxy: str | None = field(default=None, repr=False)  # its address may hold a password
    """http://… or socks5://…"""
    telegram_webhook_url: str | None = None
    telegram_webhook_secret: Secret | None = None
    telegram_webhook_listen: str | None = None
    """host:port on which the webhook listens."""
    telegram_allowed: frozenset[int] = frozenset()
    """Ids of the people and chats that are answered; empty for everybody."""
    telegram_limit: tuple[int, float] | None = (30, 60.0)
    """How many questions one person may ask in how many seconds; ``None`` for any number."""
    telegram_metrics: str | None = None
    """host:port on which counts for Prometheus can be fetched."""
    telegram_health: Path | None = None
    """File that is written while the bot is well."""
    telegram_rich: bool = False
    """Whether native rich messages are the default."""


def names() -> tuple[str, ...]:
    """The names of all settings."""
    return tuple(PREFIX + name.upper() for name in _READERS)


def read_settings(environment: Mapping[str, str], folder: Path) -> tuple[Settings, list[str]]:
    """The settings, and a warning for each name that is probably a slip.

    Args:
        environment: The environment.
        folder: Where to look for ``.env``.

    Raises:
        SettingsError: Values that cannot be used; all of them at once.
    """
    file = folder / ".env"
    given = {**(_stored(file) if file.is_file() else {}), **environment}
    values: dict[str, object] = {}
    wrong: list[str] = []
    for name, reader in _READERS.items():
        text = given.get(PREFIX + name.upper(), "").strip()
        if text:
            try:
                values[name] = reader(text)
            except ValueError as fault:
                shown = "" if name.endswith(_HIDDEN) or "@" in text else f" is {text!r}, but"
                wrong.append(f"{PREFIX}{name.upper()}{shown} {fault}")
    if wrong:
        raise SettingsError("\n".join(["settings that cannot be used:", *(f"  {line}" for line in wrong)]))
    known = names()
    slips = sorted(name for name in given if name.startswith(PREFIX) and name not in known)
    if "data" not in values:
        values["data"] = _default_data()
    return Settings(**values), [_slip(name, known) for name in slips]  # type: ignore[arg-type]


def _default_data() -> Path:
    from platformdirs import user_data_path  # noqa: PLC0415 — who sets the folder need not pay for the import

    try:
        return user_data_path("zhuiwen", appauthor=False)
    except RuntimeError as fault:
        raise SettingsError("there is no home folder to keep data in; set ZHUIWEN_DATA") from fault


def _stored(file: Path) -> dict[str, str]:
    from dotenv import dotenv_values  # noqa: PLC0415 — most have no such file, and all would pay for the import

    try:
        values = dotenv_values(file, encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        why = "it is not UTF-8" if isinstance(fault, UnicodeDecodeError) else fault.strerror
        raise SettingsError(f"{file} cannot be read: {why}; mend or remove it") from fault
    return {name: value for name, value in values.items() if value is not None}


def _slip(name: str, known: tuple[str, ...]) -> str:
    import difflib  # noqa: PLC0415 — only where something was misspelt

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.8)
    return f"there is no setting {name}; " + (f"did you mean {near[0]}?" if near else "see .env.example")


def _path(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError as fault:
        raise ValueError("has no home folder to stand for ~; write the whole path") from fault


def _lang(text: str) -> Lang | None:
    if text.lower() in ("auto", "zh", "en"):
        return {"zh": "zh", "en": "en"}.get(text.lower())  # type: ignore[return-value]
    raise ValueError("must be zh, en or auto")


def _record(text: str) -> Record:
    if text.lower() == "off":
        return "off"
    if text.lower() == "unanswered":
        return "unanswered"
    raise ValueError("must be off or unanswered")


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise ValueError("must begin with http:// or https://")
    return text.rstrip("/")


def _proxy(text: str) -> str:
    if not text.startswith(("http://", "https://", "socks5://", "socks5h://")):
        raise ValueError("must begin with http://, https:// or socks5://")
    return text


def _listen(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:  # noqa: PLR2004 — the range of ports
        raise ValueError("must be host:port, such as 127.0.0.1:8443")
    return text


def _ids(text: str) -> frozenset[int]:
    try:
        return frozenset(int(part) for part in text.replace(",", " ").split())
    except ValueError:
        raise ValueError("must be ids of people and chats, such as 123456789, -1001234567890") from None


def _limit(text: str) -> tuple[int, float] | None:
    if text.lower() == "off":
        return None
    most, _, seconds = (part.strip() for part in text.partition("/"))
    if not (most.isdecimal() and seconds.isdecimal() and int(most) and int(seconds)):
        raise ValueError("must be questions/seconds, such as 30/60, or off")
    return int(most), float(seconds)


def _flag(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError("must be on or off")


_READERS: Mapping[str, Callable[[str], object]] = {
    "knowledge": _path,
    "data": _path,
    "lang": _lang,
    "record": _record,
    "telegram_token": Secret,
    "telegram_api_url": _url,
    "telegram_proxy": _proxy,
    "telegram_webhook_url": _url,
    "telegram_webhook_secret": Secret,
    "telegram_webhook_listen": _listen,
    "telegram_allowed": _ids,
    "telegram_limit": _limit,
    "telegram_metrics": _listen,
    "telegram_health": _path,
    "telegram_rich": _flag,
}
