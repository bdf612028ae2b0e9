"""The rim to Telegram: the only part that knows python-telegram-bot.

polls       what comes in by long polling
intake      into the inbox, then on to work
work        each update until it is settled
incoming    updates into our values
outgoing    requests out, errors in our words
connections as the settings want them
probe       what Telegram says of the bot, before serving
service     start and stop
"""
