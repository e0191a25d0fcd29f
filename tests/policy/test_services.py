"""What a translator, a cache or an archive would fetch is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.policy.services import embedded_hosts, is_service
from leeward.policy.url import BadURL, parse


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://translate.google.com/translate?sl=en&u=bad.test", "bad.test"),
        ("https://www-bad--site-test.translate.goog/", "www.bad-site.test"),
        ("https://web.archive.org/web/2019id_/https://bad.test/x", "bad.test"),
        ("https://web.archive.org/web/*/bad.test", "bad.test"),
        ("https://i0.wp.com/bad.test/x.jpg", "bad.test"),
        ("https://images.weserv.nl/?url=bad.test/x.jpg", "bad.test"),
        ("https://translate.google.com/translate?u=https%253A%252F%252Fbad.test", "bad.test"),
        ("https://translate.google.com/translate?u=https://web.archive.org/web/1/http://bad.test/", "bad.test"),
    ],
)
def test_the_inner_host_is_found(url: str, host: str) -> None:
    assert host in [found.name for found in embedded_hosts(parse(url))]


def test_ordinary_hosts_have_no_inner_address() -> None:
    assert embedded_hosts(parse("https://school.test/?url=http://bad.test/")) == []
    assert not is_service("school.test")


@given(
    st.sampled_from(["translate.google.com/translate?u=", "web.archive.org/web/", "a-b.translate.goog/"]),
    st.text(max_size=60),
)
def test_no_text_breaks_it(start: str, text: str) -> None:
    try:
        target = parse("https://" + start + text)
    except BadURL:
        return
    embedded_hosts(target)
