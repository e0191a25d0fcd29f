"""The console's settings with a state folder in the temporary folder, so that tests leave nothing behind."""

import os
import tempfile
from pathlib import Path

_folder = Path(tempfile.mkdtemp(prefix="leeward-tests-"))
(_folder / "leeward.toml").write_text("")
os.environ["LEEWARD_CONFIG"] = str(_folder / "leeward.toml")

from leeward.console.site.settings import *  # noqa: E402, F403 - the folder must be named before they are read
