"""Findings and signals into alerts: one for a concern, later hits join it. Safe to repeat: no event counts twice."""

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from leeward.console.alerts import telling
from leeward.console.alerts.law import withheld
from leeward.console.alerts.models import Alert, Exclusion, Hit
from leeward.console.people.models import Person
from leeward.detect.signals import Signal
from leeward.events.kinds import Finding

# From which severity a finding opens an alert: a page may be met by accident, own words are one's own.
OPENS_OWN, OPENS_MET = 2, 3
_STILL_ONE = dt.timedelta(days=7)  # an incident takes the same words again for so long
_MOST_ENTRIES = 4_000  # characters
_OF_HITS = ("hits", "last_hit", "entries", "seeks_help", "updated")
_STILL_HARMLESS = dt.timedelta(hours=24)  # the same words go on for so long after they were found harmless


def moment(epoch: float) -> dt.datetime:
    """Seconds since 1970 as a moment."""
    return dt.datetime.fromtimestamp(epoch, dt.UTC)


def plain(text: str, most: int) -> str:
    """As a database takes it: long words are cut and NUL is left out, so that no finding is lost for it."""
    return text.replace("\x00", "")[:most]


def hit_of_finding(event: Finding) -> Hit:
    """A finding as a row; what the law forbids to keep is left out (T7)."""
    hidden = withheld(event.theme)
    return Hit(
        event=plain(event.id, 160), who=plain(event.person or f"device:{event.client}", 120), at=moment(event.at),
        theme=plain(event.theme, 40), severity=min(max(event.severity, 1), 5), score=event.score,
        channel=plain(event.channel, 10), written=event.written, language=plain(event.language, 5),
        excerpt=plain(event.evidence, 300), around=plain(event.around, 1000), host=plain(event.host, 253),
        path="" if hidden else plain(event.path, 500), reason=plain(event.reason, 500),
        entries=plain(event.entries, 500), action=plain(event.action, 8), seeks_help=event.seeks_help,
    )  # fmt: skip


def hit_of_signal(signal: Signal) -> Hit:
    """A signal as a row. The same signal said again, graver, is the same row."""
    return Hit(
        event=plain(signal.key, 150), who=plain(signal.who, 120), at=moment(signal.at), theme=signal.theme,
        severity=signal.severity, reason=plain(signal.reason, 500), detector=signal.detector, weight=signal.weight,
        half_life=signal.half_life, host=plain(signal.host, 253), people=list(signal.people),
    )  # fmt: skip


def opens(hit: Hit) -> bool:
    """Whether a hit alone is worth an alert."""
    if hit.detector:
        return True
    is_own = hit.written or hit.channel == "message"
    return hit.severity >= (OPENS_OWN if is_own else OPENS_MET)


class Heads:
    """What an alert carries of its first hit beyond the hit itself. `is_class`: a class log-in, told apart by seat."""

    def __init__(
        self, *, seat: str = "", client: str = "", group: str = "", is_staff: bool = False, is_class: bool = False
    ) -> None:
        self.values = {
            "seat": plain(seat, 20), "client": plain(client, 60), "group": plain(group, 100), "is_staff": is_staff,
        }  # fmt: skip
        self.is_class = is_class


@transaction.atomic
def join(rows: Sequence[tuple[Hit, Heads]], now: dt.datetime | None = None) -> list[Alert]:
    """Put hits where they belong. Returns the alerts that people must be told of, in the order of the hits."""
    now = now or timezone.now()
    known = set(Hit.objects.filter(event__in=[hit.event for hit, _ in rows]).values_list("event", flat=True))
    excluded = list(Exclusion.objects.filter(ended=None))
    groups_of = all_groups({hit.who for hit, _ in rows}) if any(one.group for one in excluded) else {}
    circle = _Circle(_key(hit, heads) for hit, heads in rows)
    fresh: list[Hit] = []
    for hit, heads in rows:
        if hit.event in known and (not hit.detector or _goes_on(hit, fresh, circle)):
            continue
        known.add(hit.event)
        groups = {str(heads.values["group"]), *groups_of.get(hit.who, ())}
        hit.excluded = is_excluded(hit, groups, excluded)
        alert = None if hit.excluded else circle.alert_for(hit, heads)
        if alert is not None:
            _add(alert, hit)
            circle.touched[alert.key] = alert
        hit.alert = alert
        fresh.append(hit)
    circle.save()
    Hit.objects.bulk_create(fresh)
    return circle.tell(now)


def _key(hit: Hit, heads: Heads) -> str:
    """What is one concern: somebody and a theme; at a class log-in the seat too, since all have one name there."""
    seat = f"#{heads.values['seat']}" if heads.is_class else ""
    return f"{hit.who}{seat}|{hit.theme}"[:200]


class _Circle:
    """The alerts that a batch of hits may belong to, asked for together."""

    def __init__(self, keys: Iterable[str]) -> None:
        wanted = set(keys)
        self.touched: dict[str, Alert] = {}
        open_ones = Alert.objects.select_for_update().filter(key__in=wanted, status__in=Alert.OPEN)
        self._open = {alert.key: alert for alert in open_ones}
        decided = Alert.objects.filter(key__in=wanted - self._open.keys()).exclude(decided=None)
        self._decided = {alert.key: alert for alert in decided.order_by("decided")}  # the last one stays

    def locked(self, alert: Alert) -> Alert:
        """An alert that changes, as it is now and nobody else's until the batch is through."""
        if alert.key not in self.touched:
            self.touched[alert.key] = Alert.objects.select_for_update().get(pk=alert.pk)
        return self.touched[alert.key]

    def save(self) -> None:
        """What people decide meanwhile stays theirs: of a decided alert only what a hit changes is written."""
        for alert in self.touched.values():
            alert.save(update_fields=None if alert.is_open else _OF_HITS)

    def tell(self, now: dt.datetime) -> list[Alert]:
        """People are told of what is new or graver; whoever is at it already must see that, too."""
        to_tell = [one for one in self.touched.values() if one.is_open and one.severity > one.told_severity]
        for alert in to_tell:
            alert.status = Alert.Status.NEW
            telling.plan(alert, now)
        return to_tell

    def alert_for(self, hit: Hit, heads: Heads) -> Alert | None:
        """Where a hit belongs; None if it opens nothing."""
        key = _key(hit, heads)
        found = self.touched.get(key) or self._open.get(key) or self._decided.get(key)
        if found is not None and (found.is_open or (not heads.is_class and _still_goes_on(found, hit))):
            return found
        if not opens(hit):
            return None
        source = Alert.Source.DETECTOR if hit.detector else Alert.Source.FINDING
        return Alert(
            key=key, who=hit.who, source=source, theme=hit.theme, severity=hit.severity, found_severity=hit.severity,
            reason=hit.reason, seeks_help=hit.seeks_help, opened=hit.at, last_hit=hit.at, **heads.values,
        )  # fmt: skip


def all_groups(whos: Iterable[str]) -> dict[str, list[str]]:
    """The groups of people, by their tokens; these may be a question of their own."""
    return dict(Person.objects.filter(token__in=whos).values_list("token", "groups"))


def is_excluded(hit: Hit, groups: Iterable[str], exclusions: Iterable[Exclusion]) -> bool:
    """Whether everything that was found is something that the school does without, for one of these groups."""
    held = {"", *(group.casefold() for group in groups)}
    entries = set(hit.entries.split())
    out = {one.entry for one in exclusions if one.group.casefold() in held}
    return bool(entries) and entries <= out


def _goes_on(hit: Hit, fresh: Sequence[Hit], circle: _Circle) -> bool:
    """A signal is said again, with more behind it. False if it is news: graver than what was decided."""
    row = next((one for one in fresh if one.event == hit.event), None)
    is_fresh = row is not None
    row = row or Hit.objects.select_related("alert").get(event=hit.event)
    if row.alert is not None and not row.alert.is_open and hit.severity > row.severity:
        hit.event = f"{hit.event}:{hit.severity}"
        return any(one.event == hit.event for one in fresh) or Hit.objects.filter(event=hit.event).exists()
    row.at, row.reason, row.people = hit.at, hit.reason, hit.people
    row.severity, row.weight = max(row.severity, hit.severity), max(row.weight, hit.weight)
    if not is_fresh:
        row.save()
    if row.alert is not None and row.alert.is_open and row.severity > row.alert.found_severity:
        alert = circle.locked(row.alert)
        if not alert.is_open:
            return True  # somebody decided it just now
        alert.severity, alert.found_severity, alert.reason = row.severity, row.severity, row.reason
    return True


def _still_goes_on(last: Alert, hit: Hit) -> bool:
    """Whether a hit belongs to what was decided a while ago: the same words, no graver, of somebody who is known.

    A device without a name may be in other hands by now; who asks for help is never counted under something harmless.
    """
    if last.decided is None or hit.who.startswith("device:") or hit.detector or hit.severity > last.found_severity:
        return False
    if not hit.entries or not set(hit.entries.split()) <= set(last.entries.split()):
        return False
    age = hit.at - last.decided
    if last.status == Alert.Status.INCIDENT:
        return age < _STILL_ONE
    return age < _STILL_HARMLESS and (last.seeks_help or not hit.seeks_help)


def _add(alert: Alert, hit: Hit) -> None:
    alert.hits += 1
    alert.last_hit = max(alert.last_hit, hit.at)
    heard, new = alert.entries.split(), hit.entries.split()
    is_new = not set(new) <= set(heard)
    alert.entries = " ".join(dict.fromkeys([*heard, *new]))[:_MOST_ENTRIES]
    if alert.is_open and (hit.severity > alert.found_severity or (is_new and hit.severity > alert.severity)):
        # People who graded it lower did so before this came.
        alert.found_severity, alert.reason = max(hit.severity, alert.found_severity), hit.reason
        alert.severity = max(alert.severity, hit.severity)
    alert.seeks_help = alert.seeks_help or hit.seeks_help
    if alert.pk is None:
        alert.save()
