"""Runs the command line in a folder of a test."""

from pathlib import Path

from typer.testing import CliRunner

from leeward.__main__ import app

POLICY = """
default_profile = "pupil"
strictest_profile = "strict"
[[profiles]]
name = "pupil"
[[profiles]]
name = "strict"
action = "block"
[[rules]]
id = "no-games"
groups = ["y7"]
categories = ["games"]
action = "block"
"""


def make_school(folder: Path) -> Path:
    """A configuration with one list and one rule."""
    (folder / "policy.toml").write_text(POLICY)
    (folder / "games.txt").write_text("play.test\nnot a name\nfun.test\ngame.test\n")
    config = folder / "leeward.toml"
    config.write_text('policy = "policy.toml"\n[[lists]]\nname = "mine"\nsource = "games.txt"\ncategory = "games"\n')
    return config


def run(*arguments: str) -> tuple[int, str]:
    """(exit status, output and errors)."""
    result = CliRunner().invoke(app, list(arguments))
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output
