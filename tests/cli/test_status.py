"""leeward status and leeward check."""

import json
from pathlib import Path

from tests.cli.running import make_school, run


def test_a_check_names_every_fault(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    assert run("check", "--config", str(config)) == (0, "all is well\n")
    config.write_text(config.read_text() + '[gateway]\nallow_private = ["nonsense"]\nhosts = "gone"\n')
    (tmp_path / "games.txt").unlink()
    code, output = run("check", "--json", "--config", str(config))
    faults = json.loads(output)["faults"]
    assert code == 1
    assert any("allow_private" in f for f in faults)
    assert any("gateway.hosts" in f for f in faults)
    assert any("games.txt is not there" in f for f in faults)


def test_status_without_a_gateway_is_a_fault_and_still_tells_the_rest(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    config.write_text(config.read_text() + '[gateway]\nadmin = "127.0.0.1:9"\n')
    run("compile", "--config", str(config))
    code, output = run("status", "--json", "--config", str(config))
    told = json.loads(output)
    assert code == 1
    assert told["faults"] == ["the gateway does not answer"]
    assert told["snapshot"]["names"] > 500
