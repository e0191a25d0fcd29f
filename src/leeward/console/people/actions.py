"""Changes to people."""

from typing import Any

from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.people.upload import Plan


@action("people.save", may=May.EDIT_PEOPLE)
def save_person(
    actor: Person, person: Person, *, password: str = "", changed: list[str] | None = None
) -> Change[Person]:
    """A person is added or changed; a role can't be given to oneself."""
    is_new = person.pk is None
    person.login = person.login.strip().casefold()
    if password:
        person.set_password(password)
    elif is_new:
        person.set_unusable_password()
    person.save()
    return Change(person, person.login, {"new": is_new, "fields": changed or [], "password": bool(password)})


@action("people.import", may=May.EDIT_PEOPLE)
def carry_out(actor: Person, plan: Plan) -> Change[dict[str, int]]:
    """Carry out an import that was looked at before: all of it, or none."""
    for person in plan.new:
        person.set_unusable_password()
    Person.objects.bulk_create(plan.new)
    Person.objects.bulk_update(plan.changed, ["name", "kind", "groups", "profile", "source_id"])
    Person.objects.filter(pk__in=[person.pk for person in plan.leaving]).update(is_active=False)
    counts = {"new": len(plan.new), "changed": len(plan.changed), "leaving": len(plan.leaving)}
    return Change(counts, "", dict[str, Any](counts))
