"""leeward library."""

import subprocess
import sys
from importlib import resources
from pathlib import Path

import pytest

from leeward.text import updates


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "leeward", "library", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.timeout(120)
def test_a_publisher_makes_a_key_and_an_update_and_a_school_takes_it(tmp_path: Path) -> None:
    own = Path(str(resources.files("leeward.text")))
    (tmp_path / "new" / "packs").mkdir(parents=True)
    (tmp_path / "new" / "packs" / "gambling.en.yaml").write_text((own / "packs" / "gambling.en.yaml").read_text())
    for name in ("contexts.yaml", "idioms.yaml"):
        (tmp_path / "new" / name).write_text((own / name).read_text())
    (tmp_path / "changes").write_text("Only gambling.\n")
    public = run("key", tmp_path / "key").stdout.strip()
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert run("key", tmp_path / "key").returncode == 1, "a key is never written over"
    built = run("build", tmp_path / "new", "--out", tmp_path / "update", "--key", tmp_path / "key", "--version", 7,
                "--changes", tmp_path / "changes")  # fmt: skip
    assert built.returncode == 0, built.stderr
    config = tmp_path / "leeward.toml"
    config.write_text(f'state = "state"\n[library]\nkey = "{public}"\n')
    update = updates.opened((tmp_path / "update").read_bytes(), bytes.fromhex(public))
    assert (update.version, len(update.files)) == (7, 3)
    assert "came with the program" in run("status", "--config", config).stdout
    assert run("fetch", "--config", config).returncode == 1
    bad = run("take", config, "--config", config)
    assert "no update of the library" in bad.stderr
    assert "came with the program counts again" in run("back", "--config", config).stdout
