"""Addresses are taken apart the way browsers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.policy.url import BadURL, authority, lenient, parse


@pytest.mark.parametrize(
    ("text", "scheme", "host", "port", "path"),
    [
        ("http://example.org", "http", "example.org", 80, "/"),
        ("HTTP://Example.ORG/a?b#c", "http", "example.org", 80, "/a?b"),
        ("https://user:pass@example.org:8443/x", "https", "example.org", 8443, "/x"),
        ("http://example.org?q=1", "http", "example.org", 80, "/?q=1"),
        ("http://example.org:/x", "http", "example.org", 80, "/x"),
        ("http://[::1]:81/", "http", "[::1]", 81, "/"),
        ("http://good.test@bad.test/", "http", "bad.test", 80, "/"),
        ("http://example.org/a?u=http://x.test/", "http", "example.org", 80, "/a?u=http://x.test/"),
    ],
)
def test_an_address_is_taken_apart(text: str, scheme: str, host: str, port: int, path: str) -> None:
    target = parse(text)
    assert (target.scheme, target.host.name, target.port, target.path) == (scheme, host, port, path)


@pytest.mark.parametrize(
    "text",
    ["", "example.org", "http://", "http:///x", "http://a@b@c/", "http://a\\b/", "http://a:99999/", "http://a:b/", "gopher://a/",
     "http://a:1:2/", "javascript:alert(1)", "http://a:0/"],
)  # fmt: skip
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(BadURL):
        parse(text)


def test_host_and_port_are_read_as_in_connect() -> None:
    host, port = authority("Example.org:444", "https")
    assert (host.name, port) == ("example.org", 444)
    with pytest.raises(BadURL):
        authority("example.org/x", "https")


def test_what_a_person_types_is_understood() -> None:
    assert lenient(" example.org/a b ").path == "/a%20b"
    assert lenient("bücher.example").host.name == "xn--bcher-kva.example"


@given(st.text(max_size=80))
def test_the_quick_way_and_the_careful_way_agree(text: str) -> None:
    from leeward.policy import url

    def outcome(call: object) -> object:
        try:
            return call("http://" + text)  # type: ignore[operator]
        except BadURL:
            return None

    assert outcome(url.parse) == outcome(url._parse)
