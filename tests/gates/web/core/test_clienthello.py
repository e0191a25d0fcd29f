"""The ClientHello, read from real hellos and from rubbish."""

import ssl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.gates.web.core.clienthello import MAX_HELLO, BadHello, parse


def hello(name: str | None = "example.org", protocols: list[str] | None = None) -> bytes:
    """A real hello, from OpenSSL."""
    context = ssl.create_default_context()
    context.check_hostname = name is not None
    if protocols:
        context.set_alpn_protocols(protocols)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname=name)
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    return outgoing.read()


HELLO = hello(protocols=["h2", "http/1.1"])


def test_name_and_protocols_are_read() -> None:
    found = parse(HELLO)
    assert found is not None
    assert (found.server_name, found.protocols) == ("example.org", ("h2", "http/1.1"))
    assert 0x0304 in found.versions


def test_a_hello_without_a_name() -> None:
    found = parse(hello(None))
    assert found is not None
    assert found.server_name == ""


def test_every_beginning_asks_for_more() -> None:
    for end in range(1, len(HELLO)):
        assert parse(HELLO[:end]) is None


def test_a_hello_split_over_records_is_joined() -> None:
    body = HELLO[5:]
    records = b"".join(
        b"\x16\x03\x01" + len(body[i : i + 50]).to_bytes(2) + body[i : i + 50] for i in range(0, len(body), 50)
    )
    assert parse(records) == parse(HELLO)


@pytest.mark.parametrize(
    "data",
    [b"GET / HTTP/1.1\r\n", b"\x16\x02\x01\x00\x05", b"\x16\x03\x01\x00\x00", b"\x16\x03\x01\x00\x04\x02\x00\x00\x00"],
)
def test_what_is_no_hello_is_refused(data: bytes) -> None:
    with pytest.raises(BadHello):
        parse(data)


def test_a_hello_that_is_too_long_is_refused() -> None:
    with pytest.raises(BadHello):
        parse(b"\x16\x03\x01\x40\x00\x01" + (MAX_HELLO + 1).to_bytes(3) + bytes(16380))


@given(st.integers(5, len(HELLO) - 1), st.binary(min_size=1, max_size=8))
def test_no_change_of_bytes_breaks_it(place: int, change: bytes) -> None:
    try:
        parse(HELLO[:place] + change + HELLO[place + len(change) :])
    except BadHello:
        return
