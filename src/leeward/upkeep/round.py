"""One round of the upkeep, and the rounds one after another."""

import logging
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from leeward.config import Config, ConfigError, load
from leeward.stop import Stop
from leeward.upkeep.compiling import Compiled, is_changed
from leeward.upkeep.library import bring_library
from leeward.upkeep.lists import bring, is_asked
from leeward.upkeep.sessions import end_expired

_log = logging.getLogger("leeward.upkeep")
_LISTS_SECONDS = 60.0


def look_after_lists(config_path: Path, config: Config, *, asked: bool) -> bool:
    """Fetch what is due, or everything if asked; compile if any list changed. Returns whether it compiled.

    Compiling is a process of its own: a million names leave nothing behind in this one's memory.
    """
    for row in bring(config, only_due=not asked):
        if row.failure:
            _log.warning("%s", row.failure)
    if not asked and not is_changed(config):
        return False
    command = [sys.executable, "-m", "leeward", "compile", "--config", str(config_path), "--json"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    if not done.stdout:
        _log.error("nothing was compiled: %s", done.stderr.strip())
        return False
    return not msgspec.json.decode(done.stdout, type=Compiled).reused


def rounds(config_path: Path, stop: Stop) -> None:
    """Go round until told to stop. A configuration that became faulty is reported; the last good one counts."""
    config = load(config_path)
    looked = -_LISTS_SECONDS
    while not stop.is_set():
        try:
            config = load(config_path)
        except ConfigError as error:
            _log.error("the configuration as it was still counts: %s", error)
        try:
            end_expired(config)
            asked = is_asked(config)
            if asked or time.monotonic() - looked >= _LISTS_SECONDS:
                looked = time.monotonic()
                if version := bring_library(config):
                    _log.info("version %s of the phrase library counts now", version)
                look_after_lists(config_path, config, asked=asked)
        except OSError as error:
            _log.error("tried again in a moment: %s", error)
        stop.wait(1.0)
