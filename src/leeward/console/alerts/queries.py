"""Reads of alerts. Who may not know of one doesn't learn that there is one; every look is written down."""

import datetime as dt
import hmac
from collections import defaultdict
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from leeward.console.alerts.models import Alert, Conflict, Contact, Delivery, Hit, Opinion
from leeward.console.alerts.precision import Precision, by_entry
from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.queries import names_of
from leeward.console.people.roles import May
from leeward.detect.bank import KINDS
from leeward.detect.risk import Part, Risk, index, part_of_finding
from leeward.text.packs import themes

HISTORY_DAYS = 28
RISK_DAYS = 90
_EVIDENCE = 60  # hits shown of one alert
_SIMILAR = 8
_ALL = frozenset(("dsl", "deputy-dsl", "coordinator"))
_OTHER_TITLES = {
    "illegal": "Illegal content", "pattern": "A pattern", "worry": "A worry", "phone-seen": "Phone seen",
    **{kind.NAME: kind.TITLE for kind in KINDS},
}  # fmt: skip

_LATE = dt.timedelta(minutes=5)


def title_of(theme: str) -> str:
    """A theme or detector in words."""
    known = themes()
    return known[theme].title if theme in known else _OTHER_TITLES.get(theme, theme)


def hidden_from(actor: Person) -> set[str]:
    """Tokens of people about whom somebody declared a conflict of interest (requirements T5)."""
    return set(Conflict.objects.filter(staff=actor).values_list("about__token", flat=True))


def visible(actor: Person) -> QuerySet[Alert]:
    """The alerts that somebody may know of (requirements M06, T5)."""
    found = Alert.objects.exclude(who=actor.token).exclude(who__in=hidden_from(actor))
    roles = set(actor.roles)
    told = Delivery.objects.filter(alert=OuterRef("pk"), person=actor, sent__isnull=False)
    seen = Q(pk__in=[])
    if roles & _ALL:
        seen |= Q(is_staff=False)
    if "safeguarding-contact" in roles:
        contact = Contact.objects.filter(person=actor).first()
        seen |= Q(is_staff=False, who__in=_tokens_of(contact.groups if contact else []))
        seen |= Q(is_staff=False, group__in=contact.groups if contact else [])
    if roles & {"head", "chair"}:
        seen |= Q(Exists(told), is_staff=False)
    # Whoever told a worry may have chosen who reads it: nobody else does.
    return found.filter((Q(only="") & (seen | _staff_alerts(roles))) | Q(only__in=roles & {"head", "chair"}))


def _tokens_of(groups: list[str]) -> list[str]:
    wanted = set(groups)
    return [
        token for token, theirs in Person.objects.filter(kind="pupil").values_list("token", "groups")
        if wanted & set(theirs or ())
    ]  # fmt: skip


def _staff_alerts(roles: set[str]) -> Q:
    """About staff: the lead and the head; about one of these: the other, and the chair."""
    if not roles & {"dsl", "head", "chair"}:
        return Q(pk__in=[])
    held = Person.objects.annotate(held=Cast("roles", TextField()))
    heads = list(held.filter(held__contains='"head"').values_list("token", flat=True))
    leads = list(held.filter(held__contains='"dsl"').values_list("token", flat=True))
    if "chair" in roles and not roles & {"dsl", "head"}:
        return Q(is_staff=True, who__in=[*heads, *leads])
    own, other = (heads, leads) if "head" in roles else (leads, heads)
    about_leaders = Q(who__in=[*own, *other])
    return Q(is_staff=True) & (~about_leaders | Q(who__in=other))


def about_of(alert: Alert) -> str:
    """Whom a line of the audit log is about, so that it can be kept from them and from whoever may not know of it."""
    return f"only:{alert.only}" if alert.only else alert.who


class Tray(NamedTuple):
    """What the list of alerts is asked."""

    state: str = "open"
    theme: str = ""
    group: str = ""


def tray(actor: Person, asked: Tray) -> QuerySet[Alert]:
    """Alerts of a state, the gravest first. A list that renews itself counts as one look in ten minutes."""
    look(actor, "alerts.list", may=May.SEE_ALERTS, subject=asked.state, again_after=600)
    found = visible(actor)
    if asked.state == "decided":
        found = found.exclude(decided=None).order_by("-decided")
    elif asked.state == "second":
        found = found.filter(status=Alert.Status.SECOND)
    else:
        found = found.filter(status__in=Alert.OPEN).order_by("-severity", "-last_hit")
    if asked.theme:
        found = found.filter(theme=asked.theme)
    return found.filter(_of_group(asked.group)) if asked.group else found


def _of_group(group: str) -> Q:
    """Of somebody in this group, whichever of theirs it is and however it is written."""
    wanted = group.strip().casefold()
    everybody = Person.objects.values_list("token", "groups")
    tokens = [token for token, groups in everybody if wanted in (one.casefold() for one in groups or ())]
    return Q(group__iexact=wanted) | Q(who__in=tokens)


def stamp(actor: Person) -> str:
    """Changes when any alert that this person may know of does; costs one question."""
    last = Alert.objects.aggregate(last=Max("updated"))["last"]  # the end of an index, however many there are
    # It says nothing of how many alerts there are that this person may not know of.
    words = f"{last} {actor.pk}".encode()
    return hmac.new(settings.SECRET_KEY.encode(), words, "sha256").hexdigest()[:16]


def rows(alerts: list[Alert]) -> list[dict[str, Any]]:
    """Alerts with names, for a list."""
    names = names_of(alert.who for alert in alerts)
    return [
        {"alert": alert, "who": names.get(alert.who, ""), "what": _what(alert), "theme": title_of(alert.theme)}
        for alert in alerts
    ]


def _what(alert: Alert) -> str:
    """Who or what it is about, where it is nobody known."""
    kind, _colon, name = alert.who.partition(":")
    return name if kind in ("device", "host") else ""


class Seen(NamedTuple):
    """One alert with what whoever judges it needs."""

    alert: Alert
    person: Person | None
    hits: list[Hit]
    more: int
    past: list[Alert]
    similar: list[tuple[Alert, str]]
    risk: Risk | None
    days: list[tuple[dt.date, int, int]]
    opinions: list[Opinion]
    precision: list[Precision]
    others: dict[str, str]
    told: list[Delivery]


def see(actor: Person, number: int, *, purpose: str = "") -> Seen:
    """One alert. Raises Alert.DoesNotExist for whoever may not know of it."""
    alert = visible(actor).select_related("owner", "decided_by").get(pk=number)
    person = Person.objects.filter(token=alert.who).first()
    subject = f"{alert.pk} {person.login if person else alert.who}"
    look(actor, "alerts.see", may=May.SEE_ALERTS, subject=subject, purpose=purpose or f"alert {alert.pk}",
         again_after=60, about=about_of(alert))  # fmt: skip
    hits = list(alert.rows.filter(excluded=False)[: _EVIDENCE + 1])
    tokens = {token for hit in hits for token in hit.people} - {actor.token, *hidden_from(actor)}
    opinions = list(alert.opinions.select_related("person").order_by("at"))
    given = any(one.person_id == actor.pk for one in opinions) or not alert.is_open
    return Seen(
        alert, person, hits[:_EVIDENCE], max(alert.hits - _EVIDENCE, 0),
        list(visible(actor).filter(who=alert.who).exclude(pk=alert.pk).order_by("-opened")[:_SIMILAR]),
        _similar(actor, alert), risk_of(alert.who) if person and person.kind == "pupil" else None, history(alert.who),
        opinions if given else [], _precision_of(hits), names_of(tokens),
        list(alert.deliveries.filter(dropped=False).exclude(sent=None).select_related("person").order_by("sent")),
    )  # fmt: skip


def _similar(actor: Person, alert: Alert) -> list[tuple[Alert, str]]:
    """Decided alerts in which the same was found: what came of them, of nobody in particular."""
    mine = set(alert.entries.split())
    if not mine:
        return []
    found = visible(actor).filter(theme=alert.theme, is_staff=False).exclude(decided=None).exclude(pk=alert.pk)
    out = []
    for one in found.order_by("-decided")[:200]:
        common = mine & set(one.entries.split())
        if common:
            out.append((one, ", ".join(sorted(name.rpartition("/")[2] for name in common))))
        if len(out) == _SIMILAR:
            break
    return out


def _precision_of(hits: list[Hit]) -> list[Precision]:
    names = {name for hit in hits for name in hit.entries.split()}
    if not names:
        return []
    known = {row.name: row for row in by_entry(timezone.now() - dt.timedelta(days=365), names)}
    return [known.get(name, Precision(name, 0, 0)) for name in sorted(names)]


def history(who: str) -> list[tuple[dt.date, int, int]]:
    """(day, hits, those of severity 3 and above) of the last four weeks, oldest first."""
    today = timezone.localdate()
    first = today - dt.timedelta(days=HISTORY_DAYS - 1)
    counts: dict[dt.date, list[int]] = defaultdict(lambda: [0, 0])
    since = timezone.make_aware(dt.datetime.combine(first, dt.time()))
    for at, severity in Hit.objects.filter(who=who, at__gte=since, excluded=False).values_list("at", "severity"):
        day = counts[timezone.localtime(at).date()]
        day[0] += 1
        day[1] += severity >= 3
    days = [first + dt.timedelta(days=number) for number in range(HISTORY_DAYS)]
    return [(day, counts[day][0], counts[day][1]) for day in days]


def _parts(found: QuerySet[Hit]) -> dict[str, list[Part]]:
    out: dict[str, list[Part]] = defaultdict(list)
    harmless = Q(alert__status=Alert.Status.NO_CONCERN)
    for hit in found.filter(excluded=False).exclude(harmless):
        at = hit.at.timestamp()
        if hit.detector:
            out[hit.who].append(Part(hit.detector, at, hit.weight, hit.half_life))
        else:
            out[hit.who].append(part_of_finding(hit.theme, hit.severity, at))
    return out


def risk_of(who: str) -> Risk:
    """The risk index of one pupil, explained."""
    since = timezone.now() - dt.timedelta(days=RISK_DAYS)
    parts = _parts(Hit.objects.filter(who=who, at__gte=since))
    return index(parts[who], timezone.now().timestamp())


def risks(actor: Person) -> list[tuple[Person, Risk]]:
    """Pupils with the highest index, of those about whom this person may know everything."""
    look(actor, "alerts.risks", may=May.SEE_RISKS, again_after=600)
    hidden = hidden_from(actor)
    since = timezone.now() - dt.timedelta(days=RISK_DAYS)
    by_who = _parts(Hit.objects.filter(at__gte=since))
    pupils = Person.objects.filter(kind="pupil", token__in=by_who.keys() - hidden)
    now = timezone.now().timestamp()
    found = [(person, index(by_who[person.token], now)) for person in pupils]
    return sorted((row for row in found if row[1].value), key=lambda row: -row[1].value)[:50]


class Health(NamedTuple):
    """What IT staff learn: that something happened and whether it was told; never what."""

    by_day: list[tuple[dt.date, int]]
    waiting: int
    faults: list[dict[str, Any]]


def undelivered() -> int:
    """Words about alerts that should have reached somebody by now and did not: whoever waits for them must know."""
    late = timezone.now() - _LATE
    return Delivery.objects.filter(sent=None, dropped=False, due__lt=late).exclude(fault="").count()


def health(actor: Person) -> Health:
    """For IT staff (requirements M06)."""
    look(actor, "alerts.health", may=May.SEE_ALERT_HEALTH, again_after=600)
    today = timezone.localdate()
    since = timezone.now() - dt.timedelta(days=14)
    counts: dict[dt.date, int] = defaultdict(int)
    for opened in Alert.objects.filter(opened__gte=since).values_list("opened", flat=True):
        counts[timezone.localtime(opened).date()] += 1
    days = [today - dt.timedelta(days=number) for number in range(13, -1, -1)]
    waiting = Delivery.objects.filter(sent=None, dropped=False, due__lte=timezone.now()).count()
    failed = (
        Delivery.objects.filter(sent=None, dropped=False).exclude(fault="")
        .values("way", "fault").annotate(n=Count("pk"), tries=Max("attempts")).order_by("-n")
    )  # fmt: skip
    return Health([(day, counts[day]) for day in days], waiting, [dict(row) for row in failed])
