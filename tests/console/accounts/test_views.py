"""Signing in: passwords, locks, the second factor, devices."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from leeward.console.accounts.backend import GUESSES
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.identity.sessions import SessionStore
from tests.console.conftest import PASSWORD

type MakePerson = Callable[..., Person]


@pytest.fixture(autouse=True)
def noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everybody has accepted the notice: what it asks is tested with it."""
    monkeypatch.setattr("leeward.console.notices.actions.is_accepted", lambda *_: True)


def sign_in(client: Client, login: str, password: str = PASSWORD) -> int:
    return client.post("/console/sign-in", {"login": login, "password": password}).status_code


def test_a_good_password_leads_to_the_second_factor_and_then_inside(person: MakePerson) -> None:
    person("fern", "dsl")
    client = Client()
    assert sign_in(client, "Fern") == 302
    assert client.get("/").headers["Location"].startswith("/console/verify")
    page = client.get("/console/verify").content.decode()
    assert "<svg" in page
    device = TOTPDevice.objects.get()
    assert client.post("/console/verify", {"code": "000 000"}).status_code == 200
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)  # no waiting in a test
    code = f"{totp(device.bin_key):06d}"
    assert client.post("/console/verify", {"code": code}).status_code == 302
    assert client.get("/").status_code == 200
    assert Entry.objects.filter(action="account.second-factor").exists()


def test_the_next_time_the_device_is_asked_and_its_secret_not_shown(person: MakePerson) -> None:
    device = TOTPDevice.objects.create(user=person("fern", "dsl"), confirmed=True)
    client = Client()
    sign_in(client, "fern")
    page = client.get("/console/verify").content.decode()
    assert "<svg" not in page
    assert "otpauth" not in page
    code = f"{totp(device.bin_key):06d}"
    assert client.post("/console/verify", {"code": code}).status_code == 302
    other = Client()
    sign_in(other, "fern")
    assert other.post("/console/verify", {"code": code}).status_code == 200, "a code is good once"


def test_ten_wrong_guesses_lock_the_log_in_even_for_the_right_password(person: MakePerson) -> None:
    person("fern", "dsl")
    for _ in range(GUESSES):
        assert sign_in(Client(), "fern", "wrong") == 401
    assert sign_in(Client(), "fern") == 401
    assert Entry.objects.filter(action="account.locked", subject="fern").exists()
    assert sign_in(Client(), "nobody", "x") == 401


def test_pupils_do_not_enter_the_console(person: MakePerson) -> None:
    person("amira", kind="pupil")
    assert sign_in(Client(), "amira") == 401


def test_the_way_back_stays_here(person: MakePerson) -> None:
    person("fern", "dsl")
    response = Client().post("/console/sign-in", {"login": "fern", "password": PASSWORD, "next": "https://evil.test/"})
    assert response.headers["Location"] == "/"


def test_signing_out_ends_the_session(signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    client.post("/console/sign-out")
    assert client.get("/").status_code == 302


def session_at(state: Path, address: str) -> tuple[str, str] | None:
    store = SessionStore(state / "sessions.sqlite")
    found = store.find(address)
    store.close()
    return (found.attribution, found.seat) if found else None


def test_a_pupil_signs_in_at_a_device_and_out_again(person: MakePerson, state: Path) -> None:
    person("amira", kind="pupil", groups=["Y9"])
    client = Client()
    assert client.post("/sign-in", {"login": "amira", "password": "wrong"}).status_code == 401
    assert b"Hello, Amira" in client.post("/sign-in", {"login": "amira", "password": PASSWORD}).content
    assert session_at(state, "127.0.0.1") == ("personal", "")
    client.post("/sign-in/out")
    assert session_at(state, "127.0.0.1") is None
    assert len(list((state / "spool" / "sealed").iterdir())) == 2


def test_a_class_log_in_needs_a_seat(person: MakePerson, state: Path) -> None:
    person("class-3", kind="class")
    client = Client()
    assert b"say where you sit" in client.post("/sign-in", {"login": "class-3", "password": PASSWORD}).content
    client.post("/sign-in", {"login": "class-3", "password": PASSWORD, "seat": "12"})
    assert session_at(state, "127.0.0.1") == ("class", "12")


@pytest.mark.parametrize(
    ("age", "key", "address"), [(0, b"k", "127.0.1.7"), (999, b"k", "127.0.0.1"), (0, b"other", "127.0.0.1")]
)
def test_the_gateways_word_for_an_address_counts_only_under_its_signature(
    person: MakePerson, state: Path, age: int, key: bytes, address: str
) -> None:
    import hashlib
    import hmac

    (state / "secret").write_bytes(b"k")
    person("amira", kind="pupil")
    text = f"127.0.1.7 {int(time.time()) - age}"
    mac = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    Client().post("/sign-in", {"login": "amira", "password": PASSWORD}, headers={"Leeward-Client": f"{text} {mac}"})
    assert session_at(state, address) is not None
    assert state == settings.STATE


def test_a_device_says_who_is_there_and_the_next_one_signs_them_out(person: MakePerson, state: Path) -> None:
    person("amira", kind="pupil")
    client = Client()
    page = client.post("/sign-in?next=http://news.test/a", {"login": "amira", "password": PASSWORD}).content.decode()
    assert 'href="http://news.test/a"' in page
    again = client.get("/sign-in").content.decode()
    assert "Amira is signed in at this device" in again
    assert "/sign-in/out" in again
    odd = client.post("/sign-in?next=javascript:alert(1)", {"login": "amira", "password": PASSWORD}).content.decode()
    assert "javascript:" not in odd


def test_odd_bytes_in_the_gateways_word_are_no_word(person: MakePerson, state: Path) -> None:
    (state / "secret").write_bytes(b"k")
    person("amira", kind="pupil")
    values = {"login": "amira", "password": PASSWORD}
    for word in ("127.0.1.7 1 \u00e9", "127.0.1.7 \u00b2 x"):
        assert Client().post("/sign-in", values, headers={"Leeward-Client": word}).status_code == 200
        assert session_at(state, "127.0.1.7") is None


@pytest.mark.parametrize("back", ["foo", "//evil.test", "https://evil.test", "/\\evil.test"])
def test_an_odd_way_back_leads_home(person: MakePerson, back: str) -> None:
    person("fern", "dsl")
    answer = Client().post("/console/sign-in", {"login": "fern", "password": PASSWORD, "next": back})
    assert answer.headers["Location"] == "/"


def test_after_a_wrong_code_the_right_one_is_told_to_wait(person: MakePerson) -> None:
    device = TOTPDevice.objects.create(user=person("fern", "dsl"), confirmed=True)
    client = Client()
    sign_in(client, "fern")
    client.post("/console/verify", {"code": "000000"})
    page = client.post("/console/verify", {"code": f"{totp(device.bin_key):06d}"}).content.decode()
    assert "short pause" in page


def test_guesses_at_a_device_lock_nobody_out_of_the_console(person: MakePerson, state: Path) -> None:
    person("head", "head")
    client = Client()
    for _ in range(12):
        client.post("/sign-in", {"login": "head", "password": "wrong"})
    assert client.post("/sign-in", {"login": "head", "password": PASSWORD}).status_code == 401, "the device is locked"
    assert client.post("/console/sign-in", {"login": "head", "password": PASSWORD}).status_code == 302
    entry = Entry.objects.get(action="account.locked")
    assert (entry.actor, entry.subject) == ("-", "head"), "about the person, not by the person"


def test_a_password_that_somebody_else_chose_is_changed_before_anything_else(
    signed_in: Callable[..., Client], person: MakePerson
) -> None:
    person("new", "teacher", password_is_given=True)
    client = Client()
    client.force_login(Person.objects.get(login="new"), backend="leeward.console.accounts.backend.LockingBackend")
    device = TOTPDevice.objects.create(user=Person.objects.get(login="new"), confirmed=True)
    session = client.session
    session["otp_device_id"] = device.persistent_id
    session.save()
    assert client.get("/")["Location"] == "/me/password"
    fresh = {"old": PASSWORD, "password": "a password of my own", "again": "a password of my own"}
    for wrong in (
        {"old": "wrong"},
        {"again": "other"},
        {"password": PASSWORD, "again": PASSWORD},
        {"password": "short", "again": "short"},
    ):
        assert client.post("/me/password", fresh | wrong).status_code == 200, wrong
    assert client.post("/me/password", fresh).status_code == 302
    assert client.get("/").status_code == 200, "still signed in here"
    changed = Person.objects.get(login="new")
    assert changed.check_password("a password of my own")
    assert not changed.password_is_given


def test_a_password_set_by_hand_is_given_and_ends_every_lock(
    signed_in: Callable[..., Client], person: MakePerson
) -> None:
    other = person("other", "teacher", failures=9, device_failures=9)
    form = {
        "login": "other",
        "name": "Other",
        "kind": "staff",
        "profile": "pupil",
        "roles": "teacher",
        "is_active": "on",
    }
    signed_in("it-manager").post("/people/one/other", form | {"password": "three words here"})
    other.refresh_from_db()
    assert other.password_is_given
    assert (other.failures, other.device_failures) == (0, 0)


def test_what_was_seen_is_not_kept_for_whoever_comes_next(signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    for address in ("/", "/people/", "/activity/log", "/reports/table.csv"):
        assert client.get(address)["Cache-Control"] == "no-store", address


def test_a_page_that_renews_itself_keeps_nobody_signed_in(signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    assert "sessionid" in client.get("/activity/").cookies
    assert "sessionid" not in client.get("/activity/", headers={"HX-Request": "true"}).cookies
    assert settings.SESSION_COOKIE_AGE == 3600


def test_a_refused_page_is_written_down(signed_in: Callable[..., Client]) -> None:
    signed_in("teacher").get("/activity/log")
    assert Entry.objects.get(action="page.refused").subject == "activity:search"
