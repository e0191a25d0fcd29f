"""The console's settings with a state folder in the temporary folder, so that tests leave nothing behind.

LEEWARD_TEST_DATABASE=postgresql runs them on a PostgreSQL server that is started for them.
"""

import os
import tempfile
from pathlib import Path

from tests.console.postgres import start

_folder = Path(tempfile.mkdtemp(prefix="leeward-tests-"))
_database = start() if os.environ.get("LEEWARD_TEST_DATABASE") == "postgresql" else ""
(_folder / "leeward.toml").write_text(f'[console]\ndatabase = "{_database}"\n')
os.environ["LEEWARD_CONFIG"] = str(_folder / "leeward.toml")

from leeward.console.site.settings import *  # noqa: E402, F403 - the folder must be named before they are read

# Hashes that take long on purpose would take half of these tests' time; what hashes the console uses is tested apart.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
