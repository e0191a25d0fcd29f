"""The whole story, with real processes: gateway, ingest, console, a small internet."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.demo.run import check_store
from tests.ports import free_port


@pytest.mark.journey
@pytest.mark.timeout(240)
def test_the_story_is_played_twice_and_the_data_is_kept(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "leeward", "demo", "--once", "--state", str(tmp_path / "demo")]
    command += ["--port", str(port), "--console-port", str(free_port())]
    for _ in range(2):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        told = json.loads(done.stdout)
        assert told["failed"] == [], done.stderr
        assert done.returncode == 0
        assert told["scenes"] >= 30


def test_an_empty_store_fails_every_check() -> None:
    assert not any(row["ok"] for row in check_store([]))
