"""The format adguard, beyond what every format promises."""

import pytest

from leeward.sources import adguard
from leeward.sources.entries import Item, JunkLine


def test_only_whole_hosts_are_taken() -> None:
    assert adguard.parse_line("||Example.org^$important") == (Item("name", "example.org"),)
    for line in (
        "@@||example.org^",
        "example.org##.ad",
        "||example.org^$third-party",
        "||example.org/path^",
        "/ads[0-9]/",
    ):
        with pytest.raises(JunkLine):
            adguard.parse_line(line)
