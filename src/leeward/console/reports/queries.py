"""Numbers for reports. Nobody is named; small groups are not shown (requirements G12)."""

import datetime as dt
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from leeward.store.read import Store, day_bounds

# Fewer people than this in a group, and a number would be about them (k-anonymity).
SMALLEST_GROUP = 5


class Overview(NamedTuple):
    """What a report holds."""

    categories: list[dict[str, Any]]
    hours: list[dict[str, Any]]
    groups: list[dict[str, Any]]
    attribution: list[dict[str, Any]]


def overview(first: dt.date, last: dt.date) -> Overview:
    """The numbers of some days, both included."""
    zone = ZoneInfo(settings.CONFIG.timezone)
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    store = Store(settings.STATE / "store")
    try:
        groups = store.ask("by_group", since=since, until=until)
        return Overview(
            store.ask("blocked_by_category", since=since, until=until),
            store.ask("by_hour", since=since, until=until, zone=settings.CONFIG.timezone),
            [row for row in groups if row["people"] >= SMALLEST_GROUP],
            store.ask("attribution", since=since, until=until),
        )
    finally:
        store.close()
