"""Reads of lists: what holds a name, in words that people use."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from leeward.console.rules.queries import shelf
from leeward.policy import taxonomy
from leeward.policy.compile import load_current
from leeward.policy.url import lenient
from leeward.upkeep.compiling import lists_folder
from leeward.upkeep.lists import states
from leeward.upkeep.progress import progress


class Listed(NamedTuple):
    """One name that a list holds, and as what."""

    name: str
    category: str
    title: str
    source: str


def overview() -> dict[str, Any]:
    """Every list, and the work that is going on. Times become local."""
    zone = ZoneInfo(settings.CONFIG.timezone)
    rows = [(row, _local(row.fetched, zone), _local(row.due, zone)) for row in states(settings.CONFIG)]
    return {"rows": rows, "work": progress(lists_folder(settings.CONFIG))}


def _local(seconds: float, zone: ZoneInfo) -> dt.datetime | None:
    return dt.datetime.fromtimestamp(seconds, zone) if seconds else None


def look_up(text: str) -> tuple[str, list[Listed]]:
    """The name that was meant and what lists say of it. Raises BadURL or BadSnapshot."""
    target = lenient(text)
    with load_current(shelf()) as snapshot:
        found = [(name, labels) for name, labels in snapshot.names_of(target.host).items()]
        pages = sorted(snapshot.lookup_url(target.host, target.path or "/"))
    if pages:
        found.append((target.host.name + (target.path or "/"), pages))
    return target.host.name, [row for name, labels in found for row in _listed(name, labels)]


def _listed(name: str, labels: list[str]) -> list[Listed]:
    """Labels are categories, and `list:NAME` for the lists that hold the name."""
    sources = ", ".join(label.removeprefix("list:") for label in labels if label.startswith("list:"))
    known = taxonomy.categories()
    categories = [label for label in labels if ":" not in label]
    return [Listed(name, item, known[item].title if item in known else item, sources) for item in categories]
