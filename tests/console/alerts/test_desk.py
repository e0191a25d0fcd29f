"""Who is told and what is looked for, as the school sets it; exclusions count backwards."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leeward.console.alerts import actions, library
from leeward.console.alerts.models import Addition, Alert, Contact, Delivery, Exclusion, Hours, Route, Term
from leeward.console.alerts.precision import by_theme, for_retirement
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.text.library import read_school
from tests.console.alerts.conftest import finding

Found = Callable[..., Any]
School = dict[str, Person]
pytestmark = pytest.mark.django_db
ENTRY = "suicide-self-harm/en/one"  # of findings here; the library has it not, the hits have


@pytest.fixture
def client(signed_in: Callable[..., Client]) -> Client:
    return signed_in("dsl", login="fern")


def text(client: Client, name: str) -> str:
    return client.get(reverse(name)).content.decode()


ROUTE = {"name": "Nights", "severity_from": "4", "severity_to": "5", "hours": "outside", "days": "any",
         "people": "role:deputy-dsl, fern", "ways": ["sms", "mail"], "minutes": "5", "groups": "", "themes": ["drugs"]}  # fmt: skip


def test_a_route_is_made_changed_moved_and_deleted(client: Client) -> None:
    client.post(reverse("alerts:new-route"), ROUTE)
    client.post(reverse("alerts:new-route"), ROUTE | {"name": "All"})
    first = Route.objects.get(name="Nights")
    assert first.people == ["role:deputy-dsl", "fern"]
    client.post(reverse("alerts:change-route", args=[Route.objects.get(name="All").pk]), {"up": "1"})
    assert [route.name for route in Route.objects.all()] == ["All", "Nights"]
    assert "Deputy safeguarding lead → fern" in text(client, "alerts:routes")
    client.post(reverse("alerts:change-route", args=[first.pk]))
    assert not Route.objects.filter(name="Nights").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"people": "role:dean"}, "There is no role dean"), ({"people": "nobody"}, "nobody who may see alerts"),
        ({"people": ""}, "This field is required"), ({"severity_from": "5", "severity_to": "3"}, "below the severity"),
        ({"ways": []}, "This field is required"),
    ],
)  # fmt: skip
def test_a_route_that_tells_nobody_is_refused(client: Client, wrong: dict[str, Any], said: str) -> None:
    answer = client.post(reverse("alerts:new-route"), ROUTE | wrong)
    assert said in answer.content.decode()
    assert not Route.objects.exists()


def test_contacts_hours_and_terms_are_kept(client: Client, person: Callable[..., Person]) -> None:
    person("hoy", "safeguarding-contact")
    client.post(reverse("alerts:contact", args=["hoy"]), {"mail": "hoy@school.test", "groups": "Y9, Y10", "phone": ""})
    assert Contact.objects.get(person__login="hoy").groups == ["Y9", "Y10"]
    hours = {"opens": "08:30", "closes": "15:30", "digest_at": "07:00", "weekly_on": "4"}
    client.post(reverse("alerts:hours"), hours | {"terms": "Autumn, 2026-09-01, 2026-12-18"})
    assert Hours.objects.get().opens.hour == 8
    assert Term.objects.get().name == "Autumn"
    wrong = client.post(reverse("alerts:hours"), hours | {"terms": "Autumn, 2026-12-18, 2026-09-01"})
    assert "Line 1 ends before it begins" in wrong.content.decode()
    assert "write a name" in client.post(reverse("alerts:hours"), hours | {"terms": "soon"}).content.decode()
    assert Term.objects.count() == 1
    early = client.post(reverse("alerts:hours"), hours | {"closes": "07:00", "terms": ""})
    assert "ends before it begins" in early.content.decode()


def test_an_exclusion_counts_backwards_and_can_be_taken_back(
    client: Client, found: Found, school: School, django_capture_on_commit_callbacks: Any, state: Path
) -> None:
    alone = found(finding(school["amira"].token))
    with_more = found(finding(school["ben"].token))
    found(finding(school["ben"].token, entries="suicide-self-harm/en/two"))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("alerts:exclude"), {"entry": ENTRY, "group": "", "reason": "It is a song in assembly."})
    alone.refresh_from_db()
    with_more.refresh_from_db()
    assert (alone.status, alone.decision) == ("no-concern", "excluded")
    assert with_more.is_open, "it rests on something else too"
    assert read_school(state).excluded == (ENTRY,)
    logged = Entry.objects.get(action="library.exclude")
    assert logged.detail == {"reason": "It is a song in assembly.", "group": "", "closed_alerts": 1}
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("alerts:include", args=[Exclusion.objects.get().pk]))
    alone.refresh_from_db()
    assert alone.is_open
    assert alone.rows.filter(excluded=False).count() == 1
    assert read_school(state).excluded == ()


def test_an_exclusion_for_any_group_of_a_pupil_counts_and_says_how_much_it_closed(
    client: Client, found: Found, school: School
) -> None:
    alone, other = found(finding(school["amira"].token)), found(finding(school["ben"].token, group="Y7"))
    asked = {"entry": ENTRY, "group": "9b", "reason": "It is a song in assembly."}
    assert "that it closed: 1." in client.post(reverse("alerts:exclude"), asked, follow=True).content.decode()
    alone.refresh_from_db()
    other.refresh_from_db()
    assert not alone.is_open
    assert other.is_open
    assert found(finding(school["amira"].token)) is None
    refused = client.post(reverse("alerts:exclude"), asked | {"group": "Nope99"}).content.decode()
    assert "Nobody is in a group of this name" in refused


def test_what_an_exclusion_closed_and_somebody_takes_back_has_its_words_and_somebody_at_it(
    client: Client, found: Found, school: School
) -> None:
    alert = found(finding(school["amira"].token))
    client.post(reverse("alerts:exclude"), {"entry": ENTRY, "group": "", "reason": "It is a song in assembly."})
    actions.reopen(school["lead"], alert.pk)
    alert.refresh_from_db()
    assert alert.is_open
    assert alert.owner == school["lead"]
    assert alert.rows.filter(excluded=False).count() == 1


def test_the_tray_is_filtered_by_any_group_and_says_when_nothing_fits(
    client: Client, found: Found, school: School
) -> None:
    found(finding(school["amira"].token))
    for group in ("Y9", "y9", "9B", " 9b "):
        assert "Amira" in client.get(reverse("alerts:tray"), {"group": group}).content.decode()
    nothing = client.get(reverse("alerts:tray"), {"group": "Y13"}).content.decode()
    assert "No alert fits" in nothing
    assert "Nothing waits for you" not in nothing


def test_an_exclusion_needs_a_reason(client: Client) -> None:
    assert (
        "Say in a few words why"
        in client.post(reverse("alerts:exclude"), {"entry": ENTRY, "reason": "no"}).content.decode()
    )
    assert not Exclusion.objects.exists()


def test_the_schools_own_entries_reach_the_gateway_and_bad_ones_say_why(
    client: Client, django_capture_on_commit_callbacks: Any, state: Path
) -> None:
    own = {
        "name": "pond-club",
        "theme": "gangs",
        "meaning": "A local group.",
        "severity": "4",
        "phrases": "pond club\npond boys",
    }
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("alerts:add"), own)
    (entry,) = read_school(state).added
    assert entry.phrases == ("pond club", "pond boys")
    assert (state / "school-library.json").stat().st_mode & 0o777 == 0o600
    wrong = client.post(reverse("alerts:add"), own | {"name": "other", "phrases": "(open"})
    assert "brackets must be balanced" in wrong.content.decode()
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("alerts:remove", args=[Addition.objects.get().pk]))
    assert read_school(state).added == ()


def test_the_file_is_mended_by_the_watch_if_it_was_lost(state: Path, person: Callable[..., Person]) -> None:
    Exclusion.objects.create(entry=ENTRY, reason="a song", by=person("lead", "dsl"))
    assert library.publish()
    assert not library.publish(), "nothing to do"
    (state / "school-library.json").unlink()
    assert library.publish()
    assert json.loads((state / "school-library.json").read_text())["excluded"] == [ENTRY]


def test_entries_that_only_cry_wolf_are_put_up_for_retirement(client: Client, found: Found, school: School) -> None:
    for number in range(9):
        alert = found(finding(f"p{number}"))
        actions.decide(school["lead"], alert.pk, is_concern=False, reason="false-alarm")
    right = found(finding("q", entries="suicide-self-harm/en/two"))
    actions.decide(school["lead"], right.pk, is_concern=True)
    since = timezone.now().replace(year=2020)
    assert [row.name for row in for_retirement(since)] == [ENTRY]
    (theme,) = by_theme(since)
    assert (theme.right, theme.wrong, theme.percent) == (1, 9, "10 %")
    seen = text(client, "alerts:library")
    assert "9 alerts, none of them right" in seen
    Exclusion.objects.create(entry=ENTRY, reason="a song", by=school["lead"])
    assert for_retirement(since) == []
    assert Alert.objects.filter(status="no-concern").count() == 9


def test_who_waits_for_alerts_sees_that_words_do_not_arrive(client: Client, found: Found, school: School) -> None:
    found(finding(school["amira"].token))
    assert "could not be delivered" not in client.get(reverse("alerts:tray")).content.decode()
    Delivery.objects.update(fault="no mail server is set")
    assert "could not be delivered" in client.get(reverse("alerts:tray")).content.decode()
