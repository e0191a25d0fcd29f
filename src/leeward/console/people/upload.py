"""People from a file: CSV, or the users.csv of OneRoster 1.1. A dry run first, with errors row by row."""

import csv
import io
from dataclasses import dataclass, field
from typing import NamedTuple

from django.core.exceptions import ValidationError

from leeward.console.people import oneroster
from leeward.console.people.models import Person, check_login

_FITS = {"log-in": 150, "name": 200, "identifier": 100}  # characters that the database has room for
_FILTERED_BY = ("groups", "profile", "active")
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


@dataclass(slots=True)
class Plan:
    """What an import would do. `told`: what changes of somebody, in words, by log-in; `gone`: rows of people who have
    left, which are left out; `filtered_otherwise`: who is signed out, so that what changed counts at once.
    """

    new: list[Person] = field(default_factory=list)
    changed: list[Person] = field(default_factory=list)
    same: int = 0
    leaving: list[Person] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)
    gone: int = 0
    filtered_otherwise: list[Person] = field(default_factory=list)

    def take(self, number: int, person: Person, row: Row) -> None:
        """A row that can be read, for somebody who is known or new."""
        before = _taken_over(person)
        _update(person, row)
        change = _difference(before, after := _taken_over(person))
        if person.pk is None:
            self.new.append(person)
        elif not change:
            self.same += 1
        elif person.roles:
            why = f"{person.login} has a role in the console: such accounts are changed by hand."
            self.faults.append(Fault(number, why))
        else:
            self.changed.append(person)
            self.told[person.login] = change
            self.filtered_otherwise += [person] if any(before[key] != after[key] for key in _FILTERED_BY) else []


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
            hint = " It seems to be separated by semicolons: save it with commas." if ";" in str(found) else ""
            raise BadFile(
                "The first row must name the columns: at least login (or username) and name (or givenName, familyName)."
                + hint
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
    made = Plan()
    seen: set[str] = set()
    for number, row in enumerate(rows, 2):  # row 1 holds the names of the columns
        login = row.get("login", "").casefold()
        if _is_gone(row):
            made.gone += 1  # OneRoster 1.1: whoever was deleted or disabled there has left
        elif why := _fault(row, login, seen, profiles):
            made.faults.append(Fault(number, why))
        else:
            seen.add(login)
            made.take(number, known.get(login) or Person(login=login), row)
    if leavers:
        made.leaving = _leaving(known, seen)
    return made


def _leaving(known: dict[str, Person], seen: set[str]) -> list[Person]:
    """Pupils who are not in the file. Raises BadFile if that is too many to be meant."""
    pupils = [person for person in known.values() if person.is_active and person.kind == "pupil" and not person.roles]
    leaving = [person for person in pupils if person.login not in seen]
    if len(leaving) * 2 > len(pupils) and (not seen or len(leaving) >= _MANY):
        raise BadFile(f"{len(leaving)} of {len(pupils)} pupils would become inactive. Is this the whole school's file?")
    return leaving


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
    return _too_long(login, row) or _unknown(row, profiles)


def _unknown(row: Row, profiles: set[str]) -> str:
    kind = row.get("kind") or "pupil"
    if kind.casefold() not in _KINDS:
        return f"“{kind}” is no kind of person: use pupil, staff or class."
    profile = row.get("profile")
    if profile and profile not in profiles:
        return f"There is no filtering profile “{profile}”."
    return ""


def _too_long(login: str, row: Row) -> str:
    given = {"log-in": login, "name": _name(row), "identifier": row.get("source_id", "")}
    long = next((what for what, text in given.items() if len(text) > _FITS[what]), "")
    return f"The {long} is too long: {_FITS[long]} characters fit." if long else ""


def _name(row: Row) -> str:
    return (row.get("name") or f"{row.get('given', '')} {row.get('family', '')}").strip()


def _update(person: Person, row: Row) -> None:
    """Take over what the row holds; what its file has no column for stays as it is."""
    person.name = _name(row)
    if row.get("kind"):
        person.kind = _KINDS[row["kind"].casefold()]
    if "groups" in row:
        person.groups = [part.strip() for part in row["groups"].replace(";", ",").split(",") if part.strip()]
    person.profile = row.get("profile") or person.profile or ("staff" if person.kind == "staff" else "pupil")
    person.source_id = row.get("source_id") or person.source_id
    if person.kind == "pupil":
        person.is_active = True  # whoever comes back is there again


def _taken_over(person: Person) -> dict[str, str]:
    """What an import changes of a person."""
    return {
        "name": person.name, "kind": person.kind, "groups": ", ".join(person.groups), "profile": person.profile,
        "identifier": person.source_id, "active": "yes" if person.is_active else "no",
    }  # fmt: skip


def _difference(before: dict[str, str], after: dict[str, str]) -> str:
    return "; ".join(
        f"{key}: {before[key] or '–'} → {after[key] or '–'}" for key in before if before[key] != after[key]
    )
