"""Publishing a notice, and answering it."""

import datetime as dt

from django.utils import timezone

from leeward.console.audit.action import Change, action, write
from leeward.console.notices.models import Notice, Signature
from leeward.console.people.models import Person
from leeward.console.people.roles import May

# An agreement is signed anew each year (S1 "Acceptable use"; requirements M11).
YEAR = dt.timedelta(days=365)
DEFAULT = {
    "pupil": "The school looks after you on its network.\n\n"
    "What you search, read and write here is filtered, and looked at by a computer for signs that somebody may be in danger or "
    "may be hurting others. If it finds one, a member of staff who is there for this sees it. They see only what they need.\n\n"
    "You can always tell us if something worries you: the link is on every page that is closed.",
    "staff": "The school's network is filtered and monitored, as the acceptable use agreement says. What is searched, read and "
    "written is examined for signs of harm; findings about staff go to the safeguarding lead and the head. Every look that anybody "
    "takes at a person's activity is logged and reviewed.",
}  # fmt: skip


def current(person: Person) -> Notice:
    """The notice that counts for somebody; before anybody wrote one, what Leeward says."""
    audience = "staff" if person.kind == Person.Kind.STAFF else "pupil"
    found = Notice.objects.filter(audience=audience).first()
    return found or Notice.objects.create(audience=audience, words=DEFAULT[audience])


def is_accepted(person: Person, notice: Notice) -> bool:
    """Whether somebody has accepted this version within a year. A class log-in is asked each time."""
    if person.kind == Person.Kind.CLASS:
        return False
    since = timezone.now() - YEAR
    last = Signature.objects.filter(person=person, notice=notice, at__gte=since).first()
    return last is not None and last.accepted


def sign(person: Person, notice: Notice, *, accepted: bool, client: str) -> Signature:
    """The answer, kept as the agreement's signature."""
    made = Signature.objects.create(person=person, notice=notice, accepted=accepted, client=client)
    write(
        person,
        "notice.accepted" if accepted else "notice.declined",
        subject=person.login,
        detail={"version": notice.pk},
    )
    return made


@action("notices.publish", may=May.EDIT_NOTICES)
def publish(actor: Person, audience: str, words: str) -> Change[Notice]:
    """A new version: everybody for whom it is is asked again."""
    made = Notice.objects.create(audience=audience, words=words, by=actor)
    return Change(made, str(made), {"words": words[:500]})
