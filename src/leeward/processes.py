"""Starts the platform's parts as processes of their own, restarts those that die, and ends them together."""

import logging
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

from leeward.config import Config
from leeward.gates.web.doors import check_free, split_address
from leeward.stop import Stop

_log = logging.getLogger("leeward")
_RESTART_SECONDS = 1.0


def answers(url: str) -> bool:
    """Whether anybody answers there at all."""
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own address
            return True
    except urllib.error.HTTPError as error:
        error.close()
        return True
    except OSError:
        return False


class PartFailed(Exception):
    """A part did not start. The message says which, and what it said last."""


class Parts:
    """The running parts. Each is `leeward COMMAND --config FILE`; what it says goes to a file of its own."""

    def __init__(self, config: Path, log_folder: Path) -> None:
        self._config = config
        self._logs = log_folder
        log_folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._commands: dict[str, list[str]] = {}
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._stopping = Stop()

    def start(self, name: str, *arguments: str) -> None:
        """Start a part."""
        self._commands[name] = [sys.executable, "-m", "leeward", name, "--config", str(self._config), *arguments]
        self._spawn(name)

    def _spawn(self, name: str) -> None:
        with self._log_path(name).open("ab") as log:
            self._running[name] = subprocess.Popen(
                self._commands[name], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def _log_path(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def wait_until(self, name: str, is_ready: Callable[[], bool], *, seconds: float) -> None:
        """Wait for a part. Raises PartFailed if it ends or takes too long."""
        deadline = time.monotonic() + seconds
        while not is_ready():
            if self._running[name].poll() is not None or time.monotonic() > deadline:
                lines = self._log_path(name).read_text(errors="replace").splitlines()[-3:]
                raise PartFailed(f"{name} did not start: {' / '.join(lines) or 'it said nothing'}")
            time.sleep(0.05)

    def start_all(self, config: Config) -> None:
        """Gateway, ingest, upkeep, console and watch. Raises PartFailed, or ConfigError if an address is taken."""
        for address in (config.console.listen, *config.gateway.listen):
            check_free(*split_address(address))
        for name in ("gateway", "ingest", "upkeep", "console", "watch"):
            self.start(name)
        self.wait_until("gateway", lambda: answers(f"http://{config.gateway.admin}/health"), seconds=120)
        self.wait_until("console", lambda: answers(f"http://{config.console.listen}/console/sign-in"), seconds=60)

    def look_after(self, *, seconds: float | None = None) -> None:
        """Restart parts that die, until `stop` or for some seconds."""
        end = None if seconds is None else time.monotonic() + seconds
        while not self._stopping.wait(0.2):
            if end is not None and time.monotonic() > end:
                return
            for name, process in list(self._running.items()):
                if process.poll() is not None:
                    _log.warning("%s ended with %s; it is started again", name, process.returncode)
                    self._stopping.wait(_RESTART_SECONDS)
                    if not self._stopping.is_set():
                        self._spawn(name)

    @property
    def stopping(self) -> bool:
        """Whether the end was asked for."""
        return self._stopping.is_set()

    def request_stop(self) -> None:
        """Let `look_after` return; for signal handlers."""
        self._stopping.set()

    def stop(self) -> None:
        """End all parts: asked first, made to after 20 seconds."""
        self._stopping.set()
        for process in reversed(self._running.values()):
            process.terminate()
        for process in self._running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def pids(self) -> dict[str, int]:
        """Process ids by part."""
        return {name: process.pid for name, process in self._running.items()}
