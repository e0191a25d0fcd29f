"""Digests, the weekly report, and the end of what need not be kept."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from django.conf import settings

from leeward.console.alerts import actions
from leeward.console.alerts.deliver import word_of
from leeward.console.alerts.models import Delivery, Hit
from leeward.console.alerts.tasks import erase, run_due
from leeward.console.people.models import Person
from tests.console.alerts.conftest import ELEVEN, finding

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
School = dict[str, Person]


def due(kind: str) -> list[str]:
    return sorted(row.person.login for row in Delivery.objects.filter(kind=kind, dropped=False) if row.person)


def test_a_digest_comes_once_a_day_and_only_if_something_waits(found: Found, school: School) -> None:
    run_due(settings.CONFIG, ELEVEN - dt.timedelta(days=1))
    assert due("digest") == []
    found(finding(school["amira"].token, severity=2))
    run_due(settings.CONFIG, ELEVEN - dt.timedelta(hours=20))
    assert due("digest") == [], "the day is done: what came since waits for tomorrow"
    run_due(settings.CONFIG, ELEVEN.replace(hour=6))
    assert due("digest") == [], "not before its hour"
    for _ in range(3):
        run_due(settings.CONFIG, ELEVEN)
    assert due("digest") == ["deputy", "lead"]


def test_the_weekly_report_comes_always_and_once_a_week_and_names_nobody(found: Found, school: School) -> None:
    run_due(settings.CONFIG, ELEVEN)
    assert "lead" in due("weekly")
    count = Delivery.objects.filter(kind="weekly").count()
    found(finding(school["amira"].token))
    run_due(settings.CONFIG, ELEVEN + dt.timedelta(days=2))
    assert Delivery.objects.filter(kind="weekly").count() == count
    run_due(settings.CONFIG, ELEVEN + dt.timedelta(days=6))
    assert Delivery.objects.filter(kind="weekly").count() == 2 * count
    last = Delivery.objects.filter(kind="weekly").order_by("-due")[0]
    word = word_of(settings.CONFIG, last)
    assert "1 alerts, 1 of them open" in word.body
    assert "Suicide and self-harm: 1" in word.body
    assert "Of severity 3 and above 1 are not answered yet." in word.body
    assert "half of the answered" not in word.body
    assert "Amira" not in word.body


def test_what_an_exclusion_closed_is_gone_from_the_next_report(found: Found, school: School) -> None:
    from leeward.console.alerts import library

    found(finding(school["amira"].token))
    library.exclude(school["lead"], "suicide-self-harm/en/one", reason="a song in assembly")
    run_due(settings.CONFIG, ELEVEN + dt.timedelta(days=6))
    last = Delivery.objects.filter(kind="weekly")[0]
    assert "0 alerts" in word_of(settings.CONFIG, last).body


def test_words_are_erased_when_they_are_no_longer_needed_and_incidents_stay(found: Found, school: School) -> None:
    harmless, incident, still = (found(finding(f"p{n}")) for n in range(3))
    found(finding("q", severity=1))
    actions.decide(school["lead"], harmless.pk, is_concern=False, reason="lesson")
    actions.decide(school["lead"], incident.pk, is_concern=True)
    in_two_months = dt.datetime.now(dt.UTC) + dt.timedelta(days=60)
    erase(settings.CONFIG, in_two_months)
    assert {hit.excerpt for hit in harmless.rows.all()} == {""}
    assert {hit.excerpt for alert in (incident, still) for hit in alert.rows.all()} == {"the words"}
    erase(settings.CONFIG, in_two_months + dt.timedelta(days=60))
    assert not Hit.objects.filter(alert=None).exists()
    short = msgspec.structs.replace(settings.CONFIG.alerts, incident_days=30)
    erase(msgspec.structs.replace(settings.CONFIG, alerts=short), in_two_months)
    assert {hit.excerpt for hit in incident.rows.all()} == {""}
