"""Spool to store: nothing lost, nothing doubled, whatever is killed."""

import datetime as dt
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from leeward.events.kinds import Report, Web
from leeward.events.spool import SpoolWriter, sealed
from leeward.store.ingest import Ingest
from leeward.store.read import Store

DAY = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC).timestamp()


def fill(folder: Path, count: int, *, start: int = 0) -> None:
    spool = SpoolWriter(folder / "spool")
    for number in range(start, start + count):
        spool.put(Web(at=DAY + number, host="a.test", path=f"/{number}", person=f"p{number % 7}", action="allow"))
    spool.close()


def paths(folder: Path) -> list[str]:
    store = Store(folder / "store")
    rows = store.ask("search_log")
    store.close()
    return [row["path"] for row in rows]


def ingest(folder: Path) -> Ingest:
    return Ingest(folder / "spool", folder / "store")


def test_events_arrive_by_kind_and_day(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path / "spool")
    spool.put(Web(at=DAY, host="a.test"))
    spool.put(Web(at=DAY + 86400, host="b.test"))
    spool.put(Report(at=DAY, what="accident"))
    spool.close()
    work = ingest(tmp_path)
    assert work.run().rows == 3
    assert [row[0] for row in work.catalog.days("web")] == ["2026-11-23", "2026-11-24"]
    assert work.catalog.totals()["report"]["rows"] == 1
    assert not sealed(tmp_path / "spool")
    work.close()


def test_an_attempt_that_broke_off_is_repeated_without_doubling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path, 50)
    work = ingest(tmp_path)
    with monkeypatch.context() as broken:
        broken.setattr(work.catalog, "add", lambda *_: (_ for _ in ()).throw(duckdb.Error("killed here")))
        with pytest.raises(duckdb.Error):
            work.run()
    fill(tmp_path, 50, start=50)
    work.run()
    work.run()
    work.close()
    assert sorted(paths(tmp_path)) == sorted(f"/{n}" for n in range(100))


def test_a_segment_that_was_taken_but_not_deleted_is_not_taken_again(tmp_path: Path) -> None:
    fill(tmp_path, 10)
    (segment,) = sealed(tmp_path / "spool")
    copy = segment.read_bytes()
    work = ingest(tmp_path)
    parts = work._write([segment])
    work.catalog.add(parts, [segment.name])
    assert segment.read_bytes() == copy
    assert work.run().rows == 0
    work.close()
    assert len(paths(tmp_path)) == 10


LOOP = """
import sys
from pathlib import Path
from leeward.store.ingest import Ingest
work = Ingest(Path(sys.argv[1]) / "spool", Path(sys.argv[1]) / "store")
print("up", flush=True)
while True:
    work.run()
    work.join_parts()
"""


def test_kill_9_in_the_middle_of_load_loses_and_doubles_nothing(tmp_path: Path) -> None:
    total = 0
    for turn in range(4):
        process = subprocess.Popen([sys.executable, "-c", LOOP, str(tmp_path)], stdout=subprocess.PIPE)
        assert process.stdout is not None
        process.stdout.readline()
        for _ in range(6):
            fill(tmp_path, 500, start=total)
            total += 500
        time.sleep(0.02 * turn)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    work = ingest(tmp_path)
    work.run()
    work.close()
    found = paths(tmp_path)
    assert len(found) == total
    assert len(set(found)) == total


def test_small_parts_are_joined_and_old_ones_dropped(tmp_path: Path) -> None:
    work = ingest(tmp_path)
    for turn in range(12):
        fill(tmp_path, 10, start=turn * 10)
        work.run()
    assert work.join_parts() == 1
    assert len(work.catalog.parts("web")) == 1
    work.join_parts()
    assert len(list((tmp_path / "store" / "web").rglob("*.parquet"))) == 1
    assert len(paths(tmp_path)) == 120
    assert work.drop_old({}, today=dt.date(2027, 11, 20)) == 0
    assert work.drop_old({"web": 30}, today=dt.date(2027, 11, 20)) == 1
    assert paths(tmp_path) == []
    work.close()


def test_a_torn_line_costs_that_line_only(tmp_path: Path) -> None:
    fill(tmp_path, 3)
    (segment,) = sealed(tmp_path / "spool")
    segment.write_bytes(segment.read_bytes()[:-20])
    work = ingest(tmp_path)
    assert work.run().rows == 2
    work.close()
