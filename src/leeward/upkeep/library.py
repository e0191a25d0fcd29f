"""Updates of the phrase library brought on schedule: verified, tried out, made ready, and only then in force."""

import subprocess
import sys
import time
from pathlib import Path

import httpx
import msgspec

from leeward.config import Config
from leeward.gates.web.scan import library_folder
from leeward.text import updates
from leeward.text.library import make_ready
from leeward.text.updates import MOST_BYTES, BadUpdate

_SECONDS = 60.0
_AGAIN_HOURS = 1.0  # after a failure


class Asked(msgspec.Struct):
    """What is known of the last time that the URL was asked."""

    at: float = 0.0
    etag: str = ""
    failure: str = ""


def asked(config: Config) -> Asked:
    """How it went the last time."""
    try:
        return msgspec.json.decode((library_folder(config) / "asked.json").read_bytes(), type=Asked)
    except (OSError, msgspec.DecodeError):
        return Asked()


def bring_library(config: Config, *, only_due: bool = True, now: float | None = None) -> int:
    """Ask for an update and put it in force. Returns its version, 0 if there is none; `asked` says what failed."""
    settings = config.library
    if not settings.url:
        return 0
    now = time.time() if now is None else now
    last = asked(config)
    hours = min(_AGAIN_HOURS, settings.every_hours) if last.failure else settings.every_hours
    if only_due and now < last.at + hours * 3600:
        return 0
    version, told = 0, Asked(now, last.etag)
    try:
        data, told.etag = _fetched(settings.url, "" if last.failure else last.etag)
        if data:
            version = take(config, data)
    except (BadUpdate, httpx.HTTPError, OSError, ValueError) as error:
        told.failure = str(error) or type(error).__name__
    folder = library_folder(config)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    (folder / "asked.json").write_bytes(msgspec.json.encode(told))
    return version


def _fetched(url: str, etag: str) -> tuple[bytes, str]:
    """The file, empty if it is as it was; and its mark."""
    headers = {"If-None-Match": etag} if etag else {}
    with httpx.stream("GET", url, headers=headers, timeout=_SECONDS, follow_redirects=True) as answer:
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return b"", etag
        answer.raise_for_status()
        data = b""
        for piece in answer.iter_bytes():
            data += piece
            if len(data) > MOST_BYTES:
                raise BadUpdate("the update is larger than 64 MB")
        return data, answer.headers.get("etag", "")


def take(config: Config, data: bytes) -> int:
    """Put an update in force. Returns its version, 0 if it is the one that counts. Raises BadUpdate."""
    folder = library_folder(config)
    try:
        public = bytes.fromhex(config.library.key)
    except ValueError:
        raise BadUpdate("library.key is no key: 64 hexadecimal digits are wanted") from None
    update = updates.opened(data, public)
    newest = max(_versions(folder), default=0)
    if update.version == newest:
        return 0
    if update.version < newest:
        raise BadUpdate(f"version {update.version} is older than {newest}, which was here already")
    place = updates.unpack(update, folder)
    command = [sys.executable, "-m", "leeward", "phrases", "test", "--packs", str(place)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    if tried.returncode:
        updates.refuse(folder, update.version)
        last = (tried.stdout.strip() or tried.stderr.strip() or "no word").splitlines()[-1]
        raise BadUpdate(f"version {update.version} fails its own examples: {last[:200]}")
    make_ready(folder, place)
    updates.settle(folder, update.version)
    updates.put_in_force(folder, update.version)
    return update.version


def _versions(folder: Path) -> list[int]:
    """Versions that are here."""
    names = (path.name.removeprefix("update-") for path in folder.glob("update-*"))
    return [int(name) for name in names if name.isdigit()]


def go_back(config: Config) -> int:
    """The version before the one that counts is in force again; 0 is the one that came with the program."""
    folder = library_folder(config)
    now = updates.about(folder).version
    before = max((number for number in _versions(folder) if number < now), default=0)
    updates.put_in_force(folder, before)
    return before
