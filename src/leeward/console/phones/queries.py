"""Reads of sightings: teachers their own, those who look after pupils all."""

from django.db.models import QuerySet

from leeward.console.alerts.queries import hidden_from
from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.console.phones.models import Sighting


def sightings(actor: Person) -> QuerySet[Sighting]:
    """The newest first."""
    look(actor, "phones.list", may=May.LOG_PHONES, again_after=600)
    found = Sighting.objects.select_related("pupil", "by").exclude(pupil__token__in=hidden_from(actor))
    return found if actor.may(May.SEE_RISKS) else found.filter(by=actor)
