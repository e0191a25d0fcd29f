"""What a translator, a cache or an archive would fetch is found."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.policy.services import embedded, is_service, may_bring
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
    assert embedded(parse("https://school.test/share?url=http://bad.test/")) == []
    assert embedded(parse("https://school.test/a?next=http://bad.test/")) == []
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


E = "http://blocked.test/a"


@pytest.mark.parametrize(
    "url",
    [
        f"http://web.archive.org/web/2020/http://web.archive.org/web/2020/{E}", f"http://archive.ph/http://archive.ph/{E}",
        "http://translate.google.com/translate?u=http%3A%2F%2Ftranslate.google.com%2Ftranslate%3Fu%3Dhttp%253A%252F%252Fblocked.test",
        f"http://wsrv.nl/?url=http://wsrv.nl/?url={E}", f"http://www.google.com/url?q=http://www.google.com/url?q={E}",
        f"http://www.google.com/imgres?imgurl={E}", f"http://www.google.com/gwt/x?u={E}", f"http://www.google.com/translate_c?u={E}",
        "http://www.google.com/search?q=cache:blocked.test", "http://translate.google.com/?op=websites&text=http://blocked.test",
        "http://www.bing.com/amp/s/blocked.test/a", "http://cc.bingj.com/cache.aspx?q=blocked.test",
        "http://cdn.ampproject.org/ii/w1000/s/blocked.test/i.png", "http://ok-test.bing-amp.com/c/s/blocked.test/",
        f"http://www.archive.ph/{E}", f"http://liveweb.archive.org/web/{E}", f"http://arquivo.pt/wayback/2020/{E}",
        f"http://wsrv.nl/?url[]={E}", f"http://proxy.corsproxy.io/?{E}", "http://outline.com/blocked.test/a",
        f"http://www.textise.net/showText.aspx?strURL={E}", f"http://docs.google.com/viewer?url={E}",
        f"http://view.officeapps.live.com/op/view.aspx?src={E}", f"http://htmlpreview.github.io/?{E}", "http://blocked.test.nyud.net/",
        f"http://yandex.com/turbo?text={E}", "http://translate.yandex.net/tr-url/en-ru/blocked.test/a",
        # anybody's own proxy
        f"http://any.test/{E}", f"http://any.test/?{E}", f"http://any.test/browse.php?u={E}", f"http://any.test/index.php?q={E}",
        "http://any.test/nph-proxy.cgi/000000A/http/blocked.test/a", f"http://any.test/cdn/width=80/{E}",
        "http://any.test/?http%3A%2F%2Fblocked.test%2Fa",
    ],
)  # fmt: skip
def test_services_in_all_their_forms_and_inside_themselves(url: str) -> None:
    target = parse(url)
    assert may_bring(target)
    assert "blocked.test" in [found.host.name for found in embedded(target) if found]


def test_an_address_inside_an_address_inside_an_address_ends_somewhere() -> None:
    deep = "http://web.archive.org/web/1/" * 300 + E
    began = time.monotonic()
    found = embedded(parse(deep))
    assert time.monotonic() - began < 2
    assert None in found or "blocked.test" in [one.host.name for one in found if one]


def test_words_that_look_like_a_cache_take_no_time() -> None:
    began = time.monotonic()
    embedded(parse("http://webcache.googleusercontent.com/search?q=" + "a+" * 8_000))
    embedded(parse("http://www.google.com/url?q=" + "a+" * 8_000))
    assert time.monotonic() - began < 1


def test_what_a_search_or_an_ordinary_page_says_is_no_visit() -> None:
    for url in (
        f"http://www.google.com/search?q={E}", f"http://yandex.com/search?text={E}", f"http://any.test/login?back={E}",
        "http://any.test/wiki/https", "http://any.test/a?q=http",
    ):  # fmt: skip
        assert embedded(parse(url)) == [], url
