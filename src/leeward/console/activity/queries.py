"""Reads of events. Every one is a look at people, so every one is written down."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied

from leeward.console.activity.models import Answer
from leeward.console.alerts.queries import hidden_from
from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.queries import names_of
from leeward.console.people.roles import May
from leeward.events.kinds import Web, decode
from leeward.events.spool import lines
from leeward.store.read import Store, day_bounds

LIVE_ROWS = 100
LOG_ROWS = 200  # on a page
FILE_ROWS = 50_000
REQUEST_DAYS = 90
PAGES = 2  # log levels from here on are not noise (requirements F16)


def live(actor: Person, *, level: int, action: str = "") -> list[dict[str, Any]]:
    """The newest requests, from the spool's tail and the store."""
    look(actor, "activity.live", may=May.SEE_ACTIVITY, again_after=600)
    spool = settings.STATE / "spool"
    rows: list[dict[str, Any]] = []
    for path in sorted([*spool.glob("open/*.jsonl"), *spool.glob("sealed/*.jsonl")], key=lambda p: p.name)[-6:]:
        try:
            events = [decode(line) for line in lines(path)]
        except OSError:
            continue  # it went into the store just now
        rows += [_row(event) for event in events if isinstance(event, Web)]
    rows = [row for row in rows if row["level"] >= level and (not action or row["action"] == action)]
    if len(rows) < LIVE_ROWS:
        rows += _asked(
            {"action": action, "level": level, "limit": LIVE_ROWS}, since=dt.datetime.now(dt.UTC).timestamp() - 86_400
        )
    newest = sorted(rows, key=lambda row: float(row["at"]), reverse=True)
    return _named(_without(actor, newest[:LIVE_ROWS]))


class Search(NamedTuple):
    """What the log is asked. `who`: the person as the audit log names them; `purpose`: why (requirements M14)."""

    asked: dict[str, str]
    who: str
    since: float
    until: float
    purpose: str

    def subject(self) -> str:
        """What the audit log says was asked."""
        named = {**self.asked, "person": self.who}
        period = [dt.datetime.fromtimestamp(at, dt.UTC).strftime("%Y-%m-%dT%H:%MZ") for at in (self.since, self.until)]
        return " ".join([*(f"{key}={value}" for key, value in named.items() if value), "..".join(period)])


def _look(actor: Person, name: str, what: Search) -> None:
    about = what.asked["person"]
    look(actor, name, may=May.SEE_ACTIVITY, subject=what.subject(), purpose=what.purpose, about=about)


def search(actor: Person, what: Search, *, page: int = 1) -> tuple[list[dict[str, Any]], bool]:
    """A page of the log, newest first, and whether older rows follow."""
    _look(actor, "activity.search", what)
    bounds = {"level": 0, "limit": LOG_ROWS + 1, "offset": (page - 1) * LOG_ROWS}
    rows = _asked(what.asked | bounds, since=what.since, until=what.until)
    return _named(_without(actor, rows[:LOG_ROWS])), len(rows) > LOG_ROWS


def export(actor: Person, what: Search) -> list[dict[str, Any]]:
    """The same for a file: up to FILE_ROWS rows leave the console, and the audit log says so."""
    _look(actor, "activity.export", what)
    found = _asked(what.asked | {"level": 0, "limit": FILE_ROWS}, since=what.since, until=what.until)
    return _named(_without(actor, found))


def day(actor: Person, person: Person, date: dt.date, *, purpose: str) -> list[dict[str, Any]]:
    """One person's pages of one local day, in order."""
    if person.token in hidden_from(actor):
        raise PermissionDenied
    subject = f"{person.login} {date}"
    look(actor, "activity.day", may=May.SEE_ACTIVITY, subject=subject, purpose=purpose, about=person.token)
    since, until = day_bounds(date, ZoneInfo(settings.CONFIG.timezone))
    store = Store(settings.STATE / "store")
    try:
        rows = store.ask("person_day", since=since, until=until, person=person.token, level=PAGES, limit=FILE_ROWS)
        return _named(rows)
    finally:
        store.close()


def requests(actor: Person, *, answered: bool = False) -> list[dict[str, Any]]:
    """What people said on block pages, waiting or dealt with; names only for those who see activity."""
    look(actor, "activity.requests", may=May.SEE_REQUESTS, again_after=600)
    store = Store(settings.STATE / "store")
    try:
        rows = store.ask("reports", kind="report", since=dt.datetime.now(dt.UTC).timestamp() - REQUEST_DAYS * 86_400)
    finally:
        store.close()
    zone = ZoneInfo(settings.CONFIG.timezone)
    answers = Answer.objects.select_related("by").in_bulk([row["id"] for row in rows], field_name="event")
    rows = [row for row in _without(actor, rows) if (row["id"] in answers) == answered]
    shows_names = actor.may(May.SEE_ACTIVITY)
    names = names_of(row["person"] for row in rows) if shows_names else {}
    for row in rows:
        row["when"] = dt.datetime.fromtimestamp(row["at"], zone)
        row["who"] = names.get(row["person"], row["person"]) if shows_names else ""
        row["answer"] = answers.get(row["id"])
    return rows


def _asked(values: dict[str, Any], *, since: float, until: float = 4102444800.0) -> list[dict[str, Any]]:
    store = Store(settings.STATE / "store")
    try:
        return store.ask("search_log", since=since, until=until, **values)
    finally:
        store.close()


def _without(actor: Person, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows without those about people about whom the reader declared a conflict of interest (T5)."""
    hidden = hidden_from(actor)
    return [row for row in rows if row["person"] not in hidden] if hidden else rows


def _row(event: Web) -> dict[str, Any]:
    return {name: getattr(event, name) for name in event.__struct_fields__}


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Names for tokens, local times; what is not attributed is said so."""
    names = names_of(row["person"] for row in rows if row["person"])
    zone = ZoneInfo(settings.CONFIG.timezone)
    for row in rows:
        row["who"] = names.get(row["person"], row["person"])
        row["is_known"] = row["person"] in names
        row["when"] = dt.datetime.fromtimestamp(row["at"], zone)
        row["url"] = f"{row['scheme']}://{row['host']}{row['path']}"
    return rows
