"""From an alert to deliveries: who is told, when, by which way; and that nobody needs to be told any more."""

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from leeward.console.alerts import signals
from leeward.console.alerts.models import Alert, Conflict, Contact, Delivery, Hours, Route, Term
from leeward.console.alerts.routing import Calendar, Facts, Rule, Step, steps_of
from leeward.console.people.models import Person
from leeward.console.people.roles import May

# Below it nobody is called: it waits for the digest (requirements M06).
TOLD_AT_ONCE = 3


def calendar() -> Calendar:
    """School hours and terms."""
    hours = Hours.objects.first() or Hours(opens=dt.time(8), closes=dt.time(16))
    return Calendar(hours.opens, hours.closes, tuple(Term.objects.values_list("first", "last")))


def rules() -> list[Rule]:
    """The routes, in their order."""
    return [
        Rule(tuple(r.themes), tuple(r.groups), r.severity_from, r.severity_to, r.hours, r.days, tuple(r.people),
             tuple(r.ways), r.minutes)
        for r in Route.objects.all()
    ]  # fmt: skip


def groups_of(alert: Alert) -> tuple[str, ...]:
    """Every group of the one it is about."""
    found = Person.objects.filter(token=alert.who).values_list("groups", flat=True).first()
    return tuple(dict.fromkeys([*([alert.group] if alert.group else []), *(found or [])]))


def may_hear(alert: Alert) -> QuerySet[Person]:
    """People who may learn of an alert at all: neither its subject, nor who has a conflict; and T5.

    What is about staff is for the lead and the head; what is about one of these, for the other and the chair.
    """
    hidden = Conflict.objects.filter(about__token=alert.who).values_list("staff_id", flat=True)
    # JSON containment is not in SQLite: role names are short words in quotes.
    people = Person.objects.annotate(held=Cast("roles", TextField()))
    allowed = people.filter(is_active=True).exclude(token=alert.who).exclude(pk__in=list(hidden))
    if alert.only:
        return allowed.filter(_holds(alert.only))
    if not alert.is_staff:
        return allowed.exclude(_only_chair())
    subject = Person.objects.filter(token=alert.who).first()
    roles = set(subject.roles) if subject else set()
    if roles & {"head", "dsl"}:
        return allowed.filter(_holds("chair") | _holds("dsl" if "head" in roles else "head"))
    return allowed.filter(_holds("dsl") | _holds("head"))


def _only_chair() -> Q:
    """A chair who has no other part in safeguarding."""
    return _holds("chair") & ~(_holds("dsl") | _holds("deputy-dsl") | _holds("head") | _holds("coordinator"))


def _holds(role: str) -> Q:
    return Q(held__contains=f'"{role}"')


def steps_for(alert: Alert, now: dt.datetime) -> list[Step]:
    """Who is told of this alert, in order."""
    local = now.astimezone(ZoneInfo(settings.CONFIG.timezone))
    groups = groups_of(alert)
    facts = Facts(alert.theme, alert.severity, groups, alert.is_staff, local)
    away = set(Contact.objects.filter(away_until__gte=local.date()).values_list("person_id", flat=True))
    heard = may_hear(alert)
    limits = dict(Contact.objects.values_list("person_id", "groups"))

    def people_of(name: str) -> Sequence[str]:
        wanted = _holds(name.removeprefix("role:")) if name.startswith("role:") else Q(login=name)
        found = heard.filter(wanted).order_by("login")
        return [
            one.login
            for one in found
            if one.pk not in away
            and one.may(May.SEE_ALERTS)
            and (not _is_limited(one) or not set(limits.get(one.pk, ())).isdisjoint(groups))
        ]

    steps = steps_of(facts, rules(), calendar(), people_of)
    if not steps and away:
        away = set()  # everybody is away: better a holiday disturbed than nobody told
        steps = steps_of(facts, rules(), calendar(), people_of)
    if not steps:
        # Everybody whom routes name is in a conflict: whoever may hear of it and deal with it is told.
        return [Step(one.login, ("mail", "push"), 0) for one in heard if one.may(May.DECIDE_ALERTS)]
    return steps


def _is_limited(person: Person) -> bool:
    """Sees alerts of some groups only."""
    return not set(person.roles) & {"dsl", "deputy-dsl", "coordinator", "head", "chair"}


def plan(alert: Alert, now: dt.datetime) -> int:
    """Write the deliveries of an alert down; what can wait waits for the digest. Returns how many."""
    alert.told_severity = alert.severity
    alert.round += 1
    alert.save(update_fields=["told_severity", "round", "status", "updated"])
    if alert.severity < TOLD_AT_ONCE:
        return 0
    people = dict(Person.objects.values_list("login", "pk"))
    rows = [
        Delivery(
            key=f"alert:{alert.pk}:{alert.round}:{people[step.login]}:{way}", alert=alert, person_id=people[step.login],
            way=way, step=number, due=now + dt.timedelta(minutes=step.minutes),
        )
        for number, step in enumerate(steps_for(alert, now))
        for way in step.ways
    ]  # fmt: skip
    Delivery.objects.bulk_create(rows, ignore_conflicts=True)
    transaction.on_commit(partial(signals.due.set))
    return len(rows)


def tell(alert: Alert, people: Iterable[Person], now: dt.datetime) -> None:
    """A word about an alert to these people, at once."""
    alert.round += 1
    alert.save(update_fields=["round", "updated"])
    Delivery.objects.bulk_create(
        Delivery(key=f"alert:{alert.pk}:{alert.round}:{one.pk}:{way}", alert=alert, person=one, way=way, due=now)
        for one in people
        for way in ("mail", "push")
    )
    transaction.on_commit(partial(signals.due.set))


def no_longer_needed(alert: Alert) -> None:
    """Somebody is at it: nobody else is called."""
    Delivery.objects.filter(alert=alert, sent=None).update(dropped=True)
