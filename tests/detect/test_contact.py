"""Contact that goes the way of grooming."""

from leeward.detect import contact
from leeward.detect.contact import Contact
from leeward.events.kinds import Finding
from leeward.text.packs import own_packs
from tests.detect.seen import fed, moment


def heard(*entries: str, days: float = 0.0, host: str = "chat.test") -> Finding:
    return Finding(at=moment(days=days), person="p", channel="message", theme="grooming", severity=3, host=host,
                   entries=" ".join(f"grooming/en/{name}" for name in entries))  # fmt: skip


def test_two_steps_on_one_site_are_grave_and_three_are_graver() -> None:
    detector = Contact()
    assert fed(detector, heard("age-question")) == []
    (two,) = fed(detector, heard("our-secret", days=2))
    (three,) = fed(detector, heard("picture-request", days=5))
    assert (two.severity, three.severity) == (4, 5)
    assert "secrecy" in three.reason
    assert two.key != three.key, "each step more is told anew"


def test_the_same_step_again_or_another_site_is_not_a_second_step() -> None:
    assert fed(Contact(), heard("our-secret"), heard("dont-tell-anyone"), heard("age-question", host="b.test")) == []


def test_steps_that_lie_far_apart_are_not_one_contact() -> None:
    detector = Contact()
    assert fed(detector, heard("age-question"), heard("our-secret", days=40)) == []
    detector.forget(moment(days=90))
    assert detector.steps == {}


def test_every_step_names_entries_that_the_library_has() -> None:
    known = {entry.id for entry in own_packs()}
    assert set(contact._STEP_OF) <= known
