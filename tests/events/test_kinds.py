"""Event kinds declare what they hold."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.events.kinds import KINDS, Web, decode, encode, fields, stamp


def test_every_field_says_what_it_is() -> None:
    for name, kind in KINDS.items():
        assert kind.__doc__
        assert kind.RETENTION_DAYS > 0
        for field, _, description, _ in fields(kind):
            assert description, f"{name}.{field}"


def test_what_is_about_a_person_is_marked() -> None:
    marked = {field for field, _, _, personal in fields(Web) if personal}
    assert {"person", "client", "host", "path", "term", "findings"} <= marked
    assert "action" not in marked


@given(st.text(), st.text(), st.integers(0, 10**9))
def test_an_event_survives_being_written_and_read(path: str, term: str, received: int) -> None:
    event = stamp(Web(path=path, term=term, received=received))
    assert decode(encode(event)) == event
    assert b"\n" not in encode(event)


def test_stamps_are_unique() -> None:
    assert len({stamp(Web()).id for _ in range(1000)}) == 1000
