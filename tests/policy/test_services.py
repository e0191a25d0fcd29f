"""What a translator, a cache or an archive would fetch is found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.policy.services import embedded, is_service
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
    assert host in [found.host.name for found in embedded(parse(url)) if found]


def test_ordinary_hosts_have_no_inner_address() -> None:
    assert embedded(parse("https://school.test/?url=http://bad.test/")) == []
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
    embedded(target)


@pytest.mark.parametrize(
    "url",
    [
        "http://web.archive.org//web/2020/http://blocked.test/", "http://web.archive.org/%77eb/2020/http://blocked.test/",
        "http://web.archive.org/x/../web/2020/http://blocked.test/", "http://www.google.com/%61mp/s/blocked.test/a",
        "http://cdn.ampproject.org//c/s/blocked.test/a", "http://r.jina.ai//http://blocked.test/",
        "http://r.jina.ai/blocked.test", "http://r.jina.ai/https%3A%2F%2Fblocked.test%2F", "http://12ft.io/blocked.test",
        "http://archive.ph/newest/blocked.test", "http://corsproxy.io/?blocked.test", "http://archive.md/http://blocked.test",
        "http://translate.google.de/translate?u=//blocked.test/", "http://translate.google.com/?u=http:blocked.test",
        "http://translate.google.com/?u=http:%5C%5Cblocked.test", "http://translate.google.com/?u=%00http://blocked.test",
        "http://translate.google.com/?u=ht%0Atp://blocked.test", "http://translate.google.com/?u=http://blo%0Acked.test",
        "http://translate.google.com/?u=http://blocked.test%5C@ok.test", "http://translate.google.com/?u=https://https://blocked.test",
        "http://translate.google.com/?u=http://blocked%E3%80%82test/", "http://wayback.archive.org/web/1/http://blocked.test/",
        "http://blocked-test.translate.goog/", "http://x.blocked-test.translate.goog/", "http://0-blocked-test.translate.goog/",
        "http://test.translate.goog/?_x_tr_hp=blocked-", "http://blocked-test.bing-amp.com/", "http://i3.wp.com/blocked.test/x.png",
        "http://web-archive-org.translate.goog/web/2020/http://blocked.test/", "http://www.google.co.uk/url?q=http://blocked.test",
    ],
)  # fmt: skip
def test_no_way_of_writing_hides_the_page_that_is_brought_along(url: str) -> None:
    assert "blocked.test" in [found.host.name for found in embedded(parse(url)) if found]


def test_what_can_not_be_read_is_told_apart_from_words() -> None:
    assert None in embedded(parse("http://translate.google.com/?u=http://[bad"))
    assert embedded(parse("http://translate.google.com/?u=hello+world")) == []
    assert embedded(parse("http://www.google.com/search?q=blocked.test")) == [], "a search for a name is no visit"
    assert embedded(parse("http://duckduckgo.com/?" + "&".join(f"a{n}=1" for n in range(500)))) == []
