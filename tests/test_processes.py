"""Parts are started, restarted and ended together."""

import os
import signal
import time
from pathlib import Path

import pytest

from leeward.processes import PartFailed, Parts, answers
from tests.cli.running import make_school
from tests.ports import free_port


def test_a_part_that_dies_is_started_again_and_all_end(tmp_path: Path) -> None:
    parts = Parts(make_school(tmp_path), tmp_path / "logs")
    parts.start("ingest")
    first = parts.pids()["ingest"]
    time.sleep(0.5)
    os.kill(first, signal.SIGKILL)
    parts.look_after(seconds=2.5)
    second = parts.pids()["ingest"]
    assert second != first
    parts.stop()
    assert parts.stopping
    assert not Path(f"/proc/{second}").exists()


def test_a_part_that_can_not_start_says_why(tmp_path: Path) -> None:
    (tmp_path / "leeward.toml").write_text("nonsense = 1")
    parts = Parts(tmp_path / "leeward.toml", tmp_path / "logs")
    parts.start("gateway")
    with pytest.raises(PartFailed, match="nonsense"):
        parts.wait_until("gateway", lambda: False, seconds=20)
    parts.stop()


def test_nobody_answers_on_a_closed_port() -> None:
    assert not answers(f"http://127.0.0.1:{free_port()}/")
