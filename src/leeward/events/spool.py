"""The spool: append-only segments of JSON lines that survive kill -9.

A writer holds an exclusive flock on its open segment, so a reader can tell a live segment from an orphan: whoever
gets the lock may seal it. Sealing is a rename. Whole lines only are ever read, so a torn last line costs that line.
"""

import contextlib
import fcntl
import os
import time
import uuid
from collections.abc import Iterator
from pathlib import Path

from leeward.events.kinds import Event, encode, stamp

SEGMENT_BYTES = 8 * 1024 * 1024
SEGMENT_SECONDS = 3.0


class SpoolFull(Exception):
    """The disk took nothing more; events wait in memory, the oldest are dropped past the bound."""


class SpoolWriter:
    """Appends events for one process. `put` never blocks; `flush` writes; `sync` reaches the disk.

    `bound` is the most bytes that wait in memory while the disk is full.
    """

    def __init__(self, folder: Path, *, bound: int = 64 * 1024 * 1024) -> None:
        self.folder = folder
        self.open_folder = folder / "open"
        self.sealed_folder = folder / "sealed"
        for place in (self.open_folder, self.sealed_folder):
            place.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.bound = bound
        self.dropped = 0
        self.full = False
        self._waiting: list[bytes] = []
        self._waiting_bytes = 0
        self._fd = -1
        self._size = 0
        self._opened = 0.0
        self._torn = False

    def put(self, event: Event) -> None:
        """Queue an event; it is in the spool after the next flush."""
        line = encode(stamp(event))
        if self._waiting_bytes > self.bound:
            self.dropped += 1
            return
        self._waiting.append(line)
        self._waiting_bytes += len(line) + 1

    def flush(self) -> None:
        """Write what waits. Raises SpoolFull if the disk refuses; nothing that waits is lost by it."""
        if self._waiting:
            self._write(b"\n".join(self._waiting) + b"\n")
            self._waiting.clear()
            self._waiting_bytes = 0
        if self._fd >= 0 and (self._size >= SEGMENT_BYTES or time.monotonic() - self._opened >= SEGMENT_SECONDS):
            self.seal()

    def _write(self, data: bytes) -> None:
        try:
            if self._fd < 0:
                self._open()
            before = self._size
            written = os.write(self._fd, data)
            if written != len(data):
                # A short write means a full disk: take it back, so that a line is never counted twice.
                os.ftruncate(self._fd, before)
                os.lseek(self._fd, before, os.SEEK_SET)
                raise OSError("the disk took only a part")
        except OSError as error:
            self.full = True
            raise SpoolFull(str(error)) from error
        self._size += written
        self.full = False

    def _open(self) -> None:
        # The name sorts by time, so segments are read in the order in which they were written.
        name = f"{time.time_ns():020d}-{uuid.uuid4().hex[:12]}.jsonl"
        # Locked before it has the name that readers look for: nobody takes it for an orphan in between.
        arriving = self.open_folder / f"{name}.arriving"
        fd = os.open(arriving, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX)
        arriving.rename(self.open_folder / name)
        self._fd, self._size, self._opened, self._name = fd, 0, time.monotonic(), name

    def sync(self) -> None:
        """Make what was flushed survive a power cut."""
        if self._fd >= 0:
            os.fdatasync(self._fd)

    def seal(self) -> None:
        """Close the open segment and hand it to the reader."""
        if self._fd < 0:
            return
        (self.open_folder / self._name).rename(self.sealed_folder / self._name)
        os.close(self._fd)
        self._fd = -1

    def close(self) -> None:
        """Flush, sync and seal."""
        self.flush()
        if self._fd >= 0:
            os.fdatasync(self._fd)
        self.seal()


def seal_orphans(folder: Path) -> int:
    """Seal the open segments whose writer is gone. Returns how many."""
    count = 0
    for path in sorted((folder / "open").glob("*.jsonl")):
        with contextlib.suppress(FileNotFoundError), path.open("rb") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            if path.exists():
                path.rename(folder / "sealed" / path.name)
                count += 1
    return count


def sealed(folder: Path) -> list[Path]:
    """Sealed segments, oldest first."""
    return sorted((folder / "sealed").glob("*.jsonl"))


def lines(path: Path) -> Iterator[bytes]:
    """The whole lines of a segment; a torn last line is left out."""
    with path.open("rb") as handle:
        for line in handle:
            if line.endswith(b"\n"):
                yield line[:-1]


class Tail:
    """Follows the spool as it grows: for the live view and the detectors.

    `read` returns the lines that came since the last call, across segments.
    """

    def __init__(self, folder: Path, *, from_start: bool = False) -> None:
        self.folder = folder
        self._seen: dict[str, int] = {}
        if not from_start:
            for path in self._paths():
                with contextlib.suppress(FileNotFoundError):
                    self._seen[path.name] = path.stat().st_size

    def _paths(self) -> list[Path]:
        found = list((self.folder / "open").glob("*.jsonl")) + list((self.folder / "sealed").glob("*.jsonl"))
        return sorted(found, key=lambda path: path.name)

    def read(self) -> list[bytes]:
        """New whole lines."""
        out: list[bytes] = []
        paths = self._paths()
        for path in paths:
            offset = self._seen.get(path.name, 0)
            with contextlib.suppress(FileNotFoundError), path.open("rb") as handle:
                handle.seek(offset)
                data = handle.read()
                end = data.rfind(b"\n") + 1
                if end:
                    out.extend(data[:end].splitlines())
                    self._seen[path.name] = offset + end
        alive = {path.name for path in paths}
        for name in [name for name in self._seen if name not in alive]:
            del self._seen[name]
        return out
