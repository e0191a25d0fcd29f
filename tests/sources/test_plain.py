"""The format plain, beyond what every format promises."""

import pytest

from leeward.sources import plain
from leeward.sources.entries import Item, JunkLine


def test_names_pages_networks_and_urls() -> None:
    assert list(plain.parse_line("*.Example.org")) == [Item("name", "example.org")]
    assert list(plain.parse_line("http://example.org/")) == [Item("name", "example.org")]
    assert list(plain.parse_line("www.example.org/Path")) == [Item("url", "example.org/path")]
    assert list(plain.parse_line("192.0.2.0/24")) == [Item("net", "192.0.2.0/24")]
    assert list(plain.parse_line("bücher.example")) == [Item("name", "xn--bcher-kva.example")]
    with pytest.raises(JunkLine):
        list(plain.parse_line("com"))
