"""The format dnsmasq, beyond what every format promises."""

import pytest

from leeward.sources import dnsmasq
from leeward.sources.entries import Item, JunkLine


def test_lines_that_lead_somewhere_block_nothing() -> None:
    assert list(dnsmasq.parse_line("address=/a.test/b.test/0.0.0.0")) == [
        Item("name", "a.test"),
        Item("name", "b.test"),
    ]
    assert list(dnsmasq.parse_line("local=/a.test/")) == [Item("name", "a.test")]
    for line in ("server=/a.test/192.0.2.1", "cache-size=1000"):
        with pytest.raises(JunkLine):
            dnsmasq.parse_line(line)
