"""The first people: made at the command line, where nobody is signed in yet."""

from collections.abc import Sequence

from leeward.console.audit.action import write
from leeward.console.people.models import Person
from leeward.console.people.roles import ROLES


class UnknownRole(ValueError):
    """There is no such role."""


def ensure_person(
    login: str,
    *,
    name: str,
    roles: Sequence[str] = (),
    password: str = "",
    kind: str = "staff",
    profile: str = "staff",
    groups: Sequence[str] = (),
    token: str = "",
) -> Person:
    """Add a person, or change one. Raises UnknownRole."""
    if unknown := sorted(set(roles) - set(ROLES)):
        raise UnknownRole(f"there is no role {unknown[0]!r}; there are {', '.join(ROLES)}")
    values = {
        "name": name,
        "kind": kind,
        "profile": profile,
        "groups": list(groups),
        "roles": list(roles),
        "is_active": True,
    }
    person, _ = Person.objects.update_or_create(login=login.strip().casefold(), defaults=values)
    if token:
        person.token = token
    if password:
        person.set_password(password)
        person.failures, person.locked_until = 0, None
    person.save()
    write(None, "people.bootstrap", subject=person.login, detail={"roles": list(roles)})
    return person
