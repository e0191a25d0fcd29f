"""One alert for a concern: later hits join it, nothing is counted twice."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from leeward.console.alerts.joining import Heads, hit_of_finding, hit_of_signal, join
from leeward.console.alerts.models import Alert, Exclusion, Hit
from leeward.console.people.models import Person
from leeward.detect.signals import Signal
from tests.console.alerts.conftest import ELEVEN, finding

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]


def test_later_hits_join_the_open_alert_and_raise_it(found: Found) -> None:
    first = found(finding("p", severity=3))
    again = found(finding("p", severity=5, reason="Graver."))
    assert again.pk == first.pk
    assert (again.hits, again.severity, again.reason) == (2, 5, "Graver.")


def test_another_theme_or_person_or_device_is_another_concern(found: Found) -> None:
    found(finding("p"))
    found(finding("p", theme="drugs"))
    found(finding("q"))
    found(finding("", client="10.0.0.1"))
    found(finding("", client="10.0.0.2"))
    assert Alert.objects.count() == 5


def test_an_event_that_comes_again_counts_once(found: Found) -> None:
    event = finding("p")
    alert = found(event)
    found(event)
    alert.refresh_from_db()
    assert (alert.hits, Hit.objects.count()) == (1, 1)


def test_a_light_finding_and_a_page_met_by_accident_open_nothing_but_join_what_is_open(found: Found) -> None:
    assert found(finding("p", severity=1)) is None
    assert found(finding("p", severity=2, channel="page", written=False)) is None
    assert Hit.objects.count() == 2, "they are kept for the history"
    found(finding("p", severity=3, channel="page", written=False))
    assert found(finding("p", severity=1)).hits == 2


def test_an_incident_takes_what_follows_and_something_graver_is_told_anew(found: Found) -> None:
    alert = found(finding("p", severity=4))
    Alert.objects.update(status="incident", decided=ELEVEN, decision="incident")
    later = ELEVEN + dt.timedelta(days=3)
    assert found(finding("p", severity=4, at=later.timestamp()), later).pk == alert.pk
    assert found(finding("p", severity=5, at=later.timestamp()), later).pk != alert.pk


def test_what_was_harmless_goes_on_for_a_day_unless_it_says_something_new(found: Found) -> None:
    alert = found(finding("p"))
    Alert.objects.update(status="no-concern", decided=ELEVEN, decision="lesson")
    soon = (ELEVEN + dt.timedelta(hours=2)).timestamp()
    assert found(finding("p", at=soon)).pk == alert.pk
    assert found(finding("p", at=soon, entries="suicide-self-harm/en/other")).pk != alert.pk
    Alert.objects.exclude(pk=alert.pk).delete()
    assert found(finding("p", at=(ELEVEN + dt.timedelta(days=2)).timestamp())).pk != alert.pk


def test_a_signal_opens_an_alert_and_said_again_is_the_same_row() -> None:
    def signal(severity: int, reason: str) -> Signal:
        return Signal(detector="night-use", key="night-use:p:1", at=ELEVEN.timestamp(), who="p", theme="wellbeing",
                      severity=severity, weight=5, half_life=7, reason=reason)  # fmt: skip

    join([(hit_of_signal(signal(2, "30 minutes")), Heads())], ELEVEN)
    join([(hit_of_signal(signal(3, "60 minutes")), Heads())], ELEVEN)
    hit = Hit.objects.get()
    assert (hit.reason, hit.severity, hit.alert.severity, hit.alert.source) == ("60 minutes", 3, 3, "detector")  # type: ignore[union-attr]


def test_addresses_of_pages_that_may_hold_pictures_are_not_kept(found: Found) -> None:
    found(finding("p", theme="sexual-harassment", path="/picture.jpg"))
    hit = Hit.objects.get()
    assert hit.path == ""
    assert hit.excerpt == "the words"


def test_what_the_school_does_without_opens_nothing(found: Found, person: Callable[..., Person]) -> None:
    Exclusion.objects.create(entry="suicide-self-harm/en/one", reason="a song", by=person("lead", "dsl"))
    assert found(finding("p")) is None
    assert Hit.objects.get().excluded
    both = finding("p", entries="suicide-self-harm/en/one suicide-self-harm/en/two")
    assert found(both) is not None, "it does not rest on the excluded entry alone"


def test_an_exclusion_for_one_group_holds_for_that_group_alone(found: Found, person: Callable[..., Person]) -> None:
    Exclusion.objects.create(entry="suicide-self-harm/en/one", group="Y12", reason="a text", by=person("lead", "dsl"))
    assert found(finding("p", group="Y9")) is not None
    assert found(finding("q", group="Y12")) is None


def test_a_thousand_findings_at_once_are_a_thousand_hits_and_as_many_alerts_as_people() -> None:
    rows = [(hit_of_finding(finding(f"p{n % 40}")), Heads(group="Y9")) for n in range(1000)]
    join(rows, timezone.now())
    assert Hit.objects.count() == 1000
    assert Alert.objects.count() == 40
    assert sum(Alert.objects.values_list("hits", flat=True)) == 1000


def test_words_longer_than_their_place_are_cut_and_not_lost(found: Found) -> None:
    assert found(finding("p", evidence="x" * 2000, path="y" * 3000, reason="z" * 900, entries="a " * 900)) is not None
