"""Telling a worry, and going on talking about it. Who tells has no account here, so these make no demand of one."""

import datetime as dt
import hashlib
import hmac
import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.config import Config, ConfigError
from leeward.console.accounts.actions import session_at
from leeward.console.alerts import queries as alerts
from leeward.console.alerts import telling
from leeward.console.alerts.models import Alert
from leeward.console.alerts.tasks import no_longer_kept
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.worries.models import Message, Worry
from leeward.gates.web.scan import library_of

# No letters that look like others; 12 of 31 are 59 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_PARTS, _LONG = 3, 4
SEVERITY = {"now": 5, "unsure": 4, "no": 3}
_PER_HOUR = 10  # worries from one address of which people are told; what is more is kept and waits in the tray
_URGENT, _URGENT_PER_HOUR = 4, 40  # severity, and how many of those: a flood must not call everybody all night
_MOST_PER_HOUR = 200  # from one address, words of all kinds
_TRIES = 10  # codes tried from one address within ten minutes


class TooMany(Exception):
    """From this address came so many that it must wait."""


class Told(NamedTuple):
    """What somebody says. `danger`: now, unsure or no."""

    words: str
    about: str
    danger: str
    says: str
    is_named: bool
    reader: str = ""  # head or chair, where somebody wants neither the lead nor the deputy to read it


def person_at(client: str) -> Person | None:
    """The one person who is signed in at a device; nobody at a class log-in."""
    there = session_at(client)
    if there is None or there.attribution == "class":
        return None
    return Person.objects.filter(token=there.person, is_active=True).first()


def _count(client: str, what: str, seconds: int) -> int:
    """How many within this time; counted in memory by a digest of the address, which is nowhere written down."""
    key = f"{what}:{hmac.new(settings.SECRET_KEY.encode(), client.encode(), hashlib.sha256).hexdigest()}"
    cache.add(key, 0, seconds)
    return cache.incr(key)


def _check_rate(client: str, what: str, most: int, seconds: int) -> None:
    if _count(client, what, seconds) > most:
        raise TooMany


def readers() -> list[str]:
    """Whom a sender may choose beside the people who look after pupils: of these, who is there."""
    staff = Person.objects.filter(kind=Person.Kind.STAFF, is_active=True).values_list("roles", flat=True)
    held = {role for roles in staff for role in roles or ()}
    return [role for role in ("head", "chair") if role in held]


def tell(client: str, told: Told) -> str:
    """Open a worry as an alert. Returns the code with which the sender comes back. Raises TooMany."""
    _check_rate(client, "words", _MOST_PER_HOUR, 3600)
    severity = _graded(told)
    is_flood = _count(client, "worry", 3600) > (_URGENT_PER_HOUR if severity >= _URGENT else _PER_HOUR)
    code = "-".join("".join(secrets.choice(_LETTERS) for _n in range(_LONG)) for _p in range(_PARTS))
    sender = person_at(client) if told.is_named else None
    now = timezone.now()
    name = secrets.token_hex(8)
    with transaction.atomic():
        alert = Alert.objects.create(
            key=f"worry:{name}", who=sender.token if sender else f"worry:{name}", source=Alert.Source.WORRY,
            theme="worry", only=told.reader if told.reader in readers() else "",
            is_staff=sender is not None and sender.kind == Person.Kind.STAFF,
            severity=severity, found_severity=severity, seeks_help=True, opened=now, last_hit=now,
            reason=_("Somebody told us of a worry."), group=(sender.groups or [""])[0] if sender else "",
        )  # fmt: skip
        worry = Worry.objects.create(
            alert=alert, code=digest(code), sender=sender, says="" if sender else told.says, about=told.about
        )
        Message.objects.create(worry=worry, words=told.words)
        if not is_flood:
            telling.plan(alert, now)
    return code


def _graded(told: Told) -> int:
    """How grave: what the sender says, or what the words say if that is more. Who is afraid plays it down."""
    try:
        library = library_of(settings.CONFIG)
    except ConfigError:
        library = None
    heard = library.find(told.words, "message") if library is not None else []
    return max([SEVERITY[told.danger], *(one.severity for one in heard)])


def digest(code: str) -> str:
    """What is kept of a code: nobody who reads the database can go on a thread."""
    plain = "".join(letter for letter in code.upper() if letter in _LETTERS)
    return hmac.new(settings.SECRET_KEY.encode(), plain.encode(), hashlib.sha256).hexdigest()


def find(client: str, code: str) -> Worry | None:
    """The worry of a code. Raises TooMany for whoever tries codes out."""
    found = Worry.objects.select_related("alert").filter(code=digest(code)).first() if code else None
    if code and found is None:
        _check_rate(client, "code", _TRIES, 600)
    return found


def add(client: str, worry: Worry, words: str) -> None:
    """The sender goes on: whoever is at it is told; a closed worry is open again. Raises TooMany."""
    _check_rate(client, "words", _MOST_PER_HOUR, 3600)
    with transaction.atomic():
        Message.objects.create(worry=worry, words=words)
        alert = Alert.objects.select_for_update().get(pk=worry.alert_id)
        alert.hits += 1
        alert.last_hit = timezone.now()
        now = timezone.now()
        if not alert.is_open:
            alert.status, alert.decided, alert.decision, alert.owner = Alert.Status.NEW, None, "", None
            alert.save()
            telling.plan(alert, now)
        elif alert.owner is not None:
            alert.save()
            telling.tell(alert, [alert.owner], now)
        else:
            alert.save()


@action("worries.answer", may=May.ANSWER_ALERTS)
def answer(actor: Person, number: int, words: str) -> Change[Message]:
    """Staff answer on the thread. Raises Alert.DoesNotExist for whoever may not know of it."""
    alerts.visible(actor).get(pk=number)
    alert = Alert.objects.select_for_update().get(pk=number)
    message = Message.objects.create(worry=alert.worry, author=actor, from_staff=True, words=words)
    if alert.status == Alert.Status.NEW:
        alert.status, alert.owner, alert.acknowledged = Alert.Status.ACKNOWLEDGED, actor, timezone.now()
        telling.no_longer_needed(alert)
    alert.save()
    return Change(message, str(alert.pk), about=alerts.about_of(alert))


def erase(config: Config, now: dt.datetime) -> int:
    """Erase the words of worries that were closed long enough ago. Returns how many messages."""
    old = Worry.objects.filter(no_longer_kept(config, now))
    count = Message.objects.filter(worry__in=old).exclude(words="").update(words="")
    old.update(about="", says="")
    return count
