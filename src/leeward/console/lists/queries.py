"""Reads of lists: what holds a name, in words that people use."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from leeward.console.rules.queries import shelf
from leeward.identity.subjects import make_subject
from leeward.policy import taxonomy
from leeward.policy.compile import load_current
from leeward.policy.decide import decide
from leeward.policy.model import Moment, Request
from leeward.policy.snapshot import BadSnapshot
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


PROBE = "probe.leeward.test"  # a name of the starter list that nobody owns: it must be blocked for everybody


class Sealed(NamedTuple):
    """The tier that nobody can switch off (requirements T10, T11): its feeds, and whether its test page is blocked."""

    feeds: list[str]
    open_to: list[str]
    is_compiled: bool


def sealed() -> Sealed:
    """Asks the snapshot in force itself, for every profile, as the gateway would."""
    feeds = [source.name for source in settings.CONFIG.lists if source.tier == "sealed"]
    moment = Moment.of(timezone.now(), settings.CONFIG.timezone)
    try:
        with load_current(shelf()) as snapshot:
            names = [profile.name for profile in snapshot.policy.profiles]
            asked = [(name, Request(lenient(PROBE), make_subject(profile=name), moment)) for name in names]
            open_to = [name for name, request in asked if decide(snapshot, request).action != "block"]
            return Sealed(feeds, open_to, is_compiled=True)
    except BadSnapshot:
        return Sealed(feeds, [], is_compiled=False)


def overview() -> dict[str, Any]:
    """Every list, and the work that is going on. Times become local."""
    zone = ZoneInfo(settings.CONFIG.timezone)
    rows = [(row, _local(row.fetched, zone), _local(row.due, zone)) for row in states(settings.CONFIG)]
    return {"rows": rows, "work": progress(lists_folder(settings.CONFIG)), "sealed": sealed(), "probe": PROBE}


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
