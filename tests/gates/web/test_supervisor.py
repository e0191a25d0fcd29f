"""The parent process: workers are replaced, a reload changes what it should, the end is clean."""

import os
import signal
import time
from pathlib import Path

import pytest

from tests.gates.web.running import start_gateway


def test_kill_9_of_a_worker_loses_nothing_that_was_answered_a_second_before(tmp_path: Path) -> None:
    with start_gateway(tmp_path, workers=2) as gateway:
        answered = []
        for number in range(60):
            path = f"/?n={number:03}"
            assert gateway.get(gateway.url("ok.test", path)).startswith(b"HTTP/1.1 200")
            answered.append(path)
        time.sleep(1.0)
        before = gateway.worker_pids()
        for pid in before:
            os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 8
        while time.monotonic() < deadline and len(set(gateway.worker_pids()) - set(before)) < 2:
            time.sleep(0.1)
        assert len(set(gateway.worker_pids()) - set(before)) == 2
        assert gateway.get(gateway.url("ok.test", "/?after")).startswith(b"HTTP/1.1 200")
        written = [event["path"] for event in gateway.events(kind="web")]
        assert sorted(path for path in written if path in answered) == sorted(answered)


def test_a_reload_takes_up_a_new_policy_without_dropping_a_connection(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway, gateway.connect() as sock:
        from tests.gates.web.running import read_response

        request = f"GET {gateway.url('ok.test')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        sock.sendall(request)
        assert read_response(sock).startswith(b"HTTP/1.1 200")
        policy = tmp_path / "policy.toml"
        policy.write_text(policy.read_text() + '[[rules]]\nid = "shut"\nhosts = ["ok.test"]\naction = "block"\n')
        gateway.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 6
        while time.monotonic() < deadline:
            sock.sendall(request)
            if read_response(sock).startswith(b"HTTP/1.1 403"):
                return
            time.sleep(0.1)
        pytest.fail("the new policy was never taken up")


def test_a_faulty_policy_leaves_everything_as_it_was(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway:
        (tmp_path / "policy.toml").write_text("nonsense = [")
        gateway.process.send_signal(signal.SIGHUP)
        time.sleep(1.5)
        assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 200")
        assert "nothing was changed" in (tmp_path / "log").read_text()


def test_it_ends_cleanly_and_can_be_started_again(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway:
        pids = gateway.worker_pids()
        assert gateway.stop() == 0
        assert not [pid for pid in pids if Path(f"/proc/{pid}").exists()]
        assert not list((tmp_path / "state" / "spool" / "open").iterdir())
