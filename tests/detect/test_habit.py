"""Change of habit."""

from leeward.detect.habit import Habit
from leeward.detect.signals import Signal
from leeward.events.kinds import Web
from tests.detect.seen import moment, seen


def fed_days(detector: Habit, counts: list[int], hours: float = 0.0, action: str = "allow") -> list[Signal]:
    out: list[Signal] = []
    for day, count in enumerate(counts):
        for number in range(count):
            at = moment(days=day, hours=hours) + number
            out += detector.see(seen(Web(at=at, person="p", level=3, action=action)))
    return out


def test_ten_times_as_many_pages_as_on_other_days_are_told() -> None:
    told = fed_days(Habit(), [40, 50, 45, 38, 52, 47, 44, 41, 400])
    assert {one.key for one in told} == {"change-of-habit:p:pages:2026-11-26"}
    assert "45" in told[0].reason


def test_a_little_more_or_a_pupil_who_is_not_known_yet_is_not() -> None:
    assert fed_days(Habit(), [40, 50, 45, 38, 52, 47, 44, 41, 70]) == []
    assert fed_days(Habit(), [40, 50, 400]) == []


def test_late_pages_and_blocked_pages_are_measured_apart() -> None:
    late = fed_days(Habit(), [2, 1, 0, 3, 2, 1, 2, 2, 60], hours=9.5)
    assert any("after 21:00" in one.reason for one in late)
    blocked = fed_days(Habit(), [1, 1, 2, 3, 2, 1, 2, 2, 30], action="block")
    assert any("blocked pages" in one.reason for one in blocked)


def test_class_log_ins_have_no_habit_and_leavers_are_forgotten() -> None:
    detector = Habit()
    assert list(detector.see(seen(Web(at=moment(), person="c", level=3, attribution="class")))) == []
    fed_days(detector, [3])
    detector.forget(moment(days=90))
    assert detector.days == {}
