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


def signal(severity: int = 2, key: str = "bypass-run:p:1", **more: Any) -> Signal:
    values = {
        "at": ELEVEN.timestamp(),
        "who": "p",
        "theme": "bypass",
        "weight": 4,
        "half_life": 7,
        "reason": "tries",
    } | more
    return Signal(detector="bypass-run", key=key, severity=severity, **values)  # type: ignore[arg-type]


def test_the_same_signal_twice_in_one_batch_is_one_row_with_the_last_words() -> None:
    rows = [(hit_of_signal(signal(reason=f"{n} tries")), Heads()) for n in (3, 4, 5)]
    join(rows, ELEVEN)
    assert Hit.objects.get().reason == "5 tries"
    assert Alert.objects.get().hits == 1


def test_a_signal_that_becomes_graver_tells_people_and_after_a_decision_it_is_news() -> None:
    join([(hit_of_signal(signal(2)), Heads())], ELEVEN)
    assert Alert.objects.get().told_severity == 2
    (told,) = join([(hit_of_signal(signal(4)), Heads())], ELEVEN)
    assert (told.severity, told.told_severity) == (4, 4)
    Alert.objects.update(status="incident", decided=ELEVEN)
    join([(hit_of_signal(signal(4)), Heads())], ELEVEN)
    assert Alert.objects.count() == 1, "no graver than it was"
    for _ in range(2):
        join([(hit_of_signal(signal(5)), Heads()) for _ in range(2)], ELEVEN)
    assert Alert.objects.filter(status="new").get().severity == 5


def test_seats_of_a_class_log_in_are_told_apart_and_a_decided_one_takes_nobody_elses_words(found: Found) -> None:
    first = found(finding("class3", seat="5"), is_class=True)
    assert found(finding("class3", seat="7"), is_class=True).pk != first.pk
    Alert.objects.update(status="incident", decided=ELEVEN)
    assert found(finding("class3", seat="5"), is_class=True).pk != first.pk


def test_a_device_without_a_name_may_be_in_other_hands_after_a_decision(found: Found) -> None:
    first = found(finding("", client="10.0.0.1"))
    Alert.objects.update(status="incident", decided=ELEVEN)
    assert found(finding("", client="10.0.0.1")).pk != first.pk


def test_new_words_after_an_incident_and_a_cry_for_help_after_a_lesson_are_news(found: Found) -> None:
    first = found(finding("p"))
    Alert.objects.update(status="incident", decided=ELEVEN)
    assert found(finding("p", entries="suicide-self-harm/en/other")).pk != first.pk
    lesson = found(finding("q"))
    Alert.objects.filter(pk=lesson.pk).update(status="no-concern", decided=ELEVEN)
    assert found(finding("q")).pk == lesson.pk
    assert found(finding("q", seeks_help=True)).pk != lesson.pk


def test_new_words_raise_what_people_graded_down(found: Found) -> None:
    alert = found(finding("p"))
    Alert.objects.update(severity=1)
    assert found(finding("p")).severity == 1, "the same words stay where people put them"
    assert found(finding("p", entries="suicide-self-harm/en/other")).severity == 4
    assert alert.pk


def test_what_no_database_takes_is_made_fit_for_one(found: Found) -> None:
    alert = found(finding("p", evidence="how\x00 to", around="\x00", host="h" * 400, group="g" * 300, seat="s" * 90))
    assert alert.rows.get().excerpt == "how to"
