"""Django's secret key: a file, mode 0600, made once."""

import os
import secrets
from pathlib import Path


def make_key(path: Path) -> str:
    """The key in a file; made if there is none."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        fd = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    with os.fdopen(fd, "w") as handle:
        key = secrets.token_urlsafe(64)
        handle.write(key)
    return key
