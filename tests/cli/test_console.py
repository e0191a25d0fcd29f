"""leeward console: the first person, and a server that answers."""

import os
import re
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from leeward.processes import answers
from tests.cli.running import make_school
from tests.ports import free_port


def test_the_first_person_is_made_and_the_console_answers(tmp_path: Path) -> None:
    port = free_port()
    config = make_school(tmp_path)
    config.write_text(config.read_text() + f'[console]\nlisten = "127.0.0.1:{port}"\n')
    environment = {**os.environ, "LEEWARD_PASSWORD": "a quite long password"}
    base = [sys.executable, "-m", "leeward", "console"]
    made = subprocess.run(
        [*base, "person", "ito", "--role", "it-manager", "--config", str(config)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.stdout == "ito may enter the console: it-manager\n", made.stderr
    wrong = subprocess.run(
        [*base, "person", "ito", "--role", "wizard", "--config", str(config)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert wrong.returncode == 1
    assert "no role 'wizard'" in wrong.stderr
    server = subprocess.Popen([*base, "--config", str(config)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not answers(f"http://127.0.0.1:{port}/console/sign-in") and time.monotonic() < deadline:
            time.sleep(0.2)
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/console/sign-in", timeout=5) as response:
            page = response.read().decode()
        for address in re.findall(r'href="(/static/[^"]+)"', page):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{address}", timeout=5) as response:
                assert response.status == 200
        assert page.count("/static/") == 3
    finally:
        server.terminate()
        server.wait(10)
