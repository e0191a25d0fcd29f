"""The spool survives its writer."""

import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from leeward.events.kinds import Web, decode
from leeward.events.spool import SpoolFull, SpoolWriter, Tail, lines, seal_orphans, sealed

WRITER = """
import sys, time
from pathlib import Path
from leeward.events.kinds import Web
from leeward.events.spool import SpoolWriter
spool = SpoolWriter(Path(sys.argv[1]))
for number in range(10**9):
    spool.put(Web(path=str(number)))
    if number % 100 == 99:
        spool.flush()
        print(number, flush=True)
"""


def paths_in(folder: Path) -> list[str]:
    events = [decode(line) for path in sealed(folder) for line in lines(path)]
    return [event.path for event in events if isinstance(event, Web)]


def test_what_was_flushed_is_there_after_kill_9_and_only_once(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    last = 0
    for line in process.stdout:
        last = int(line)
        if last > 20_000:
            break
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()
    assert seal_orphans(tmp_path) == 1
    found = paths_in(tmp_path)
    assert found[: last + 1] == [str(number) for number in range(last + 1)]
    assert len(set(found)) == len(found)


def test_a_live_segment_is_not_taken_from_its_writer(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path)
    spool.put(Web(path="a"))
    spool.flush()
    assert seal_orphans(tmp_path) == 0
    spool.close()
    assert paths_in(tmp_path) == ["a"]


def test_a_torn_last_line_costs_that_line_only(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path)
    spool.put(Web(path="a"))
    spool.put(Web(path="b"))
    spool.close()
    (path,) = sealed(tmp_path)
    os.truncate(path, path.stat().st_size - 3)
    assert paths_in(tmp_path) == ["a"]


def test_a_full_disk_loses_nothing_that_waits(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path)
    spool.put(Web(path="first"))
    spool.flush()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (spool._size + 50, hard))
    try:
        spool.put(Web(path="second" * 20))
        with pytest.raises(SpoolFull):
            spool.flush()
        assert spool.full
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    spool.close()
    assert paths_in(tmp_path) == ["first", "second" * 20]


def test_memory_is_bounded_while_the_disk_is_full(tmp_path: Path) -> None:
    spool = SpoolWriter(tmp_path, bound=1000)
    for _ in range(100):
        spool.put(Web(path="x" * 50))
    assert spool.dropped > 0
    spool.close()


def test_a_tail_follows_across_segments(tmp_path: Path) -> None:
    spool, tail = SpoolWriter(tmp_path), Tail(tmp_path)
    spool.put(Web(path="a"))
    spool.flush()
    assert len(tail.read()) == 1
    assert tail.read() == []
    spool.put(Web(path="b"))
    spool.flush()
    spool.seal()
    spool.put(Web(path="c"))
    spool.flush()
    assert [b'"b"' in line or b'"c"' in line for line in tail.read()] == [True, True]
    spool.close()
    time.sleep(0)
