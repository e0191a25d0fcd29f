"""Errors are one clear line."""

import pytest
import typer

from leeward.cli.common import clear_errors, load_config
from leeward.config import ConfigError


def test_a_known_fault_becomes_a_line_and_status_1(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit) as caught, clear_errors():
        raise ConfigError("x.toml: broken")
    assert caught.value.exit_code == 1
    assert capsys.readouterr().err == "leeward: x.toml: broken\n"


def test_a_missing_default_file_says_what_to_do(
    tmp_path: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from pathlib import Path

    monkeypatch.chdir(str(tmp_path))
    with pytest.raises(typer.Exit):
        load_config(Path("leeward.toml"))
    assert "--config" in capsys.readouterr().err
