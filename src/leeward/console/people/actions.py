"""Changes to people."""

import secrets

from django.conf import settings
from django.core.exceptions import PermissionDenied

from leeward.console.audit.action import Change, action
from leeward.console.people.bootstrap import delete_factors
from leeward.console.people.models import Person
from leeward.console.people.roles import May, can_manage
from leeward.console.people.upload import Plan
from leeward.identity.sessions import SessionStore

_NAMED = 2_000  # log-ins that an entry of the log names
_AT_ONCE = 300  # passwords: argon2 takes its time


@action("people.save", may=May.EDIT_PEOPLE)
def save_person(
    actor: Person, person: Person, *, password: str = "", changed: list[str] | None = None
) -> Change[Person]:
    """A person is added or changed. Raises PermissionDenied for an account that the actor may not manage.

    Whoever becomes inactive, or is filtered otherwise, is signed out at every device.
    """
    is_new = person.pk is None
    before = None if is_new else Person.objects.get(pk=person.pk)
    if not _may_manage(actor, person, before):
        raise PermissionDenied
    person.login = person.login.strip().casefold()
    if password:
        person.set_password(password)
        person.password_is_given = person.pk != actor.pk
        person.failures = person.device_failures = 0
        person.locked_until = person.device_locked_until = None
    elif is_new:
        person.set_unusable_password()
    person.save()
    if before is not None and _filtered_as(before) != _filtered_as(person):
        end_sessions([person])
    roles = sorted(set(person.roles) ^ set(before.roles if before else []))
    return Change(
        person, person.login, {"roles": roles, "new": is_new, "fields": changed or [], "password": bool(password)}
    )


@action("people.import", may=May.EDIT_PEOPLE)
def carry_out(actor: Person, plan: Plan) -> Change[dict[str, int]]:
    """Carry out an import that was looked at before: all of it, or none."""
    if any(person.roles for person in (*plan.changed, *plan.leaving)):
        raise PermissionDenied  # accounts with roles are changed one by one, by those who may
    for person in plan.new:
        person.set_unusable_password()
    Person.objects.bulk_create(plan.new)
    Person.objects.bulk_update(plan.changed, ["name", "kind", "groups", "profile", "source_id", "is_active"])
    Person.objects.filter(pk__in=[person.pk for person in plan.leaving]).update(is_active=False)
    end_sessions([*plan.filtered_otherwise, *plan.leaving])
    groups = {"new": plan.new, "changed": plan.changed, "leaving": plan.leaving}
    who = {key: [person.login for person in people[:_NAMED]] for key, people in groups.items()}
    counts = {key: len(people) for key, people in groups.items()}
    return Change(counts, "", {**counts, "who": who})


@action("people.passwords", may=May.EDIT_PEOPLE)
def make_passwords(actor: Person, group: str) -> Change[list[tuple[Person, str]]]:
    """Starting passwords for pupils and classes of a group who have none yet; they are told once and kept hashed."""
    found = Person.objects.filter(is_active=True).exclude(kind=Person.Kind.STAFF)
    waiting = [
        one for one in found if not one.roles and not one.has_usable_password() and (not group or group in one.groups)
    ]
    made = [(person, _words()) for person in waiting[:_AT_ONCE]]
    for person, password in made:
        person.set_password(password)
    Person.objects.bulk_update(waiting[:_AT_ONCE], ["password"])
    return Change(made, group, {"people": len(made), "who": [person.login for person, _ in made]})


@action("people.factors", may=May.EDIT_PEOPLE)
def drop_factors(actor: Person, person: Person) -> Change[None]:
    """Somebody lost phone and passkey: the next sign-in sets a second factor up anew."""
    if person.pk == actor.pk or not can_manage(actor.roles, person.roles):
        raise PermissionDenied
    return Change(None, person.login, {"dropped": delete_factors(person)})


def end_sessions(people: list[Person]) -> None:
    """Sign people out at every device: what changed counts from now on."""
    store = SessionStore(settings.STATE / "sessions.sqlite")
    for person in people:
        store.end_person(person.token)
    store.close()


def _may_manage(actor: Person, person: Person, before: Person | None) -> bool:
    if before is not None and before.pk == actor.pk:
        return not set(person.roles) - set(before.roles)  # nobody gives a role to themselves
    return can_manage(actor.roles, [*person.roles, *(before.roles if before else [])])


def _filtered_as(person: Person) -> tuple[bool, str, list[str]]:
    return person.is_active, person.profile, list(person.groups)


def _words() -> str:
    """Easy to type, hard to guess within ten tries: three syllable words and a number."""
    word = "".join
    parts = (word(secrets.choice("bdfgklmnprstvz") + secrets.choice("aeiou") for _ in range(2)) for _ in range(3))
    return "-".join([*parts, f"{secrets.randbelow(90) + 10}"])
