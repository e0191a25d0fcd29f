"""Dealing with words from block pages."""

import datetime as dt

from django.utils import timezone

from leeward.console.activity.models import Answer
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.events.kinds import Report


@action("activity.answer", may=May.SEE_REQUESTS)
def answer(actor: Person, event: str, host: str, outcome: Answer.Outcome) -> Change[Answer]:
    """It was dealt with; said once more, the later word holds."""
    # No longer than the words that it is about (requirements RET-1).
    Answer.objects.filter(at__lt=timezone.now() - dt.timedelta(days=Report.RETENTION_DAYS)).delete()
    made, _ = Answer.objects.update_or_create(event=event, defaults={"outcome": outcome, "by": actor})
    return Change(made, host, {"outcome": outcome.value})


@action("activity.take-back", may=May.SEE_REQUESTS)
def take_back(actor: Person, event: str, host: str) -> Change[None]:
    """It waits again."""
    Answer.objects.filter(event=event).delete()
    return Change(None, host)
