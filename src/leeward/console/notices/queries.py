"""Who has accepted the notice."""

from typing import NamedTuple

from leeward.console.audit.action import look
from leeward.console.notices.actions import DEFAULT
from leeward.console.notices.models import Notice, Signature
from leeward.console.people.models import Person
from leeward.console.people.roles import May


class Standing(NamedTuple):
    """One notice with who answered. `missing`: names of those who were not here since."""

    audience: str
    words: str
    version: int
    accepted: int
    people: int
    declined: list[Signature]
    missing: list[str]


def standing(actor: Person) -> list[Standing]:
    """Pupils' and staff's notice."""
    look(actor, "notices.see", may=May.EDIT_NOTICES, again_after=600)
    out = []
    for audience, kinds in (("pupil", ["pupil"]), ("staff", ["staff"])):
        notice = Notice.objects.filter(audience=audience).first()
        people = dict(Person.objects.filter(kind__in=kinds, is_active=True).values_list("pk", "name"))
        latest: dict[int, Signature] = {}
        for one in (
            Signature.objects.filter(notice=notice, person_id__in=people).select_related("person").order_by("at")
        ):
            latest[one.person_id] = one
        declined = [one for one in latest.values() if not one.accepted]
        missing = sorted(name for pk, name in people.items() if pk not in latest)
        out.append(
            Standing(
                audience, notice.words if notice else DEFAULT[audience], notice.pk if notice else 0,
                len(latest) - len(declined), len(people), declined, missing,
            )
        )  # fmt: skip
    return out
