"""What happens: live, in the log, and why; every look is written down."""

from collections.abc import Callable
from pathlib import Path

from django.test import Client

from leeward.console.audit.models import Entry
from leeward.console.people.models import Person
from leeward.events.kinds import Report, Web
from leeward.events.spool import SpoolWriter
from leeward.store.ingest import Ingest


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


def test_why_blocked_shows_every_rule(signed_in: Callable[..., Client], snapshot: object) -> None:
    client = signed_in("teacher")
    page = client.get("/activity/why?url=www.play.test&profile=pupil").content.decode()
    assert "play.test: games, list:made" in page
    assert "all its conditions hold" in page
    assert "not a web address" in client.get("/activity/why?url=http://a@b@c&profile=pupil").content.decode()


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
    for hidden in ("Amira", "amira", amira.token, "/secret", "10.0.0.3"):
        assert hidden not in page
    form = client.get("/rules/new?host=play.test").content.decode()
    assert 'value="open-play-test"' in form


def test_the_live_view_renews_itself_until_it_is_paused(signed_in: Callable[..., Client]) -> None:
    client = signed_in("dsl")
    assert 'hx-trigger="every 3s"' in client.get("/activity/").content.decode()
    paused = client.get("/activity/?paused=1").content.decode()
    assert "hx-trigger" not in paused
    assert "Go on by itself" in paused
