"""The notice: nobody is signed in before accepting it, and the answer is the agreement's signature."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from leeward.console.accounts.actions import session_at
from leeward.console.audit.models import Entry
from leeward.console.notices.models import Notice, Signature
from leeward.console.people.models import Person
from tests.console.conftest import PASSWORD

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in"


def enter(client: Client, login: str = "amira", seat: str = "") -> str:
    return client.post(SIGN_IN, {"login": login, "password": PASSWORD, "seat": seat}).content.decode()


def answer(client: Client, page: str, what: str) -> str:
    token = re.search(r'name="notice" value="([^"]+)"', page)
    assert token, page
    return client.post(SIGN_IN, {"notice": token[1], "answer": what}, follow=True).content.decode()


def test_nobody_is_signed_in_before_accepting_and_who_accepts_signs(person: Callable[..., Person]) -> None:
    amira = person("amira", kind="pupil")
    page = enter(Client())
    assert "Before you go on" in page
    assert session_at("127.0.0.1") is None
    assert "Hello, Amira" in answer(Client(), page, "yes")
    there = session_at("127.0.0.1")
    assert there is not None
    assert there.person == amira.token
    signature = Signature.objects.get()
    assert (signature.person, signature.accepted, signature.client) == (amira, True, "127.0.0.1")
    assert Entry.objects.filter(action="notice.accepted", subject="amira").exists()
    assert "Hello, Amira" in enter(Client()), "it is not asked again"


def test_who_declines_is_not_signed_in_and_that_is_written_down(person: Callable[..., Person]) -> None:
    person("amira", kind="pupil")
    page = answer(Client(), enter(Client()), "no")
    assert "You are not signed in" in page
    assert session_at("127.0.0.1") is None
    assert not Signature.objects.get().accepted


def test_a_new_version_and_a_new_year_ask_again(
    person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    person("amira", kind="pupil")
    answer(Client(), enter(Client()), "yes")
    signed_in("dsl", login="fern").post(
        reverse("notices:page"), {"audience": "pupil", "words": "New words about how the school looks after you."}
    )
    page = enter(Client())
    assert "New words about" in page
    answer(Client(), page, "yes")
    Signature.objects.update(at=timezone.now() - dt.timedelta(days=366))
    assert "Before you go on" in enter(Client())


def test_staff_and_pupils_have_words_of_their_own_and_a_class_is_asked_each_time(
    person: Callable[..., Person],
) -> None:
    person("hollis", "teacher")
    person("8c", kind="class")
    assert "acceptable use agreement" in enter(Client(), "hollis")
    for _ in range(2):
        page = enter(Client(), "8c", "4")
        assert "You can always tell us" in page
        assert "Hello" in answer(Client(), page, "yes")


def test_an_answer_that_was_made_up_or_is_for_another_device_signs_nobody_in(person: Callable[..., Person]) -> None:
    person("amira", kind="pupil")
    page = enter(Client())
    assert "Hello" in answer(Client(), page, "yes")
    Client().post("/sign-in/out")
    assert "That took too long" in answer(Client(), page, "yes"), "it is good once"
    Signature.objects.all().delete()
    page = enter(Client())
    made_up = page.replace('name="notice" value="', 'name="notice" value="x')
    assert "That took too long" in answer(Client(), made_up, "yes")
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")
    assert "That took too long" in answer(elsewhere, page, "yes")
    assert not Signature.objects.exists()
    assert session_at("10.0.0.9") is None


def test_the_lead_sees_who_accepted_declined_and_is_missing(
    person: Callable[..., Person], signed_in: Callable[..., Client]
) -> None:
    for name in ("amira", "ben", "caz"):
        person(name, kind="pupil")
    answer(Client(), enter(Client(), "amira"), "yes")
    answer(Client(), enter(Client(), "ben"), "no")
    page = signed_in("dsl", login="fern").get(reverse("notices:page")).content.decode()
    assert "1 of 3 have accepted it." in page
    assert "Declined:</strong> Ben" in page
    assert "Caz" in page
    assert Notice.objects.count() == 1
