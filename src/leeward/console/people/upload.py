"""People from a file: CSV, or the users.csv of OneRoster 1.1. A dry run first, with errors row by row."""

import csv
import io
from typing import NamedTuple

from django.core.exceptions import ValidationError

from leeward.console.people import oneroster
from leeward.console.people.models import Person, check_login

_MANY = 10  # leavers from which on more than half of all pupils is taken for a mistake
type Row = dict[str, str]  # column -> text, for the columns that the file has
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
    "enabled": ("enableduser",),
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
    told: dict[str, str]  # log-in -> what changes, in words


class BadFile(ValueError):
    """The file as a whole can't be read."""


def read(data: bytes) -> list[Row]:
    """Rows of a CSV file or of a OneRoster zip. Raises BadFile."""
    classes: dict[str, list[str]] = {}
    if oneroster.is_zip(data):
        try:
            data, classes = oneroster.users_csv(data)
        except oneroster.BadRoster as error:
            raise BadFile(str(error)) from error
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadFile("The file is not UTF-8. Save it as “CSV UTF-8”.") from error
    reader = csv.DictReader(io.StringIO(text))
    try:
        found = {name.strip().casefold(): name for name in reader.fieldnames or ()}
        columns = {key: next((found[name] for name in names if name in found), None) for key, names in _COLUMNS.items()}
        if not columns["login"] or not (columns["name"] or columns["family"]):
            raise BadFile(
                "The first row must name the columns: at least login (or username) and name (or givenName, familyName)."
            )
        return [_with_classes(row, classes) for row in _rows(reader, columns)]
    except csv.Error as error:
        raise BadFile(f"Line {reader.line_num} can't be read as CSV: {error}.") from error


def _rows(reader: "csv.DictReader[str]", columns: dict[str, str | None]) -> list[Row]:
    """Rows by our names of the columns; a column that the file does not have is not in them."""
    rows: list[Row] = []
    for row in reader:
        if len(rows) >= ROWS:
            raise BadFile(f"More than {ROWS:,} rows: split the file.")
        rows.append({key: (row.get(name) or "").strip() for key, name in columns.items() if name})
    return rows


def _with_classes(row: Row, classes: dict[str, list[str]]) -> Row:
    """The classes after the year, which reports use."""
    if not classes:
        return row
    groups = [row.get("groups", ""), *classes.get(row.get("source_id", ""), [])]
    return {**row, "groups": ",".join(filter(None, groups))}


def plan(rows: list[Row], *, profiles: set[str], leavers: bool = False) -> Plan:
    """What these rows would do; nothing is changed. `leavers`: pupils who are not in the file become inactive."""
    known = {person.login: person for person in Person.objects.all()}
    new: list[Person] = []
    changed: list[Person] = []
    faults: list[Fault] = []
    told: dict[str, str] = {}
    same = 0
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):  # row 1 holds the names of the columns
        login = row.get("login", "").casefold()
        if _is_gone(row):
            continue  # OneRoster 1.1: whoever was deleted or disabled there has left
        if why := _fault(row, login, seen, profiles):
            faults.append(Fault(number, why))
            continue
        seen.add(login)
        person = known.get(login) or Person(login=login)
        before = _taken_over(person)
        _update(person, row)
        if person.pk is None:
            new.append(person)
        elif change := _difference(before, _taken_over(person)):
            changed.append(person)
            told[person.login] = change
        else:
            same += 1
    leaving = [p for p in known.values() if leavers and p.is_active and p.kind == "pupil" and p.login not in seen]
    pupils = sum(p.is_active and p.kind == "pupil" for p in known.values())
    if len(leaving) * 2 > pupils and (not seen or len(leaving) >= _MANY):
        raise BadFile(f"{len(leaving)} of {pupils} pupils would become inactive. Is this the whole school's file?")
    return Plan(new, changed, same, leaving, faults, told)


def _is_gone(row: Row) -> bool:
    return (
        row.get("status", "").casefold() in ("tobedeleted", "inactive") or row.get("enabled", "").casefold() == "false"
    )


def _fault(row: Row, login: str, seen: set[str], profiles: set[str]) -> str:
    if not login:
        return "There is no log-in."
    try:
        check_login(login)
    except ValidationError as error:
        return str(error.message)
    if login in seen:
        return f"The log-in {login} comes twice."
    if not _name(row):
        return "There is no name."
    kind = row.get("kind") or "pupil"
    if kind.casefold() not in _KINDS:
        return f"“{kind}” is no kind of person: use pupil, staff or class."
    profile = row.get("profile")
    if profile and profile not in profiles:
        return f"There is no filtering profile “{profile}”."
    return ""


def _name(row: Row) -> str:
    return (row.get("name") or f"{row.get('given', '')} {row.get('family', '')}").strip()[:200]


def _update(person: Person, row: Row) -> None:
    """Take over what the row holds; what its file has no column for stays as it is."""
    person.name = _name(row)
    if row.get("kind"):
        person.kind = _KINDS[row["kind"].casefold()]
    if "groups" in row:
        person.groups = [part.strip() for part in row["groups"].replace(";", ",").split(",") if part.strip()]
    person.profile = row.get("profile") or person.profile or ("staff" if person.kind == "staff" else "pupil")
    person.source_id = row.get("source_id") or person.source_id


def _taken_over(person: Person) -> dict[str, str]:
    """What an import changes of a person."""
    return {
        "name": person.name, "kind": person.kind, "groups": ", ".join(person.groups), "profile": person.profile,
        "identifier": person.source_id,
    }  # fmt: skip


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    return "; ".join(
        f"{key}: {before[key] or '–'} → {after[key] or '–'}" for key in before if before[key] != after[key]
    )
