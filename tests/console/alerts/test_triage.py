"""From the tray to a decision; nobody outside the circle learns anything."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leeward.console.alerts import actions
from leeward.console.alerts.models import Alert, Conflict, Contact, Delivery, Opinion
from leeward.console.alerts.precision import agreement
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from tests.console.alerts.conftest import finding

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
School = dict[str, Person]


@pytest.fixture
def enter() -> Callable[[Person], Client]:
    """A browser of somebody of the school, both factors given."""

    def make(who: Person) -> Client:
        from django_otp.plugins.otp_totp.models import TOTPDevice

        device = TOTPDevice.objects.create(user=who, confirmed=True)
        client = Client()
        client.force_login(who, backend="leeward.console.accounts.backend.LockingBackend")
        session = client.session
        session["otp_device_id"] = device.persistent_id
        session.save()
        return client

    return make


@pytest.fixture
def alert(found: Found, school: School) -> Alert:
    made: Alert = found(finding(school["amira"].token, around="before the words after"))
    return made


def page(client: Client, alert: Alert) -> str:
    return client.get(reverse("alerts:see", args=[alert.pk])).content.decode()


def test_the_lead_sees_the_evidence_in_its_surroundings_and_the_look_is_written_down(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    seen = page(enter(school["lead"]), alert)
    assert "before <mark>the words</mark> after" in seen
    assert "Amira" in seen
    assert "Risk index" in seen
    assert Entry.objects.filter(action="alerts.see", is_read=True, subject=f"{alert.pk} amira").exists()


def test_markup_in_what_was_written_is_shown_and_not_run(
    enter: Callable[[Person], Client], school: School, found: Found
) -> None:
    alert = found(finding(school["amira"].token, evidence="<b>the", around="<script>x</script> <b>the words"))
    seen = page(enter(school["lead"]), alert)
    assert "&lt;script&gt;x&lt;/script&gt; <mark>&lt;b&gt;the</mark> words" in seen


@pytest.mark.parametrize(
    ("who", "sees"), [("lead", True), ("deputy", True), ("headteacher", False), ("chair", False), ("hoy", False)]
)
def test_who_may_see_an_alert_about_a_pupil(
    enter: Callable[[Person], Client], school: School, alert: Alert, who: str, sees: bool
) -> None:
    client = enter(school[who])
    assert (client.get(reverse("alerts:see", args=[alert.pk])).status_code == 200) is sees
    assert ("Amira" in client.get(reverse("alerts:tray")).content.decode()) is sees
    answers = [reverse("alerts:answer", args=[alert.pk, "acknowledge"])]
    for address in answers:
        assert (client.post(address).status_code == 302) is sees


def test_a_head_of_year_sees_their_groups_and_answers_without_deciding(
    enter: Callable[[Person], Client], school: School, alert: Alert, found: Found
) -> None:
    other = found(finding(school["ben"].token, group="Y7"))
    Contact.objects.create(person=school["hoy"], groups=["9B"])
    client = enter(school["hoy"])
    tray = client.get(reverse("alerts:tray")).content.decode()
    assert "Amira" in tray
    assert "Ben" not in tray
    assert client.get(reverse("alerts:see", args=[other.pk])).status_code == 404
    assert client.get(reverse("alerts:see", args=[other.pk + 900])).status_code == 404, (
        "the same as one that is not there"
    )
    assert client.post(reverse("alerts:decide", args=[alert.pk, "concern"])).status_code == 403
    assert client.post(reverse("alerts:answer", args=[alert.pk, "acknowledge"])).status_code == 302


@pytest.mark.parametrize(
    ("subject", "circle"),
    [("it", {"lead", "headteacher"}), ("lead", {"headteacher", "chair"}), ("headteacher", {"lead", "chair"})],
)
def test_what_is_about_staff_is_seen_by_the_circle_of_t5_alone(
    enter: Callable[[Person], Client], school: School, found: Found, subject: str, circle: set[str]
) -> None:
    alert = found(finding(school[subject].token), is_staff=True)
    for who in ("lead", "deputy", "headteacher", "chair", "hoy"):
        status = enter(school[who]).get(reverse("alerts:see", args=[alert.pk])).status_code
        assert (status == 200) is (who in circle), who


def test_a_declared_conflict_hides_the_pupil_and_tells_others_at_once(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    client = enter(school["lead"])
    client.post(reverse("alerts:answer", args=[alert.pk, "conflict"]), {"conflict-why": "I am her mother."})
    assert Conflict.objects.get().why == "I am her mother."
    assert client.get(reverse("alerts:see", args=[alert.pk])).status_code == 404
    assert "Amira" not in client.get(reverse("alerts:tray")).content.decode()
    assert "Amira" not in client.get(reverse("alerts:risks")).content.decode()
    first = Delivery.objects.filter(alert=alert, sent=None, dropped=False).order_by("due").first()
    assert first is not None
    assert first.person == school["deputy"]
    conflict = Conflict.objects.get()
    assert client.post(reverse("alerts:end-conflict", args=[conflict.pk])).status_code == 403, "nobody ends their own"


def test_a_concern_becomes_an_incident_and_no_concern_needs_a_reason(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    client = enter(school["lead"])
    refused = client.post(reverse("alerts:decide", args=[alert.pk, "none"]), {"harmless-reason": ""})
    assert refused.status_code == 400
    alert.refresh_from_db()
    assert alert.is_open
    client.post(
        reverse("alerts:decide", args=[alert.pk, "none"]), {"harmless-reason": "lesson", "harmless-words": "Macbeth"}
    )
    alert.refresh_from_db()
    assert (alert.status, alert.decision, alert.words) == ("no-concern", "lesson", "Macbeth")
    client.post(reverse("alerts:decide", args=[alert.pk, "reopen"]))
    client.post(reverse("alerts:decide", args=[alert.pk, "concern"]), {"concern-words": "called home"})
    alert.refresh_from_db()
    assert (alert.status, alert.decided_by) == ("incident", school["lead"])
    assert [entry.action for entry in Entry.objects.filter(is_read=False, action__startswith="alerts.").order_by("id")] == [
        "alerts.decide", "alerts.reopen", "alerts.decide",
    ]  # fmt: skip


def test_two_people_who_decide_at_once_are_told_and_the_first_counts(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    enter(school["lead"]).post(reverse("alerts:decide", args=[alert.pk, "concern"]))
    second = enter(school["deputy"])
    answer = second.post(reverse("alerts:decide", args=[alert.pk, "none"]), {"harmless-reason": "joke"}, follow=True)
    assert "has decided it already" in answer.content.decode()
    alert.refresh_from_db()
    assert alert.status == "incident"


def test_a_second_reader_judges_before_seeing_the_first_ones_word(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    actions.give_opinion(school["lead"], alert.pk, is_concern=True, severity=5, words="clearly a plan")
    actions.want_second(school["lead"], alert.pk)
    deputy = enter(school["deputy"])
    assert "clearly a plan" not in page(deputy, alert)
    deputy.post(
        reverse("alerts:answer", args=[alert.pk, "opinion"]),
        {"opinion-is_concern": "no", "opinion-severity": "2", "opinion-words": "a song"},
    )
    assert "clearly a plan" in page(deputy, alert)
    assert Opinion.objects.count() == 2
    told = agreement(timezone.now().replace(year=2020))
    assert (told.pairs, told.same) == (1, 0)


def test_a_graver_grade_is_kept_beside_what_was_found(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    enter(school["lead"]).post(reverse("alerts:answer", args=[alert.pk, "regrade"]), {"grade-severity": "5"})
    alert.refresh_from_db()
    assert (alert.severity, alert.found_severity) == (5, 4)
    assert alert.round == 2, "those who are for severity 5 are told"


def test_the_tray_says_nothing_new_in_204_and_shows_what_is_new(
    enter: Callable[[Person], Client], school: School, alert: Alert, found: Found
) -> None:
    client = enter(school["lead"])
    first = client.get(reverse("alerts:tray"))
    stamp = first.context["stamp"]
    assert client.get(reverse("alerts:tray"), {"after": stamp}).status_code == 204
    found(finding(school["ben"].token, group="Y7"))
    again = client.get(reverse("alerts:tray"), {"after": stamp})
    assert "Ben" in again.content.decode()


def test_it_staff_learn_that_something_happened_and_not_what(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    client = enter(school["it"])
    assert client.get(reverse("alerts:see", args=[alert.pk])).status_code == 403
    seen = client.get(reverse("alerts:health")).content.decode()
    for private in ("Amira", "suicide", "Suicide", "the words", "Y9"):
        assert private not in seen


def test_a_pupils_index_names_its_parts_and_forgets_what_was_harmless(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    Alert.objects.update(opened=timezone.now())
    alert.rows.update(at=timezone.now())
    client = enter(school["lead"])
    assert "Suicide and self-harm: 22" in client.get(reverse("alerts:risks")).content.decode()
    actions.decide(school["lead"], alert.pk, is_concern=False, reason="lesson")
    assert "Amira" not in client.get(reverse("alerts:risks")).content.decode()


def test_a_browser_that_wants_to_be_told_is_kept_and_let_go(enter: Callable[[Person], Client], school: School) -> None:
    client = enter(school["lead"])
    key = {"endpoint": "https://updates.push.services.mozilla.com/wpush/x", "key": "A" * 87, "secret": "B" * 22}
    client.post(reverse("alerts:push"), key)
    assert "You are told at 1 browser." in client.get(reverse("alerts:push")).content.decode()
    client.post(reverse("alerts:push"), key | {"endpoint": "https://127.0.0.1/x"})
    client.post(reverse("alerts:push"), {"off": "1"})
    assert "You are told" not in client.get(reverse("alerts:push")).content.decode().partition("<main")[2].replace(
        "You are told at no", ""
    )


def test_the_head_sees_what_came_up_because_nobody_answered_and_not_before(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    head, address = enter(school["headteacher"]), reverse("alerts:see", args=[alert.pk])
    assert head.get(address).status_code == 404
    assert head.get(reverse("alerts:risks")).status_code == 403
    Delivery.objects.filter(person=school["headteacher"]).update(sent=timezone.now())
    assert head.get(address).status_code == 200


def test_nobody_reads_in_the_audit_log_of_a_concern_about_themselves(
    enter: Callable[[Person], Client], school: School, found: Found
) -> None:
    alert = found(finding(school["headteacher"].token), is_staff=True)
    page(enter(school["lead"]), alert)
    actions.decide(school["lead"], alert.pk, is_concern=True, words="called the chair")
    head = enter(school["headteacher"]).get(reverse("audit:log")).content.decode()
    assert "alerts.decide" not in head
    assert "alerts.see" not in head
    assert "called the chair" not in enter(school["lead"]).get(reverse("audit:log")).content.decode()


def test_nobody_closes_by_an_exclusion_what_is_about_themselves(school: School, found: Found) -> None:
    from leeward.console.alerts import library

    alert = found(finding(school["deputy"].token), is_staff=True)
    library.exclude(school["deputy"], "suicide-self-harm/en/one", reason="a song in assembly")
    alert.refresh_from_db()
    assert alert.is_open


def test_a_conflict_hides_the_log_of_that_pupil_too_and_is_ended_by_somebody_else(
    enter: Callable[[Person], Client], school: School, alert: Alert
) -> None:
    lead = enter(school["lead"])
    day = reverse("activity:day", args=[school["amira"].token, "2026-11-18"])
    assert lead.get(day, {"purpose": "x"}).status_code == 200
    actions.declare_conflict(school["lead"], alert.pk, "my child")
    assert lead.get(day, {"purpose": "x"}).status_code == 403
    conflict = Conflict.objects.get()
    deputy = enter(school["deputy"])
    assert "my child" in deputy.get(reverse("alerts:conflicts")).content.decode()
    assert "my child" not in lead.get(reverse("alerts:conflicts")).content.decode()
    deputy.post(reverse("alerts:end-conflict", args=[conflict.pk]))
    assert lead.get(day, {"purpose": "x"}).status_code == 200


def test_the_next_alert_goes_round(enter: Callable[[Person], Client], school: School, found: Found) -> None:
    alerts = [found(finding(f"p{n}", severity=severity)) for n, severity in enumerate((5, 4, 3))]
    client = enter(school["lead"])
    seen = []
    number = alerts[0].pk
    for _ in range(3):
        number = client.get(reverse("alerts:see", args=[number])).context["next"].pk
        seen.append(number)
    assert seen == [alerts[1].pk, alerts[2].pk, alerts[0].pk]


def test_who_is_not_at_it_after_all_gives_it_back_and_people_are_called_again(school: School, found: Found) -> None:
    alert = found(finding(school["amira"].token))
    actions.acknowledge(school["lead"], alert.pk)
    with pytest.raises(actions.Gone):
        actions.give_back(school["deputy"], alert.pk)
    before = Delivery.objects.filter(alert=alert, dropped=False).count()
    actions.give_back(school["lead"], alert.pk)
    alert.refresh_from_db()
    assert (alert.status, alert.owner, alert.acknowledged) == ("new", None, None)
    assert Delivery.objects.filter(alert=alert, dropped=False).count() > before
