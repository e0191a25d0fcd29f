"""Moments know the school's clock."""

from datetime import UTC, date, datetime

from leeward.policy.model import Moment


def test_a_moment_is_the_minute_of_the_schools_week() -> None:
    moment = Moment.of(datetime(2026, 7, 5, 23, 30, tzinfo=UTC), "Europe/London")
    assert moment.minute == 30
    assert moment.day == date(2026, 7, 6)


def test_the_same_moment_from_seconds() -> None:
    at = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
    assert Moment.at(at.timestamp(), "Europe/London") == Moment.of(at, "Europe/London")
