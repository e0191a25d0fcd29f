"""A seat that stands out."""

from leeward.detect.seat import Seat
from leeward.events.kinds import Finding, Web
from tests.detect.seen import fed, moment


def page(seat: str, action: str = "allow", attribution: str = "class") -> Web:
    return Web(at=moment(), person="3c", attribution=attribution, seat=seat, action=action, level=3)


def test_one_seat_with_five_blocked_pages_stands_out_of_four() -> None:
    others = [page(str(seat)) for seat in range(1, 5)]
    (told,) = fed(Seat(), *others, *(page("9", "block") for _ in range(5)))
    assert told.seat == "9"
    assert "5 blocked pages" in told.reason


def test_a_whole_class_that_is_blocked_or_a_seat_alone_does_not() -> None:
    assert fed(Seat(), *(page(str(seat), "block") for _ in range(5) for seat in range(5))) == []
    assert fed(Seat(), *(page("9", "block") for _ in range(9))) == []


def test_personal_log_ins_have_no_seat_and_findings_count() -> None:
    detector = Seat()
    assert fed(detector, *(page("9", "block", "personal") for _ in range(9))) == []
    found = Finding(at=moment(), person="3c", attribution="class", seat="2", theme="hate", severity=3)
    assert fed(detector, *(page(str(seat)) for seat in range(3, 7)), *[found] * 5)
    detector.forget(moment(days=2))
    assert detector.lessons == {}
