"""The risk index."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.detect.risk import Part, index, part_of_finding
from tests.detect.seen import moment

parts = st.builds(
    Part, st.sampled_from(("drugs", "night-use", "hate")), st.floats(0, moment()), st.floats(0, 45), st.floats(1, 30)
)


def test_nothing_is_nothing_and_one_grave_finding_is_about_half() -> None:
    assert index([], moment()).value == 0
    assert 45 <= index([part_of_finding("suicide-self-harm", 5, moment())], moment()).value <= 60


def test_a_part_is_halved_in_its_time_and_goes() -> None:
    grave = part_of_finding("drugs", 4, moment())
    (now,), (later,) = index([grave], moment()).parts, index([grave], moment(days=21)).parts
    assert later.points == now.points / 2
    assert index([grave], moment(days=400)).parts == ()


def test_many_small_findings_do_not_add_up_to_a_grave_one() -> None:
    small = [part_of_finding("profanity", 1, moment(minutes=-n)) for n in range(200)]
    assert index(small, moment()).value < index([part_of_finding("drugs", 4, moment())], moment()).value


def test_the_parts_are_named_with_the_greatest_first() -> None:
    told = index([part_of_finding("drugs", 2, moment()), part_of_finding("hate", 4, moment())], moment())
    assert [part.what for part in told.parts] == ["hate", "drugs"]


@given(st.lists(parts, max_size=8), parts)
def test_one_part_more_never_lowers_it_and_it_stays_within_bounds(some: list[Part], more: Part) -> None:
    assert 0 <= index(some, moment()).value <= index([*some, more], moment()).value <= 100
