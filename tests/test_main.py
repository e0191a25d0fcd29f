"""The command line as a whole."""

import subprocess
import sys

from typer.testing import CliRunner

from leeward.__main__ import app, make_app


def test_every_command_has_a_help_text() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("compile", "explain", "gateway", "lists", "ca"):
        assert name in result.output


def test_a_command_imports_its_own_rooms_alone() -> None:
    code = "import sys; from leeward.__main__ import make_app; make_app('scan'); print('duckdb' in sys.modules, 'django' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]


def test_what_is_no_command_is_told_with_those_that_are() -> None:
    result = CliRunner().invoke(make_app("nonsense"), ["nonsense"])
    assert result.exit_code == 2
    assert "No such command" in result.output
