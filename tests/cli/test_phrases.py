"""leeward phrases: counted, and every example true."""

import json

from typer.testing import CliRunner

from leeward.__main__ import app
from leeward.cli.phrases import faults_of
from leeward.text.packs import Entry
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
