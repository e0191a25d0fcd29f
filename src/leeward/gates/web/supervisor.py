"""The gateway's parent process: opens the doors, starts workers, replaces those that die, answers for health."""

import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NamedTuple

from leeward.config import Config, ConfigError, make_secret
from leeward.gates.web.admin import AdminServer
from leeward.gates.web.certs import create_authority
from leeward.gates.web.doors import check_free, listen, split_address
from leeward.gates.web.gate import ca_folder
from leeward.gates.web.scan import library_folder
from leeward.stop import Stop
from leeward.text.library import make_ready

_log = logging.getLogger("leeward.gateway")
_BACKOFF = (0.05, 0.2, 1.0, 3.0, 10.0)  # seconds before a dead worker is started again


class Door(NamedTuple):
    """A listening socket of one worker."""

    mode: str
    sock: socket.socket


class Supervisor:
    """Keeps N workers alive. Each has its own listening sockets (SO_REUSEPORT), which outlive it."""

    def __init__(self, config: Config, config_path: Path) -> None:
        self.config = config
        self.config_path = config_path
        self.count = config.gateway.workers or os.cpu_count() or 1
        self.restarts = 0
        self._doors: list[list[Door]] = []
        self._workers: dict[int, subprocess.Popen[bytes]] = {}
        self._died: dict[int, list[float]] = {}
        self._stopping = Stop()
        self._reload = threading.Event()
        self._admin: AdminServer | None = None

    def prepare(self) -> None:
        """State folder, secret, CA. Raises ConfigError."""
        state = self.config.state_path
        for place in (state, state / "run"):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        for stale in (state / "run").glob("worker-*"):
            stale.unlink(missing_ok=True)
        make_secret(state / "secret")
        create_authority(ca_folder(self.config), name="Leeward school CA")
        if self.config.gateway.library:
            make_ready(library_folder(self.config))

    def open_doors(self) -> None:
        """Listening sockets. Raises ConfigError if an address is taken."""
        gateway = self.config.gateway
        wanted = [("explicit", text) for text in gateway.listen] + [
            ("transparent", text) for text in gateway.transparent
        ]
        fixed: list[tuple[str, str, int]] = []
        for mode, text in wanted:
            host, port = split_address(text)
            check_free(host, port)
            probe = listen(host, port)  # port 0: the first socket finds a free one for all
            fixed.append((mode, host, probe.getsockname()[1]))
            if not self._doors:
                self._doors = [[] for _ in range(self.count)]
            self._doors[0].append(Door(mode, probe))
        for number in range(1, self.count):
            self._doors[number] = [Door(mode, listen(host, port)) for mode, host, port in fixed]

    @property
    def ports(self) -> list[int]:
        """The ports of the doors."""
        return [door.sock.getsockname()[1] for door in self._doors[0]]

    def start(self) -> None:
        """Start the workers and the health page. Raises ConfigError if its address is taken."""
        try:
            self._admin = AdminServer(self) if self.config.gateway.admin else None
        except OSError as error:
            raise ConfigError(f"gateway.admin {self.config.gateway.admin} can't be opened: {error.strerror}") from error
        for number in range(self.count):
            self._start(number)
        if self._admin is not None:
            self._admin.start()

    def run(self) -> None:
        """Serve until SIGTERM or SIGINT; SIGHUP reloads."""
        try:
            while not self._stopping.wait(0.05):
                self._look_after()
        finally:
            self._stop_all()

    def stop(self) -> None:
        """End it; called by a signal."""
        self._stopping.set()

    def reload(self) -> None:
        """Tell the workers to read the configuration again."""
        self._reload.set()

    def _start(self, number: int) -> None:
        doors = self._doors[number]
        arguments = [f"{door.mode}:{door.sock.fileno()}" for door in doors]
        command = [sys.executable, "-m", "leeward.gates.web.worker", str(self.config_path), str(number), *arguments]
        # A worker that is still starting must not die of a SIGHUP: it is blocked until the worker listens to it.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGHUP})
        try:
            self._workers[number] = subprocess.Popen(
                command, pass_fds=[door.sock.fileno() for door in doors], stdin=subprocess.DEVNULL
            )
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

    def _look_after(self) -> None:
        if self._reload.is_set():
            self._reload.clear()
            for worker in self._workers.values():
                worker.send_signal(signal.SIGHUP)
        for number, worker in list(self._workers.items()):
            if worker.poll() is not None:
                self._replace(number, worker.returncode)

    def _replace(self, number: int, code: int) -> None:
        now = time.monotonic()
        died = [at for at in self._died.get(number, []) if now - at < 60]
        wait = _BACKOFF[min(len(died), len(_BACKOFF) - 1)]
        if died and now - died[-1] < wait:
            return
        self._died[number] = [*died, now]
        self.restarts += 1
        _log.warning("worker %d ended with %d; a new one takes its place", number, code)
        self._start(number)

    def _stop_all(self) -> None:
        if self._admin is not None:
            self._admin.stop()
        for worker in self._workers.values():
            worker.terminate()
        end = time.monotonic() + 15
        for worker in self._workers.values():
            try:
                worker.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                worker.kill()
                worker.wait()
        for doors in self._doors:
            for door in doors:
                door.sock.close()

    def alive(self) -> int:
        """How many workers run."""
        return sum(worker.poll() is None for worker in self._workers.values())

    def pids(self) -> list[int]:
        """Process ids of the workers."""
        return [worker.pid for worker in self._workers.values()]
