"""People from a file: CSV, or the users.csv of OneRoster 1.1. A dry run first, with errors row by row."""

import csv
import io
import zipfile
from typing import NamedTuple

from leeward.console.people.models import Person

ROWS = 50_000
# OneRoster 1.1 (users.csv, section 4.10) and our own names of the columns
_COLUMNS = {
    "login": ("login", "username", "email"),
    "name": ("name", "fullname"),
    "given": ("givenname", "forename", "first name"),
    "family": ("familyname", "surname", "last name"),
    "kind": ("kind", "role"),
    "groups": ("groups", "group", "grades", "year"),
    "profile": ("profile",),
    "source_id": ("sourcedid", "upn", "id"),
    "status": ("status",),
}
_KINDS = {
    "pupil": "pupil", "student": "pupil", "staff": "staff", "teacher": "staff", "administrator": "staff",
    "aide": "staff", "class": "class", "proctor": "staff",
}  # fmt: skip


class Fault(NamedTuple):
    """A row that can't be taken."""

    row: int
    why: str


class Plan(NamedTuple):
    """What an import would do."""

    new: list[Person]
    changed: list[Person]
    same: int
    leaving: list[Person]
    faults: list[Fault]


class BadFile(ValueError):
    """The file as a whole can't be read."""


def read(data: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file or of a OneRoster zip. Raises BadFile."""
    if data[:2] == b"PK":
        data = _users_csv(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    reader = csv.DictReader(io.StringIO(text))
    found = {name.strip().casefold(): name for name in reader.fieldnames or ()}
    columns = {key: next((found[name] for name in names if name in found), None) for key, names in _COLUMNS.items()}
    if not columns["login"] or not (columns["name"] or columns["family"]):
        raise BadFile(
            "The first row must name the columns: at least login (or username) and name (or givenName, familyName)."
        )
    rows = [{key: (row.get(name) or "").strip() if name else "" for key, name in columns.items()} for row in reader]
    if len(rows) > ROWS:
        raise BadFile(f"More than {ROWS:,} rows: split the file.")
    return rows


def _users_csv(data: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("users.csv")
            if info.file_size > 64 * 1024 * 1024:
                raise BadFile("users.csv is too large.")
            return archive.read(info)
    except (zipfile.BadZipFile, KeyError) as error:
        raise BadFile("The zip holds no users.csv (OneRoster).") from error


def plan(rows: list[dict[str, str]], *, profiles: set[str], leavers: bool = False) -> Plan:
    """What these rows would do; nothing is changed. `leavers`: pupils who are not in the file become inactive."""
    known = {person.login: person for person in Person.objects.all()}
    new: list[Person] = []
    changed: list[Person] = []
    faults: list[Fault] = []
    same = 0
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):  # row 1 holds the names of the columns
        login = row["login"].casefold()
        if why := _fault(row, login, seen, profiles):
            faults.append(Fault(number, why))
            continue
        seen.add(login)
        person = known.get(login) or Person(login=login)
        if not _update(person, row):
            same += 1
        else:
            (changed if person.pk else new).append(person)
    leaving = [p for p in known.values() if leavers and p.is_active and p.kind == "pupil" and p.login not in seen]
    return Plan(new, changed, same, leaving, faults)


def _fault(row: dict[str, str], login: str, seen: set[str], profiles: set[str]) -> str:
    if not login:
        return "There is no log-in."
    if login in seen:
        return f"The log-in {login} comes twice."
    if not (row["name"] or row["given"] or row["family"]):
        return "There is no name."
    kind = (row["kind"] or "pupil").casefold()
    if kind not in _KINDS:
        return f"“{row['kind']}” is no kind of person: use pupil, staff or class."
    if row["profile"] and row["profile"] not in profiles:
        return f"There is no filtering profile “{row['profile']}”."
    return ""


def _update(person: Person, row: dict[str, str]) -> bool:
    before = (person.pk, person.name, person.kind, list(person.groups), person.profile, person.source_id)
    person.name = (row["name"] or f"{row['given']} {row['family']}").strip()[:200]
    person.kind = _KINDS[(row["kind"] or "pupil").casefold()]
    person.groups = [part.strip() for part in row["groups"].replace(";", ",").split(",") if part.strip()]
    person.profile = row["profile"] or person.profile or ("staff" if person.kind == "staff" else "pupil")
    person.source_id = row["source_id"] or person.source_id
    after = (person.pk, person.name, person.kind, person.groups, person.profile, person.source_id)
    return person.pk is None or before != after
