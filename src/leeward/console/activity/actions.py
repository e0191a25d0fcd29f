"""Dealing with words from block pages."""

import datetime as dt

from leeward.config import Config
from leeward.console.activity.models import Answer
from leeward.console.audit.action import Change, action
from leeward.console.people.models import Person
from leeward.console.people.roles import May
from leeward.events.kinds import Report


@action("activity.answer", may=May.SEE_REQUESTS)
def answer(actor: Person, event: str, host: str, outcome: Answer.Outcome) -> Change[Answer]:
    """It was dealt with; said once more, the later word holds."""
    made, _ = Answer.objects.update_or_create(event=event, defaults={"outcome": outcome, "by": actor})
    return Change(made, host, {"outcome": outcome.value})


@action("activity.take-back", may=May.SEE_REQUESTS)
def take_back(actor: Person, event: str, host: str) -> Change[None]:
    """It waits again."""
    Answer.objects.filter(event=event).delete()
    return Change(None, host)


def erase(config: Config, now: dt.datetime) -> int:
    """Forget answers to words that are no longer kept themselves (requirements RET-1). Returns how many."""
    days = config.store.retention_days.get("report", Report.RETENTION_DAYS)
    return Answer.objects.filter(at__lt=now - dt.timedelta(days=days)).delete()[0]
