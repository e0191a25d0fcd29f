"""leeward upkeep: lists on schedule, sessions that ran out."""

import logging
import signal
import sys
from typing import Annotated

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, clear_errors, load_config, say
from leeward.stop import Stop
from leeward.upkeep.round import look_after_lists, rounds
from leeward.upkeep.sessions import end_expired


def upkeep_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    once: Annotated[bool, typer.Option("--once", help="One round, then end.")] = False,
) -> None:
    """Bring lists when they are due, compile what changed and end sessions that ran out; for ever or once."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    with clear_errors():
        settings = load_config(config)
        if once:
            ended = end_expired(settings)
            compiled = look_after_lists(config.resolve(), settings, asked=False)
            say(f"{ended} sessions ended; lists {'compiled' if compiled else 'unchanged'}")
            return
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    rounds(config.resolve(), stop)
