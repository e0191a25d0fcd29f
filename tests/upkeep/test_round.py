"""Rounds of the upkeep."""

import threading
import time
from pathlib import Path

from leeward.config import load
from leeward.policy.compile import Shelf, load_current
from leeward.stop import Stop
from leeward.upkeep.lists import ask_now
from leeward.upkeep.round import look_after_lists, rounds
from tests.cli.running import make_school


def test_a_list_that_changed_is_compiled_and_one_that_did_not_is_left(tmp_path: Path) -> None:
    path = make_school(tmp_path)
    config = load(path)
    assert look_after_lists(path, config, asked=False)
    assert not look_after_lists(path, config, asked=True)
    (tmp_path / "games.txt").write_text("other.test\n")
    assert look_after_lists(path, config, asked=False)


def test_asking_is_heard_within_seconds_and_a_faulty_configuration_stops_nothing(tmp_path: Path) -> None:
    path = make_school(tmp_path)
    config = load(path)
    stop = Stop()
    thread = threading.Thread(target=rounds, args=(path, stop))
    thread.start()
    shelf = Shelf(config.state_path / "snapshots")
    first = wait_for(shelf, "")
    good = path.read_text()
    path.write_text("nonsense = 1")
    (tmp_path / "games.txt").write_text("other.test\n")
    ask_now(config)
    time.sleep(2)
    path.write_text(good)
    ask_now(config)
    assert wait_for(shelf, first) != first
    stop.set()
    thread.join(20)
    assert not thread.is_alive()
    with load_current(shelf) as current:
        assert current.info.names > 500


def wait_for(shelf: Shelf, old: str) -> str:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        path = shelf.current()
        if path is not None and path.stem != old:
            return path.stem
        time.sleep(0.1)
    return old


def test_a_list_that_was_never_there_is_no_reason_to_call_the_rest_uncompiled(tmp_path: Path) -> None:
    path = make_school(tmp_path)
    path.write_text(path.read_text() + '[[lists]]\nname = "gone"\nsource = "gone.txt"\ncategory = "games"\n')
    assert look_after_lists(path, load(path), asked=False)
    assert not look_after_lists(path, load(path), asked=False)
