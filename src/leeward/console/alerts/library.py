"""What this school looks for besides the shipped library and does without; the gateway takes it up within a second.

Nobody edits the shipped library: the school's own entries and exclusions are a file beside it (requirements M01, M08).
"""

import os
from pathlib import Path

import msgspec
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from leeward.console.alerts import queries, telling
from leeward.console.alerts.joining import all_groups, is_excluded
from leeward.console.alerts.models import Addition, Alert, Exclusion, Hit
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.text.library import SchoolLibrary, school_file
from leeward.text.packs import Entry, check_entry


@action("library.exclude", may=May.EDIT_LIBRARY)
def exclude(actor: Person, entry: str, *, reason: str, group: str = "") -> Change[Exclusion]:
    """Do without an entry from now on, and backwards: open alerts that rest on it alone are closed."""
    made = Exclusion.objects.create(entry=entry, group=group, reason=reason, by=actor)
    closed = _apply_backwards(actor, made)
    transaction.on_commit(publish)
    return Change(made, entry, {"reason": reason, "group": group, "closed_alerts": closed})


def _apply_backwards(actor: Person, made: Exclusion) -> int:
    """Only alerts about pupils that the actor may know of: nobody closes what is about themselves."""
    own = set(queries.visible(actor).filter(is_staff=False, only="").values_list("pk", flat=True))
    others = list(Exclusion.objects.filter(ended=None))
    rows = Hit.objects.filter(entries__contains=made.entry, excluded=False).select_related("alert")
    groups_of = all_groups(rows.values_list("who", flat=True))
    touched: set[int] = set()
    for hit in rows.iterator(chunk_size=1000):
        if hit.alert_id is not None and hit.alert_id not in own:
            continue
        groups = {hit.alert.group if hit.alert else "", *groups_of.get(hit.who, ())}
        if made.entry in hit.entries.split() and is_excluded(hit, groups, others):
            Hit.objects.filter(pk=hit.pk).update(excluded=True)
            if hit.alert is not None and hit.alert.is_open:
                touched.add(hit.alert.pk)
    closed = 0
    for alert in Alert.objects.select_for_update().filter(pk__in=touched, status__in=Alert.OPEN):
        if not alert.rows.filter(excluded=False).exists():
            alert.status, alert.decision, alert.exclusion = Alert.Status.NO_CONCERN, "excluded", made
            alert.decided, alert.words = timezone.now(), made.reason
            alert.save()
            telling.no_longer_needed(alert)
            closed += 1
    return closed


@action("library.include", may=May.EDIT_LIBRARY)
def include(actor: Person, number: int) -> Change[int]:
    """Look for it again, and take back what the exclusion closed. Returns how many alerts are open again."""
    gone = Exclusion.objects.get(pk=number, ended=None)
    gone.ended = timezone.now()
    gone.save()
    others = list(Exclusion.objects.filter(ended=None))
    rows = Hit.objects.filter(entries__contains=gone.entry, excluded=True).select_related("alert")
    groups_of = all_groups(rows.values_list("who", flat=True))
    for hit in rows:
        if not is_excluded(hit, {hit.alert.group if hit.alert else "", *groups_of.get(hit.who, ())}, others):
            Hit.objects.filter(pk=hit.pk).update(excluded=False)
    newer = Alert.objects.filter(key=OuterRef("key"), status__in=Alert.OPEN)
    back = Alert.objects.filter(exclusion=gone).exclude(Exists(newer))
    count = 0
    for alert in back.select_for_update():
        alert.status, alert.decision, alert.decided, alert.words = Alert.Status.NEW, "", None, ""
        alert.exclusion = None
        alert.save()
        telling.plan(alert, timezone.now())
        count += 1
    transaction.on_commit(publish)
    return Change(count, gone.entry, {"opened_alerts": count})


@action("library.add", may=May.EDIT_LIBRARY)
def add(actor: Person, addition: Addition) -> Change[Addition]:
    """Look for more. Raises BadPack if a phrase can't be looked for."""
    check_entry(entry_of(addition))
    addition.save()
    transaction.on_commit(publish)
    return Change(addition, addition.name, {"theme": addition.theme, "phrases": addition.phrases})


@action("library.remove", may=May.EDIT_LIBRARY)
def remove(actor: Person, number: int) -> Change[None]:
    """One of the school's own entries is no longer looked for."""
    addition = Addition.objects.get(pk=number)
    name, phrases = addition.name, addition.phrases
    addition.delete()
    transaction.on_commit(publish)
    return Change(None, name, {"phrases": phrases})


def entry_of(addition: Addition) -> Entry:
    """As the scorer knows it."""
    return Entry(
        id=addition.name, meaning=addition.meaning, severity=addition.severity, weight=90, theme=addition.theme,
        phrases=tuple(addition.phrases), language="en",
    )  # fmt: skip


def publish() -> bool:
    """The file that the gateway reads, if it is not as it should be. Returns whether it was written.

    Entries left out for one group only are left out when alerts are opened.
    """
    excluded = Exclusion.objects.filter(ended=None, group="").values_list("entry", flat=True)
    body = SchoolLibrary(tuple(sorted(set(excluded))), tuple(entry_of(one) for one in Addition.objects.all()))
    path = school_file(Path(settings.STATE))
    data = msgspec.json.encode(body)
    if path.exists() and path.read_bytes() == data:
        return False
    fresh = path.with_suffix(f".{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    return True
