"""The secret key is made once and is private."""

from pathlib import Path

from leeward.console.site.secrets import make_key


def test_a_key_is_made_once_with_mode_0600(tmp_path: Path) -> None:
    path = tmp_path / "a" / "key"
    assert make_key(path) == make_key(path)
    assert len(make_key(path)) >= 50
    assert path.stat().st_mode & 0o777 == 0o600
