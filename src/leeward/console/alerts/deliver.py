"""Deliveries that are due, sent; those that failed, tried again. One thread a way: a slow one holds up no other."""

import datetime as dt
import logging
import smtplib
import threading

from django.db import close_old_connections, connection
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from leeward.config import Config
from leeward.console.alerts import signals
from leeward.console.alerts.models import Contact, Delivery
from leeward.console.alerts.telling import may_hear
from leeward.console.alerts.ways import WAYS, Unset, Word
from leeward.console.people.roles import May
from leeward.stop import Stop
from leeward.text.packs import themes

_log = logging.getLogger("leeward.watch")
_LEASE = dt.timedelta(seconds=60)  # a deliverer that died gives back what it took
_PAUSES = (10, 30, 60, 300, 900, 3600)  # seconds after each failure; then every hour
_GIVEN_UP = dt.timedelta(days=7)
_LOOK_SECONDS = 1.0


def due(way: str, now: dt.datetime, most: int = 1) -> list[Delivery]:
    """Deliveries of a way to be sent now, taken by this process: nobody else sends them meanwhile."""
    waiting = Delivery.objects.filter(way=way, sent=None, dropped=False, due__lte=now)
    # The gravest first, and one at a time: what takes long holds no lease on what follows.
    order = (F("alert__severity").desc(nulls_last=True), "due", "pk")
    ids = list(waiting.order_by(*order).values_list("pk", flat=True)[:most])
    taken = [pk for pk in ids if waiting.filter(pk=pk).update(due=now + _LEASE, attempts=F("attempts") + 1)]
    return list(Delivery.objects.filter(pk__in=taken).select_related("alert", "person", "person__contact"))


def send(config: Config, delivery: Delivery, now: dt.datetime) -> bool:
    """Send one. What failed is due again later; the reason stays with it."""
    row = Delivery.objects.filter(pk=delivery.pk)
    if not _is_still_for(delivery):
        row.update(dropped=True)
        return False
    try:
        WAYS[delivery.way](config, _address(delivery), word_of(config, delivery))
    except Exception as error:  # whatever it is, the words of others must not wait for it
        pause = _PAUSES[min(delivery.attempts - 1, len(_PAUSES) - 1)]
        again = now + dt.timedelta(seconds=_PAUSES[-1] if isinstance(error, Unset) else pause)
        row.update(due=again, fault=_said(error))
        if now - delivery.made > _GIVEN_UP:
            row.update(dropped=True)
        return False
    row.update(sent=timezone.now(), fault="")
    return True


def _is_still_for(delivery: Delivery) -> bool:
    """Whether whoever was to be told may still hear of it: roles and conflicts change."""
    if delivery.person is None or delivery.alert is None:
        return delivery.person is None or delivery.person.is_active
    return may_hear(delivery.alert).filter(pk=delivery.person.pk).exists() and delivery.person.may(May.SEE_ALERTS)


def _said(error: Exception) -> str:
    """A fault in words without addresses: servers repeat them in their answers."""
    if isinstance(error, smtplib.SMTPException) or not isinstance(error, OSError):
        return type(error).__name__
    return str(error)[:200] if not error.errno else f"{error.strerror}"[:200]


def _address(delivery: Delivery) -> str:
    if delivery.person is None:
        return ""
    if delivery.way == "push":
        return str(delivery.person.pk)
    contact: Contact | None = getattr(delivery.person, "contact", None)
    if contact is None:
        return ""
    return contact.mail if delivery.way == "mail" else contact.phone


def word_of(config: Config, delivery: Delivery) -> Word:
    """What is said; nobody is named and nothing is quoted."""
    base = (config.console.public_url or f"http://{config.console.listen}").rstrip("/")
    alert = delivery.alert
    if alert is None:
        subject, _newline, body = delivery.body.partition("\n")
        return Word(subject, body.strip(), f"{base}/alerts/", {"kind": delivery.kind})
    subject = _("Leeward: alert %(number)s, severity %(severity)s") % {"number": alert.pk, "severity": alert.severity}
    told = themes()[alert.theme].title if alert.theme in themes() else alert.theme
    body = _("What: %(theme)s. Whom it is about is in the console.") % {"theme": told}
    if alert.seeks_help:
        body += " " + _("Somebody may be asking for help.")
    if delivery.step:
        body += " " + _("Nobody has answered yet: please look at it.")
    facts = {
        "kind": "alert", "number": alert.pk, "severity": alert.severity, "theme": alert.theme,
        "opened": alert.opened.isoformat(), "seeks_help": alert.seeks_help,
    }  # fmt: skip
    return Word(subject, body, f"{base}/alerts/{alert.pk}", facts)


def deliver(config: Config, way: str, stop: Stop) -> None:
    """Send what is due by one way, until told to stop."""
    while not stop.is_set():
        try:
            rows = due(way, timezone.now())
            for row in rows:
                send(config, row, timezone.now())
        except Exception as error:  # a thread that ends would tell nobody any more
            rows = []
            _log.error("deliveries by %s wait: %s", way, type(error).__name__)
            close_old_connections()
        if not rows:
            signals.due.wait(_LOOK_SECONDS)
            # Others may have been woken by it too; whoever comes late looks a second later anyway.
            signals.due.clear()
    connection.close()


def deliverers(config: Config, stop: Stop) -> list[threading.Thread]:
    """One running thread for each way."""
    threads = [threading.Thread(target=deliver, args=(config, way, stop), name=way, daemon=True) for way in WAYS]
    for thread in threads:
        thread.start()
    return threads
