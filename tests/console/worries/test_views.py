"""Telling a worry: straight into triage, nobody is told from it who told it, and it can be answered."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse

from leeward.console.accounts.actions import sign_in_at
from leeward.console.alerts.models import Alert, Delivery
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.console.worries.models import Message, Worry

pytestmark = pytest.mark.django_db
WORRY = {"words": "my friend is hurting herself", "about": "", "danger": "no", "named": "no", "says": "", "reader": ""}


@pytest.fixture(autouse=True)
def no_counts() -> Iterator[None]:
    """Worries of other tests don't count."""
    cache.clear()
    yield
    cache.clear()


def told(client: Client, **more: str) -> str:
    page = client.post(reverse("worries:tell"), WORRY | more).content.decode()
    found = re.search(r'id="code">([^<]+)<', page)
    assert found, page
    return found[1]


def test_a_worry_is_an_alert_at_once_and_the_lead_is_told(person: Callable[..., Person]) -> None:
    person("fern", "dsl")
    told(Client(), danger="now")
    alert = Alert.objects.get()
    assert (alert.source, alert.severity, alert.seeks_help) == ("worry", 5, True)
    assert Delivery.objects.filter(alert=alert, person__login="fern").exists()


def test_words_that_are_graver_than_what_the_sender_says_count(person: Callable[..., Person]) -> None:
    person("fern", "dsl")
    told(Client(), words="my dad hits me with a belt every night", danger="no")
    assert Alert.objects.get().severity >= 4


def test_nobody_can_tell_from_the_database_who_told_it(person: Callable[..., Person]) -> None:
    amira = person("amira", kind="pupil")
    sign_in_at(amira, "127.0.0.1", "")
    client = Client()
    code = told(client)
    assert "sessionid" not in client.cookies
    assert not Session.objects.exists()
    assert not Entry.objects.exists()
    with connection.cursor() as cursor:
        for table in ("worries_worry", "worries_message", "alerts_alert", "alerts_delivery"):
            cursor.execute(f"SELECT * FROM {table}")  # noqa: S608 - our own tables
            rows = repr(cursor.fetchall())
            for trace in (amira.token, "127.0.0.1", code, code.replace("-", "")):
                assert trace not in rows, table


def test_who_wants_to_be_known_is_known_by_being_signed_in(person: Callable[..., Person]) -> None:
    amira = person("amira", kind="pupil", groups=["Y9"])
    sign_in_at(amira, "127.0.0.1", "")
    page = Client().get(reverse("worries:tell")).content.decode()
    assert "Yes, I am Amira" in page
    told(Client(), named="yes")
    assert Worry.objects.get().sender == amira


def test_a_class_log_in_tells_nobody_apart_so_a_name_is_only_said(person: Callable[..., Person]) -> None:
    sign_in_at(person("8c", kind="class"), "127.0.0.1", "4")
    told(Client(), named="yes", says="Ben")
    worry = Worry.objects.get()
    assert (worry.sender, worry.says) == (None, "Ben")
    assert "I am 8C" not in Client().get(reverse("worries:tell")).content.decode()


def test_staff_answer_and_the_sender_goes_on_with_the_code(signed_in: Callable[..., Client]) -> None:
    code = told(Client())
    lead = signed_in("dsl", login="fern")
    alert = Alert.objects.get()
    seen = lead.get(reverse("alerts:see", args=[alert.pk])).content.decode()
    assert "does not want to be known" in seen
    assert "my friend is hurting herself" in seen
    lead.post(reverse("worries:answer", args=[alert.pk]), {"words": "Thank you. Is she safe now?"})
    thread = Client().post(reverse("worries:thread"), {"code": code.lower()}).content.decode()
    assert "Is she safe now?" in thread
    assert "Fern" not in thread, "the school answers, not a person"
    Client().post(reverse("worries:thread"), {"code": code, "words": "yes she is at home"})
    assert "yes she is at home" in lead.get(reverse("alerts:see", args=[alert.pk])).content.decode()


def test_more_words_open_a_closed_worry_again(signed_in: Callable[..., Client], person: Callable[..., Person]) -> None:
    code = told(Client())
    alert = Alert.objects.get()
    signed_in("dsl", login="fern").post(
        reverse("alerts:decide", args=[alert.pk, "none"]), {"harmless-reason": "resolved"}
    )
    Client().post(reverse("worries:thread"), {"code": code, "words": "it happened again"})
    alert.refresh_from_db()
    assert alert.status == "new"
    assert Delivery.objects.filter(alert=alert, sent=None, dropped=False).exists()


def test_a_worry_for_the_head_alone_is_hidden_from_the_lead(signed_in: Callable[..., Client]) -> None:
    head = signed_in("head", login="marsh")
    told(Client(), reader="head")
    alert = Alert.objects.get()
    address = reverse("alerts:see", args=[alert.pk])
    assert signed_in("dsl", login="fern").get(address).status_code == 404
    assert head.get(address).status_code == 200
    assert signed_in("chair", login="chair").get(address).status_code == 404
    fresh = Alert.objects.create(key="x", who="x", theme="worry", severity=3, found_severity=3, only="head",
                                 reason="x", opened=alert.opened, last_hit=alert.opened)  # fmt: skip
    from leeward.console.alerts.telling import steps_for

    assert [step.login for step in steps_for(fresh, alert.opened)] == ["marsh"]


def test_a_reader_who_is_not_there_is_not_offered_and_a_worry_for_one_is_read_by_others(
    signed_in: Callable[..., Client],
) -> None:
    assert "chair of governors" not in Client().get(reverse("worries:tell")).content.decode()
    told(Client(), reader="chair")
    alert = Alert.objects.get()
    assert signed_in("dsl", login="fern").get(reverse("alerts:see", args=[alert.pk])).status_code == 200


def test_more_words_tell_whoever_is_at_it(signed_in: Callable[..., Client]) -> None:
    lead = signed_in("dsl", login="fern")
    code = told(Client())
    alert = Alert.objects.get()
    lead.post(reverse("alerts:answer", args=[alert.pk, "acknowledge"]))
    assert not Delivery.objects.filter(sent=None, dropped=False).exists()
    Client().post(reverse("worries:thread"), {"code": code, "words": "it happens tonight"})
    assert Delivery.objects.filter(sent=None, dropped=False, person__login="fern").exists()


def test_words_of_closed_worries_are_erased_in_time(signed_in: Callable[..., Client]) -> None:
    import datetime as dt

    from django.conf import settings

    from leeward.console.worries.actions import erase

    lead = signed_in("dsl", login="fern")
    told(Client(), about="my sister")
    lead.post(reverse("alerts:decide", args=[Alert.objects.get().pk, "none"]), {"harmless-reason": "resolved"})
    erase(settings.CONFIG, dt.datetime.now(dt.UTC) + dt.timedelta(days=31))
    assert (Message.objects.get().words, Worry.objects.get().about) == ("", "")


def test_nobody_who_may_not_see_it_answers_it(signed_in: Callable[..., Client]) -> None:
    signed_in("chair", login="chair")
    told(Client(), reader="chair")
    alert = Alert.objects.get()
    answer = signed_in("dsl", login="fern").post(reverse("worries:answer", args=[alert.pk]), {"words": "who are you?"})
    assert answer.status_code == 404
    assert Message.objects.count() == 1


def test_codes_cannot_be_tried_out_and_worries_cannot_flood() -> None:
    client = Client()
    code = told(client)
    for _ in range(10):
        assert client.post(reverse("worries:thread"), {"code": "AAAA-BBBB-CCCC"}).status_code == 400
    assert client.post(reverse("worries:thread"), {"code": "AAAA-BBBB-CCCC"}).status_code == 429
    assert client.post(reverse("worries:thread"), {"code": code}).status_code == 200, "the right code still works"
    for _ in range(11):
        told(client)
    assert Worry.objects.count() == 12, "none is lost"
    assert Alert.objects.filter(told_severity=0).count() == 2, "what floods waits in the tray"
    told(client, danger="now")
    assert Alert.objects.get(severity=5).told_severity == 5, "danger is told all the same"
    for _ in range(190):
        cache.incr(next(key for key in [*cache._cache] if "words" in key).partition(":1:")[2])  # type: ignore[attr-defined]
    flooded = client.post(reverse("worries:tell"), WORRY)
    assert "Childline on 0800 1111" in flooded.content.decode()


def test_an_empty_worry_says_what_is_missing_and_keeps_the_rest() -> None:
    page = Client().post(reverse("worries:tell"), WORRY | {"words": "", "about": "my sister"})
    assert page.status_code == 400
    assert "my sister" in page.content.decode()


def test_the_pages_are_kept_by_no_browser_and_lead_out_in_one_move() -> None:
    page = Client().get(reverse("worries:tell"))
    assert page["Cache-Control"] == "no-store"
    assert page["Referrer-Policy"] == "same-origin"
    assert 'id="exit"' in page.content.decode()


def test_markup_in_a_worry_is_shown_and_not_run(signed_in: Callable[..., Client]) -> None:
    told(Client(), words="<script>x</script>", about="<b>")
    seen = signed_in("dsl", login="fern").get(reverse("alerts:see", args=[Alert.objects.get().pk])).content.decode()
    assert "<script>x" not in seen
    assert "&lt;script&gt;x" in seen


def test_the_poster_has_the_address_as_a_picture(signed_in: Callable[..., Client]) -> None:
    page: Any = signed_in("teacher").get(reverse("worries:poster")).content.decode()
    assert "<svg" in page
    assert "/worry" in page
