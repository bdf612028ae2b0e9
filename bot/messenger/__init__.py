"""The Telegram front end: what came in is decoded, the dialogue takes its turn, and the reply is rendered and delivered.

    adapter     the only part that knows python-telegram-bot: updates in, requests out, start and stop
    exchange    one turn for one message or one button
    commands    commands that are a matter of this front end
    records     votes, reports and choices
    display     how a chat wants its answers shown
    rendering   replies into messages
    gate        who is answered, and how often
    hearing     what of a message is meant for the bot
    buttons     keyboards and their callback data
    markup      Markdown to styled text, and styled text to Telegram's HTML
    pieces      styled text into messages that Telegram takes
    delivery    what to do when a message cannot be delivered
    checkup     whether everything is there that serving needs
    findings    what that brought to light, as text
    alone       one process at a time for a bot
    order       one thing at a time within a chat
    pace        when the next message may go out
    hook        what the settings of a webhook have to be
    meter       what is counted; metrics tells it to Prometheus
    health      a file that says that all is well
    redact      logging without secrets

Everything but the adapter is free of Telegram's types, so that it can be tested without a network.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.state import State
    from bot.talk import Talk


def run(talk: "Talk", settings: "Settings", state: "State") -> int:
    """Serve as a Telegram bot until stopped; the exit code.

    Raises:
        SettingsError: A setting is missing or cannot be used.
        DeliveryError: Telegram refuses the token or is out of reach, or somebody else polls with it.
    """
    from bot.messenger.adapter.service import run as serve  # noqa: PLC0415 — the library is loaded by those only who serve

    return serve(talk, settings, state)
