"""Repeated and escalating searches."""

from leeward.detect.searches import Searches
from leeward.events.kinds import Finding
from tests.detect.seen import fed, moment


def search(at: float, severity: int = 3, theme: str = "suicide-self-harm", person: str = "p") -> Finding:
    return Finding(at=at, person=person, channel="search", theme=theme, severity=severity, written=True)


def test_three_searches_within_an_hour_are_one_signal_that_goes_on() -> None:
    detector = Searches()
    assert fed(detector, search(moment()), search(moment(minutes=5))) == []
    (third,) = fed(detector, search(moment(minutes=10)))
    (fourth,) = fed(detector, search(moment(minutes=20)))
    assert third.key == fourth.key
    assert "3 searches" in third.reason
    assert "4 searches" in fourth.reason


def test_three_searches_over_a_morning_or_of_different_people_or_themes_are_not() -> None:
    assert fed(Searches(), *(search(moment(hours=n * 2)) for n in range(3))) == []
    assert fed(Searches(), *(search(moment(minutes=n), person=f"p{n}") for n in range(3))) == []
    assert fed(Searches(), search(moment()), search(moment(minutes=1), theme="hate"), search(moment(minutes=2))) == []


def test_three_different_days_within_two_weeks_are_told() -> None:
    (told,) = fed(Searches(), search(moment()), search(moment(days=4)), search(moment(days=9)))
    assert "3 days" in told.reason
    assert fed(Searches(), search(moment()), search(moment(days=15)), search(moment(days=16))) == []


def test_a_graver_search_than_before_is_told_at_once() -> None:
    (told,) = fed(Searches(), search(moment(), 2), search(moment(minutes=30), 4))
    assert told.severity == 4
    assert "after 2" in told.reason
    assert fed(Searches(), search(moment(), 4), search(moment(minutes=30), 2)) == []


def test_what_is_light_is_not_counted_and_what_is_old_is_forgotten() -> None:
    detector = Searches()
    assert fed(detector, *(search(moment(minutes=n), 1) for n in range(9))) == []
    fed(detector, search(moment()))
    detector.forget(moment(days=20))
    assert detector.by_person == {}
