"""leeward demo: a second one beside the first is told clearly."""

import socket
from pathlib import Path

from leeward.demo.internet import ADDRESS, HTTPS_PORT
from tests.cli.running import run


def test_a_second_demonstration_is_refused_clearly(tmp_path: Path) -> None:
    try:
        taken = socket.create_server((ADDRESS, HTTPS_PORT))
    except OSError:
        taken = None  # the story is being played beside this test: the port is taken all the same
    code, output = run("demo", "--state", str(tmp_path), "--once")
    if taken is not None:
        taken.close()
    assert code == 1
    assert "Is another demonstration running?" in output


def test_ports_that_collide_are_refused_before_anything_starts(tmp_path: Path) -> None:
    code, output = run("demo", "--state", str(tmp_path), "--port", "8080", "--console-port", "8081")
    assert code == 1
    assert "its health on 8081" in output
    assert not list(tmp_path.iterdir())
