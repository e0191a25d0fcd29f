"""Password check with a lock: ten wrong guesses, then fifteen minutes (DfE-CS-5)."""

import datetime as dt
from typing import Any, NamedTuple

from django.contrib.auth.backends import BaseBackend
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from leeward.console.audit.action import write
from leeward.console.people.models import Person

GUESSES = 10
LOCKED = dt.timedelta(minutes=15)


class LockingBackend(BaseBackend):
    """Checks a log-in and its password, for the console or for a device."""

    def authenticate(
        self,
        request: HttpRequest | None,
        username: str | None = None,
        password: str | None = None,
        *,
        at_device: str = "",
        **_: Any,
    ) -> Person | None:
        """The person, or None; an unknown log-in takes as long as a known one. `at_device`: the device's address."""
        door = _DEVICE if at_device else _CONSOLE
        try:
            person = Person.objects.get_by_natural_key(username)
        except Person.DoesNotExist:
            Person().set_password(password or "")
            return None
        if not person.is_active or is_locked(person, door):
            Person().set_password(password or "")
            return None
        if person.check_password(password or ""):
            if getattr(person, door.failures):
                Person.objects.filter(pk=person.pk).update(**{door.failures: 0, door.until: None})
            return person
        _note_failure(person, door, at_device)
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


class Door(NamedTuple):
    """A place to sign in, with its own count of wrong guesses."""

    failures: str
    until: str


_CONSOLE, _DEVICE = Door("failures", "locked_until"), Door("device_failures", "device_locked_until")


def is_locked(person: Person, door: Door = _CONSOLE) -> bool:
    """Whether the log-in is locked now."""
    until: dt.datetime | None = getattr(person, door.until)
    return until is not None and until > timezone.now()


def _note_failure(person: Person, door: Door, address: str) -> None:
    Person.objects.filter(pk=person.pk).update(**{door.failures: F(door.failures) + 1})
    person.refresh_from_db()
    if getattr(person, door.failures) >= GUESSES:
        Person.objects.filter(pk=person.pk).update(**{door.failures: 0, door.until: timezone.now() + LOCKED})
        # Nobody is known to have done it: the entry is about the person, not by the person.
        write(None, "account.locked", subject=person.login, detail={"device": address} if address else {})
