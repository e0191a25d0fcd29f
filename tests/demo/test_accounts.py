"""The accounts of the demonstration."""

from pathlib import Path

from leeward.demo.accounts import _STAFF, _passwords


def test_passwords_are_made_once_and_are_private(tmp_path: Path) -> None:
    path = tmp_path / "passwords.json"
    made = _passwords(path)
    assert _passwords(path) == made
    assert set(made) == {login for login, *_ in _STAFF}
    assert path.stat().st_mode & 0o777 == 0o600
