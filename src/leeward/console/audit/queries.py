"""Reads of the audit log."""

from django.db.models import QuerySet

from leeward.console.alerts.queries import hidden_from
from leeward.console.audit.action import look
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.people.roles import May


def entries(actor: Person, *, action: str = "", who: str = "", subject: str = "") -> QuerySet[Entry]:
    """The log, newest first; looking at it is written down too."""
    look(actor, "audit.read", may=May.SEE_AUDIT)
    # A concern about the reader, or about somebody about whom they have a conflict, leaves no line for them; nor does a
    # worry that was told for others' eyes (requirements T5).
    others = [f"only:{role}" for role in ("head", "chair") if role not in actor.roles]
    found = Entry.objects.exclude(about__in=[actor.token, *hidden_from(actor), *others])
    if action:
        found = found.filter(action__startswith=action)
    if who:
        found = found.filter(actor__icontains=who)
    if subject:
        found = found.filter(subject__icontains=subject)
    return found
