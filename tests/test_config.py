"""Configuration: clear errors, relative paths."""

from pathlib import Path

import pytest

from leeward.config import ConfigError, load, make_secret, parse


def test_defaults_are_whole() -> None:
    config = parse("")
    assert config.gateway.limits.header_count == 128
    assert config.timezone == "Europe/London"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("gatewy = 1", "gatewy"),
        ("[gateway]\nworkers = -1", r"\$\.gateway\.workers"),
        ("[gateway\n", "line 1"),
        ('[[lists]]\nname = "Bad Name"\nsource = "x"', "name"),
        ('[[lists]]\nname = "a"\nsource = "x"\n[[lists]]\nname = "a"\nsource = "y"', "two lists"),
    ],
)
def test_a_fault_is_named_with_its_place(text: str, where: str) -> None:
    with pytest.raises(ConfigError, match=where):
        parse(text)


def test_paths_start_where_the_file_lies(tmp_path: Path) -> None:
    (tmp_path / "leeward.toml").write_text('state = "s"')
    assert load(tmp_path / "leeward.toml").state_path == tmp_path / "s"
    with pytest.raises(ConfigError, match="can't be read"):
        load(tmp_path / "none.toml")


def test_a_secret_is_made_once_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "state" / "secret"
    assert make_secret(path) == make_secret(path)
    assert len(make_secret(path)) == 32
    assert path.stat().st_mode & 0o777 == 0o600
