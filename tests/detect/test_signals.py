"""Numbers that schools set; who an event is counted for."""

import pytest

from leeward.detect.night import Tuning
from leeward.detect.signals import Detector, tuned
from leeward.events.kinds import Web
from tests.detect.seen import moment, seen


def test_a_school_sets_numbers_by_name_in_their_own_type() -> None:
    assert tuned(Tuning(), {"from_hour": 22.0}).from_hour == 22
    with pytest.raises(ValueError, match="there is no number 'hour'"):
        tuned(Tuning(), {"hour": 1})


def test_where_nobody_is_known_the_device_is_counted() -> None:
    assert seen(Web(at=moment(), client="10.0.0.9")).who == "device:10.0.0.9"
    assert seen(Web(at=moment(), client="10.0.0.9", person="p")).who == "p"


def test_a_detector_must_say_what_it_sees_and_forgets() -> None:
    with pytest.raises(NotImplementedError):
        Detector().see(seen(Web(at=moment())))
    with pytest.raises(NotImplementedError):
        Detector().forget(0.0)
