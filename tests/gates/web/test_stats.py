"""Counters."""

import json
from pathlib import Path

from leeward.events.kinds import Web
from leeward.gates.web.stats import Stats


def test_requests_are_counted_and_written(tmp_path: Path) -> None:
    stats = Stats(tmp_path / "worker-0.json")
    stats.count(Web(action="block", millis=7, received=10))
    stats.count(Web(action="block", millis=70_000))
    stats.write()
    written = json.loads((tmp_path / "worker-0.json").read_text())
    assert written["actions"] == {"block": 2}
    assert written["buckets"][1] == written["buckets"][-1] == 1


def test_a_folder_that_is_gone_stops_nothing(tmp_path: Path) -> None:
    Stats(tmp_path / "gone" / "x.json").write()
