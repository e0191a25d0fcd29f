"""Words from block pages are dealt with, and wait again when that is taken back."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils import timezone

from leeward.console.activity import actions
from leeward.console.activity.models import Answer
from leeward.console.activity.queries import requests
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.events.kinds import Report
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest


@pytest.fixture
def words(state: Path) -> None:
    spool = SpoolWriter(state / "spool")
    for host in ("play.test", "other.test"):
        spool.put(Report(what="open", host=host, path="/"))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()


def test_what_is_dealt_with_leaves_the_list_and_can_be_taken_back(
    words: None, signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    row = next(row for row in requests(person("ivy", "dsl")) if row["host"] == "play.test")
    client = signed_in("it-manager")
    address = f"/activity/requests/{row['id']}"
    assert "It is dealt with" in client.post(address, {"outcome": "opened"}, follow=True).content.decode()
    waiting = client.get("/activity/requests").content.decode()
    assert "play.test" not in waiting
    assert "other.test" in waiting
    done = client.get("/activity/requests?answered=1").content.decode()
    assert "play.test" in done
    assert "Opened" in done
    assert Entry.objects.get(action="activity.answer").subject == "play.test"
    client.post(address)
    assert "play.test" in client.get("/activity/requests").content.decode()
    assert Entry.objects.filter(action="activity.take-back").count() == 1


def test_of_two_who_deal_with_it_the_second_is_told(words: None, signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    assert (
        "Somebody else"
        in client.post("/activity/requests/0123abcd", {"outcome": "opened"}, follow=True).content.decode()
    )
    assert not Answer.objects.exists()


def test_an_answer_that_there_is_not_changes_nothing(
    words: None, signed_in: Callable[..., Client], person: Callable[..., Person]
) -> None:
    row = requests(person("ivy", "dsl"))[0]
    signed_in("dsl").post(f"/activity/requests/{row['id']}", {"outcome": "whatever"})
    assert not Answer.objects.exists()


def test_only_those_who_see_requests_deal_with_them(person: Callable[..., Person]) -> None:
    with pytest.raises(PermissionDenied):
        actions.answer(person("tom", "teacher"), "0123abcd", "play.test", Answer.Outcome.OPENED)
    with pytest.raises(PermissionDenied):
        actions.take_back(person("tim", "teacher"), "0123abcd", "play.test")


def test_answers_live_no_longer_than_the_words(person: Callable[..., Person]) -> None:
    lead = person("ivy", "dsl")
    old = actions.answer(lead, "0123abcd", "play.test", Answer.Outcome.NOTHING)
    Answer.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=Report.RETENTION_DAYS + 1))
    actions.answer(lead, "4567abcd", "play.test", Answer.Outcome.NOTHING)
    actions.erase(settings.CONFIG, timezone.now())
    assert [one.event for one in Answer.objects.all()] == ["4567abcd"]
