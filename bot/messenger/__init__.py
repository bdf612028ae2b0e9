"""The Telegram front end: what came in is decoded, the dialogue takes its turn, and the reply is rendered and delivered.

    adapter     the only module that knows python-telegram-bot: updates in, requests out, start and stop
    exchange    one turn for one message or one button
    hearing     what of a message is meant for the bot
    buttons     keyboards and their callback data
    markup      Markdown to styled text, and styled text to Telegram's HTML
    pieces      styled text into messages that Telegram takes
    delivery    what to do when a message cannot be delivered
    pace        when the next message may go out
    redact      logging without secrets

Everything but the adapter is free of Telegram's types, so that it can be tested without a network.
"""
