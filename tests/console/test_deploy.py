"""Django's own check of a deployment, over HTTPS."""

import os
import subprocess
import sys
from pathlib import Path


def test_the_deployment_check_is_clean(tmp_path: Path) -> None:
    config = tmp_path / "leeward.toml"
    config.write_text('[console]\npublic_url = "https://leeward.school.test"\n')
    environment = {
        **os.environ,
        "LEEWARD_CONFIG": str(config),
        "DJANGO_SETTINGS_MODULE": "leeward.console.site.settings",
    }
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_no_migration_is_missing(tmp_path: Path) -> None:
    environment = {**os.environ, "LEEWARD_CONFIG": "", "DJANGO_SETTINGS_MODULE": "leeward.console.site.settings"}
    command = [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_passwords_are_kept_as_argon2() -> None:
    source = Path(__file__).parents[2] / "src/leeward/console/site/settings.py"
    assert 'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]' in source.read_text()
