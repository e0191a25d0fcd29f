"""All detectors together."""

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from leeward.detect import bank
from leeward.detect.bank import Bank
from leeward.detect.signals import Signal
from leeward.events.kinds import Finding, Web
from tests.detect.seen import moment


def search(minutes: float) -> Finding:
    return Finding(at=moment(minutes=minutes), person="p", channel="search", theme="drugs", severity=3, written=True)


def test_it_goes_on_where_it_was_put_down() -> None:
    first = Bank()
    first.see(search(0))
    first.see(search(1))
    second = Bank()
    second.restore(first.dump())
    assert [one.detector for one in second.see(search(2))] == ["repeated-searches"]


def test_what_cannot_be_read_is_an_error_that_is_told() -> None:
    with pytest.raises(msgspec.DecodeError):
        Bank().restore(b"\x01 not it")


def test_a_school_sets_numbers_and_switches_detectors_off() -> None:
    strict = Bank({"repeated-searches": {"times": 2}})
    strict.see(search(0))
    assert strict.see(search(1))
    off = Bank({"repeated-searches": {"off": 1}})
    assert [signal for n in range(9) for signal in off.see(search(n))] == []
    with pytest.raises(ValueError, match="there is no detector 'searches'"):
        Bank({"searches": {}})


def test_numbers_that_changed_count_for_what_was_put_down() -> None:
    old = Bank()
    old.see(search(0))
    new = Bank({"repeated-searches": {"times": 2}})
    new.restore(old.dump())
    assert new.see(search(1))


def test_night_is_the_night_of_the_school() -> None:
    tokyo = Bank({"night-use": {"minutes": 10}}, dt.timezone(dt.timedelta(hours=12)))
    assert tokyo.see(Web(at=moment(), person="p", level=3))
    assert Bank({"night-use": {"minutes": 10}}).see(Web(at=moment(), person="p", level=3)) == []


def test_a_year_of_a_busy_pupil_is_remembered_in_a_few_kilobytes() -> None:
    worked = Bank()
    for hour in range(0, 24 * 365, 3):
        worked.see(Web(at=moment(days=-365, hours=hour), person="p", host=f"{hour}.test", level=3, action="block",
                       categories="bypass drugs"))  # fmt: skip
    assert len(worked.dump()) < 40_000


def test_every_detector_has_a_file_a_name_and_a_line_in_the_documentation() -> None:
    text = (Path(__file__).parents[2] / "docs/reference/detectors.md").read_text()
    for kind in bank.KINDS:
        assert kind.NAME in text
        assert kind.TITLE
    assert {signal_field for signal_field in Signal.__struct_fields__} >= {"reason", "key", "weight"}
