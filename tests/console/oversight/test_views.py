"""Samples: drawn by seed, read by others, closed when each item has its outcome."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from leeward.console.alerts.models import Alert
from leeward.console.audit.action import write
from leeward.console.audit.models import Entry
from leeward.console.oversight import actions
from leeward.console.oversight.drawing import draw
from leeward.console.oversight.models import Item, Sample
from leeward.console.people.models import Person
from leeward.events.kinds import Web
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest


@given(st.text(max_size=8), st.sets(st.text(max_size=8), max_size=40), st.integers(1, 50))
def test_the_same_seed_draws_the_same_whatever_the_order(seed: str, names: set[str], count: int) -> None:
    first = draw(seed, sorted(names), count)
    assert first == draw(seed, sorted(names, reverse=True), count)
    assert len(set(first)) == min(count, len(names))


def test_every_item_is_drawn_about_as_often_as_any_other() -> None:
    counts = dict.fromkeys((f"n{n}" for n in range(20)), 0)
    for seed in range(2000):
        for name in draw(str(seed), counts, 5):
            counts[name] += 1
    assert all(420 < count < 580 for count in counts.values()), "500 each, within four deviations"


@pytest.fixture
def looked(person: Callable[..., Person]) -> Person:
    """A lead who looked at thirty days of pupils last week."""
    lead = person("fern", "dsl")
    for number in range(30):
        write(lead, "activity.day", subject=f"pupil{number}", detail={"purpose": "alert 1"}, is_read=True)
    write(lead, "rules.list", is_read=True)
    Entry.objects.update(at=timezone.now() - dt.timedelta(days=7))
    return lead


@pytest.mark.django_db
def test_each_week_looks_are_drawn_once_with_their_seed(looked: Person) -> None:
    today = timezone.localdate()
    actions.weekly(today)
    actions.weekly(today)
    sample = Sample.objects.get(kind="looks")
    assert (sample.population, sample.items.count(), len(sample.seed)) == (30, 20, 16)
    again = actions.make("looks", sample.first, sample.last, by=looked, seed=sample.seed)
    assert list(again.items.values_list("reference", flat=True)) == list(
        sample.items.values_list("reference", flat=True)
    )


@pytest.mark.django_db
def test_the_head_reads_them_and_nobody_reads_their_own(looked: Person, signed_in: Callable[..., Client]) -> None:
    actions.weekly(timezone.localdate())
    sample = Sample.objects.get(kind="looks")
    head, address = signed_in("head", login="marsh"), reverse("oversight:sample", args=[sample.pk])
    page = head.get(address).content.decode()
    assert "alert 1" in page
    assert sample.seed in page
    head.post(reverse("oversight:close", args=[sample.pk]))
    sample.refresh_from_db()
    assert sample.closed is None, "an outcome is missing"
    for item in sample.items.all():
        head.post(reverse("oversight:read", args=[item.pk]), {"outcome": "in-order", "words": ""})
    head.post(reverse("oversight:close", args=[sample.pk]))
    sample.refresh_from_db()
    assert sample.closed is not None
    item = sample.items.all()[0]
    with pytest.raises(PermissionDenied):
        actions.record(looked, item.pk, "in-order", "")


@pytest.mark.django_db
def test_the_lead_does_not_read_the_sample_of_looks(looked: Person, signed_in: Callable[..., Client]) -> None:
    actions.weekly(timezone.localdate())
    sample = Sample.objects.get(kind="looks")
    client = signed_in("deputy-dsl", login="gil")
    assert client.get(reverse("oversight:sample", args=[sample.pk])).status_code == 404
    assert f'/oversight/{sample.pk}"' not in client.get(reverse("oversight:list")).content.decode()
    head = signed_in("head", login="marsh").get(reverse("oversight:list")).content.decode()
    assert "Fern" in head, "who looked how often"


@pytest.mark.django_db
def test_decisions_are_read_by_somebody_else_than_who_decided(person: Callable[..., Person]) -> None:
    lead, deputy = person("fern", "dsl"), person("gil", "deputy-dsl")
    week_ago = timezone.now() - dt.timedelta(days=7)
    Alert.objects.create(
        key="k", who="p", theme="drugs", severity=3, found_severity=3, reason="r", opened=week_ago, last_hit=week_ago,
        status="no-concern", decision="joke", decided=week_ago, decided_by=lead,
    )  # fmt: skip
    actions.weekly(timezone.localdate())
    item = Item.objects.get(sample__kind="decisions")
    with pytest.raises(PermissionDenied):
        actions.record(lead, item.pk, "in-order", "")
    actions.record(deputy, item.pk, "concern", "not a joke")
    item.refresh_from_db()
    assert (item.outcome, item.reader) == ("concern", deputy)


@pytest.mark.django_db
def test_a_sample_of_a_days_searches_is_drawn_by_hand(signed_in: Callable[..., Client], state: Path) -> None:
    spool = SpoolWriter(state / "spool")
    for number in range(50):
        spool.put(Web(person="p", host="search.test", term=f"term {number}", group="Y7"))
    spool.put(Web(person="p", host="news.test"))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()
    client = signed_in("dsl", login="fern")
    day = timezone.localdate().isoformat()
    answer = client.post(reverse("oversight:draw"), {"day": day})
    sample = Sample.objects.get()
    assert (sample.population, sample.items.count()) == (50, 20)
    page = client.get(answer["Location"]).content.decode()
    assert "term " in page
    client.post(reverse("oversight:read", args=[sample.items.all()[0].pk]), {"outcome": "", "words": ""})
    assert sample.items.exclude(outcome="").count() == 0
    client.post(reverse("oversight:draw"), {"day": "2999-01-01"})
    assert Sample.objects.count() == 1
