"""leeward ingest: the spool into the store."""

import logging
import signal
import sys
import time
from typing import Annotated

import duckdb
import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.config import Config
from leeward.stop import Stop
from leeward.store.ingest import Ingest

_log = logging.getLogger("leeward.ingest")
_TIDY_SECONDS = 600.0


def run_ingest(config: Config, stop: Stop) -> None:
    """Ingest until told to stop. A full disk is waited out: the spool keeps what it has."""
    ingest = Ingest(config.state_path / "spool", config.state_path / "store")
    tidied = 0.0
    while not stop.is_set():
        try:
            ingest.run()
            if time.monotonic() - tidied > _TIDY_SECONDS:
                tidied = time.monotonic()
                ingest.join_parts()
                ingest.drop_old(config.store.retention_days)
                ingest.drop_unread()
        except (OSError, duckdb.Error) as error:
            _log.error("events wait in the spool: %s", error)
        stop.wait(config.store.ingest_seconds)
    ingest.close()


def ingest_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    once: Annotated[bool, typer.Option("--once", help="One pass, then end.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Move events from the spool into the store, for ever or once."""
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s", stream=sys.stderr)
    with clear_errors():
        settings = load_config(config)
    if not once:
        stop = Stop()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stop.set())
        run_ingest(settings, stop)
        return
    ingest = Ingest(settings.state_path / "spool", settings.state_path / "store")
    done = ingest.run()
    ingest.join_parts()
    dropped = ingest.drop_old(settings.store.retention_days)
    ingest.close()
    if as_json:
        say_json({"segments": done.segments, "rows": done.rows, "dropped_parts": dropped})
    else:
        say(f"{done.rows:,} events from {done.segments} segments; {dropped} old parts dropped")
