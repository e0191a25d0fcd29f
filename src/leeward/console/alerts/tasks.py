"""What comes round by the clock: digests, the weekly report, the end of what need not be kept."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.config import Config
from leeward.console.alerts.models import Alert, Delivery, Hit, Hours
from leeward.console.alerts.precision import totals
from leeward.console.alerts.queries import title_of, visible
from leeward.console.alerts.telling import TOLD_AT_ONCE
from leeward.console.people.models import Person
from leeward.console.people.roles import May


def run_due(config: Config, now: dt.datetime | None = None) -> None:
    """Everything that is due; each has a key, so that it is done once however often it is asked for."""
    now = now or timezone.now()
    local = now.astimezone(ZoneInfo(config.timezone))
    hours = Hours.objects.first() or Hours(digest_at=dt.time(7, 30), weekly_on=0)
    if local.time() >= hours.digest_at:
        digest(local)
        weekly(local, hours.weekly_on)


def _readers(permission: May) -> list[Person]:
    return [one for one in Person.objects.filter(is_active=True, kind="staff") if one.may(permission)]


def digest(local: dt.datetime) -> int:
    """One word a day for everybody who decides alerts, if something waits that was not told at once."""
    day = local.date().isoformat()
    written = 0
    for person in _readers(May.DECIDE_ALERTS):
        key = f"digest:{day}:{person.pk}"
        if Delivery.objects.filter(key=key).exists():
            continue
        mine = visible(person).filter(status__in=Alert.OPEN, severity__lt=TOLD_AT_ONCE).count()
        if not mine:  # the day is done: what comes later waits for tomorrow
            Delivery.objects.get_or_create(
                key=key, defaults={"person": person, "way": "mail", "kind": "digest", "due": local, "dropped": True}
            )
        else:
            body = _("Leeward: %(n)s alerts of low severity wait") % {"n": mine}
            body += "\n" + _("They were not told at once. Look at them when you have time.")
            Delivery.objects.get_or_create(
                key=key, defaults={"person": person, "way": "mail", "kind": "digest", "due": local, "body": body}
            )
            written += 1
    return written


def weekly(local: dt.datetime, first_day: int) -> int:
    """The weekly report, always: a week without alerts is worth knowing too (DfE-FM-4.3)."""
    monday = local.date() - dt.timedelta(days=(local.weekday() - first_day) % 7)
    key = f"weekly:{monday.isoformat()}"
    written = 0
    for person in _readers(May.SEE_WEEKLY):
        mine = f"{key}:{person.pk}"
        if not Delivery.objects.filter(key=mine).exists():
            told = {"person": person, "way": "mail", "kind": "weekly", "due": local, "body": weekly_text(local)}
            written += Delivery.objects.get_or_create(key=mine, defaults=told)[1]
    return written


def weekly_text(local: dt.datetime) -> str:
    """The week in numbers; nobody is named."""
    end = local.replace(hour=0, minute=0, second=0, microsecond=0)
    told = totals(end - dt.timedelta(days=7), end)
    lines = [
        _("Leeward: the week in numbers"),
        _("%(n)s alerts, %(open)s of them open; %(incidents)s became incidents, %(harmless)s were no concern.")
        % {"n": told.alerts, "open": told.open, "incidents": told.incidents, "harmless": told.harmless},
    ]
    if told.median_minutes is not None:
        lines.append(
            _("Of those of severity 3 and above half of the answered ones were within %(m)s minutes.")
            % {"m": told.median_minutes}
        )
    if told.unanswered:
        lines.append(_("Of severity 3 and above %(n)s are not answered yet.") % {"n": told.unanswered})
    lines += [f"- {title_of(t)}: {n}" for t, n in told.by_theme]
    if not told.alerts:
        lines.append(_("Nothing was found. If that is unusual, ask the IT manager whether the gateway reads pages."))
    return "\n".join(lines)


def erase(config: Config, now: dt.datetime) -> int:
    """Erase what need not be kept: words of what was harmless, findings that opened nothing. Returns how many rows."""
    noted = now - dt.timedelta(days=config.alerts.noted_days)
    count = Hit.objects.filter(alert=None, at__lt=noted).delete()[0]
    with_words = Hit.objects.filter(no_longer_kept(config, now)).exclude(excerpt="", around="", path="", host="")
    count += with_words.update(excerpt="", around="", path="", host="", people=[])
    return count


def no_longer_kept(config: Config, now: dt.datetime) -> Q:
    """What belongs to an `alert` whose words need not be kept any more."""
    harmless = now - dt.timedelta(days=config.alerts.harmless_days)
    incidents = now - dt.timedelta(days=config.alerts.incident_days)
    return Q(alert__status=Alert.Status.NO_CONCERN, alert__decided__lt=harmless) | Q(
        alert__status=Alert.Status.INCIDENT, alert__decided__lt=incidents
    )
