"""The format rpz, beyond what every format promises."""

import pytest

from leeward.sources import rpz
from leeward.sources.entries import Item, JunkLine


def test_records_of_a_zone() -> None:
    for line in ("$TTL 60", "@ SOA a. b. (", "1 3600 600 )", "  NS ns.test.", "; comment"):
        assert list(rpz.parse_line(line)) == []
    assert list(rpz.parse_line("*.a.test 60 IN CNAME .")) == [Item("name", "a.test")]
    assert list(rpz.parse_line("24.0.2.0.192.rpz-ip CNAME .")) == [Item("net", "192.0.2.0/24")]
    assert list(rpz.parse_line("32.zz.db8.2001.rpz-ip CNAME .")) == [Item("net", "2001:db8::/32")]
    for line in ("a.test CNAME walled.test.", "a.test A 192.0.2.1", "a.test.rpz-nsdname CNAME ."):
        with pytest.raises(JunkLine):
            rpz.parse_line(line)
