"""The first people: made at the command line, where nobody is signed in yet."""

from collections.abc import Sequence

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django_otp import devices_for_user

from leeward.console.audit.action import write
from leeward.console.people.models import Person, check_login
from leeward.console.people.roles import ROLES


class BadPerson(ValueError):
    """There is no such role, or the log-in or the password can't be used."""


def ensure_person(
    login: str,
    *,
    name: str = "",
    roles: Sequence[str] | None = None,
    password: str = "",
    kind: str = "staff",
    profile: str = "staff",
    groups: Sequence[str] = (),
    token: str = "",
) -> Person:
    """Add a person; of one who is there, change only what is given. Raises BadPerson."""
    if unknown := sorted(set(roles or ()) - set(ROLES)):
        raise BadPerson(f"there is no role {unknown[0]!r}; there are {', '.join(ROLES)}")
    login = login.strip().casefold()
    person = Person.objects.filter(login=login).first()
    if person is None:
        person = Person(login=login, name=name or login, kind=kind, profile=profile, groups=list(groups))
        person.token = token or person.token
    person.name = name or person.name
    person.roles = person.roles if roles is None else list(roles)
    person.is_active = True
    try:
        check_login(login)
        if password:
            validate_password(password, person)
            person.set_password(password)
            person.failures, person.locked_until = 0, None
    except ValidationError as error:
        raise BadPerson(" ".join(error.messages)) from error
    person.save()
    write(None, "people.bootstrap", subject=person.login, detail={"roles": person.roles, "password": bool(password)})
    return person


def drop_factors(login: str) -> int:
    """Take somebody's second factors away. Returns how many. Raises BadPerson."""
    person = Person.objects.filter(login=login.strip().casefold()).first()
    if person is None:
        raise BadPerson(f"there is no {login!r}")
    dropped = delete_factors(person)
    write(None, "people.factors", subject=person.login, detail={"dropped": dropped})
    return dropped


def delete_factors(person: Person) -> int:
    """Delete every second factor of a person. Returns how many."""
    devices = list(devices_for_user(person, confirmed=None))
    for device in devices:
        device.delete()
    return len(devices)
