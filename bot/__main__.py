"""The program: ``zhuiwen``, or ``python -m bot``."""

import logging
import os
import sys

from bot.cli import main


def program() -> None:
    """Run the command given and end the process.

    All that must be closed is closed when ``main`` returns; taking the interpreter and its libraries apart would keep whoever
    waits for the end of ``zhuiwen ask`` waiting for a twentieth of its time.
    """
    code = main()
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):  # nobody reads it any more, or it is closed: main has said what there is to say
            continue
    os._exit(code)


if __name__ == "__main__":
    program()
