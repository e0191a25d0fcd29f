"""leeward watch."""

import subprocess
import sys
import time
from pathlib import Path

from leeward.events.kinds import Finding
from leeward.events.spool import SpoolWriter


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "leeward", "watch", *arguments], capture_output=True, text=True, check=False
    )


def test_it_takes_up_what_is_there_and_says_how_much(tmp_path: Path) -> None:
    (tmp_path / "leeward.toml").write_text('state = "state"\n')
    spool = SpoolWriter(tmp_path / "state" / "spool")
    spool.put(Finding(theme="drugs", severity=4, written=True, channel="search", at=time.time(), client="10.0.0.1"))
    spool.close()
    done = run("--once", "--config", str(tmp_path / "leeward.toml"))
    assert done.stdout == "1 events taken up\n", done.stderr
    assert run("--once", "--config", str(tmp_path / "leeward.toml")).stdout == "0 events taken up\n"


def test_numbers_that_a_detector_does_not_have_are_a_clear_error(tmp_path: Path) -> None:
    (tmp_path / "leeward.toml").write_text('state = "state"\n[detectors.night-use]\nhour = 3\n')
    done = run("--once", "--config", str(tmp_path / "leeward.toml"))
    assert done.returncode == 1
    assert "there is no number 'hour'" in done.stderr
