"""A site that spreads."""

from leeward.detect.spreading import Spreading
from leeward.events.kinds import Finding, Web
from tests.detect.seen import fed, moment


def blocked(person: str, days: float = 0.0, categories: str = "self-harm") -> Web:
    return Web(at=moment(days=days), person=person, host="bad.test", action="block", categories=categories)


def test_four_pupils_in_a_day_are_told_once_a_day_under_the_name_of_the_host() -> None:
    detector = Spreading()
    assert fed(detector, *(blocked(f"p{n}") for n in range(3)), blocked("p0")) == []
    (told,) = fed(detector, blocked("p4"))
    assert (told.who, told.theme, len(told.people)) == ("host:bad.test", "suicide-self-harm", 4)
    (again,) = fed(detector, blocked("p5"))
    assert again.key == told.key


def test_games_and_what_is_met_every_day_anyway_do_not_spread() -> None:
    assert fed(Spreading(), *(blocked(f"p{n}", categories="games") for n in range(20))) == []
    every_day = [blocked(f"p{n}", days=day) for day in range(8) for n in range(5)]
    assert fed(Spreading(), *every_day) == []


def test_a_group_in_which_something_was_found_spreads_too() -> None:
    rows = [
        Finding(at=moment(minutes=n), person=f"p{n}", host="chat.test", theme="hate", severity=3, channel="page")
        for n in range(4)
    ]
    (told,) = fed(Spreading(), *rows)
    assert told.theme == "hate"


def test_old_days_are_forgotten() -> None:
    detector = Spreading()
    fed(detector, blocked("p"))
    detector.forget(moment(days=10))
    assert detector.people == {}
