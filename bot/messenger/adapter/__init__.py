"""The rim to Telegram: the only part that knows python-telegram-bot.

polls       what comes in by long polling
incoming    updates into our values, in their order
outgoing    requests out, errors in our words
service     start and stop
"""
