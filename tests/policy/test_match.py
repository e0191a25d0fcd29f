"""Conditions of time, path and words."""

from datetime import UTC, datetime, time

from leeward.policy.match import in_window, path_matches, path_pattern, term_matches, type_matches
from leeward.policy.model import Moment, When


def at(day: int, hour: int) -> Moment:
    """An hour of the week that begins on Monday 23 November 2026."""
    return Moment.of(datetime(2026, 11, 22 + day, hour, tzinfo=UTC), "Europe/London")


def test_a_night_window_goes_over_midnight() -> None:
    night = When(days=("fri",), start=time(22), end=time(6))
    assert in_window(night, at(5, 23))
    assert in_window(night, at(6, 5))
    assert not in_window(night, at(5, 5))
    assert not in_window(night, at(6, 23))


def test_summer_time_counts_in_the_schools_zone() -> None:
    summer = Moment.of(datetime(2026, 7, 6, 8, 30, tzinfo=UTC), "Europe/London")
    assert in_window(When(start=time(9), end=time(10)), summer)


def test_a_star_in_a_path_stands_for_anything() -> None:
    pattern = path_pattern("video.test/watch*v=abc")
    assert path_matches(pattern, "www.video.test", "/watch?x=1&v=abc")
    assert not path_matches(pattern, "video.test", "/watch?v=abd")


def test_words_are_whole_words() -> None:
    assert term_matches(("hell",), "what the HELL")
    assert not term_matches(("hell",), "hello michelle")


def test_file_types_are_endings_of_the_path() -> None:
    assert type_matches(("exe",), "/a/SETUP.EXE?x=1")
    assert not type_matches(("exe",), "/exe")
