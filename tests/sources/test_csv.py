"""The format csv, beyond what every format promises."""

import pytest

from leeward.sources import csv
from leeward.sources.entries import Item, JunkLine


def test_rank_category_and_pages() -> None:
    assert csv.parse_line("name,category") == ()
    assert csv.parse_line("1,example.org") == [Item("name", "example.org")]
    assert csv.parse_line('"example.org",games') == [Item("name", "example.org", "games")]
    assert csv.parse_line("example.org/sport,sport") == [Item("url", "example.org/sport", "sport")]
    with pytest.raises(JunkLine):
        csv.parse_line("example.org,<b>")
