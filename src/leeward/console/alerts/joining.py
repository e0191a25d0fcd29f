"""Findings and signals into alerts: one for a concern, later hits join it. Safe to repeat: no event counts twice."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from leeward.console.alerts import telling
from leeward.console.alerts.law import withheld
from leeward.console.alerts.models import Alert, Exclusion, Hit
from leeward.detect.signals import Signal
from leeward.events.kinds import Finding

# From which severity a finding opens an alert: a page may be met by accident, own words are one's own.
OPENS_OWN, OPENS_MET = 2, 3
_STILL_ONE = dt.timedelta(days=30)  # an incident takes later hits for so long
_STILL_HARMLESS = dt.timedelta(hours=24)  # the same words go on for so long after they were found harmless


def moment(epoch: float) -> dt.datetime:
    """Seconds since 1970 as a moment."""
    return dt.datetime.fromtimestamp(epoch, dt.UTC)


def hit_of_finding(event: Finding) -> Hit:
    """A finding as a row; what the law forbids to keep is left out (T7)."""
    hidden = withheld(event.theme)
    return Hit(
        event=event.id[:160], who=event.person or f"device:{event.client}", at=moment(event.at), theme=event.theme,
        severity=event.severity, score=event.score, channel=event.channel, written=event.written,
        language=event.language, excerpt=event.evidence[:300], around=event.around[:1000], host=event.host,
        path="" if hidden else event.path[:500], reason=event.reason[:500], entries=event.entries[:500],
        action=event.action, seeks_help=event.seeks_help,
    )  # fmt: skip


def hit_of_signal(signal: Signal) -> Hit:
    """A signal as a row. The same signal said again, graver, is the same row."""
    return Hit(
        event=signal.key[:160], who=signal.who, at=moment(signal.at), theme=signal.theme, severity=signal.severity,
        reason=signal.reason[:500], detector=signal.detector, weight=signal.weight, half_life=signal.half_life,
        host=signal.host, people=list(signal.people),
    )  # fmt: skip


def opens(hit: Hit) -> bool:
    """Whether a hit alone is worth an alert."""
    if hit.detector:
        return True
    is_own = hit.written or hit.channel == "message"
    return hit.severity >= (OPENS_OWN if is_own else OPENS_MET)


class Heads:
    """What an alert carries of its first hit beyond the hit itself."""

    def __init__(self, *, seat: str = "", client: str = "", group: str = "", is_staff: bool = False) -> None:
        self.values = {"seat": seat, "client": client, "group": group, "is_staff": is_staff}


@transaction.atomic
def join(rows: Sequence[tuple[Hit, Heads]], now: dt.datetime | None = None) -> list[Alert]:
    """Put hits where they belong. Returns the alerts that people must be told of, in the order of the hits."""
    now = now or timezone.now()
    known = set(Hit.objects.filter(event__in=[hit.event for hit, _ in rows]).values_list("event", flat=True))
    excluded = list(Exclusion.objects.filter(ended=None))
    circle = _Circle(_key(hit) for hit, _ in rows)
    fresh: list[Hit] = []
    for hit, heads in rows:
        if hit.event in known:
            if hit.detector:
                _go_on(hit, [one for one in fresh if one.event == hit.event])
            continue
        known.add(hit.event)
        hit.excluded = is_excluded(hit, str(heads.values["group"]), excluded)
        alert = None if hit.excluded else circle.alert_for(hit, heads)
        if alert is not None:
            _add(alert, hit)
            circle.touched[alert.key] = alert
        hit.alert = alert
        fresh.append(hit)
    for alert in circle.touched.values():
        alert.save()
    Hit.objects.bulk_create(fresh)
    to_tell = [one for one in circle.touched.values() if one.is_open and one.severity > one.told_severity]
    for alert in to_tell:
        telling.plan(alert, now)
    return to_tell


def _key(hit: Hit) -> str:
    return f"{hit.who}|{hit.theme}"[:200]


class _Circle:
    """The alerts that a batch of hits may belong to, asked for together."""

    def __init__(self, keys: Iterable[str]) -> None:
        wanted = set(keys)
        self.touched: dict[str, Alert] = {}
        open_ones = Alert.objects.select_for_update().filter(key__in=wanted, status__in=Alert.OPEN)
        self._open = {alert.key: alert for alert in open_ones}
        decided = Alert.objects.filter(key__in=wanted - self._open.keys()).exclude(decided=None)
        self._decided = {alert.key: alert for alert in decided.order_by("decided")}  # the last one stays

    def alert_for(self, hit: Hit, heads: Heads) -> Alert | None:
        """Where a hit belongs; None if it opens nothing."""
        key = _key(hit)
        found = self.touched.get(key) or self._open.get(key)
        if found is None and key in self._decided and _still_goes_on(self._decided[key], hit):
            found = self._decided[key]
        if found is not None and (found.is_open or key not in self._decided or _still_goes_on(found, hit)):
            return found
        if not opens(hit):
            return None
        source = Alert.Source.DETECTOR if hit.detector else Alert.Source.FINDING
        return Alert(
            key=key, who=hit.who, source=source, theme=hit.theme, severity=hit.severity, found_severity=hit.severity,
            reason=hit.reason, seeks_help=hit.seeks_help, opened=hit.at, last_hit=hit.at, **heads.values,
        )  # fmt: skip


def is_excluded(hit: Hit, group: str, exclusions: Iterable[Exclusion]) -> bool:
    """Whether everything that was found is something that the school does without."""
    entries = set(hit.entries.split())
    out = {one.entry for one in exclusions if one.group in ("", group)}
    return bool(entries) and entries <= out


def _go_on(hit: Hit, fresh: Sequence[Hit]) -> None:
    """A signal that was said before is said again: graver, or with more behind it."""
    row = fresh[0] if fresh else Hit.objects.select_related("alert").get(event=hit.event)
    row.at, row.reason, row.people = hit.at, hit.reason, hit.people
    row.severity, row.weight = max(row.severity, hit.severity), max(row.weight, hit.weight)
    if not fresh:
        row.save()
    if row.alert and row.alert.is_open and row.severity > row.alert.severity:
        row.alert.severity = row.alert.found_severity = row.severity
        row.alert.save()


def _still_goes_on(last: Alert, hit: Hit) -> bool:
    """Whether a hit belongs to what was decided a while ago: an incident, or the same harmless words."""
    if last.decided is None:
        return False
    age = hit.at - last.decided
    if last.status == Alert.Status.INCIDENT:
        return age < _STILL_ONE and hit.severity <= last.severity
    if age > _STILL_HARMLESS or hit.severity > last.found_severity or hit.detector:
        return False
    heard = {name for text in last.rows.values_list("entries", flat=True) for name in text.split()}
    return bool(hit.entries) and set(hit.entries.split()) <= heard


def _add(alert: Alert, hit: Hit) -> None:
    alert.hits += 1
    alert.last_hit = max(alert.last_hit, hit.at)
    if hit.severity > alert.found_severity and alert.is_open:
        # People who graded it lower did so before this came.
        alert.found_severity, alert.reason = hit.severity, hit.reason
        alert.severity = max(alert.severity, hit.severity)
    alert.seeks_help = alert.seeks_help or hit.seeks_help
    if alert.pk is None:
        alert.save()
