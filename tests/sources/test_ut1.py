"""The format ut1, beyond what every format promises."""

import pytest

from leeward.sources import ut1
from leeward.sources.entries import Item, JunkLine


def test_domains_urls_and_expressions() -> None:
    assert list(ut1.parse_line("Example.ORG")) == [Item("name", "example.org")]
    assert list(ut1.parse_url_line("www.example.org/x")) == [Item("url", "example.org/x")]
    with pytest.raises(JunkLine):
        ut1.parse_expression_line("(sex|porn)")
    with pytest.raises(JunkLine):
        list(ut1.parse_line("allo..example.test"))
