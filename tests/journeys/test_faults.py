"""The whole gateway under fault: thousands who say nothing, a full disk, death in the middle of load."""

import contextlib
import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx
import pytest

from leeward.store.ingest import Ingest
from leeward.store.read import Store
from leeward.upkeep.health import gateway_health
from tests.gates.web.origin import ANSWERS
from tests.gates.web.running import RunningGateway

pytestmark = [pytest.mark.journey, pytest.mark.timeout(180)]
IDLE = 5_000


@pytest.fixture
def many_files() -> Iterator[None]:
    """Room for thousands of sockets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 2 * IDLE + 1_000
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(wanted, hard)), hard))
    yield
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.usefixtures("many_files")
def test_five_thousand_who_say_nothing_keep_nobody_waiting(tmp_path: Path) -> None:
    with RunningGateway(tmp_path, head_seconds=120.0) as gateway, contextlib.ExitStack() as idle:
        for number in range(IDLE):
            sock = idle.enter_context(socket.create_connection(("127.0.0.1", gateway.port), 10))
            if number % 2:
                sock.sendall(b"GET http://ok.test/ HTTP/1.1\r\nHo")
        for _ in range(20):
            began = time.monotonic()
            assert b"Hello from the origin" in gateway.get(gateway.url("ok.test"))
            assert time.monotonic() - began < 5


def test_a_server_that_drips_or_never_answers_holds_up_nobody_else(gateway: RunningGateway) -> None:
    def drip(sock: socket.socket, request: bytes) -> None:
        sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/css\r\nContent-Length: 100000\r\n\r\n")
        with contextlib.suppress(OSError):
            for _turn in range(100):
                sock.sendall(b"x")
                time.sleep(0.1)

    def silent(sock: socket.socket, request: bytes) -> None:
        time.sleep(20)

    ANSWERS[b"/drip"] = drip
    ANSWERS[b"/silent"] = silent
    waiting = [threading.Thread(target=gateway.get, args=(gateway.url("ok.test", path),), daemon=True)
               for path in ("/drip", "/silent") for _ in range(20)]  # fmt: skip
    for thread in waiting:
        thread.start()
    time.sleep(0.5)
    for _ in range(10):
        began = time.monotonic()
        assert b"Hello from the origin" in gateway.get(gateway.url("ok.test"))
        assert time.monotonic() - began < 1
    assert b"HTTP/1.1 504" in gateway.get(gateway.url("ok.test", "/silent"))


@pytest.mark.skipif(os.geteuid() != 0, reason="a small file system can only be mounted as root")
def test_a_full_disk_stops_no_filtering_turns_health_red_and_damages_nothing(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(disk)], check=False).returncode:
        pytest.skip("this machine lets nobody mount a file system")
    try:
        with RunningGateway(disk) as gateway:
            assert b"Hello from the origin" in gateway.get(gateway.url("ok.test", "/?before"))
            gateway.events(path="/?before")
            room = shutil.disk_usage(disk).free
            with (disk / "filler").open("wb") as filler, contextlib.suppress(OSError):
                filler.write(bytes(room + 1_000_000))
            for number in range(200):
                assert b"Hello from the origin" in gateway.get(gateway.url("ok.test", f"/?full={number}"))
            assert gateway.get("http://games.leeward.test/").startswith(b"HTTP/1.1 403")
            time.sleep(1.5)
            assert any("disk is full" in fault for fault in health(gateway))
            (disk / "filler").unlink()
            deadline = time.monotonic() + 15
            while any("disk is full" in fault for fault in health(gateway)) and time.monotonic() < deadline:
                gateway.get(gateway.url("ok.test", "/?after"))
                time.sleep(0.3)
            assert health(gateway) == []
        work = Ingest(disk / "state" / "spool", disk / "state" / "store")
        work.run()
        work.close()
        paths = [row["path"] for row in log(disk / "state" / "store")]
        assert paths.count("/?before") == 1
        assert all(paths.count(f"/?full={number}") == 1 for number in range(200)), "they waited in memory"
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def health(gateway: RunningGateway) -> list[str]:
    """Faults that the gateway tells."""
    from leeward.config import load

    return list(gateway_health(load(gateway.folder / "leeward.toml"))["faults"])


def log(store: Path) -> list[dict[str, object]]:
    """Every request in the store."""
    opened = Store(store)
    rows = opened.ask("search_log")
    opened.close()
    return rows


class Browsing:
    """Three who browse without a pause; when each page was answered."""

    def __init__(self, gateway: RunningGateway) -> None:
        self.gateway = gateway
        self.answered: dict[str, tuple[float, float]] = {}  # when it was asked, when the answer was read
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._browse, args=(name,)) for name in ("a", "b", "c")]
        for thread in self._threads:
            thread.start()

    def _browse(self, name: str) -> None:
        number = 0
        proxy = f"http://127.0.0.1:{self.gateway.port}"
        with httpx.Client(proxy=proxy, timeout=5, trust_env=False) as client:
            while not self._stop.is_set():
                number += 1
                path = f"/?{name}-{number}"
                asked = time.monotonic()
                with contextlib.suppress(httpx.HTTPError):
                    if client.get(self.gateway.url("ok.test", path)).status_code == 200:
                        self.answered[path] = (asked, time.monotonic())
                time.sleep(0.01)

    def more(self, pages: int) -> None:
        """Wait until so many more pages have been answered: load is counted in pages, a machine may be slow."""
        wanted, deadline = len(self.answered) + pages, time.monotonic() + 60
        while len(self.answered) < wanted:
            assert time.monotonic() < deadline, "nobody is served any more"
            time.sleep(0.02)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """No more pages."""
        self._stop.set()
        for thread in self._threads:
            thread.join()


def test_killing_everything_in_the_middle_of_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    deaths: list[float] = []

    def kill(*pids: int) -> None:
        deaths.append(time.monotonic())
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    with RunningGateway(tmp_path, workers=2) as gateway:
        with Browsing(gateway) as browsing:
            for _ in range(3):
                browsing.more(50)
                time.sleep(1.2)
                kill(*gateway.worker_pids())
                ingest_until_killed(tmp_path)
            browsing.more(50)
            kill(*gateway.worker_pids(), gateway.process.pid)
        gateway.process.wait(10)
    store = tmp_path / "state" / "store"
    work = Ingest(tmp_path / "state" / "spool", store)
    work.run()
    work.close()
    stored = [str(row["path"]) for row in log(store)]
    assert len(stored) == len(set(stored)), "nothing is counted twice"
    assert len(stored) >= 150, "all but the last second was there to be stored"
    lost = {path: at for path, at in browsing.answered.items() if path not in set(stored)}
    # Lost may be what was answered in the last second before a death; whoever reads slowly reads the answer after it.
    assert all(any(asked <= death <= answered + 1 for death in deaths) for asked, answered in lost.values()), lost


def ingest_until_killed(folder: Path) -> None:
    """Ingest as a process of its own, killed somewhere in its work."""
    command = [sys.executable, "-m", "leeward", "ingest", "--config", str(folder / "leeward.toml")]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(1.2)
    process.kill()
    process.wait()
