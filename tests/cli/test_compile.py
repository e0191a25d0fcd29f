"""leeward compile."""

import json
from pathlib import Path

from tests.cli.running import make_school, run


def test_compiling_says_what_came_of_it_and_does_nothing_twice(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    code, output = run("compile", "--config", str(config), "--json")
    done = json.loads(output)
    assert code == 0
    assert done["published"]
    (mine,) = [item for item in done["lists"] if item["name"] == "mine"]
    assert (mine["entries"], mine["junk"]) == (3, 1)
    again = json.loads(run("compile", "--config", str(config), "--json")[1])
    assert again["reused"]
    assert again["snapshot"] == done["snapshot"]
    assert "1 junk" in run("compile", "--config", str(config), "--force")[1]


def test_a_faulty_policy_is_one_clear_line(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    policy = tmp_path / "policy.toml"
    policy.write_text(policy.read_text().replace('"games"', '"gamez"'))
    code, output = run("compile", "--config", str(config))
    assert code == 1
    assert "no category 'gamez'" in output
