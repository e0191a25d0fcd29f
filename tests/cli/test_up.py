"""leeward up: everything together, and a clean end."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from leeward.processes import answers
from tests.cli.running import make_school
from tests.ports import free_port


@pytest.mark.journey
@pytest.mark.timeout(120)
def test_the_platform_comes_up_and_goes_down(tmp_path: Path) -> None:
    gateway, admin, console = free_port(), free_port(), free_port()
    config = make_school(tmp_path)
    config.write_text(
        config.read_text() + f'[gateway]\nlisten = ["127.0.0.1:{gateway}"]\nadmin = "127.0.0.1:{admin}"\nworkers = 1\n'
        f'[console]\nlisten = "127.0.0.1:{console}"\n'
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "leeward", "up", "--config", str(config)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"ready console=http://127.0.0.1:{console} gateway=127.0.0.1:{gateway}\n"
    assert answers(f"http://127.0.0.1:{admin}/health")
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0
    process.stdout.close()
    assert not answers(f"http://127.0.0.1:{console}/")
