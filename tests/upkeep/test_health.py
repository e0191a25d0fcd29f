"""Health: one answer for everybody who asks."""

import os
import time
from pathlib import Path

import pytest

from leeward.config import Config, Gateway, ListSource
from leeward.upkeep import health


@pytest.fixture
def school(tmp_path: Path) -> Config:
    """Nothing runs, one list is missing."""
    (tmp_path / "state").mkdir()
    lists = (ListSource(name="mine", source="gone.txt"),)
    return Config(folder=str(tmp_path), lists=lists, gateway=Gateway(admin="127.0.0.1:9"))


def test_everything_that_is_wrong_is_named(school: Config) -> None:
    told = health.status_of(school)
    assert not told["ok"]
    assert "the gateway does not answer" in told["faults"]
    assert "list mine: gone.txt is not there" in told["faults"]
    assert any("leeward compile" in fault for fault in told["faults"])


def test_a_disk_that_is_almost_full_is_a_fault_of_the_records(school: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    assert health.record_faults(school) == []
    monkeypatch.setattr(health, "LOW_DISK_BYTES", 1 << 60)
    assert "left on the disk" in health.record_faults(school)[0]


def test_events_that_wait_too_long_are_a_fault_of_the_records(school: Config) -> None:
    folder = school.state_path / "spool" / "sealed"
    folder.mkdir(parents=True)
    waiting = folder / "1.jsonl"
    waiting.touch()
    assert health.record_faults(school) == []
    os.utime(waiting, (time.time() - 400, time.time() - 400))
    assert "events wait" in health.record_faults(school)[0]
