"""A second reader of the spool that keeps its place: it may stop for days and goes on where it was.

Where the folder `kept` is, ingest hands sealed segments on instead of deleting them; the follower deletes what it
has read.
"""

import contextlib
from pathlib import Path

_CHUNK = 4 * 1024 * 1024  # read at once, so that a long absence costs time and not memory


def kept_folder(spool: Path) -> Path:
    """Where segments wait for the follower; its being there says that there is one."""
    return spool / "kept"


class Follower:
    """Reads whole lines in the order in which they were written. `place`: bytes read, by segment."""

    def __init__(self, spool: Path, place: dict[str, int] | None = None) -> None:
        self.spool = spool
        self.place = dict(place or {})
        kept_folder(spool).mkdir(parents=True, exist_ok=True, mode=0o700)

    def read(self) -> list[bytes]:
        """New whole lines; `place` moves on. Nothing is deleted before `release`."""
        out: list[bytes] = []
        room = _CHUNK
        for path in self._paths():
            if room <= 0:
                break
            offset = self.place.get(path.name, 0)
            with contextlib.suppress(FileNotFoundError):  # it moved on just now; the next call finds it
                if path.stat().st_size <= offset:
                    continue
                with path.open("rb") as handle:
                    handle.seek(offset)
                    data = handle.read(room)
                end = data.rfind(b"\n") + 1
                out.extend(data[:end].splitlines())
                self.place[path.name] = offset + end
                room -= end
        return out

    def _paths(self) -> list[Path]:
        # In the order in which a segment moves: one that moves meanwhile is seen twice, never missed.
        found: dict[str, Path] = {}
        for folder in ("open", "sealed", "kept"):
            found |= {path.name: path for path in (self.spool / folder).glob("*.jsonl")}
        return [found[name] for name in sorted(found)]

    def release(self) -> int:
        """Delete kept segments that were read to their end; call it when `place` is safe. Returns how many."""
        count = 0
        for path in kept_folder(self.spool).glob("*.jsonl"):
            data_end = self.place.get(path.name, -1)
            if data_end >= _whole(path):
                path.unlink()
                self.place.pop(path.name, None)
                count += 1
        alive = {path.name for path in self._paths()}
        self.place = {name: offset for name, offset in self.place.items() if name in alive}
        return count


def _whole(path: Path) -> int:
    """Bytes of the whole lines of a sealed segment; a torn last line is nobody's."""
    size = path.stat().st_size
    with path.open("rb") as handle:
        handle.seek(max(size - 65_536, 0))
        tail = handle.read()
    return size - (len(tail) - tail.rfind(b"\n") - 1)
