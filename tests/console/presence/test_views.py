"""Who is here: people at devices, seats of class log-ins, devices where nobody is known."""

import time
from collections.abc import Callable
from pathlib import Path

from django.test import Client

from leeward.console.accounts.actions import session_at, sign_in_at
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.events.kinds import Session, Web, decode
from leeward.events.spool import SpoolWriter, lines
from leeward.identity.sessions import SessionStore
from leeward.store.ingest import Ingest


def test_the_page_is_empty_and_says_so(signed_in: Callable[..., Client]) -> None:
    page = signed_in("teacher").get("/here/").content.decode()
    assert "Nobody is signed in at a device" in page
    assert "None within the last hour" in page


def test_a_teacher_says_who_sits_at_a_class_log_ins_seat(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    sign_in_at(person("8c", kind="class"), "10.0.0.7", "12")
    nia = person("nia", kind="pupil", groups=["Y8"])
    client = signed_in("teacher")
    assert "seat 12" in client.get("/here/").content.decode()
    answer = client.post("/here/seat", {"client": "10.0.0.7", "seat": "12", "who": "Nia"}, follow=True)
    assert "Nia is at this device now" in answer.content.decode()
    store = SessionStore(state / "sessions.sqlite")
    found = store.find("10.0.0.7")
    store.close()
    assert found is not None
    assert (found.person, found.seat, found.groups) == (nia.token, "12", ("Y8",))
    assert Entry.objects.filter(action="presence.seat", subject="nia").exists()


def test_a_name_that_nobody_or_two_have_changes_nothing(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    sign_in_at(person("8c", kind="class"), "10.0.0.7", "12")
    person("teach", kind="staff")
    client = signed_in("teacher")
    for who in ("nobody at all", "teach"):
        answer = client.post("/here/seat", {"client": "10.0.0.7", "seat": "12", "who": who}, follow=True)
        assert "No pupil" in answer.content.decode()
    store = SessionStore(state / "sessions.sqlite")
    assert [one.attribution for one in store.all()] == ["class"]
    store.close()


def test_somebody_is_signed_out_at_a_device_and_the_gateway_is_told(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    sign_in_at(person("nia", kind="pupil"), "10.0.0.8", "")
    answer = signed_in("it-manager").post("/here/end", {"client": "10.0.0.8"}, follow=True)
    assert "Nobody is signed in at 10.0.0.8" in answer.content.decode()
    events = [decode(line) for path in sorted((state / "spool").rglob("*.jsonl")) for line in lines(path)]
    assert [event.what for event in events if isinstance(event, Session)] == ["start", "end"]


def test_devices_where_nobody_is_known_are_shown_with_numbers_only(
    signed_in: Callable[..., Client], state: Path
) -> None:
    spool = SpoolWriter(state / "spool")
    for _ in range(3):
        spool.put(Web(client="10.0.0.9", host="secret.test", attribution="unattributed"))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()
    page = signed_in("teacher").get("/here/").content.decode()
    assert "10.0.0.9" in page
    assert "secret.test" not in page


def test_nobody_is_put_where_no_class_log_in_is(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    hollis = person("hollis")
    sign_in_at(hollis, "10.0.0.7", "")
    sign_in_at(person("8c", kind="class"), "10.0.0.8", "3")
    person("nia", kind="pupil")
    client = signed_in("teacher")
    for place in (
        {"client": "10.0.0.7", "seat": ""},
        {"client": "10.0.0.8", "seat": "4"},
        {"client": "10.0.0.9", "seat": ""},
    ):
        answer = client.post("/here/seat", place | {"who": "nia"}, follow=True).content.decode()
        assert "Nothing was changed" in answer
    there = session_at("10.0.0.7")
    assert there is not None
    assert there.person == hollis.token
    client.post("/here/seat", {"client": "10.0.0.8", "seat": "3", "who": "nia"})
    assert Entry.objects.get(action="presence.seat").detail["instead_of"] == "8c"


def test_devices_that_fell_silent_are_named(signed_in: Callable[..., Client], state: Path) -> None:
    spool = SpoolWriter(state / "spool")
    spool.put(Web(client="10.0.0.1", at=time.time() - 20 * 86_400))
    spool.put(Web(client="10.0.0.2", at=time.time() - 60))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()
    page = signed_in("it-manager").get("/here/coverage").content.decode()
    assert "1 device was heard of" in page
    assert "10.0.0.1" in page
    assert "10.0.0.2" not in page
