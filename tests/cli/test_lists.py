"""leeward lists."""

import json
from pathlib import Path

from tests.cli.running import make_school, run


def test_a_list_is_checked_line_by_line(tmp_path: Path) -> None:
    make_school(tmp_path)
    code, output = run("lists", "check", str(tmp_path / "games.txt"), "--category", "games")
    assert code == 0
    assert "line 2: 'not a name'" in output


def test_a_name_is_looked_up(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    run("compile", "--config", str(config))
    code, output = run("lists", "lookup", "www.play.test", "free.test", "--config", str(config), "--json")
    assert code == 0
    rows = json.loads(output)
    assert rows[0]["matched"] == {"play.test": ["games", "list:mine"]}
    assert rows[1]["matched"] == {}
    assert "in no list" in run("lists", "lookup", "free.test", "--config", str(config))[1]


def test_categories_and_formats_are_listed() -> None:
    assert "pornography" in run("lists", "categories")[1]
    assert "rpz" in run("lists", "formats")[1]


def test_fetching_reports_a_failure_with_status_1(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    config.write_text(config.read_text() + '[[lists]]\nname = "web"\nsource = "http://127.0.0.1:9/x"\n')
    code, output = run("lists", "fetch", "--config", str(config), "--json")
    assert code == 1
    assert json.loads(output)[0]["failure"]


def test_the_status_of_lists_shows_entries_and_junk(tmp_path: Path) -> None:
    config = make_school(tmp_path)
    run("compile", "--config", str(config))
    code, output = run("lists", "status", "--config", str(config), "--json")
    assert code == 0
    mine = json.loads(output)["lists"][1]
    assert (mine["name"], mine["entries"], mine["junk"]) == ("mine", 3, 1)
    assert "1 junk" in run("lists", "status", "--config", str(config))[1]
