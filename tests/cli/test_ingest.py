"""leeward ingest."""

import json
from pathlib import Path

from leeward.cli.ingest import run_ingest
from leeward.config import load
from leeward.events.kinds import Web
from leeward.events.spool import SpoolWriter
from leeward.stop import Stop
from tests.cli.running import make_school, run


def test_one_pass(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    spool = SpoolWriter(tmp_path / "state" / "spool")
    spool.put(Web(host="a.test"))
    spool.close()
    code, output = run("ingest", "--once", "--json", "--config", str(config))
    assert code == 0
    assert json.loads(output)["rows"] == 1


def test_it_ends_when_told(tmp_path: Path) -> None:
    stop = Stop()
    stop.set()
    run_ingest(load(make_school(tmp_path)), stop)
