"""``zhuiwen telegram --check``: looks at everything that serving needs, and says at once what to mend and how."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec

from bot.messenger import hook
from bot.messenger.findings import Finding, Verdict, fault
from bot.persons import installation_key
from bot.settings import Settings, SettingsError
from bot.state import State
from index.searcher import Searcher
from knowledge.problems import ZhuiwenError


def checkup(settings: Settings, open_searcher: Callable[[], Searcher]) -> list[Finding]:
    """All findings: the settings, the folder of state, the knowledge with its index, and what Telegram says of the bot."""
    return [*_state(settings), *_knowledge(open_searcher), *_telegram(settings)]


def _state(settings: Settings) -> Iterator[Finding]:
    try:
        with State(settings.data):
            installation_key(settings.data)
    except ZhuiwenError as error:
        yield fault("state", str(error), error.exit_code)
    else:
        yield Finding(subject="state", text=str(settings.data))


def _knowledge(open_searcher: Callable[[], Searcher]) -> Iterator[Finding]:
    try:
        searcher = open_searcher()
    except ZhuiwenError as error:
        yield fault("knowledge", f"{error}\n«zhuiwen check» finds what else there may be", error.exit_code)
    else:
        yield Finding(subject="knowledge", text=f"{len(searcher.entry_ids)} entries, indexed")


def _telegram(settings: Settings) -> Iterator[Finding]:
    if find_spec("matplotlib") is None:
        advice = "wide ones are shown as text only; install zhuiwen[formulas] to have them drawn"
        yield Finding(subject="formulas", text=advice, verdict=Verdict.ADVICE)
    for text in (*hook.problems(settings), *_lacking(settings)):
        yield fault("settings", text, SettingsError.exit_code)
    from bot.messenger.adapter.probe import probe  # noqa: PLC0415 — the library is loaded by those only who serve

    try:
        yield from probe(settings)
    except SettingsError as error:
        yield fault("settings", str(error), error.exit_code)


def _lacking(settings: Settings) -> Iterator[str]:
    """What the settings want and the installation does not have."""
    if settings.telegram_webhook_url is not None and find_spec("tornado") is None:
        yield "ZHUIWEN_TELEGRAM_WEBHOOK_URL is set; for that install zhuiwen[webhook]"
    if settings.telegram_metrics is not None and find_spec("prometheus_client") is None:
        yield "ZHUIWEN_TELEGRAM_METRICS is set; for that install zhuiwen[metrics]"
    if settings.telegram_health is not None and not settings.telegram_health.parent.is_dir():
        yield f"ZHUIWEN_TELEGRAM_HEALTH: there is no folder {settings.telegram_health.parent}; make it, or name another"
