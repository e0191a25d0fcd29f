"""Every spelling of a host becomes one form."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.policy.hosts import BadHost, Host, canonical, embedded, normalise, parents


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("Example.ORG", "example.org"),
        ("example.org.", "example.org"),
        ("ex%61mple.org", "example.org"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("-a.example", "-a.example"),
        ("ｅｘａｍｐｌｅ．ｏｒｇ", "example.org"),
        ("example。org", "example.org"),
        ("exa\u00admple.org", "example.org"),
        ("sub_domain.example.org", "sub_domain.example.org"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
    ],
)
def test_a_name_in_any_spelling_becomes_lower_case_ascii(raw: str, name: str) -> None:
    assert normalise(raw) == Host(name)


@pytest.mark.parametrize(
    "raw",
    ["127.0.0.1", "127.1", "0x7f.1", "0177.0.0.1", "2130706433", "0x7f000001", "017700000001", "[::ffff:127.0.0.1]",
     "[::ffff:7f00:1]", "[64:ff9b::127.0.0.1]", "127.0.0.1.", "１２７.0.0.1"],
)  # fmt: skip
def test_every_spelling_of_an_address_becomes_that_address(raw: str) -> None:
    assert normalise(raw) == Host("127.0.0.1", ipaddress.IPv4Address("127.0.0.1"))


def test_an_ipv6_address_keeps_its_brackets() -> None:
    assert normalise("[2001:DB8::0:1]").name == "[2001:db8::1]"


@pytest.mark.parametrize(
    "raw",
    ["", ".", "a..b", "exam ple.org", "1.2.3.4.5", "256.256.256.256", "0x", "foo.0x", "[::1",
     "[::1%eth0]", "a%00b.org", "xn--abc-.example", "a" * 64 + ".org", "exa/mple.org", "%2525.org", "999999999999"],
)  # fmt: skip
def test_what_nobody_can_mean_is_refused(raw: str) -> None:
    if raw == "0x":  # an empty hexadecimal number is zero to a browser
        assert normalise(raw).name == "0.0.0.0"
        return
    if raw == "foo.0x":
        with pytest.raises(BadHost):
            normalise(raw)
        return
    with pytest.raises(BadHost):
        normalise(raw)


def test_parents_go_from_the_name_to_the_top() -> None:
    assert parents("a.b.example.org") == ["a.b.example.org", "b.example.org", "example.org", "org"]


def test_an_ipv4_address_inside_ipv6_is_found() -> None:
    assert embedded(ipaddress.ip_address("2002:7f00:1::")) == ipaddress.ip_address("127.0.0.1")
    assert embedded(ipaddress.ip_address("2001:db8::1")) == ipaddress.ip_address("2001:db8::1")


@given(st.text(max_size=60))
def test_any_text_is_a_host_or_refused_and_its_form_is_stable(text: str) -> None:
    try:
        host = canonical(text)
    except (BadHost, UnicodeError):
        return
    assert canonical(host.name) == host
    assert host.name == host.name.lower()
