"""How often alerts were right: by theme, by entry of the library, and between two readers (requirements M07, M08)."""

import datetime as dt
import statistics
from collections import Counter, defaultdict
from collections.abc import Collection
from typing import Any, NamedTuple

from django.db.models import Q

from leeward.console.alerts.models import Alert, Exclusion, Hit, Opinion

# A no-concern for these reasons was rightly told: the library did its work.
RIGHTLY_TOLD = frozenset(("known", "resolved"))
# Numbers that many read say nothing of concerns that few may know of.
_OF_PUPILS: dict[str, Any] = {"is_staff": False, "only": ""}
# An entry with so many decided alerts and none of them right is put up for retirement.
ENOUGH = 8


class Totals(NamedTuple):
    """Alerts of some days in numbers."""

    alerts: int
    open: int
    incidents: int
    harmless: int
    median_minutes: int | None
    by_theme: list[tuple[str, int]]
    unanswered: int = 0


class Precision(NamedTuple):
    """How often it was right. `rate`: 0 to 1, None while nothing was decided."""

    name: str
    right: int
    wrong: int

    @property
    def rate(self) -> float | None:
        """Right ones of all."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else None

    @property
    def percent(self) -> str:
        """The rate in words."""
        return "–" if self.rate is None else f"{100 * self.rate:.0f} %"


def totals(since: dt.datetime, until: dt.datetime) -> Totals:
    """The numbers; what an exclusion closed is not counted."""
    rows = Alert.objects.filter(opened__gte=since, opened__lt=until, exclusion=None, **_OF_PUPILS)
    waits = [
        (acknowledged - opened).total_seconds() / 60
        for opened, acknowledged in rows.filter(severity__gte=3)
        .exclude(acknowledged=None)
        .values_list("opened", "acknowledged")
        if acknowledged is not None
    ]
    themes = Counter(rows.values_list("theme", flat=True))
    return Totals(
        rows.count(), rows.filter(status__in=Alert.OPEN).count(), rows.filter(status=Alert.Status.INCIDENT).count(),
        rows.filter(status=Alert.Status.NO_CONCERN).count(), round(statistics.median(waits)) if waits else None,
        themes.most_common(), rows.filter(severity__gte=3, acknowledged=None, status__in=Alert.OPEN).count(),
    )  # fmt: skip


def was_right(status: str, decision: str) -> bool:
    """Whether an alert that was decided was worth telling."""
    return status == Alert.Status.INCIDENT or decision in RIGHTLY_TOLD


def by_theme(since: dt.datetime) -> list[Precision]:
    """By theme, the least right first."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = Alert.objects.filter(decided__gte=since, **_OF_PUPILS).values_list("theme", "status", "decision")
    for theme, status, decision in rows:
        counts[theme][not was_right(status, decision)] += 1
    return _sorted(counts)


def by_entry(since: dt.datetime, names: Collection[str] = ()) -> list[Precision]:
    """By entry of the library, the least right first. `names`: of these alone."""
    wanted = Q()
    for name in names:
        wanted |= Q(entries__contains=name)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    rows = (
        Hit.objects.filter(alert__decided__gte=since, alert__is_staff=False, alert__only="")
        .filter(wanted)
        .exclude(entries="")
        .values_list("alert_id", "alert__status", "alert__decision", "entries")
    )
    seen: set[tuple[int, str]] = set()
    for alert, status, decision, entries in rows:
        for entry in entries.split():
            if (alert, entry) not in seen:
                seen.add((alert, entry))
                counts[entry][not was_right(status or "", decision or "")] += 1
    return _sorted(counts)


def _sorted(counts: dict[str, list[int]]) -> list[Precision]:
    rows = [Precision(name, right, wrong) for name, (right, wrong) in counts.items()]
    return sorted(rows, key=lambda row: (row.rate if row.rate is not None else 2, -row.wrong, row.name))


def for_retirement(since: dt.datetime) -> list[Precision]:
    """Entries that only cry wolf and are still looked for."""
    out = set(Exclusion.objects.filter(ended=None, group="").values_list("entry", flat=True))
    return [row for row in by_entry(since) if row.wrong >= ENOUGH and not row.right and row.name not in out]


class Agreement(NamedTuple):
    """How far two readers of the same alerts agree. `kappa`: Cohen's, 1 is always, 0 what chance would give."""

    pairs: int
    same: int
    kappa: float | None


def agreement(since: dt.datetime) -> Agreement:
    """Of all alerts that two people judged without seeing each other's word (Cohen 1960)."""
    by_alert: dict[int, list[bool]] = defaultdict(list)
    for alert, is_concern in (
        Opinion.objects.filter(at__gte=since, alert__is_staff=False)
        .order_by("at")
        .values_list("alert_id", "is_concern")
    ):
        by_alert[alert].append(is_concern)
    pairs = [(row[0], row[1]) for row in by_alert.values() if len(row) >= 2]
    if not pairs:
        return Agreement(0, 0, None)
    same = sum(a == b for a, b in pairs)
    first, second = (sum(pair[n] for pair in pairs) / len(pairs) for n in (0, 1))
    chance = first * second + (1 - first) * (1 - second)
    kappa = (same / len(pairs) - chance) / (1 - chance) if chance < 1 else None
    return Agreement(len(pairs), same, kappa)
