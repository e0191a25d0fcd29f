"""A phone that was seen is written down in half a minute; several are a pattern."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from leeward.console.alerts.models import Alert
from leeward.console.people.models import Person
from leeward.console.phones.models import Sighting

pytestmark = pytest.mark.django_db
SEEN = {"who": "amira", "place": "corridor", "outcome": "put-away", "words": ""}


def test_a_teacher_writes_one_down_and_sees_their_own_alone(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    person("amira", kind="pupil", groups=["Y9"])
    hollis, other = signed_in("teacher", login="hollis"), signed_in("teacher", login="other")
    hollis.post(reverse("phones:page"), SEEN)
    assert "Amira" in hollis.get(reverse("phones:page")).content.decode()
    assert "Amira" not in other.get(reverse("phones:page")).content.decode()
    assert "Amira" in signed_in("dsl", login="fern").get(reverse("phones:page")).content.decode()


def test_the_third_within_two_weeks_is_a_pattern_and_agreed_ones_do_not_count(
    signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    amira = person("amira", kind="pupil", groups=["Y9"])
    client = signed_in("teacher", login="hollis")
    for outcome in ("put-away", "agreed", "agreed", "refused"):
        client.post(reverse("phones:page"), SEEN | {"outcome": outcome})
    assert not Alert.objects.exists()
    for _ in range(2):
        client.post(reverse("phones:page"), SEEN)
    alert = Alert.objects.get()
    assert (alert.who, alert.hits) == (amira.token, 1)
    assert "4 times" in alert.rows.get().reason


def test_nobody_known_by_the_name_is_said_and_nothing_is_written(signed_in: Callable[..., Client]) -> None:
    page = signed_in("teacher").post(reverse("phones:page"), SEEN)
    assert "Use the log-in" in page.content.decode()
    assert not Sighting.objects.exists()
