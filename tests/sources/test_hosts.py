"""The format hosts, beyond what every format promises."""

import pytest

from leeward.sources import hosts
from leeward.sources.entries import Item, JunkLine


def test_the_machines_own_names_are_no_entries() -> None:
    assert list(hosts.parse_line("127.0.0.1 localhost")) == []
    assert list(hosts.parse_line("0.0.0.0 a.test B.test # x")) == [Item("name", "a.test"), Item("name", "b.test")]
    for line in ("192.0.2.1 a.test", "127.0.0.1 nodots"):
        with pytest.raises(JunkLine):
            list(hosts.parse_line(line))
