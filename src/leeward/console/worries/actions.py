"""Telling a worry, and going on talking about it. Who tells has no account here, so these make no demand of one."""

import hashlib
import hmac
import secrets
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.console.accounts.actions import session_at
from leeward.console.alerts import queries as alerts
from leeward.console.alerts import telling
from leeward.console.alerts.models import Alert
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.worries.models import Message, Worry

# No letters that look like others; 12 of 31 are 59 bits.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_PARTS, _LONG = 3, 4
SEVERITY = {"now": 5, "unsure": 4, "no": 3}
_PER_HOUR = 10  # worries from one address: more are no longer a cry for help but a flood
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


def _check_rate(client: str, what: str, most: int, seconds: int) -> None:
    """Counted in memory by a digest of the address, which is nowhere written down. Raises TooMany."""
    key = f"{what}:{hmac.new(settings.SECRET_KEY.encode(), client.encode(), hashlib.sha256).hexdigest()}"
    cache.add(key, 0, seconds)
    if cache.incr(key) > most:
        raise TooMany


def tell(client: str, told: Told) -> str:
    """Open a worry as an alert. Returns the code with which the sender comes back. Raises TooMany."""
    _check_rate(client, "worry", _PER_HOUR, 3600)
    code = "-".join("".join(secrets.choice(_LETTERS) for _n in range(_LONG)) for _p in range(_PARTS))
    sender = person_at(client) if told.is_named else None
    now = timezone.now()
    severity = SEVERITY[told.danger]
    name = secrets.token_hex(8)
    with transaction.atomic():
        alert = Alert.objects.create(
            key=f"worry:{name}", who=sender.token if sender else f"worry:{name}", source=Alert.Source.WORRY,
            theme="worry", only=told.reader,
            severity=severity, found_severity=severity, seeks_help=True, opened=now, last_hit=now,
            reason=_("Somebody told us of a worry."), group=(sender.groups or [""])[0] if sender else "",
        )  # fmt: skip
        worry = Worry.objects.create(
            alert=alert, code=digest(code), sender=sender, says="" if sender else told.says, about=told.about
        )
        Message.objects.create(worry=worry, words=told.words)
        telling.plan(alert, now)
    return code


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


def add(worry: Worry, words: str) -> None:
    """The sender goes on. A worry that was closed is open again: more words are news."""
    with transaction.atomic():
        Message.objects.create(worry=worry, words=words)
        alert = Alert.objects.select_for_update().get(pk=worry.alert_id)
        alert.hits += 1
        alert.last_hit = timezone.now()
        if not alert.is_open:
            alert.status, alert.decided, alert.decision = Alert.Status.NEW, None, ""
            alert.told_severity = 0
            alert.save()
            alert.deliveries.filter(sent=None).delete()
            telling.plan(alert, timezone.now())
        alert.save()


@action("worries.answer", may=May.ANSWER_ALERTS)
def answer(actor: Person, number: int, words: str) -> Change[Message]:
    """Staff answer on the thread. Raises Alert.DoesNotExist for whoever may not know of it."""
    alert = alerts.visible(actor).get(pk=number)
    message = Message.objects.create(worry=alert.worry, author=actor, from_staff=True, words=words)
    if alert.status == Alert.Status.NEW:
        alert.status, alert.owner, alert.acknowledged = Alert.Status.ACKNOWLEDGED, actor, timezone.now()
        telling.no_longer_needed(alert)
    alert.save()
    return Change(message, str(alert.pk))
