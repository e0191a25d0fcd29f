"""Tries to get past the filter."""

from leeward.detect.bypass import Bypass
from leeward.events.kinds import Finding, Web
from tests.detect.seen import fed, moment


def blocked(host: str, minutes: float, categories: str = "bypass") -> Web:
    return Web(at=moment(minutes=minutes), person="p", host=host, action="block", categories=categories)


def test_three_ways_within_half_an_hour_are_a_run() -> None:
    (told,) = fed(Bypass(), blocked("a.test", 0), blocked("b.test", 5), blocked("c.test", 9))
    assert told.severity == 2
    assert "3 ways" in told.reason


def test_one_page_with_many_parts_is_one_try() -> None:
    assert fed(Bypass(), *(blocked("a.test", n / 100) for n in range(12))) == []


def test_searching_how_to_counts_and_other_blocks_do_not() -> None:
    how = Finding(at=moment(minutes=3), person="p", theme="bypass", channel="search", written=True, host="search.test")
    assert fed(Bypass(), blocked("a.test", 0), blocked("b.test", 1), how)
    assert fed(Bypass(), *(blocked(f"{n}.test", n, "games") for n in range(9))) == []


def test_old_tries_are_forgotten() -> None:
    detector = Bypass()
    assert fed(detector, *(blocked(f"{n}.test", 20 * n) for n in range(4))) == []
    detector.forget(moment(days=1))
    assert detector.tries == {}
