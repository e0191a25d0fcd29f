"""One pupil targeted by many."""

from leeward.detect.targeted import Targeted
from leeward.events.kinds import Finding
from tests.detect.seen import moment, seen


def insult(writer: str, days: float = 0.0, **more: object) -> Finding:
    values = {"written": True, "theme": "cyberbullying", "severity": 3, "channel": "message"} | more
    return Finding(at=moment(days=days), person=writer, **values)  # type: ignore[arg-type]


def test_three_who_write_badly_of_one_are_told_with_the_pupil_as_the_one_to_look_after() -> None:
    detector = Targeted()
    for writer in ("a", "b"):
        assert list(detector.see(seen(insult(writer), "amira"))) == []
    (told,) = detector.see(seen(insult("c"), "amira"))
    assert (told.who, told.people) == ("amira", ("a", "b", "c"))


def test_one_who_writes_often_or_of_themselves_or_who_asks_for_help_is_not_many() -> None:
    detector = Targeted()
    rows = [
        insult("a"),
        insult("a"),
        insult("a"),
        insult("amira"),
        insult("b", seeks_help=True),
        insult("c", written=False),
    ]
    for row in rows:
        assert list(detector.see(seen(row, "amira"))) == []


def test_what_is_more_than_a_week_ago_does_not_count() -> None:
    detector = Targeted()
    for number, writer in enumerate("abc"):
        assert list(detector.see(seen(insult(writer, 5.0 * number), "amira"))) == []
    detector.forget(moment(days=40))
    assert detector.writers == {}
