"""Reads of people."""

from collections import Counter
from collections.abc import Iterable

from django.db.models import Q, QuerySet

from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.roles import May


def search(actor: Person, *, text: str = "", kind: str = "") -> QuerySet[Person]:
    """People by name or log-in."""
    look(actor, "people.list", may=May.SEE_PEOPLE, subject=text)
    found = Person.objects.all()
    if kind:
        found = found.filter(kind=kind)
    if text:
        found = found.filter(Q(name__icontains=text) | Q(login__icontains=text))
    return found


def one(actor: Person, login: str) -> Person:
    """One person's record. Raises Person.DoesNotExist."""
    person = Person.objects.get_by_natural_key(login)
    look(actor, "people.see", may=May.SEE_PEOPLE, subject=person.login, about=person.token)
    return person


def names_of(tokens: Iterable[str]) -> dict[str, str]:
    """Names for tokens of events; whoever calls has written the look down."""
    return dict(Person.objects.filter(token__in=set(tokens)).values_list("token", "name"))


def without_password(actor: Person) -> dict[str, int]:
    """How many pupils and classes of each group can't sign in yet; the empty group counts everybody."""
    look(actor, "people.list", may=May.SEE_PEOPLE, subject="without password")
    found = Person.objects.filter(is_active=True).exclude(kind=Person.Kind.STAFF)
    counts: Counter[str] = Counter()
    for person in found:
        if not person.roles and not person.has_usable_password():
            counts.update(["", *person.groups])
    return dict(sorted(counts.items()))


def one_pupil(text: str) -> Person | None:
    """The active pupil with a log-in or name; None if it is nobody or not clear who."""
    meant = Q(login=text.strip().casefold()) | Q(name__iexact=text.strip())
    found = list(Person.objects.filter(meant, kind=Person.Kind.PUPIL, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def token_of(text: str) -> str:
    """The token of somebody by log-in or name; empty if it is nobody or not clear who."""
    found = list(Person.objects.filter(Q(login=text.casefold()) | Q(name__iexact=text))[:2])
    return found[0].token if len(found) == 1 else ""
