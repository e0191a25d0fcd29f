"""leeward explain."""

import json
from pathlib import Path

from tests.cli.running import make_school, run


def test_it_says_verdict_rule_and_everything_considered(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    run("compile", "--config", str(config))
    code, output = run(
        "explain",
        "https://www.play.test/x",
        "--group",
        "y7",
        "--json",
        "--config",
        str(config),
        "--at",
        "2026-11-23T10:00",
    )
    told = json.loads(output)
    assert code == 0
    assert (told["verdict"], told["rule"], told["tier"], told["categories"]) == (
        "block",
        "no-games",
        "profile",
        ["games"],
    )
    assert [row["rule"] for row in told["considered"]] == ["sealed", "no-games", "default:pupil"]
    code, output = run("explain", "play.test", "--group", "y8", "--config", str(config))
    assert "ALLOW by default:pupil" in output
    assert "not for this group" in output


def test_faults_are_said_clearly(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    for arguments in (
        ["play.test"],
        ["play.test", "--profile", "gone"],
        ["http://", ""],
        ["play.test", "--at", "soon"],
        ["play.test", "--person", "nobody"],
    ):
        code, output = run("explain", *[a for a in arguments if a], "--config", str(config))
        assert code == 1
        assert output.startswith("leeward: ")
        run("compile", "--config", str(config))
