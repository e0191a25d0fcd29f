"""Lists in the console: how each is, asked for now, a name looked up."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from django.conf import settings
from django.test import Client

from leeward.config import ListSource
from leeward.console.audit.models import Entry
from leeward.console.lists import queries
from leeward.sources.reader import SourceError
from leeward.upkeep.compiling import compile_snapshot
from leeward.upkeep.lists import is_asked
from leeward.upkeep.progress import Reporter


@pytest.fixture
def school(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two lists: one with a junk line, one that is not there."""
    (state / "games.txt").write_text("play.test\nnot a name\nfun.test\ngame.test\n")
    lists = (
        ListSource(name="mine", source=str(state / "games.txt"), category="games"),
        ListSource(name="gone", source=str(state / "gone.txt"), category="games"),
    )
    config = msgspec.structs.replace(settings.CONFIG, lists=lists)
    monkeypatch.setattr(settings, "CONFIG", config)
    compile_snapshot(config)


@pytest.mark.usefixtures("school")
def test_the_page_shows_entries_junk_and_what_failed(signed_in: Callable[..., Client]) -> None:
    page = signed_in("it-manager").get("/lists/").content.decode()
    assert "mine" in page
    assert "line 2" in page
    assert "not a name" in page
    assert "gone.txt is not there" in page
    assert "starter" in page


@pytest.mark.usefixtures("school")
def test_a_list_whose_format_nobody_can_tell_is_not_silent(signed_in: Callable[..., Client], state: Path) -> None:
    (state / "games.txt").write_text("what is this\n")
    with pytest.raises(SourceError, match=r"it held 3 entries and now holds none"):
        compile_snapshot(settings.CONFIG)
    (state / "compiled.json").unlink(missing_ok=True)
    (state / "snapshots" / "compiled.json").unlink()
    compile_snapshot(settings.CONFIG)
    assert "its format could not be told" in signed_in("it-manager").get("/lists/").content.decode()


@pytest.mark.usefixtures("school")
def test_the_sealed_tier_is_proved_on_the_snapshot_in_force(
    signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = signed_in("it-manager")
    page = client.get("/lists/").content.decode()
    assert "probe.leeward.test is blocked for every profile" in page
    assert "No feed of illegal content is set up" in page
    monkeypatch.setattr(queries, "PROBE", "open.test")
    page = client.get("/lists/").content.decode()
    assert "open.test is open to strict, pupil, staff: the filter does not hold" in page
    feed = ListSource(name="feed", source="feed.txt", category="child-abuse", tier="sealed")
    monkeypatch.setattr(settings, "CONFIG", msgspec.structs.replace(settings.CONFIG, lists=(feed,)))
    assert "Feeds: feed. Nobody can open" in client.get("/lists/").content.decode()


def test_before_the_first_snapshot_the_sealed_tier_says_that_all_is_closed(signed_in: Callable[..., Client]) -> None:
    assert "Until then everything is closed" in signed_in("it-manager").get("/lists/").content.decode()


@pytest.mark.usefixtures("school")
def test_asking_for_all_lists_is_written_down_and_heard(signed_in: Callable[..., Client]) -> None:
    client = signed_in("it-manager")
    page = client.post("/lists/bring", follow=True).content.decode()
    assert "being asked for" in page
    assert is_asked(settings.CONFIG)
    assert not is_asked(settings.CONFIG), "asking is answered once"
    assert Entry.objects.filter(action="lists.bring").exists()


@pytest.mark.usefixtures("school")
def test_long_work_shows_how_far_it_is(signed_in: Callable[..., Client], state: Path) -> None:
    Reporter(state / "lists").tell("reading", "games.txt", 12_345)
    assert "12,345 lines" in signed_in("it-manager").get("/lists/").content.decode()


@pytest.mark.usefixtures("school")
def test_a_site_is_looked_up_by_any_way_of_writing_it(signed_in: Callable[..., Client]) -> None:
    client = signed_in("teacher")
    for name in ("play.test", "https://WWW.play.test./page", "play.test:8080"):
        page = client.get("/lists/look-up", {"name": name}).content.decode()
        assert "Games" in page, name
        assert "mine" in page
    assert "No list holds this site" in client.get("/lists/look-up?name=quiet.test").content.decode()
    assert "There is a problem" in client.get("/lists/look-up", {"name": "http://[::1"}).content.decode()


def test_before_the_first_snapshot_it_says_what_to_do(signed_in: Callable[..., Client]) -> None:
    assert "leeward compile" in signed_in("teacher").get("/lists/look-up?name=a.test").content.decode()
