"""What happens: live, in the log, and why; every look is written down."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from leeward.console.activity import queries
from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.events.kinds import Report, Web
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest
from leeward.text.library import SchoolLibrary, school_file
from leeward.text.packs import Entry as PhraseEntry


def browse(state: Path, *events: Web, ingest: bool = False) -> None:
    spool = SpoolWriter(state / "spool")
    for event in events:
        spool.put(event)
    spool.close()
    if ingest:
        work = Ingest(state / "spool", state / "store")
        work.run()
        work.close()


def test_the_live_view_shows_names_seats_and_who_is_unattributed(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    amira = person("amira", kind="pupil")
    browse(
        state,
        Web(person=amira.token, host="a.test", scheme="http", path="/", action="block", verdict="games", seat="4"),
        ingest=True,
    )
    browse(state, Web(host="b.test", scheme="http", path="/<script>", action="allow"), Web(host="noise.test", level=1))
    client = signed_in("dsl")
    page = client.get("/activity/").content.decode()
    assert "Amira" in page
    assert "seat 4" in page
    assert "unattributed" in page
    assert "&lt;script&gt;" in page
    assert "noise.test" not in page
    assert "b.test" not in client.get("/activity/?action=block").content.decode()
    assert Entry.objects.filter(action="activity.live", is_read=True).count() == 1, (
        "a page that renews itself is one look"
    )


def test_an_empty_school_is_told_so(signed_in: Callable[..., Client]) -> None:
    assert "Nothing has happened yet" in signed_in("dsl").get("/activity/").content.decode()


def test_a_look_at_a_person_needs_a_purpose_and_is_written_down(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    amira = person("amira", kind="pupil")
    browse(
        state, Web(person=amira.token, host="a.test", term="volcano", scheme="http"), Web(host="b.test"), ingest=True
    )
    client = signed_in("dsl")
    assert "Say why you look" in client.get("/activity/log?who=amira").content.decode()
    page = client.get("/activity/log?who=amira&purpose=concern+17").content.decode()
    assert "volcano" in page
    assert "b.test" not in page
    entry = Entry.objects.get(action="activity.search")
    assert entry.detail == {"purpose": "concern 17"}
    assert "person=amira" in entry.subject
    assert "Nobody is known" in client.get("/activity/log?who=zed&purpose=x").content.decode()
    assert "volcano" in client.get("/activity/log?term=VOLC&purpose=x").content.decode()
    assert "Nothing was found" in client.get("/activity/log?host=c.test&purpose=x").content.decode()


def test_the_log_has_pages_and_goes_into_a_file_with_the_same_filters(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOG_ROWS", 2)
    amira = person("amira", kind="pupil")
    rows = [Web(person=amira.token, attribution="personal", host=f"site{n}.test", at=float(n)) for n in range(1, 6)]
    stranger = Web(host="dark.test", attribution="unattributed", term="=HYPERLINK(1)", at=9.0)
    browse(state, *rows, stranger, ingest=True)
    client = signed_in("dsl")
    query = {"since": "1970-01-01T00:00", "until": "1970-01-02T00:00", "purpose": "concern 17"}
    first = client.get("/activity/log", query | {"who": "amira"}).content.decode()
    assert "site5.test" in first
    assert "site3.test" not in first
    assert "Older" in first
    last = client.get("/activity/log", query | {"who": "amira", "page": "3"}).content.decode()
    assert "site1.test" in last
    assert "Older" not in last
    assert "Newer" in last
    alone = client.get("/activity/log", query | {"attribution": "unattributed"}).content.decode()
    assert "dark.test" in alone
    assert "site" + "1.test" not in alone
    assert "site2.test" in client.get("/activity/log", query | {"host": "ITE2"}).content.decode()
    file = client.get("/activity/log.csv", query).content.decode().splitlines()
    assert len(file) == 7, "all pages"
    assert file[0].startswith("when,who,")
    assert any("'=HYPERLINK" in line for line in file), "no cell is a formula"
    assert Entry.objects.get(action="activity.export").detail == {"purpose": "concern 17"}
    refused = client.get("/activity/log.csv", {"who": "amira"})
    assert refused.status_code == 302, "nothing leaves without a purpose"


def test_a_persons_day_is_one_click_away_and_needs_a_purpose(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path
) -> None:
    amira = person("amira", kind="pupil")
    noon = dt.datetime(2026, 6, 3, 11, tzinfo=dt.UTC).timestamp()
    browse(state, Web(person=amira.token, host="a.test", action="block", at=noon),
           Web(person=amira.token, host="image.test", level=1, at=noon),
           Web(person=amira.token, host="other-day.test", at=noon + 86_400), ingest=True)  # fmt: skip
    client = signed_in("dsl")
    period = "since=2026-06-03T00:00&until=2026-06-05T00:00"
    found = client.get(f"/activity/log?who=amira&purpose=concern+17&{period}").content.decode()
    address = f"/activity/day/{amira.token}/2026-06-03"
    assert f"{address}?purpose=concern%2017" in found
    asked = client.get(address).content.decode()
    assert "Why are you looking?" in asked
    assert "a.test" not in asked
    page = client.get(f"{address}?purpose=concern+17").content.decode()
    assert "a.test" in page
    assert "image.test" not in page
    assert "other-day.test" not in page
    assert "<title>12: 1, 1</title>" in page, "noon in London, in summer time"
    entry = Entry.objects.get(action="activity.day")
    assert (entry.subject, entry.detail) == ("amira 2026-06-03", {"purpose": "concern 17"})
    assert (
        "Nothing is known of this day" in client.get(address.replace("06-03", "06-02") + "?purpose=x").content.decode()
    )
    assert client.get("/activity/day/nobody/2026-06-03").status_code == 404
    assert client.get(address.replace("06-03", "99-99")).status_code == 404


def test_why_blocked_shows_every_rule(signed_in: Callable[..., Client], snapshot: object) -> None:
    client = signed_in("teacher")
    page = client.get("/activity/why?url=www.play.test&profile=pupil").content.decode()
    assert "play.test: games, list:made" in page
    assert "all its conditions hold" in page
    assert "not a web address" in client.get("/activity/why?url=http://a@b@c&profile=pupil").content.decode()


def test_words_of_a_page_are_tried_out_and_kept_nowhere(
    signed_in: Callable[..., Client], snapshot: object, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = msgspec.structs.replace(settings.CONFIG.gateway, library=False)
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, state=str(state), gateway=gateway))
    pond = PhraseEntry(
        id="pond", theme="gangs", language="en", meaning="A group.", severity=4, weight=90, phrases=("pond club",)
    )
    school_file(settings.CONFIG.state_path).write_bytes(msgspec.json.encode(SchoolLibrary((), (pond,))))
    client = signed_in("teacher")
    asked = {"url": "ok.test", "profile": "pupil", "says": "the pond club <b>"}
    page = client.post("/activity/why", asked).content.decode()
    assert "What it says" in page
    assert "A group." in page
    link = client.get("/activity/why?url=play.test&says=the+pond+club").content.decode()
    assert "There is a problem" not in link
    assert "play.test: " in link
    assert "A group." not in link, "words never stand in addresses"
    assert "Nothing was found in them" in client.post("/activity/why", asked | {"says": "a quiet day"}).content.decode()
    assert not Entry.objects.filter(detail__icontains="pond").exists()


def test_why_blocked_is_told_for_somebody_by_those_who_see_people(
    signed_in: Callable[..., Client], person: Callable[..., Person], snapshot: object
) -> None:
    person("amira", kind="pupil")
    client = signed_in("dsl")
    page = client.get("/activity/why?url=play.test&profile=staff&who=amira").content.decode()
    assert "games" in page
    assert "Nobody has this log-in" in client.get("/activity/why?url=play.test&profile=staff&who=zed").content.decode()
    assert 'name="who"' not in signed_in("teacher").get("/activity/why").content.decode()


def test_before_the_first_snapshot_it_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    assert "leeward compile" in signed_in("teacher").get("/activity/why?url=a.test&profile=pupil").content.decode()


def test_words_from_block_pages_are_shown_and_names_only_to_those_who_see_activity(
    signed_in: Callable[..., Client], person: Callable[..., Person], state: Path, snapshot: object
) -> None:
    amira = person("amira", kind="pupil")
    spool = SpoolWriter(state / "spool")
    spool.put(Report(person=amira.token, what="open", host="play.test", path="/secret", words="for my homework"))
    spool.put(Report(what="accident", host="b.test", client="10.0.0.3"))
    spool.close()
    work = Ingest(state / "spool", state / "store")
    work.run()
    work.close()
    page = signed_in("dsl").get("/activity/requests").content.decode()
    assert "Amira" in page
    assert "for my homework" in page
    assert "I saw this by accident" in page
    client = signed_in("it-manager")
    page = client.get("/activity/requests").content.decode()
    assert "play.test" in page
    for hidden in ("Amira", "amira", amira.token, "/secret", "10.0.0.3", "for my homework"):
        assert hidden not in page
    form = client.get("/rules/new?host=play.test").content.decode()
    assert 'value="open-play-test"' in form


def test_the_live_view_renews_itself_until_it_is_paused(signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    assert 'hx-trigger="every 3s"' in client.get("/activity/").content.decode()
    paused = client.get("/activity/?paused=1").content.decode()
    assert "hx-trigger" not in paused
    assert "Go on by itself" in paused


def test_odd_pages_and_days_are_no_faults(signed_in: Callable[..., Client], person: Callable[..., Person]) -> None:
    amira = person("amira", kind="pupil")
    client = signed_in("dsl")
    assert client.get("/activity/log", {"purpose": "x", "page": "9" * 40}).status_code == 200
    for day in ("0001-01-01", "9999-12-31"):
        assert client.get(f"/activity/day/{amira.token}/{day}", {"purpose": "x"}).status_code == 404
