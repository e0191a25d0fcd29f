"""Rules: edited, published, rolled back."""

from collections.abc import Callable

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from leeward.config import Client as ClientEntry
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.rules import queries
from leeward.console.rules.models import Version
from leeward.policy.compile import Shelf, load_current
from leeward.policy.hosts import normalise

RULE = {
    "id": "chess",
    "tier": "profile",
    "hosts": "chess.test, =www.go.test",
    "action": "allow",
    "reason": "Chess club",
}


def test_a_rule_is_saved_in_the_draft_and_counts_when_published(
    signed_in: Callable[..., Client], snapshot: Shelf
) -> None:
    client = signed_in("it-manager")
    assert client.post("/rules/new", RULE).status_code == 302
    with load_current(snapshot) as current:
        assert not any(rule.id == "chess" for rule in current.policy.rules)
    client.post("/rules/publish", {"note": "for the chess club"})
    with load_current(snapshot) as current:
        assert any(rule.id == "chess" for rule in current.policy.rules)
        assert "games" in current.lookup(normalise("play.test")).labels
    version, before = Version.objects.all()
    assert before.note == "what held before"
    assert (version.note, version.made_by) == ("for the chess club", "It-Manager")
    entry = Entry.objects.get(action="rules.save")
    assert entry.detail["after"]["hosts"] == ["chess.test", "=www.go.test"]


def test_an_earlier_version_is_brought_back(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    client = signed_in("it-manager")
    client.post("/rules/publish", {"note": "first"})
    client.post("/rules/new", RULE)
    client.post("/rules/publish", {"note": "second"})
    first = Version.objects.get(note="first")
    client.post(f"/rules/version/{first.pk}/back")
    with load_current(snapshot) as current:
        assert not any(rule.id == "chess" for rule in current.policy.rules)
    assert queries.rule("chess") is None
    assert Version.objects.count() == 4


def test_the_first_publication_can_be_undone_and_a_draft_forgotten(
    signed_in: Callable[..., Client], snapshot: Shelf
) -> None:
    client = signed_in("it-manager")
    client.post("/rules/one/games/change", {"delete": ""})
    client.post("/rules/discard")
    assert queries.rule("games") is not None
    client.post("/rules/one/games/change", {"delete": ""})
    client.post("/rules/publish", {"note": "no games rule"})
    first = Version.objects.get(note="what held before")
    client.post(f"/rules/version/{first.pk}/back")
    with load_current(snapshot) as current:
        assert any(rule.id == "games" for rule in current.policy.rules)
    client.post("/rules/new", RULE)
    client.post("/rules/discard")
    assert queries.rule("chess") is None


def test_a_rule_says_who_what_where_and_when(
    signed_in: Callable[..., Client], snapshot: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = ClientEntry(networks=("10.1.0.0/16",), site="library", device_class="chromebook")
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, clients=(library,)))
    client = signed_in("it-manager")
    values = {
        "id": "library-files", "tier": "profile", "roles": "pupil", "sites": "library", "devices": "chromebook",
        "file_types": ".EXE, zip", "days": ["mon"], "start": "08:00", "end": "16:00", "action": "block",
        "safe_search": "yes",
    }  # fmt: skip
    assert client.post("/rules/new", values).status_code == 302
    made = queries.rule("library-files")
    assert made is not None
    assert (made.roles, made.sites, made.devices) == (("pupil",), ("library",), ("chromebook",))
    assert (made.file_types, made.safe_search) == (("exe", "zip"), True)
    page = client.get("/rules/one/library-files")
    assert page.context["form"].initial["file_types"] == "exe, zip"


def test_what_the_form_has_no_field_for_stays(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    before = queries.rule("bypass")
    assert before is not None
    client = signed_in("it-manager")
    page = client.get("/rules/one/bypass")
    values = {name: value for name, value in page.context["form"].initial.items() if value not in (None, "")}
    client.post("/rules/one/bypass", values | {"reason": "Changed."})
    assert queries.rule("bypass") == msgspec.structs.replace(before, reason="Changed.")
    assert client.post("/rules/one/none/change", {"delete": ""}).status_code == 404


def test_faults_are_said_and_nothing_changes(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    client = signed_in("it-manager")
    for changes, why in (
        ({"hosts": "not a host"}, "is not a host"),
        ({"id": "Bad Name"}, "Short name"),
        ({"hosts": "", "action": ""}, "does nothing"),
        ({"tier": "temporary"}, "needs an end"),
        ({"id": "games"}, "Two rules are named"),
    ):
        assert why in client.post("/rules/new", RULE | changes).content.decode()
    assert queries.rule("chess") is None


def test_a_rule_is_moved_changed_and_deleted(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    client = signed_in("it-manager")
    before = [rule.id for rule in queries.draft().rules]
    client.post(f"/rules/one/{before[1]}/change", {"up": ""})
    assert [rule.id for rule in queries.draft().rules][:2] == [before[1], before[0]]
    page = client.get("/rules/one/games").content.decode()
    assert "Games are not open here." in page
    client.post("/rules/one/games/change", {"delete": ""})
    assert queries.rule("games") is None
    assert client.get("/rules/one/games").status_code == 404


def test_without_a_snapshot_publishing_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    client.post("/rules/publish", {"note": "x"})
    assert "leeward compile" in client.get("/rules/").content.decode()
    assert not Version.objects.exists()


PROFILE = {
    "name": "sixth-form",
    "action": "warn",
    "audience": "adult",
    "safe_search": "on",
    "log_level": "3",
    "block_from": "4",
}


def test_a_profile_is_added_changed_and_deleted(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    client = signed_in("it-manager")
    assert client.post("/rules/profiles/new", PROFILE).status_code == 302
    made = queries.profile("sixth-form")
    assert made is not None
    assert (made.action, made.inspect, made.safe_search, made.audience) == ("warn", False, True, "adult")
    client.post("/rules/profiles/one/sixth-form", PROFILE | {"action": "block"})
    changed = queries.profile("sixth-form")
    assert changed is not None
    assert changed.action == "block"
    assert "Two profiles" in client.post("/rules/profiles/new", PROFILE).content.decode()
    assert client.post("/rules/profiles/one/sixth-form", {"delete": ""}).status_code == 302
    assert queries.profile("sixth-form") is None
    assert [e.action for e in Entry.objects.filter(action__startswith="rules.profile")].count("rules.profile") == 2


def test_a_profile_that_rules_need_stays(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    page = signed_in("it-manager").post("/rules/profiles/one/strict", {"delete": ""}).content.decode()
    assert "there is no" in page
    assert queries.profile("strict") is not None


def test_the_school_is_named_by_who_may_and_by_nobody_else(signed_in: Callable[..., Client], snapshot: Shelf) -> None:
    values = {"school": "Sandbay", "contact": "Mrs Fern", "default_profile": "pupil", "strictest_profile": "strict"}
    assert signed_in("head").post("/rules/profiles", values).status_code == 403
    assert signed_in("it-manager").post("/rules/profiles", values).status_code == 302
    assert queries.draft().school == "Sandbay"


def test_a_rule_that_would_never_act_is_refused_with_the_reason(
    signed_in: Callable[..., Client], snapshot: Shelf
) -> None:
    client = signed_in("it-manager")
    for field, value, why in (
        ("roles", "dragon", "dragon is not known. There is: guest, pupil, staff."),
        ("sites", "nowhere", "nowhere is not known. There is: none."),
        ("until", "2020-01-01T00:00", "This moment is over"),
    ):
        page = client.post("/rules/new", RULE | {field: value}).content.decode()
        assert why in page
        assert queries.rule("chess") is None


def test_two_who_edit_one_rule_do_not_overwrite_each_other_unseen(
    signed_in: Callable[..., Client], snapshot: Shelf
) -> None:
    client = signed_in("it-manager")
    client.post("/rules/new", RULE)
    first = client.get("/rules/one/chess").context["form"].initial["seen"]
    client.post("/rules/one/chess", RULE | {"seen": first, "reason": "the other's"})
    page = client.post("/rules/one/chess", RULE | {"seen": first, "reason": "mine"}).content.decode()
    assert "Somebody changed this rule" in page
    assert 'value="mine"' in page, "what was typed is kept"
    assert getattr(queries.rule("chess"), "reason", "") == "the other's"
    again = page.partition('name="seen" value="')[2].partition('"')[0]
    assert client.post("/rules/one/chess", RULE | {"seen": again, "reason": "mine"}).status_code == 302
    client.post("/rules/one/chess/change", {"delete": ""})
    assert "Somebody deleted this rule" in client.post("/rules/one/chess", RULE | {"seen": again}).content.decode()
    assert client.post("/rules/one/chess", RULE).status_code == 302
    assert queries.rule("chess") is not None


def test_a_profile_that_people_have_keeps_its_name(
    signed_in: Callable[..., Client], person: Callable[..., Person], snapshot: Shelf
) -> None:
    person("ben", kind="pupil")
    client = signed_in("it-manager")
    values = {"name": "learner", "action": "allow", "audience": "teen", "log_level": "3", "block_from": "4"}
    page = client.post("/rules/profiles/one/pupil", values).content.decode()
    assert "people have the profile pupil" in page
    assert "pupil" in queries.profile_names()
    Person.objects.update(profile="staff")
    assert (
        "people have the profile" not in client.post("/rules/profiles/one/pupil", values, follow=True).content.decode()
    )


def test_nothing_is_published_that_the_devices_of_the_configuration_can_not_have(
    signed_in: Callable[..., Client], snapshot: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    kiosk = ClientEntry(networks=("10.1.0.0/16",), profile="kiosk")
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, clients=(kiosk,)))
    page = signed_in("it-manager").post("/rules/publish", {"note": "x"}, follow=True).content.decode()
    assert "Nothing was changed" in page
    assert "kiosk" in page
