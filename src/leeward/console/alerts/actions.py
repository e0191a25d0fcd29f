"""What people do about alerts."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from leeward.console.alerts import queries, telling
from leeward.console.alerts.models import Alert, Conflict, Contact, Hours, Opinion, PushDevice, Route, Term
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May

REASONS = {
    "false-alarm": "False alarm: the words mean something else",
    "lesson": "A lesson or homework",
    "joke": "A joke, game, song or story",
    "test": "A test by staff",
    "known": "Known: support is in place",
    "resolved": "Looked into and resolved",
}


class Gone(Exception):
    """Somebody else was quicker; the message says what is so now."""


def _alert(actor: Person, number: int) -> Alert:
    """The alert, locked. Raises Alert.DoesNotExist for whoever may not know of it."""
    queries.visible(actor).get(pk=number)
    return Alert.objects.select_for_update().get(pk=number)


def _check_open(alert: Alert) -> None:
    if not alert.is_open:
        raise Gone(f"It is decided already: {alert.get_status_display()}.")


def _subject(alert: Alert) -> str:
    login = Person.objects.filter(token=alert.who).values_list("login", flat=True).first()
    return f"{alert.pk} {login or alert.who}"


@action("alerts.acknowledge", may=May.ANSWER_ALERTS)
def acknowledge(actor: Person, number: int) -> Change[Alert]:
    """I am at it: nobody else is called. Raises Gone if somebody else is."""
    alert = _alert(actor, number)
    if alert.owner_id not in (None, actor.pk) and alert.status in (Alert.Status.ACKNOWLEDGED, Alert.Status.SECOND):
        raise Gone(f"{alert.owner} is at it already.")
    if alert.status == Alert.Status.NEW:
        alert.status, alert.owner = Alert.Status.ACKNOWLEDGED, actor
        alert.acknowledged = alert.acknowledged or timezone.now()
        alert.save()
        telling.no_longer_needed(alert)
    return Change(alert, _subject(alert), about=queries.about_of(alert))


@action("alerts.give-back", may=May.ANSWER_ALERTS)
def give_back(actor: Person, number: int) -> Change[Alert]:
    """I am not at it after all: it waits again, and people are called again. Raises Gone unless it is mine."""
    alert = _alert(actor, number)
    _check_open(alert)
    if alert.owner_id != actor.pk:
        raise Gone("It is not yours to give back.")
    alert.status, alert.owner, alert.acknowledged = Alert.Status.NEW, None, None
    alert.save()
    telling.plan(alert, timezone.now())
    return Change(alert, _subject(alert), about=queries.about_of(alert))


@action("alerts.hand-over", may=May.ANSWER_ALERTS)
def take_over(actor: Person, number: int) -> Change[Alert]:
    """From now on it is mine: whoever had it is away or asked me to."""
    alert = _alert(actor, number)
    _check_open(alert)
    before = alert.owner
    alert.owner, alert.acknowledged = actor, alert.acknowledged or timezone.now()
    if alert.status == Alert.Status.NEW:
        alert.status = Alert.Status.ACKNOWLEDGED
    alert.save()
    telling.no_longer_needed(alert)
    return Change(alert, _subject(alert), {"from": before.login if before else ""}, queries.about_of(alert))


@action("alerts.decide", may=May.DECIDE_ALERTS)
def decide(actor: Person, number: int, *, is_concern: bool, reason: str = "", words: str = "") -> Change[Alert]:
    """A concern, which becomes an incident, or none, with its reason. Raises Gone, ValueError without a reason."""
    alert = _alert(actor, number)
    if not alert.is_open:
        raise Gone(f"{alert.decided_by or 'An exclusion'} has decided it already: {alert.get_status_display()}.")
    if not is_concern and reason not in REASONS:
        raise ValueError("reason")
    alert.status = Alert.Status.INCIDENT if is_concern else Alert.Status.NO_CONCERN
    alert.decision, alert.words = ("incident" if is_concern else reason), words
    alert.decided, alert.decided_by = timezone.now(), actor
    alert.acknowledged, alert.owner = alert.acknowledged or alert.decided, alert.owner or actor
    alert.save()
    telling.no_longer_needed(alert)
    Opinion.objects.get_or_create(
        alert=alert, person=actor, defaults={"is_concern": is_concern, "severity": alert.severity, "words": words}
    )
    return Change(alert, _subject(alert), {"decision": alert.decision}, queries.about_of(alert))


@action("alerts.reopen", may=May.DECIDE_ALERTS)
def reopen(actor: Person, number: int) -> Change[Alert]:
    """A decision is taken back. Raises Gone if a new alert of the same concern is open already."""
    alert = _alert(actor, number)
    if Alert.objects.filter(key=alert.key, status__in=Alert.OPEN).exclude(pk=alert.pk).exists():
        raise Gone("A newer alert of the same concern is open: go on there.")
    before = alert.decision
    alert.status, alert.decided, alert.decided_by, alert.decision = Alert.Status.ACKNOWLEDGED, None, None, ""
    alert.exclusion, alert.owner = None, alert.owner or actor
    alert.acknowledged = alert.acknowledged or timezone.now()
    alert.save()
    alert.rows.update(excluded=False)  # what an exclusion took out of it counts again here
    return Change(alert, _subject(alert), {"before": before}, queries.about_of(alert))


@action("alerts.regrade", may=May.ANSWER_ALERTS)
def regrade(actor: Person, number: int, severity: int) -> Change[Alert]:
    """Graver or less grave than it was found; if graver, those are told who are for that."""
    alert = _alert(actor, number)
    _check_open(alert)
    before, alert.severity = alert.severity, severity
    alert.save()
    if severity > alert.told_severity and alert.status == Alert.Status.NEW:
        telling.plan(alert, timezone.now())
    return Change(alert, _subject(alert), {"before": before, "after": severity}, queries.about_of(alert))


@action("alerts.second", may=May.ANSWER_ALERTS)
def want_second(actor: Person, number: int) -> Change[Alert]:
    """Somebody else shall judge it too, and those who may decide are told. Raises Gone if it is decided."""
    alert = _alert(actor, number)
    _check_open(alert)
    alert.status, alert.owner = Alert.Status.SECOND, alert.owner or actor
    alert.acknowledged = alert.acknowledged or timezone.now()
    alert.save()
    telling.no_longer_needed(alert)
    others = [one for one in telling.may_hear(alert).exclude(pk=actor.pk) if one.may(May.DECIDE_ALERTS)]
    telling.tell(alert, [one for one in others if queries.visible(one).filter(pk=alert.pk).exists()], timezone.now())
    return Change(alert, _subject(alert), about=queries.about_of(alert))


@action("alerts.opinion", may=May.ANSWER_ALERTS)
def give_opinion(actor: Person, number: int, *, is_concern: bool, severity: int, words: str) -> Change[Opinion]:
    """What I make of it, given once, before I see what others made of it. Raises Gone if I gave it already."""
    alert = _alert(actor, number)
    _check_open(alert)
    if Opinion.objects.filter(alert=alert, person=actor).exists():
        raise Gone("You have given your opinion already.")
    opinion = Opinion.objects.create(alert=alert, person=actor, is_concern=is_concern, severity=severity, words=words)
    if alert.status == Alert.Status.SECOND and alert.owner_id != actor.pk:
        alert.status = Alert.Status.ACKNOWLEDGED
        alert.save()
    return Change(opinion, _subject(alert), {"is_concern": is_concern, "severity": severity}, queries.about_of(alert))


@action("alerts.conflict", may=May.ANSWER_ALERTS)
def declare_conflict(actor: Person, number: int, why: str) -> Change[None]:
    """I must not know of concerns about this person: from now on I don't, and others are told instead (T5)."""
    alert = _alert(actor, number)
    about = Person.objects.filter(token=alert.who).first()
    if about is None:
        raise ValueError("nobody known")
    Conflict.objects.get_or_create(about=about, staff=actor, defaults={"why": why})
    for one in Alert.objects.select_for_update().filter(who=alert.who, status__in=Alert.OPEN):
        if one.owner_id == actor.pk:
            one.owner, one.status = None, Alert.Status.NEW
            one.save()
        telling.no_longer_needed(one)
        if one.status == Alert.Status.NEW:
            telling.plan(one, timezone.now())
    return Change(None, _subject(alert), {"why": why}, queries.about_of(alert))


@action("alerts.conflict-end", may=May.END_CONFLICTS)
def end_conflict(actor: Person, number: int) -> Change[None]:
    """A conflict is no longer one; nobody ends their own, or one about themselves."""
    conflict = Conflict.objects.get(pk=number)
    if actor.pk in (conflict.staff_id, conflict.about_id):
        raise PermissionDenied
    subject = f"{conflict.about.login} {conflict.staff.login}"
    conflict.delete()
    return Change(None, subject)


# --- who is told ---


@action("alerts.route", may=May.EDIT_ROUTES)
def save_route(actor: Person, route: Route) -> Change[Route]:
    """Add or change a route."""
    if route.pk is None:
        route.place = Route.objects.count()
    route.save()
    told = {"severity": [route.severity_from, route.severity_to], "people": route.people, "ways": route.ways}
    return Change(route, route.name, told)


@action("alerts.route-delete", may=May.EDIT_ROUTES)
def delete_route(actor: Person, number: int) -> Change[None]:
    """Take a route out: what it covered goes to the lead, the deputy and the head."""
    route = Route.objects.get(pk=number)
    name, people = route.name, route.people
    route.delete()
    return Change(None, name, {"people": people})


@action("alerts.route-move", may=May.EDIT_ROUTES)
def raise_route(actor: Person, number: int) -> Change[None]:
    """One place up: the first route that fits counts."""
    order = list(Route.objects.all())
    place = next(n for n, one in enumerate(order) if one.pk == number)
    if place:
        order[place - 1], order[place] = order[place], order[place - 1]
    for n, one in enumerate(order):
        Route.objects.filter(pk=one.pk).update(place=n)
    return Change(None, order[max(place - 1, 0)].name)


@action("alerts.contact", may=May.EDIT_ROUTES)
def save_contact(actor: Person, contact: Contact) -> Change[Contact]:
    """How somebody is reached, and which groups a limited contact is for."""
    contact.save()
    told = {"groups": contact.groups, "away_until": str(contact.away_until or "")}
    return Change(contact, contact.person.login, told)


@action("alerts.hours", may=May.EDIT_ROUTES)
def save_hours(actor: Person, hours: Hours, terms: list[tuple[str, dt.date, dt.date]]) -> Change[None]:
    """School hours and terms."""
    hours.save()
    Term.objects.all().delete()
    Term.objects.bulk_create(Term(name=name, first=first, last=last) for name, first, last in terms)
    return Change(None, str(hours), {"terms": [[name, str(first), str(last)] for name, first, last in terms]})


@action("alerts.push-on", may=May.SEE_ALERTS)
def add_push(actor: Person, values: dict[str, Any]) -> Change[PushDevice]:
    """Tell me at this browser."""
    device, _made = PushDevice.objects.update_or_create(
        endpoint=values["endpoint"], defaults={"person": actor, "key": values["key"], "secret": values["secret"]}
    )
    return Change(device, actor.login)


@action("alerts.push-off", may=May.SEE_ALERTS)
def drop_push(actor: Person) -> Change[int]:
    """Tell me at no browser any more."""
    return Change(PushDevice.objects.filter(person=actor).delete()[0], actor.login)
