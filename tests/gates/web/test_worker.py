"""A worker: a damaged snapshot never takes the place of a good one, and none at all means closed."""

import time
from pathlib import Path

from leeward.policy.compile import Shelf
from tests.gates.web.running import start_gateway


def test_a_damaged_snapshot_is_refused_and_the_old_one_stays(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway:
        shelf = Shelf(tmp_path / "state" / "snapshots")
        good = shelf.current()
        assert good is not None
        bad = good.with_name("0" * 64 + ".lmdb")
        bad.write_bytes(good.read_bytes()[:-100])
        shelf.current_link.unlink()
        shelf.current_link.symlink_to(bad.name)
        assert gateway.events(what="bad-snapshot", wait=3)
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 200")
        time.sleep(0.1)


def test_a_worker_without_any_snapshot_is_closed(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway:
        (tmp_path / "state" / "snapshots" / "current").unlink()
        (pid,) = gateway.worker_pids()
        import os
        import signal

        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 6
        while gateway.worker_pids() in ([], [pid]) and time.monotonic() < deadline:
            time.sleep(0.1)
        response = gateway.get(gateway.url("ok.test"))
        assert response.startswith(b"HTTP/1.1 503")
        assert b"everything is closed" in response
