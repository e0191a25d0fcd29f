"""leeward phrases: counted, and every example true."""

import json
from pathlib import Path

from typer.testing import CliRunner

from leeward.__main__ import app
from leeward.cli.phrases import faults_of
from leeward.text.packs import Entry, read_pack
from leeward.text.score import Library, compiled


def test_every_example_of_the_library_holds() -> None:
    done = CliRunner().invoke(app, ["phrases", "test", "--json"])
    told = json.loads(done.output)
    assert told["failures"] == []
    assert told["examples"] > 3_000
    assert done.exit_code == 0


def test_an_example_that_does_not_hold_is_told() -> None:
    entry = Entry(id="a", theme="gangs", language="en", meaning="Says so.", severity=4, weight=80, phrases=("trap house",),
                  yes=("nothing of the kind",), no=("a trap house",))  # fmt: skip
    not_found, found = faults_of(entry, Library(compiled([entry])))
    assert "not found: nothing of the kind" in not_found
    assert "should not be: a trap house" in found


def test_the_library_is_counted_by_theme_and_language() -> None:
    told = json.loads(CliRunner().invoke(app, ["phrases", "list", "--json", "--theme", "gangs"]).output)
    assert {row["theme"] for row in told["rows"]} == {"gangs"}
    assert "entries" in CliRunner().invoke(app, ["phrases", "list"]).output


def test_lists_of_e2guardian_become_a_pack_that_can_be_read(tmp_path: Path) -> None:
    for name, text in (("gambling", "< acca ><40>\n<broken\n"), ("sport", "< goal ><10>\n")):
        (tmp_path / "lists" / name).mkdir(parents=True)
        (tmp_path / "lists" / name / "weighted").write_text(text)
    out = tmp_path / "own.yaml"
    done = CliRunner().invoke(app, ["phrases", "import", str(tmp_path / "lists"), "--out", str(out)])
    assert done.exit_code == 0
    assert "weighted:2: no <phrase>" in done.output
    assert "name a theme for it with --theme" in done.output
    (entry,) = read_pack(out.read_text(), "own.yaml")
    assert (entry.key, entry.phrases, entry.weight) == ("gambling/en/gambling-weighted-line-1", ("acca",), 40)
    for wrong in (["--out", str(out)], ["--out", str(tmp_path / "new"), "--theme", "sport"]):
        again = CliRunner().invoke(app, ["phrases", "import", str(tmp_path / "lists"), *wrong])
        assert again.exit_code == 1
