"""leeward upkeep."""

from pathlib import Path

from tests.cli.running import make_school, run


def test_one_round_compiles_what_changed_and_says_so(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    assert run("upkeep", "--once", "--config", str(config)) == (0, "0 sessions ended; lists compiled\n")
    assert "unchanged" in run("upkeep", "--once", "--config", str(config))[1]
