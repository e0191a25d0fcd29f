"""Use at night."""

from leeward.detect.night import Night, Tuning
from leeward.events.kinds import Web
from tests.detect.seen import fed, moment


def page(at: float, level: int = 3, person: str = "p") -> Web:
    return Web(at=at, person=person, level=level)


def test_half_an_hour_after_eleven_is_told_and_pages_of_ten_minutes_count_once() -> None:
    detector = Night()
    assert fed(detector, *(page(moment(hours=11.5, minutes=n / 10)) for n in range(90))) == []
    (told,) = fed(detector, page(moment(hours=11.5, minutes=12)), page(moment(hours=11.5, minutes=25)))
    assert "30 minutes" in told.reason
    assert told.severity == 2


def test_after_midnight_is_the_same_night() -> None:
    pages = [page(moment(hours=11.9)), page(moment(hours=12.2)), page(moment(hours=12.5))]
    (told,) = fed(Night(), *pages)
    assert told.key.endswith("2026-11-18")


def test_the_third_night_of_a_week_is_graver() -> None:
    pages = [page(moment(days=day, hours=13, minutes=10 * n)) for day in range(3) for n in range(3)]
    (told,) = fed(Night(), *pages)
    assert told.severity == 3
    assert "3 nights" in told.reason


def test_days_and_images_and_devices_that_nobody_is_known_at_do_not_count() -> None:
    assert fed(Night(), *(page(moment(minutes=10 * n)) for n in range(9))) == []
    assert fed(Night(), *(page(moment(hours=13, minutes=10 * n), level=1) for n in range(9))) == []
    assert fed(Night(), *(page(moment(hours=13, minutes=10 * n), person="") for n in range(9))) == []


def test_a_night_may_lie_within_a_day_and_old_nights_are_forgotten() -> None:
    detector = Night(tuning=Tuning(from_hour=1, to_hour=5, minutes=10))
    assert fed(detector, page(moment(hours=11.5))) == []
    assert fed(detector, page(moment(hours=14)))
    detector.forget(moment(days=9))
    assert detector.slots == {}
