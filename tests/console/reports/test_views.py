"""The report: pictures with their numbers; small groups are left out."""

from collections.abc import Callable
from pathlib import Path

from django.test import Client

from leeward.events.kinds import Web
from tests.console.activity.test_views import browse


def test_pictures_tables_and_csv_tell_the_same(signed_in: Callable[..., Client], state: Path) -> None:
    events = [
        Web(person=f"p{n}", group="Y9", host="a.test", action="block", categories="games", attribution="personal")
        for n in range(6)
    ]
    browse(state, *events, Web(person="lone", group="Y1", action="block", categories="games"), ingest=True)
    client = signed_in("governor")
    page = client.get("/reports/").content.decode()
    assert page.count("<svg") == 4
    assert "Games" in page
    assert "Y9" in page
    assert "Y1<" not in page
    table = client.get("/reports/table.csv").content.decode()
    assert "category,games,,7" in table
    assert "group,Y9,6,6" in table
    assert "Y1," not in table


def test_an_empty_report_says_so_and_odd_dates_are_forgiven(signed_in: Callable[..., Client]) -> None:
    client = signed_in("head")
    assert "Nothing in this time." in client.get("/reports/?first=nonsense").content.decode()
    assert client.get("/reports/?first=2026-12-01&last=2026-11-01").status_code == 200


def test_the_widest_dates_are_forgiven_too(signed_in: Callable[..., Client]) -> None:
    client = signed_in("head")
    for address in ("/reports/", "/reports/table.csv"):
        assert client.get(address + "?first=0001-01-01&last=9999-12-31").status_code == 200
