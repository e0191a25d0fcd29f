"""The library that Leeward ships, made ready once and kept in a file that may be deleted at any time."""

import os
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

import msgspec

from leeward.text import updates
from leeward.text.packs import Entry, library_file, own_packs, source_files, use_update
from leeward.text.score import Compiled, Library, compiled
from leeward.text.stage import shipped

_DIGEST = 32  # bytes
_FORMAT = b"2"  # goes up when anchors are chosen otherwise or tables look otherwise


def load_library(
    folder: Path | None = None,
    *,
    added: Sequence[Entry] = (),
    excluded: frozenset[str] = frozenset(),
    own: bool = True,
) -> Library:
    """The library, with a school's own entries and without those that it excludes.

    `folder`: where its made-ready form is kept; the user's cache folder without one. `own`: whether what Leeward ships
    is in it; without it a school has its own entries alone, and no second stage. Raises BadPack.
    """
    added = [msgspec.structs.replace(entry, own=True) for entry in added]
    if not own:
        return Library(compiled([]), added=added, excluded=excluded)
    return Library(_compiled(folder or cache_folder()), shipped(), added=added, excluded=excluded)


class SchoolLibrary(msgspec.Struct, frozen=True):
    """What a school does without, and its own entries: edited in the console, taken up by the gateway."""

    excluded: tuple[str, ...] = ()
    added: tuple[Entry, ...] = ()


def school_file(state: Path) -> Path:
    """Where it lies."""
    return state / "school-library.json"


def read_school(state: Path) -> SchoolLibrary:
    """What the console published. Raises OSError or msgspec.DecodeError if it is there and can't be read."""
    path = school_file(state)
    return msgspec.json.decode(path.read_bytes(), type=SchoolLibrary) if path.exists() else SchoolLibrary()


def make_ready(folder: Path, update: Path | None = None) -> None:
    """Make the library ready in a folder, if it is not, in a process of its own: it needs much memory once.

    `update`: of this update, which need not be in force yet.
    """
    use_update(update or updates.in_force(folder))
    if not _path(folder).exists():
        # Should it fail, whoever needs the library makes it: slower, and says why.
        more = [str(update)] if update else []
        subprocess.run([sys.executable, "-m", "leeward.text.library", str(folder), *more], check=False)


def cache_folder() -> Path:
    """Where things that can be made again lie (XDG Base Directory Specification)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base.startswith("/") else Path.home() / ".cache") / "leeward"


def _path(folder: Path) -> Path:
    return folder / f"library-{library_version()[:16]}.bin"


def _compiled(folder: Path) -> Compiled:
    path = _path(folder)
    if (made := _read(path)) is not None:
        return made
    made = compiled(own_packs())
    with suppress(OSError):  # a folder that can't be written costs the time of making it again
        _write(path, made)
    return made


def library_version() -> str:
    """A name for the packs as they are: changes when one of them does, or how they are made ready."""
    return _version(str(library_file("packs")))


@lru_cache(maxsize=4)
def _version(_packs: str) -> str:
    digest = sha256(_FORMAT)
    for file in source_files():
        digest.update(file.name.encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()


def _read(path: Path) -> Compiled | None:
    """What is kept, if it is whole and nobody else could have written it."""
    try:
        seen = path.stat()
        data = path.read_bytes()
    except OSError:
        return None
    if seen.st_uid != os.getuid() or seen.st_mode & 0o022 or sha256(data[_DIGEST:]).digest() != data[:_DIGEST]:
        return None
    with suppress(msgspec.DecodeError):
        return msgspec.msgpack.decode(data[_DIGEST:], type=Compiled)
    return None


def _write(path: Path, made: Compiled) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    data = msgspec.msgpack.encode(made)
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(sha256(data).digest() + data)
    fresh.replace(path)


if __name__ == "__main__":
    if sys.argv[2:]:
        use_update(Path(sys.argv[2]))
    _compiled(Path(sys.argv[1]))
