"""What was heard is written down as an event of its own, and closed where rules say so."""

import time
from pathlib import Path

import msgspec

from leeward.text.library import SchoolLibrary, school_file
from leeward.text.packs import Entry
from tests.gates.web.running import RunningGateway, start_gateway


def test_a_finding_is_an_event_with_who_where_and_why(gateway: RunningGateway) -> None:
    gateway.get(gateway.url("ok.test", "/noted?mark=event"))
    (event,) = gateway.events(kind="finding", path="/noted?mark=event")
    assert (event["theme"], event["severity"], event["channel"]) == ("bypass", 3, "page")
    assert (event["group"], event["host"], event["action"]) == ("y7", "ok.test", "allow")
    assert (event["evidence"], event["reason"]) == ("noted phrase", "Holds words that are noted.")
    assert event["entries"] == "bypass/en/noted"
    assert "written" not in event


def test_a_search_is_written_by_the_person_and_its_page_says_why(gateway: RunningGateway) -> None:
    page = gateway.get(gateway.url("www.google.com", "/search?q=a+forbidden+phrase+please"))
    assert page.startswith(b"HTTP/1.1 403")
    assert b"It speaks of bad language" in page
    assert b"accident" in page
    events = [one for one in gateway.events(kind="finding", channel="search") if "please" in one["path"]]
    assert [(one["written"], one["action"]) for one in events] == [(True, "block")]


def test_the_same_is_written_down_once_however_often_it_is_heard(gateway: RunningGateway) -> None:
    body = b"a=noted+phrase&b=noted+phrase"
    url = gateway.url("ok.test", "/echo?mark=twice").encode()
    head = (
        b"POST %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n" % url
    )
    gateway.send(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    found = [one for one in gateway.events(kind="finding", path="/echo?mark=twice") if one.get("written")]
    assert len(found) == 1


def test_what_the_school_does_without_and_adds_counts_within_two_seconds(tmp_path: Path) -> None:
    added = Entry(
        id="pond", theme="gangs", meaning="A group.", severity=4, weight=90, phrases=("pond club",), language="en"
    )
    hurt = msgspec.structs.replace(added, id="wall", theme="abuse", phrases=("behind the wall",))
    secret = msgspec.structs.replace(added, id="gate", theme="grooming", severity=3, phrases=("secret gate",))
    with start_gateway(tmp_path) as running:
        address = running.url("www.google.com", "/search?q=forbidden+phrase")
        assert running.get(address).startswith(b"HTTP/1.1 403")
        own = msgspec.json.encode(SchoolLibrary(("profanity/en/closed",), (added, secret, hurt)))
        school_file(running.folder / "state").write_bytes(own)
        deadline = time.monotonic() + 5
        while running.get(address).startswith(b"HTTP/1.1 403") and time.monotonic() < deadline:
            time.sleep(0.1)
        assert not running.get(address).startswith(b"HTTP/1.1 403")
        assert time.monotonic() < deadline - 3
        page = running.get(running.url("www.google.com", "/search?q=join+pond+club"))
        assert page.startswith(b"HTTP/1.1 403")
        assert b"Childline" not in page
        assert b"belongs to" not in page, "what the address is listed as has nothing to do with it"
        page = running.get(running.url("www.google.com", "/search?q=behind+the+wall"))
        assert page.startswith(b"HTTP/1.1 403")
        assert b"Childline" in page
        running.get(running.url("www.google.com", "/search?q=our+secret+gate"))
        (event,) = running.events(kind="finding", theme="grooming")
        assert event["around"] == "our secret gate"
        assert "path" not in event, "of pages that may hold such pictures no address is kept (T7)"
