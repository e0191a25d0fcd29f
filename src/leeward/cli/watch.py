"""leeward watch: findings become alerts, and people are told."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
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
    from leeward.console.alerts.follow import Watch, alone, follow

    try:
        if once:
            with alone(settings):
                watch = Watch(settings)
                count = 0
                while taken := watch.turn():
                    count += taken
                watch.save()
            for task in _tasks(settings):
                task()
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
        with alone(settings):
            follow(settings, stop)
    except ValueError as error:
        fail(f"detectors: {error}")
    for thread in threads:
        thread.join(settings.mail.seconds)


def _rounds(config: Config, stop: Stop) -> None:
    from django.db import close_old_connections, connection

    while not stop.is_set():
        for task in _tasks(config):
            try:
                task()
            except Exception as error:  # one that fails keeps no other from its hour
                _log.error("%s waits: %s", task.__name__, error)
                close_old_connections()
        stop.wait(_ROUND_SECONDS)
    connection.close()


def _tasks(config: Config) -> list[Callable[[], None]]:
    from django.utils import timezone

    from leeward.console.activity import actions as activity
    from leeward.console.alerts.library import publish
    from leeward.console.alerts.tasks import erase, run_due
    from leeward.console.oversight import actions as oversight
    from leeward.console.worries import actions as worries

    def what_is_looked_for() -> None:
        publish()

    def digests_and_reports() -> None:
        run_due(config)

    def samples() -> None:
        oversight.weekly(timezone.localdate())

    def what_is_kept_no_longer() -> None:
        for forget in (erase, worries.erase, oversight.erase, activity.erase):
            forget(config, timezone.now())

    return [what_is_looked_for, digests_and_reports, samples, what_is_kept_no_longer]
