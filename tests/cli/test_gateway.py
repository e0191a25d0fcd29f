"""leeward gateway: faults before it starts are one clear line."""

from pathlib import Path

from tests.cli.running import make_school, run


def test_an_address_that_is_taken_is_said_clearly(tmp_path: Path) -> None:
    import socket

    config = make_school(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        config.write_text(config.read_text() + f'[gateway]\nlisten = ["127.0.0.1:{port}"]\n')
        code, output = run("gateway", "--config", str(config))
    assert code == 1
    assert f"127.0.0.1:{port} can't be opened" in output
