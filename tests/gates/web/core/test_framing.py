"""Heads are written afresh."""

from leeward.gates.web.core.framing import acceptable, chunk, request_bytes, response_bytes
from leeward.gates.web.core.messages import Bounds, RequestHead, RequestReader, ResponseHead, ResponseReader


def request(text: bytes) -> RequestHead:
    head = RequestReader(Bounds()).feed(text)[0]
    assert isinstance(head, RequestHead)
    return head


def test_connection_can_not_take_out_what_matters() -> None:
    head = request(
        b"GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: cookie, host, x-mine\r\nCookie: c\r\nX-Mine: 1\r\n\r\n"
    )
    out = request_bytes(head, b"/", b"a", [])
    assert b"Host: a\r\n" in out
    assert b"Cookie: c\r\n" in out
    assert b"X-Mine" not in out


def test_given_fields_replace_those_of_the_client() -> None:
    head = request(b"GET http://a/ HTTP/1.1\r\nHost: a\r\nYouTube-Restrict: off\r\n\r\n")
    out = request_bytes(head, b"/", b"a", [(b"YouTube-Restrict", b"Strict")])
    assert out.count(b"YouTube-Restrict") == 1
    assert b"YouTube-Restrict: Strict" in out


def test_only_codings_that_can_be_looked_into_are_asked_for() -> None:
    assert acceptable(b"gzip, dcb, br;q=0.5, zstd") == b"gzip, br;q=0.5, zstd"
    assert acceptable(b"dcz") == b"identity"


def test_a_response_keeps_its_fields_but_not_its_framing() -> None:
    reader = ResponseReader(Bounds(), b"GET")
    head = reader.feed(
        b"HTTP/1.1 200 Fine\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nTransfer-Encoding: chunked\r\nAlt-Svc: h3\r\n\r\n"
    )[0]
    assert isinstance(head, ResponseHead)
    out = response_bytes(head, length=5, keep_alive=False)
    assert out.startswith(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\n")
    assert b"Transfer-Encoding" not in out
    assert b"Alt-Svc" not in out
    assert b"Content-Length: 5\r\n" in out
    assert b"Connection: close" in out


def test_a_chunk_says_its_size_in_hexadecimal() -> None:
    assert chunk(b"x" * 26) == b"1a\r\n" + b"x" * 26 + b"\r\n"
