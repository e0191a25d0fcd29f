"""Updates of the phrase library: packs in one file, signed by whoever publishes them, never taken back by an old one.

A file is `LWLIB1`, a 64-byte Ed25519 signature (RFC 8032), and what was signed: an `Update` as MessagePack.
"""

import os
import re
import shutil
from pathlib import Path

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_MAGIC = b"LWLIB1"
_SIGNATURE = 64
_NAME = re.compile(r"packs/[a-z0-9][a-z0-9.-]{0,60}\.yaml|contexts\.yaml|idioms\.yaml")
_MOST_FILES = 500
MOST_BYTES = 64 * 1024 * 1024


class BadUpdate(ValueError):
    """An update that can't be taken: why, in words."""


class Update(msgspec.Struct, frozen=True):
    """One version of the library. `changes`: what is new, for the people who answer for it."""

    version: int
    made: str
    changes: str
    files: dict[str, bytes]


def seal(update: Update, private: bytes) -> bytes:
    """Sign an update. `private`: 32 bytes."""
    body = msgspec.msgpack.encode(update)
    return _MAGIC + Ed25519PrivateKey.from_private_bytes(private).sign(body) + body


def opened(data: bytes, public: bytes) -> Update:
    """An update whose signature is right. `public`: 32 bytes. Raises BadUpdate."""
    if not data.startswith(_MAGIC) or len(data) > MOST_BYTES:
        raise BadUpdate("this is no update of the library")
    signature, body = data[len(_MAGIC) : len(_MAGIC) + _SIGNATURE], data[len(_MAGIC) + _SIGNATURE :]
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, body)
        update = msgspec.msgpack.decode(body, type=Update)
    except InvalidSignature:
        raise BadUpdate("the signature is not by the key that leeward.toml names") from None
    except (msgspec.DecodeError, ValueError) as error:
        raise BadUpdate(f"the update can't be read: {error}") from None
    if len(update.files) > _MOST_FILES or not all(_NAME.fullmatch(name) for name in update.files):
        raise BadUpdate("the update holds files that are no packs")
    if not any(name.startswith("packs/") for name in update.files):
        raise BadUpdate("the update holds no packs")
    return update


def update_of(folder: Path, *, version: int, made: str, changes: str) -> Update:
    """An update from a folder with `packs/`, `contexts.yaml` and `idioms.yaml`."""
    files = {f"packs/{path.name}": path.read_bytes() for path in sorted((folder / "packs").glob("*.yaml"))}
    for name in ("contexts.yaml", "idioms.yaml"):
        files[name] = (folder / name).read_bytes()
    return Update(version, made, changes, files)


def unpack(update: Update, folder: Path) -> Path:
    """Lay an update's files out to be tried. Returns their folder, which `settle` makes one of those that may count."""
    place = folder / f"trying-{update.version}"
    shutil.rmtree(place, ignore_errors=True)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for made in (place, place / "packs"):
        made.mkdir(mode=0o700)
    for name, data in update.files.items():
        (place / name).write_bytes(data)
    about = {"version": update.version, "made": update.made, "changes": update.changes}
    (place / "about.json").write_bytes(msgspec.json.encode(about))
    return place


def settle(folder: Path, version: int) -> None:
    """An update passed its trial: it may count from now on."""
    place = folder / f"update-{version}"
    shutil.rmtree(place, ignore_errors=True)
    (folder / f"trying-{version}").rename(place)


def refuse(folder: Path, version: int) -> None:
    """An update failed its trial: its files are kept for whoever looks into it."""
    place = folder / f"refused-{version}"
    shutil.rmtree(place, ignore_errors=True)
    (folder / f"trying-{version}").rename(place)


class About(msgspec.Struct, frozen=True):
    """What is said of a version."""

    version: int = 0
    made: str = ""
    changes: str = ""


def put_in_force(folder: Path, version: int) -> None:
    """From now on this version counts; 0 is the one that came with the program."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / "in-force.new"
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(str(version).encode())
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(pointer(folder))


def pointer(folder: Path) -> Path:
    """The file that says which version counts."""
    return folder / "in-force"


def in_force(folder: Path) -> Path | None:
    """The folder of the version that counts; None for the one that came with the program."""
    try:
        number = int(pointer(folder).read_text())
    except (OSError, ValueError):
        return None
    place = folder / f"update-{number}"
    return place if number and place.is_dir() else None


def about(folder: Path) -> About:
    """What is said of the version that counts."""
    place = in_force(folder)
    return msgspec.json.decode((place / "about.json").read_bytes(), type=About) if place else About()
