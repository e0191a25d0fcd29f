"""The right person is told, by T5 and by groups; and by a real mail server."""

import datetime as dt
import json
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import http_ece
import msgspec
import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message as MessageHandler
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from leeward.config import Config, Mail, Webhooks
from leeward.console.alerts import actions, ways
from leeward.console.alerts.deliver import due, send
from leeward.console.alerts.models import Alert, Conflict, Contact, Delivery, PushDevice, Route
from leeward.console.people.models import Person
from tests.console.alerts.conftest import ELEVEN, finding
from tests.ports import free_port

pytestmark = pytest.mark.django_db
Found = Callable[..., Any]
School = dict[str, Person]
LATER = ELEVEN + dt.timedelta(hours=2)


def told(alert: Alert) -> list[tuple[str, int]]:
    rows = alert.deliveries.filter(way="mail").order_by("due", "person__login")
    return [(row.person.login if row.person else "", round((row.due - ELEVEN).total_seconds() / 60)) for row in rows]


def test_the_lead_is_told_at_once_then_the_deputy_then_the_head(found: Found, school: School) -> None:
    assert told(found(finding(school["amira"].token))) == [("lead", 0), ("deputy", 15), ("headteacher", 30)]


def test_low_severities_call_nobody(found: Found, school: School) -> None:
    assert told(found(finding(school["amira"].token, severity=2))) == []


def test_more_hits_tell_nobody_again_but_a_graver_one_does(found: Found, school: School) -> None:
    alert = found(finding(school["amira"].token, severity=3))
    count = Delivery.objects.count()
    found(finding(school["amira"].token, severity=3))
    assert Delivery.objects.count() == count
    found(finding(school["amira"].token, severity=5))
    assert alert.deliveries.count() == 2 * count


def test_who_says_i_am_at_it_stops_the_calls(found: Found, school: School) -> None:
    alert = found(finding(school["amira"].token))
    actions.acknowledge(school["deputy"], alert.pk)
    assert due("mail", LATER) == []


def test_a_head_of_year_is_told_of_their_own_groups_only(found: Found, school: School) -> None:
    Route.objects.create(name="years", people=["role:safeguarding-contact"], ways=["mail"], minutes=10)
    Contact.objects.create(person=school["hoy"], groups=["Y9"])
    assert told(found(finding(school["amira"].token)))[0] == ("hoy", 0)
    assert told(found(finding(school["ben"].token, group="Y7")))[0] == ("lead", 0)


def test_whoever_is_away_is_skipped(found: Found, school: School) -> None:
    Contact.objects.create(person=school["lead"], away_until=ELEVEN.date())
    assert told(found(finding(school["amira"].token)))[0] == ("deputy", 0)


def test_who_has_a_conflict_is_not_told(found: Found, school: School) -> None:
    Conflict.objects.create(about=school["amira"], staff=school["lead"], why="my child")
    assert told(found(finding(school["amira"].token)))[0] == ("deputy", 0)


@pytest.mark.parametrize(
    ("subject", "hears"),
    [("it", {"lead", "headteacher"}), ("lead", {"headteacher", "chair"}), ("headteacher", {"lead", "chair"}), ("deputy", {"lead", "headteacher"})],
)  # fmt: skip
def test_what_is_about_staff_goes_past_them_and_their_line(
    found: Found, school: School, subject: str, hears: set[str]
) -> None:
    alert = found(finding(school[subject].token), is_staff=True)
    assert {login for login, _ in told(alert)} == hears


def test_where_all_that_routes_name_are_in_a_conflict_whoever_may_hear_is_told(found: Found, school: School) -> None:
    school["lead"].roles = ["dsl", "deputy-dsl", "head"]  # one person, three roles (T4)
    school["lead"].save()
    Person.objects.filter(login__in=("deputy", "headteacher")).delete()
    assert told(found(finding(school["lead"].token), is_staff=True)) == [("chair", 0)]


# --- by real servers ---


class Inbox(MessageHandler):
    def __init__(self) -> None:
        super().__init__()
        self.mails: list[Message] = []

    def handle_message(self, message: Message) -> None:
        self.mails.append(message)


@pytest.fixture
def inbox() -> Iterator[tuple[Inbox, int]]:
    box, port = Inbox(), free_port()
    server = Controller(box, hostname="127.0.0.1", port=port)
    server.start()
    yield box, port
    server.stop()


def configured(**more: Any) -> Config:
    return msgspec.structs.replace(settings.CONFIG, **more)


def test_a_mail_arrives_and_names_nobody(found: Found, school: School, inbox: tuple[Inbox, int]) -> None:
    box, port = inbox
    Contact.objects.create(person=school["lead"], mail="lead@school.test")
    alert = found(finding(school["amira"].token))
    (row,) = due("mail", ELEVEN)
    assert send(configured(mail=Mail(host="127.0.0.1", port=port, security="none")), row, ELEVEN)
    (mail,) = box.mails
    text = str(mail)
    assert mail["To"] == "lead@school.test"
    assert f"/alerts/{alert.pk}" in text
    assert "severity 4" in text
    for private in ("Amira", "the words", "Y9", "search.test"):
        assert private not in text


def test_a_server_that_is_down_makes_words_wait_and_arrive(
    found: Found, school: School, inbox: tuple[Inbox, int]
) -> None:
    box, port = inbox
    Contact.objects.create(person=school["lead"], mail="lead@school.test")
    found(finding(school["amira"].token))
    (row,) = due("mail", ELEVEN)
    assert not send(configured(mail=Mail(host="127.0.0.1", port=free_port(), security="none")), row, ELEVEN)
    row.refresh_from_db()
    assert "refused" in row.fault.lower()
    assert due("mail", ELEVEN) == [], "not again at once"
    (again,) = due("mail", ELEVEN + dt.timedelta(seconds=11))
    assert send(configured(mail=Mail(host="127.0.0.1", port=port, security="none")), again, ELEVEN)
    assert len(box.mails) == 1


def test_two_deliverers_never_send_the_same_word(found: Found, school: School) -> None:
    found(finding(school["amira"].token))
    assert len(due("mail", ELEVEN)) == 1
    assert due("mail", ELEVEN) == []


def test_a_way_that_is_not_set_up_says_so(found: Found, school: School) -> None:
    found(finding(school["amira"].token))
    (row,) = due("mail", ELEVEN)
    assert not send(settings.CONFIG, row, ELEVEN)
    row.refresh_from_db()
    assert "no mail server is set" in row.fault


class Hook(BaseHTTPRequestHandler):
    seen: list[tuple[dict[str, str], bytes]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        type(self).seen.append((dict(self.headers), body))
        self.send_response(type(self).status)
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def hook() -> Iterator[tuple[type[Hook], str]]:
    kind = type("One", (Hook,), {"seen": []})
    server = HTTPServer(("127.0.0.1", free_port()), kind)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield kind, f"http://127.0.0.1:{server.server_port}/hook"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_webhook_is_signed_and_a_text_message_has_its_number(
    found: Found, school: School, hook: tuple[type[Hook], str], state: Path
) -> None:
    import hashlib
    import hmac

    kind, url = hook
    (state / "hook-secret").write_bytes(b"a secret\n")
    Route.objects.create(name="all", people=["role:dsl"], ways=["webhook", "sms"], minutes=10)
    Contact.objects.create(person=school["lead"], phone="07700 900001")
    alert = found(finding(school["amira"].token))
    config = configured(webhooks=Webhooks(alerts=url, sms=url, secret_file=str(state / "hook-secret")))
    for way in ("webhook", "sms"):
        (row,) = due(way, ELEVEN)
        assert send(config, row, ELEVEN)
    (headers, body), (_, sms) = kind.seen
    assert headers["Leeward-Signature"] == "sha256=" + hmac.new(b"a secret", body, hashlib.sha256).hexdigest()
    facts = json.loads(body)
    assert (facts["number"], facts["severity"]) == (alert.pk, 4)
    assert "Amira" not in body.decode()
    assert json.loads(sms)["to"] == "07700 900001"
    kind.status = 500
    Delivery.objects.filter(way="webhook", person=school["lead"]).update(sent=None, due=ELEVEN)
    (row,) = due("webhook", ELEVEN)
    assert not send(config, row, ELEVEN)
    row.refresh_from_db()
    assert row.fault == "the web service answered 500"


def test_a_push_message_can_be_read_by_the_browser_it_is_for_and_by_nobody_else(
    school: School, hook: tuple[type[Hook], str], found: Found
) -> None:
    from base64 import urlsafe_b64encode

    kind, url = hook
    own, secret = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
    public = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    device = PushDevice.objects.create(
        person=school["lead"], endpoint=url, key=urlsafe_b64encode(public).decode().rstrip("="),
        secret=urlsafe_b64encode(secret).decode().rstrip("="),
    )  # fmt: skip
    alert = found(finding(school["amira"].token))
    (row,) = due("push", ELEVEN)
    assert send(settings.CONFIG, row, ELEVEN)
    headers, body = kind.seen[0]
    assert headers["Authorization"].startswith("vapid t=")
    assert b"Leeward" not in body
    read = json.loads(http_ece.decrypt(body, private_key=own, auth_secret=secret, version="aes128gcm"))
    assert str(alert.pk) in read["title"]
    kind.status = 410
    send(settings.CONFIG, row, ELEVEN)
    assert not PushDevice.objects.filter(pk=device.pk).exists(), "a browser that said good-bye is forgotten"
    assert (settings.STATE / "push-key.pem").stat().st_mode & 0o777 == 0o600
    ways.vapid.cache_clear()


def test_a_fault_that_nobody_thought_of_holds_up_nobody_elses_word(found: Found, school: School) -> None:
    PushDevice.objects.create(person=school["lead"], endpoint="https://[::1]:70000/", key="A" * 87, secret="B" * 22)
    found(finding(school["amira"].token))
    (row,) = due("push", ELEVEN)
    assert not send(settings.CONFIG, row, ELEVEN)
    row.refresh_from_db()
    assert row.fault


def test_everybody_away_is_better_disturbed_than_nobody_told(found: Found, school: School) -> None:
    for name in ("lead", "deputy", "headteacher"):
        Contact.objects.create(person=school[name], away_until=ELEVEN.date())
    assert told(found(finding(school["amira"].token)))[0] == ("lead", 0)


def test_who_may_no_longer_hear_of_it_is_not_told_and_who_acknowledged_meanwhile_is_not_undone(
    found: Found, school: School
) -> None:
    alert = found(finding(school["amira"].token))
    (row,) = due("mail", ELEVEN)
    Person.objects.filter(pk=school["lead"].pk).update(roles=["teacher"])
    row.person.refresh_from_db()  # type: ignore[union-attr]
    assert not send(settings.CONFIG, row, ELEVEN)
    row.refresh_from_db()
    assert row.dropped
    (other,) = due("mail", LATER)
    actions.acknowledge(school["deputy"], alert.pk)
    send(settings.CONFIG, other, LATER)
    other.refresh_from_db()
    assert other.dropped


def test_graver_than_what_somebody_is_at_asks_them_again(found: Found, school: School) -> None:
    alert = found(finding(school["amira"].token, severity=3))
    actions.acknowledge(school["deputy"], alert.pk)
    alert = found(finding(school["amira"].token, severity=5))
    assert (alert.status, alert.owner) == ("new", school["deputy"])
    assert due("mail", ELEVEN)
    actions.acknowledge(school["deputy"], alert.pk)
    assert due("mail", LATER) == []


def test_a_second_opinion_is_asked_of_those_who_may_decide(found: Found, school: School) -> None:
    alert = found(finding(school["amira"].token))
    actions.want_second(school["lead"], alert.pk)
    waiting = alert.deliveries.filter(sent=None, dropped=False)
    assert {row.person.login for row in waiting if row.person} == {"deputy"}


def test_a_conflict_tells_those_again_who_were_told_already(found: Found, school: School) -> None:
    alert = found(finding(school["amira"].token))
    Delivery.objects.update(sent=ELEVEN)
    actions.declare_conflict(school["lead"], alert.pk, "my child")
    assert {row.person.login for row in alert.deliveries.filter(sent=None, dropped=False) if row.person} == {
        "deputy", "headteacher",
    }  # fmt: skip


def test_two_processes_that_make_the_key_of_push_at_once_use_one(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = ways.vapid.__wrapped__(state)
    path = state / "push-key.pem"
    real = Path.exists
    monkeypatch.setattr(Path, "exists", lambda one: one != path and real(one))
    second = ways.vapid.__wrapped__(state)
    assert first.private_pem() == second.private_pem()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(state.glob("push-key.*")) == [path]
