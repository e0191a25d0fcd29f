"""From the spool to alerts, whatever is killed or locked meanwhile."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.conf import settings
from django.db import OperationalError

from leeward.console.alerts import follow as following
from leeward.console.alerts import joining
from leeward.console.alerts.follow import Watch
from leeward.console.alerts.models import Alert, Hit
from leeward.console.people.models import Person
from leeward.events.kinds import Event, Web
from leeward.events.spool import SpoolWriter
from tests.console.alerts.conftest import finding

pytestmark = pytest.mark.django_db


def put(state: Path, *events: Event) -> None:
    spool = SpoolWriter(state / "spool")
    for event in events:
        spool.put(event)
    spool.close()


def watch() -> Watch:
    return Watch(settings.CONFIG)


def test_findings_become_alerts_and_the_place_is_kept(state: Path) -> None:
    put(state, finding("p"), finding("q"))
    first = watch()
    assert first.turn() == 2
    first.save()
    put(state, finding("r"))
    assert watch().turn() == 1
    assert Alert.objects.count() == 3


def test_one_that_was_killed_before_it_saved_counts_nothing_twice(state: Path) -> None:
    put(state, finding("p"), finding("p"))
    watch().turn()
    watch().turn()
    assert Hit.objects.count() == 2
    assert Alert.objects.get().hits == 2


def test_a_database_that_is_locked_loses_nothing(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_: object) -> None:
        raise OperationalError("database is locked")

    put(state, finding("p"))
    one = watch()
    with monkeypatch.context() as patched:
        patched.setattr(following, "join", locked)
        for _ in range(3):
            with pytest.raises(OperationalError):
                one.turn()
    put(state, finding("q"))
    one.turn()
    one.turn()
    assert Alert.objects.count() == 2


def test_a_line_of_another_version_and_a_torn_place_hold_nothing_up(state: Path) -> None:
    put(state, finding("p"))
    (sealed,) = (state / "spool" / "sealed").glob("*.jsonl")
    sealed.write_bytes(b'{"kind":"new","x":1}\n' + sealed.read_bytes())
    (state / "watch").mkdir()
    (state / "watch" / "place").write_bytes(b"\xc1 torn")
    assert watch().turn() == 2
    assert Alert.objects.count() == 1


def test_a_detector_that_fails_keeps_no_finding_from_being_told(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    put(state, finding("p"))
    one = watch()
    monkeypatch.setattr(one._bank, "see", fail)
    one.turn()
    assert Alert.objects.count() == 1


def test_three_searches_are_one_alert_with_the_pattern_among_its_hits(
    state: Path, person: Callable[..., Person]
) -> None:
    amira = person("amira", kind="pupil", groups=["Y9"])
    put(state, *(finding(amira.token) for _ in range(3)))
    watch().turn()
    alert = Alert.objects.get()
    assert set(alert.rows.values_list("detector", flat=True)) == {"", "repeated-searches"}


def test_several_who_write_of_one_pupil_are_an_alert_about_that_pupil(
    state: Path, person: Callable[..., Person]
) -> None:
    amira = person("amira", kind="pupil", groups=["Y9"])
    Person.objects.filter(pk=amira.pk).update(name="Amira Vale")
    writers = [person(f"w{n}", kind="pupil", groups=["Y9"]) for n in range(3)]
    put(state, *(
        finding(one.token, theme="cyberbullying", channel="message", evidence="nobody likes amira") for one in writers
    ))  # fmt: skip
    watch().turn()
    alert = Alert.objects.get(who=amira.token)
    assert (alert.source, len(alert.rows.get().people)) == ("detector", 3)


def test_staff_are_seen_by_no_detector_but_their_findings_are_alerts(
    state: Path, person: Callable[..., Person]
) -> None:
    teacher = person("hollis", "teacher")
    put(state, *(finding(teacher.token) for _ in range(3)))
    watch().turn()
    alert = Alert.objects.get()
    assert alert.is_staff
    assert set(alert.rows.values_list("detector", flat=True)) == {""}


def test_illegal_content_that_was_blocked_is_an_alert_without_its_address(state: Path) -> None:
    blocked = {"host": "bad.test", "path": "/x", "action": "block", "tier": "sealed"}
    put(state, Web(person="p", categories="child-abuse", **blocked), Web(person="p", categories="probe", **blocked))  # type: ignore[arg-type]
    watch().turn()
    alert = Alert.objects.get()
    hit = alert.rows.get()
    assert (alert.theme, alert.severity, hit.host, hit.path, hit.excerpt) == ("illegal", 5, "", "", "")


def test_numbers_of_a_detector_that_there_is_not_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong: Any = msgspec.structs.replace(settings.CONFIG, detectors={"nights": {}})
    with pytest.raises(ValueError, match="there is no detector 'nights'"):
        Watch(wrong)


def test_segments_that_were_read_are_let_go_when_nothing_new_comes(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "_LET_GO_SECONDS", 0.0)
    monkeypatch.setattr(following, "_SAVE_SECONDS", 0.0)
    put(state, finding("p"))
    one = watch()
    one.turn()
    (sealed,) = (state / "spool" / "sealed").glob("*.jsonl")
    sealed.rename(state / "spool" / "kept" / sealed.name)
    one.turn()
    assert list((state / "spool" / "kept").iterdir()) == []


def test_a_row_that_the_database_refuses_is_set_aside_and_the_rest_goes_on(
    state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import DataError

    real = joining.join

    def picky(rows: list[Any]) -> None:
        if any(hit.theme == "bad" for hit, _ in rows):
            raise DataError("refused")
        real(rows)

    monkeypatch.setattr(following, "join", picky)
    put(state, finding("p"), finding("q", theme="bad"), finding("r"))
    watch().turn()
    assert Alert.objects.count() == 2
