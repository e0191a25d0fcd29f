"""Brings a list from a URL: asked with its ETag, bounded, checked, swapped in whole; the last good one is kept."""

import hashlib
import os
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec

from leeward.config import ListSource
from leeward.sources.reader import SourceError

_SECONDS = 60.0


class Fetched(msgspec.Struct, kw_only=True):
    """What is known of the copy on disk. Times are seconds since 1970 UTC."""

    url: str
    etag: str = ""
    modified: str = ""
    sha256: str = ""
    size: int = 0
    fetched: float = 0.0
    checked: float = 0.0
    failure: str = ""


def copy_path(source: ListSource, folder: Path) -> Path:
    """Where the copy lies; it keeps the URL's ending, which tells archives."""
    ending = "".join(Path(source.source.partition("?")[0]).suffixes[-2:])
    return folder / source.name / f"list{ending}"


def state(source: ListSource, folder: Path) -> Fetched:
    """What is known of the copy."""
    try:
        known = msgspec.json.decode((folder / source.name / "state.json").read_bytes(), type=Fetched)
    except (OSError, msgspec.MsgspecError):
        return Fetched(url=source.source)
    return known if known.url == source.source else Fetched(url=source.source)


def due_at(source: ListSource, folder: Path) -> float:
    """When it is time to ask again, seconds since 1970 UTC; a failed attempt is repeated after an hour."""
    known = state(source, folder)
    hours = min(1.0, source.every_hours) if known.failure else source.every_hours
    return known.checked + hours * 3600


def is_due(source: ListSource, folder: Path, *, now: float | None = None) -> bool:
    """Whether it is time to ask again."""
    return (time.time() if now is None else now) >= due_at(source, folder)


def fetch(
    source: ListSource,
    folder: Path,
    *,
    progress: Callable[[int], None] | None = None,
    client: httpx.Client | None = None,
) -> bool:
    """Ask for a list. Returns whether it changed. Raises SourceError; the copy that is there stays."""
    known = state(source, folder)
    known.checked = time.time()
    (folder / source.name).mkdir(parents=True, exist_ok=True)
    try:
        changed = _download(source, folder, known, progress, client)
        known.failure = ""
    except (httpx.HTTPError, OSError, SourceError) as error:
        known.failure = str(error) or type(error).__name__
        raise SourceError(f"{source.name}: {known.failure}") from error
    finally:
        _write(folder / source.name / "state.json", msgspec.json.encode(known))
    return changed


def _download(
    source: ListSource,
    folder: Path,
    known: Fetched,
    progress: Callable[[int], None] | None,
    client: httpx.Client | None,
) -> bool:
    target = copy_path(source, folder)
    headers = {"User-Agent": "leeward"}
    if target.exists() and known.etag:
        headers["If-None-Match"] = known.etag
    elif target.exists() and known.modified:
        headers["If-Modified-Since"] = known.modified
    owner = client or httpx.Client(timeout=_SECONDS, follow_redirects=True)
    scratch = target.with_name(".arriving")
    try:
        with owner.stream("GET", source.source, headers=headers) as response:
            if response.status_code == 304:
                return False
            if response.status_code != 200:
                raise SourceError(f"the server answered {response.status_code}")
            digest, size = _receive(response, scratch, source, progress)
            known.etag = response.headers.get("etag", "")
            known.modified = response.headers.get("last-modified", "")
    finally:
        if client is None:
            owner.close()
    if source.sha256 and digest != source.sha256.lower():
        scratch.unlink()
        raise SourceError(f"its SHA-256 is {digest}, not the one that was asked for; the old list stays")
    changed = digest != known.sha256 or not target.exists()
    scratch.rename(target)
    known.sha256, known.size, known.fetched = digest, size, time.time()
    return changed


def _receive(
    response: httpx.Response, path: Path, source: ListSource, progress: Callable[[int], None] | None
) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as handle:
        for piece in response.iter_bytes():
            size += len(piece)
            if size > source.max_bytes:
                raise SourceError(f"it is larger than {source.max_bytes} bytes; the old list stays")
            digest.update(piece)
            handle.write(piece)
            if progress:
                progress(size)
        handle.flush()
        os.fsync(handle.fileno())
    if size == 0:
        raise SourceError("the server sent nothing; the old list stays")
    return digest.hexdigest(), size


def _write(path: Path, data: bytes) -> None:
    scratch = path.with_name(f".{path.name}")
    scratch.write_bytes(data)
    scratch.rename(path)
