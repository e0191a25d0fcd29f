"""A school with people who deal with alerts, and findings to be joined."""

import datetime as dt
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from leeward.console.alerts.joining import Heads, hit_of_finding, join
from leeward.console.alerts.models import Alert
from leeward.console.people.models import Person
from leeward.events.kinds import Finding

# A Wednesday in term, at eleven.
ELEVEN = dt.datetime(2026, 11, 18, 11, 0, tzinfo=dt.UTC)
_count = itertools.count()


def finding(person: str = "", **more: Any) -> Finding:
    """A pupil's search, severity 4, unless something else is said."""
    values: dict[str, Any] = {
        "id": f"e{next(_count)}", "at": ELEVEN.timestamp(), "person": person, "theme": "suicide-self-harm",
        "severity": 4, "score": 0.9, "channel": "search", "written": True, "evidence": "the words", "group": "Y9",
        "reason": "Speaks of it.", "entries": "suicide-self-harm/en/one", "host": "search.test", "path": "/?q=x",
        "language": "en",
    }  # fmt: skip
    return Finding(**(values | more))


@pytest.fixture
def found() -> Callable[..., Alert | None]:
    """Joins a finding and gives its alert."""

    def make(event: Finding, now: dt.datetime = ELEVEN, **heads: Any) -> Alert | None:
        hit = hit_of_finding(event)
        join([(hit, Heads(group=event.group, client=event.client, seat=event.seat, **heads))], now)
        return Alert.objects.filter(rows__event=event.id).first()

    return make


@pytest.fixture
def school(person: Callable[..., Person]) -> dict[str, Person]:
    """A lead, a deputy, a head, a head of year, a chair, an IT manager; two pupils."""
    staff = {
        "lead": "dsl", "deputy": "deputy-dsl", "headteacher": "head", "hoy": "safeguarding-contact", "chair": "chair",
        "it": "it-manager",
    }  # fmt: skip
    people = {name: person(name, role) for name, role in staff.items()}
    people["amira"] = person("amira", kind="pupil", groups=["Y9", "9B"])
    people["ben"] = person("ben", kind="pupil", groups=["Y7"])
    return people
