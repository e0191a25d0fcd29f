"""Reads of samples."""

import datetime as dt
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from leeward.console.alerts.queries import hidden_from
from leeward.console.audit.action import look
from leeward.console.audit.models import Entry
from leeward.console.oversight.models import Item, Sample
from leeward.console.people.models import Person
from leeward.console.people.queries import names_of
from leeward.console.people.roles import May

_DAYS = 28


def samples(actor: Person) -> list[Sample]:
    """The samples that this person may read, the newest first."""
    found: QuerySet[Sample] = Sample.objects.annotate(
        read=Count("items", filter=~Q(items__outcome="")), size=Count("items")
    )
    return [one for one in found[:60] if one.is_for(actor)]


def one(actor: Person, number: int) -> tuple[Sample, list[dict[str, Any]]]:
    """One sample with what the reader is shown. Raises Sample.DoesNotExist for whoever may not read it."""
    sample = Sample.objects.get(pk=number)
    if not sample.is_for(actor):
        raise Sample.DoesNotExist
    look(actor, "oversight.see", may=May.SIGN_IN, subject=str(sample), again_after=600)
    items = list(sample.items.select_related("reader"))
    names = names_of(item.told.get("person", "") for item in items)
    return sample, [_shown(item, names, actor) for item in items]


def _shown(item: Item, names: dict[str, str], actor: Person) -> dict[str, Any]:
    told = dict(item.told)
    # Nobody reads of their own work, of what others looked at about them, or of whom they have a conflict about.
    about = {told.pop("token", ""), told.get("person", "")}
    hidden = {actor.token, *hidden_from(actor)}
    is_own = item.who == actor.token or bool(about & hidden)
    if is_own:
        told = {}
    if isinstance(told.get("when"), int | float):
        told["when"] = dt.datetime.fromtimestamp(told["when"], dt.UTC).isoformat(timespec="seconds")
    if "person" in told:
        told["person"] = names.get(told["person"], "")
    return {"item": item, "told": [(key, value) for key, value in told.items() if value != ""],
            "is_own": is_own}  # fmt: skip


def lookers(actor: Person) -> list[dict[str, Any]]:
    """How often each member of staff looked at people's activity in the last four weeks."""
    look(actor, "oversight.lookers", may=May.REVIEW_ACCESS, again_after=600)
    since = timezone.now() - dt.timedelta(days=_DAYS)
    rows = Entry.objects.filter(is_read=True, at__gte=since).values("actor").annotate(n=Count("pk")).order_by("-n")[:30]
    return [dict(row) for row in rows]
