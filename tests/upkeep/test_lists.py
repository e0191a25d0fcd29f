"""Lists brought on schedule, each with what is known of it."""

import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from leeward.config import Config, ListSource
from leeward.upkeep.compiling import compile_snapshot
from leeward.upkeep.lists import bring, states


@pytest.fixture
def site(tmp_path: Path) -> Iterator[str]:
    """A web server with lists."""
    (tmp_path / "www").mkdir()

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *args: object) -> None:
            super().__init__(*args, directory=str(tmp_path / "www"))  # type: ignore[arg-type]

        def log_message(self, format: str, *args: object) -> None:
            """Nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_lists_are_brought_when_due_and_one_that_fails_keeps_its_copy(tmp_path: Path, site: str) -> None:
    (tmp_path / "www" / "games.txt").write_text("play.test\n")
    lists = (
        ListSource(name="web", source=f"{site}/games.txt", category="games", every_hours=5),
        ListSource(name="none", source=f"{site}/none.txt", category="games"),
    )
    config = Config(folder=str(tmp_path), lists=lists)
    assert [(row.name, row.changed, bool(row.failure)) for row in bring(config, only_due=True)] == [
        ("web", True, False),
        ("none", False, True),
    ]
    assert bring(config, only_due=True) == [], "nothing is due so soon"
    (tmp_path / "www" / "games.txt").unlink()
    assert "404" in bring(config, only_due=False)[0].failure
    compile_snapshot(config)
    starter, web, none = states(config)
    assert starter.entries > 100
    assert (web.entries, web.due - web.checked) == (1, 3600), "a list that failed is asked for again after an hour"
    assert "404" in none.failure
