"""Samples are drawn, read and closed."""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from leeward.config import Config
from leeward.console.alerts.models import Alert
from leeward.console.audit.action import Change, action
from leeward.console.audit.models import Entry
from leeward.console.oversight.drawing import draw
from leeward.console.oversight.models import Item, Sample
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.store.read import Store, day_bounds

LOOKS, DECISIONS, SEARCHES = 20, 5, 20
# Reads that tell something about people; lists of rules or of one's own work do not.
_ABOUT_PEOPLE = ("activity.", "alerts.see", "alerts.list", "alerts.risks", "people.", "presence.")
type Drawn = tuple[dict[str, Any], str]  # what the reader is shown, and whose work it is


class NotRead(Exception):
    """Some items have no outcome yet."""


def _bounds(first: dt.date, last: dt.date) -> tuple[dt.datetime, dt.datetime]:
    zone = ZoneInfo(settings.CONFIG.timezone)
    since, until = day_bounds(first, zone)[0], day_bounds(last, zone)[1]
    return dt.datetime.fromtimestamp(since, dt.UTC), dt.datetime.fromtimestamp(until, dt.UTC)


def _looks(first: dt.date, last: dt.date) -> dict[str, Drawn]:
    since, until = _bounds(first, last)
    rows = Entry.objects.filter(is_read=True, at__gte=since, at__lt=until).exclude(about__startswith="only:")
    return {
        f"entry {row.pk}": (
            {"who": row.actor, "when": row.at.isoformat(), "what": row.action, "about": row.subject,
             "purpose": row.detail.get("purpose", ""), "token": row.about},
            row.actor_token,
        )
        for row in rows if row.action.startswith(_ABOUT_PEOPLE)
    }  # fmt: skip


def _decisions(first: dt.date, last: dt.date) -> dict[str, Drawn]:
    since, until = _bounds(first, last)
    rows = Alert.objects.filter(
        status=Alert.Status.NO_CONCERN, decided__gte=since, decided__lt=until, exclusion=None, is_staff=False, only=""
    ).select_related("decided_by")
    return {
        f"alert {row.pk}": ({"alert": row.pk, "decision": row.decision, "severity": row.severity},
                            row.decided_by.token if row.decided_by else "")
        for row in rows
    }  # fmt: skip


def _searches(first: dt.date, last: dt.date) -> dict[str, Drawn]:
    since, until = _bounds(first, last)
    store = Store(settings.STATE / "store")
    try:
        rows = store.ask("searches", since=since.timestamp(), until=until.timestamp())
    finally:
        store.close()
    return {f"event {row['id']}": ({"when": row["at"], "term": row["term"], "host": row["host"],
                                              "group": row["group"], "person": row["person"]}, row["person"])
            for row in rows}  # fmt: skip


_POPULATIONS: dict[str, Callable[[dt.date, dt.date], dict[str, Drawn]]] = {
    Sample.Kind.LOOKS: _looks, Sample.Kind.DECISIONS: _decisions, Sample.Kind.SEARCHES: _searches,
}  # fmt: skip
_COUNTS: dict[str, int] = {Sample.Kind.LOOKS: LOOKS, Sample.Kind.DECISIONS: DECISIONS, Sample.Kind.SEARCHES: SEARCHES}


def make(kind: str, first: dt.date, last: dt.date, *, by: Person | None, seed: str = "") -> Sample:
    """Draw a sample of the days `first` to `last`. The seed is made before anybody sees the population."""
    seed = seed or secrets.token_hex(8)
    population = _POPULATIONS[kind](first, last)
    sample = Sample.objects.create(kind=kind, first=first, last=last, seed=seed, population=len(population), by=by)
    Item.objects.bulk_create(
        Item(sample=sample, reference=name, told=population[name][0], who=population[name][1])
        for name in draw(seed, population, _COUNTS[kind])
    )
    return sample


def weekly(today: dt.date) -> list[Sample]:
    """Last week's samples for those who watch the watchers, once."""
    monday = today - dt.timedelta(days=today.weekday() + 7)
    made = []
    for kind in (Sample.Kind.LOOKS, Sample.Kind.DECISIONS, Sample.Kind.SEARCHES):
        if Sample.objects.filter(kind=kind, first=monday, by=None).exists():
            continue
        try:
            with transaction.atomic():
                made.append(make(kind, monday, monday + dt.timedelta(days=6), by=None))
        except IntegrityError:
            continue  # another process was quicker
    return made


@action("oversight.draw", may=May.TAKE_SAMPLES)
def draw_searches(actor: Person, day: dt.date) -> Change[Sample]:
    """A sample of a day's searches, drawn by somebody (requirements M12, M13)."""
    sample = make(Sample.Kind.SEARCHES, day, day, by=actor)
    return Change(sample, str(sample), {"seed": sample.seed, "population": sample.population})


@action("oversight.read", may=May.SIGN_IN)
def record(actor: Person, number: int, outcome: str, words: str) -> Change[Item]:
    """What a reader makes of an item; nobody reads their own work. Raises PermissionDenied."""
    item = Item.objects.select_for_update().select_related("sample").get(pk=number)
    if not item.sample.is_for(actor) or item.who == actor.token or item.sample.closed is not None:
        raise PermissionDenied
    item.outcome, item.words, item.reader, item.read = outcome, words, actor, timezone.now()
    item.save()
    return Change(item, f"{item.sample} {item.reference}", {"outcome": outcome, "words": words})


def erase(config: Config, now: dt.datetime) -> int:
    """What readers were shown is erased as the words of harmless alerts are; outcomes stay. Returns how many items."""
    before = now - dt.timedelta(days=config.alerts.harmless_days)
    return Item.objects.filter(sample__drawn__lt=before).exclude(told={}).update(told={})


@action("oversight.close", may=May.SIGN_IN)
def close(actor: Person, number: int) -> Change[Sample]:
    """A sample is done when every item has its outcome (requirements M13). Raises NotRead."""
    sample = Sample.objects.select_for_update().get(pk=number)
    if not sample.is_for(actor):
        raise PermissionDenied
    if sample.items.filter(outcome="").exclude(who=actor.token).exists():
        raise NotRead
    sample.closed, sample.closed_by = timezone.now(), actor
    sample.save()
    return Change(sample, str(sample), {"items": sample.items.count()})
