"""OneRoster 1.1 (1EdTech, CSV binding): users with the classes that they are enrolled in."""

import csv
import io
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import PurePosixPath

_MOST_ROWS = 400_000  # a large secondary school has some 60,000 enrolments
_MOST_BYTES = 64 * 1024 * 1024  # of one unpacked file


class BadRoster(ValueError):
    """The zip can't be read."""


def is_zip(data: bytes) -> bool:
    """Whether a file is a zip by its first bytes."""
    return data[:2] == b"PK"


def users_csv(data: bytes) -> tuple[bytes, dict[str, list[str]]]:
    """users.csv (section 4.10) and, by a user's sourcedId, the titles of the classes (4.2, 4.6). Raises BadRoster."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            users = _member(archive, "users.csv")
            if users is None:
                raise BadRoster("The zip holds no users.csv (OneRoster).")
            return users, _classes_of(_member(archive, "classes.csv"), _member(archive, "enrollments.csv"))
    except (zipfile.BadZipFile, zlib.error, RuntimeError, NotImplementedError) as error:
        raise BadRoster(f"The zip can't be read: {error}.") from error


def _member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    info = next((one for one in archive.infolist() if PurePosixPath(one.filename).name == name), None)
    if info is None:
        return None
    if info.file_size > _MOST_BYTES:
        raise BadRoster(f"{name} is too large.")
    data = archive.read(info)
    if data.count(b"\n") > _MOST_ROWS:
        raise BadRoster(f"{name} has more than {_MOST_ROWS:,} rows.")
    return data


def _classes_of(classes: bytes | None, enrolments: bytes | None) -> dict[str, list[str]]:
    """A OneRoster export may leave both out; then nobody is in a class."""
    titles = {row.get("sourcedId"): row.get("title", "").strip() for row in _rows(classes) if _holds(row)}
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(enrolments):
        title = titles.get(row.get("classSourcedId"))
        if title and _holds(row) and title not in (mine := found[row.get("userSourcedId", "")]):
            mine.append(title)
    return dict(found)


def _rows(data: bytes | None) -> Iterator[dict[str, str]]:
    try:
        yield from csv.DictReader(io.StringIO((data or b"").decode("utf-8-sig")), restval="")
    except (UnicodeDecodeError, csv.Error) as error:
        raise BadRoster(f"classes.csv or enrollments.csv can't be read: {error}.") from error


def _holds(row: dict[str, str]) -> bool:
    return row.get("status", "").casefold() != "tobedeleted"
