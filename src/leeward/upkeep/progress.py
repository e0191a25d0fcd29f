"""What long work on the lists is at, in a small file that the console and `leeward lists status` show."""

import contextlib
import time
from pathlib import Path

import msgspec

_EVERY_SECONDS = 0.25


class Progress(msgspec.Struct, kw_only=True):
    """One moment of the work. Times are seconds since 1970 UTC."""

    phase: str = ""  # fetching, reading, writing or empty for none
    what: str = ""  # a list or a file
    done: int = 0  # bytes fetched or lines read
    at: float = 0.0


class Reporter:
    """Writes the file at most four times a second; a full disk is no reason to stop the work."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "progress.json"
        self._written = 0.0
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def tell(self, phase: str, what: str = "", done: int = 0) -> None:
        """The work is here now; a phase without anything further is written at once."""
        now = time.time()
        if done and now - self._written < _EVERY_SECONDS:
            return
        self._written = now
        scratch = self._path.with_name(".progress.json")
        with contextlib.suppress(OSError):
            scratch.write_bytes(msgspec.json.encode(Progress(phase=phase, what=what, done=done, at=now)))
            scratch.rename(self._path)


def progress(folder: Path) -> Progress:
    """What the work is at; an empty phase if there is none."""
    try:
        return msgspec.json.decode((folder / "progress.json").read_bytes(), type=Progress)
    except (OSError, msgspec.MsgspecError):
        return Progress()
