"""The command line as a whole."""

from typer.testing import CliRunner

from leeward.__main__ import app


def test_every_command_has_a_help_text() -> None:
    for command in app.registered_commands:
        assert command.callback is not None
        assert command.callback.__doc__
    result = CliRunner().invoke(app, ["--help"])
    assert result.exit_code == 0
    for name in ("compile", "explain", "gateway", "lists", "ca"):
        assert name in result.output
