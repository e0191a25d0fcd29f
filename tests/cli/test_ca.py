"""leeward ca."""

import json
from pathlib import Path

from tests.cli.running import make_school, run


def test_a_ca_is_made_shown_and_exported(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    code, output = run("ca", "show", "--config", str(config))
    assert code == 1
    assert "leeward ca create" in output
    assert run("ca", "create", "--config", str(config))[0] == 0
    shown = json.loads(run("ca", "show", "--json", "--config", str(config))[1])
    assert run("ca", "export", str(tmp_path / "out.pem"), "--config", str(config))[0] == 0
    assert "BEGIN CERTIFICATE" in (tmp_path / "out.pem").read_text()
    assert "PRIVATE" not in (tmp_path / "out.pem").read_text()
    assert len(shown["sha256"]) == 95
