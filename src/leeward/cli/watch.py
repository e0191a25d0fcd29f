"""leeward watch: findings become alerts, and people are told."""

import logging
import signal
import sys
import threading
from typing import Annotated

import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, clear_errors, fail, load_config, say
from leeward.config import Config
from leeward.console.site.setup import set_up_django
from leeward.stop import Stop

_log = logging.getLogger("leeward.watch")
_ROUND_SECONDS = 20.0


def watch_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    once: Annotated[bool, typer.Option("--once", help="Take up what is there, do what is due, then end.")] = False,
) -> None:
    """Follow what is found, open alerts and tell people; for ever or once."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    with clear_errors():
        settings = load_config(config)
        set_up_django(config)
    from leeward.console.alerts.deliver import deliverers
    from leeward.console.alerts.follow import Watch, follow

    try:
        if once:
            watch = Watch(settings)
            count = 0
            while taken := watch.turn():
                count += taken
            watch.save()
            _round(settings)
            say(f"{count} events taken up")
            return
    except ValueError as error:
        fail(f"detectors: {error}")
    stop = Stop()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    threads = [*deliverers(settings, stop), threading.Thread(target=_rounds, args=(settings, stop), daemon=True)]
    threads[-1].start()
    try:
        follow(settings, stop)
    except ValueError as error:
        fail(f"detectors: {error}")
    for thread in threads:
        thread.join(settings.mail.seconds)


def _rounds(config: Config, stop: Stop) -> None:
    from django.db import DatabaseError, close_old_connections, connection

    while not stop.is_set():
        try:
            _round(config)
        except (DatabaseError, OSError) as error:
            _log.error("digests and the weekly report wait: %s", error)
            close_old_connections()
        stop.wait(_ROUND_SECONDS)
    connection.close()


def _round(config: Config) -> None:
    from django.utils import timezone

    from leeward.console.alerts.library import publish
    from leeward.console.alerts.tasks import run_due
    from leeward.console.oversight.actions import weekly

    publish()
    run_due(config)
    weekly(timezone.localdate())
