"""Questions to the store."""

import datetime as dt
from importlib import resources
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from leeward.events.kinds import Web
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest
from leeward.store.read import Store, day_bounds

AT = dt.datetime(2026, 7, 6, 8, 30, tzinfo=dt.UTC).timestamp()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    spool = SpoolWriter(tmp_path / "spool")
    for number in range(30):
        spool.put(
            Web(at=AT + number, host="www.a.test" if number % 3 else "b.test", action="block" if number % 3 == 0 else "allow",
                categories="games social" if number % 3 == 0 else "", person=f"p{number % 2}", group="y7", term="cats" if number == 4 else "")
        )  # fmt: skip
    spool.close()
    work = Ingest(tmp_path / "spool", tmp_path / "store")
    work.run()
    work.close()
    return Store(tmp_path / "store")


def test_what_a_report_asks(store: Store) -> None:
    assert store.ask("top_hosts", action="")[0] == {"host": "www.a.test", "requests": 20, "blocked": 0}
    assert store.ask("blocked_by_category") == [
        {"category": "games", "requests": 10},
        {"category": "social", "requests": 10},
    ]
    assert store.ask("by_hour", zone="Europe/London") == [{"hour": 9, "requests": 30, "blocked": 10}]
    assert store.ask("by_group")[0] == {"name": "y7", "requests": 30, "blocked": 10, "people": 2}
    assert store.ask("attribution")[0]["requests"] == 30
    store.close()


def test_the_log_is_searched_by_anything(store: Store) -> None:
    assert len(store.ask("search_log", host="a.test")) == 20
    assert len(store.ask("search_log", host="A.TES")) == 20, "a part of the name is enough"
    assert len(store.ask("search_log", term="CAT")) == 1
    assert len(store.ask("search_log", person="p0", action="block")) == 5
    assert store.ask("search_log", attribution="unattributed") == []
    assert len(store.ask("search_log", since=AT + 20)) == 10
    newest = store.ask("search_log")
    assert store.ask("search_log", limit=7, offset=7) == newest[7:14]
    assert len(store.ask("person_day", person="p1", since=AT, until=AT + 100)) == 15
    store.close()


def test_an_empty_store_answers_every_question(tmp_path: Path) -> None:
    store = Store(tmp_path)
    values: dict[str, Any] = {
        "person": "",
        "client": "",
        "host": "",
        "term": "",
        "action": "",
        "level": 0,
        "limit": 1,
        "zone": "UTC",
        "recent": 0.0,
    }
    for path in resources.files("leeward.store").joinpath("queries").iterdir():
        name = path.name.removesuffix(".sql")
        assert store.ask(name, kind={"reports": "report", "findings": "finding"}.get(name, "web"), **values) == []
    store.close()


def test_a_local_day_has_its_own_bounds() -> None:
    start, end = day_bounds(dt.date(2026, 10, 25), ZoneInfo("Europe/London"))
    assert end - start == 25 * 3600  # the clocks go back in this night
    assert start == dt.datetime(2026, 10, 24, 23, tzinfo=dt.UTC).timestamp()
