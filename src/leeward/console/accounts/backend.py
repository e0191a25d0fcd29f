"""Password check with a lock: ten wrong guesses, then fifteen minutes (DfE-CS-5)."""

import datetime as dt
from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone

from leeward.console.audit.action import write
from leeward.console.people.models import Person

GUESSES = 10
LOCKED = dt.timedelta(minutes=15)


class LockingBackend(BaseBackend):
    """Checks a log-in and its password."""

    def authenticate(
        self, request: HttpRequest | None, username: str | None = None, password: str | None = None, **_: Any
    ) -> Person | None:
        """The person, or None; an unknown log-in takes as long as a known one."""
        try:
            person = Person.objects.get_by_natural_key(username)
        except Person.DoesNotExist:
            Person().set_password(password or "")
            return None
        if not person.is_active or is_locked(person):
            Person().set_password(password or "")
            return None
        if person.check_password(password or ""):
            if person.failures:
                Person.objects.filter(pk=person.pk).update(failures=0, locked_until=None)
            return person
        _note_failure(person)
        return None

    def get_user(self, user_id: int) -> Person | None:
        """The person of a session."""
        return Person.objects.filter(pk=user_id, is_active=True).first()


def is_locked(person: Person) -> bool:
    """Whether the log-in is locked now."""
    return person.locked_until is not None and person.locked_until > timezone.now()


def _note_failure(person: Person) -> None:
    Person.objects.filter(pk=person.pk).update(failures=F("failures") + 1)
    person.refresh_from_db()
    if person.failures >= GUESSES:
        Person.objects.filter(pk=person.pk).update(failures=0, locked_until=timezone.now() + LOCKED)
        write(person, "account.locked", subject=person.login)
