"""What every list format yields; every format passes the same contract."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.sources.entries import Item, JunkLine, named, network, page
from leeward.sources.reader import FORMATS


@pytest.mark.parametrize("name", FORMATS)
@given(
    line=st.one_of(
        st.text(max_size=80), st.sampled_from(["a.test", "0.0.0.0 a.test", "||a.test^", "a.test,games", "10.0.0.0/8"])
    )
)
def test_any_line_gives_items_or_is_junk(name: str, line: str) -> None:
    line = line.replace("\n", " ").replace("\r", " ")
    try:
        items = list(FORMATS[name].parse_line(line))
    except JunkLine as why:
        assert str(why)
        return
    for item in items:
        assert item.kind in ("name", "url", "net")
        assert item.value == item.value.strip()


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_has_a_name_a_title_and_skips_blanks(name: str) -> None:
    assert name == FORMATS[name].NAME
    assert FORMATS[name].TITLE
    assert list(FORMATS[name].parse_line("")) == []
    assert list(FORMATS[name].parse_line("# comment")) == []


def test_addresses_are_names_too() -> None:
    assert list(named("0x7f.1.2.3")) == [Item("name", "127.1.2.3")]
    assert list(named("2001:db8::1")) == [Item("name", "[2001:db8::1]")]
    assert network("192.0.2.9/24").value == "192.0.2.0/24"
    assert page("WWW.a.test/x").value == "a.test/x"
