"""The rim to Telegram: the only part that knows python-telegram-bot.

webhook     updates brought by Telegram
polling     long polling: begin, watch, end
polls       what comes in by it
intake      into the inbox, then on to work
work        each update until it is settled
incoming    updates into our values
outgoing    requests out, errors in our words
connections as the settings want them
probe       what Telegram says of the bot, before serving
beginning   the first words with the server
service     everything put together, start and stop
"""
