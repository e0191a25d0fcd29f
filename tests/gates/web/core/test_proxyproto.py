"""PROXY protocol v2."""

import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.gates.web.core.proxyproto import SIGNATURE, BadProxyHeader, parse

V4 = (
    SIGNATURE
    + b"\x21\x11\x00\x0c"
    + socket.inet_aton("192.0.2.7")
    + socket.inet_aton("192.0.2.1")
    + b"\x1f\x90\x00\x50"
)


def test_the_clients_address_is_told() -> None:
    found = parse(V4 + b"GET")
    assert found is not None
    assert (found.client, found.used) == ("192.0.2.7", 28)


def test_a_health_check_has_no_client() -> None:
    found = parse(SIGNATURE + b"\x20\x00\x00\x00")
    assert found is not None
    assert found.client == ""


def test_every_beginning_asks_for_more() -> None:
    for end in range(1, len(V4)):
        assert parse(V4[:end]) is None


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1",
        b"PROXY TCP4 1.1.1.1",
        SIGNATURE + b"\x11\x11\x00\x0c",
        SIGNATURE + b"\x21\x31\x00\x0c" + bytes(12),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(BadProxyHeader):
        parse(data)


@given(st.binary(max_size=64))
def test_no_bytes_break_it(data: bytes) -> None:
    try:
        parse(SIGNATURE + data)
    except BadProxyHeader:
        return
