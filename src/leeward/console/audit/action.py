"""@action: permission, transaction and audit entry of a change in one place; `look` for reads of personal data."""

import datetime as dt
import functools
from collections.abc import Callable
from typing import Any, Concatenate, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.people.roles import May


class Change[T](NamedTuple):
    """What an action did: its value for the caller, and what the log says of it."""

    value: T
    subject: str = ""
    detail: dict[str, Any] | None = None
    about: str = ""


def action[**P, T](
    name: str, *, may: May
) -> Callable[[Callable[Concatenate[Person, P], Change[T]]], Callable[Concatenate[Person, P], T]]:
    """Mark a function of actions.py. Raises PermissionDenied for whoever may not."""

    def wrap(function: Callable[Concatenate[Person, P], Change[T]]) -> Callable[Concatenate[Person, P], T]:
        @functools.wraps(function)
        def run(actor: Person, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if not actor.may(may):
                raise PermissionDenied
            with transaction.atomic():
                change = function(actor, *args, **kwargs)
                write(actor, name, subject=change.subject, detail=change.detail or {}, about=change.about)
            return change.value

        return run

    return wrap


def look(
    actor: Person, name: str, *, may: May, subject: str = "", purpose: str = "", again_after: int = 0, about: str = ""
) -> None:
    """A read of personal data: allowed and written down, or PermissionDenied.

    `again_after`: seconds within which a page that renews itself counts as one look.
    """
    if not actor.may(may):
        raise PermissionDenied
    if again_after and _looked(actor, name, subject, seconds=again_after):
        return
    write(actor, name, subject=subject, detail={"purpose": purpose} if purpose else {}, is_read=True, about=about)


def _looked(actor: Person, name: str, subject: str, *, seconds: int) -> bool:
    since = timezone.now() - dt.timedelta(seconds=seconds)
    return Entry.objects.filter(actor_token=actor.token, action=name, subject=subject[:200], at__gt=since).exists()


def write(
    actor: Person | None,
    name: str,
    *,
    subject: str = "",
    detail: dict[str, Any] | None = None,
    is_read: bool = False,
    about: str = "",
) -> None:
    """A line of the log. `about`: the token of whom a concern is about; they don't read the line (T5)."""
    Entry.objects.create(
        actor=actor.name if actor else "-", actor_token=actor.token if actor else "", action=name,
        subject=subject[:200], detail=detail or {}, is_read=is_read, about=about[:120],
    )  # fmt: skip
