"""Reads of the audit log."""

from django.db.models import QuerySet

from leeward.console.audit.action import look
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.people.roles import May


def entries(actor: Person, *, action: str = "", who: str = "", subject: str = "") -> QuerySet[Entry]:
    """The log, newest first; looking at it is written down too."""
    look(actor, "audit.read", may=May.SEE_AUDIT)
    found = Entry.objects.all()
    if action:
        found = found.filter(action__startswith=action)
    if who:
        found = found.filter(actor__icontains=who)
    if subject:
        found = found.filter(subject__icontains=subject)
    return found
