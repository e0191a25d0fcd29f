"""The format cidr, beyond what every format promises."""

import pytest

from leeward.sources import cidr
from leeward.sources.entries import Item, JunkLine


def test_networks_that_cover_too_much_are_refused() -> None:
    assert cidr.parse_line("192.0.2.7/24 # x") == (Item("net", "192.0.2.0/24"),)
    for line in ("0.0.0.0/0", "10.0.0.0/7", "::/8", "example.org"):
        with pytest.raises(JunkLine):
            cidr.parse_line(line)
