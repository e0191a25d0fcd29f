"""The request on its way to the server: searches that are sent as forms, long uploads."""

import socket
import time

import pytest

from tests.gates.web.running import RunningGateway


def test_a_phrase_in_an_ordinary_form_is_found_however_it_is_coded(gateway: RunningGateway) -> None:
    for body in (b"a=forbidden+phrase", b"a=forbidden%20phrase", b"a=forbidde%6e%20phrase"):
        answer = post(gateway, b"application/x-www-form-urlencoded", body)
        assert answer.startswith(b"HTTP/1.1 403"), body
    assert post(gateway, b"application/json", rb'{"a": "forbidden\u0020phrase"}').startswith(b"HTTP/1.1 403")
    assert post(gateway, b"application/x-www-form-urlencoded", b"a=kind+words").startswith(b"HTTP/1.1 200")


def test_a_search_sent_as_a_form_is_decided_locked_and_written_down(gateway: RunningGateway) -> None:
    form = b"application/x-www-form-urlencoded"
    assert b"403" in post(gateway, form, b"q=a+closedword", host="www.google.com")[:20]
    assert gateway.events(term="a closedword", verdict="no-word", action="block")
    assert b" 200 " in post(gateway, form, b"q=kittens&safe=off", host="www.google.com")[:20]
    assert gateway.events(term="kittens", action="allow")
    sent = next(request for request in gateway.origin.requests if b"q=kittens" in request)
    assert b"safe=off" not in sent


def post(gateway: RunningGateway, kind: bytes, body: bytes, *, host: str = "ok.test") -> bytes:
    """The answer to a form."""
    url = gateway.url(host).encode()
    head = b"POST %s HTTP/1.1\r\nHost: ok.test\r\nConnection: close\r\nContent-Type: %s\r\n" % (url, kind)
    return gateway.send(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))


def test_a_slow_but_steady_upload_is_not_cut(gateway: RunningGateway) -> None:
    with socket.create_connection(("127.0.0.1", gateway.port), 20) as sock:
        url = gateway.url("ok.test").encode()
        sock.sendall(b"PUT %s HTTP/1.1\r\nHost: ok.test\r\nContent-Length: 20\r\n\r\n" % url)
        for _ in range(20):  # longer than the server may take to begin its answer
            time.sleep(0.2)
            sock.sendall(b"x")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200")


def test_a_phrase_behind_more_than_can_be_held_is_found_as_it_passes(gateway: RunningGateway) -> None:
    body = b"a=" + b"x+" * 600_000 + b"&b=forbidden+phrase"
    answer = post(gateway, b"application/x-www-form-urlencoded", body)
    assert b"Hello" not in answer
    assert gateway.events(verdict="no-such-words", action="block", method="POST", sent=len(body))
    assert not any(b"&b=forbidden+phrase" in request for request in gateway.origin.requests)


@pytest.mark.parametrize(
    ("kind", "extra", "body"),
    [
        (b"application/x-www-form-urlencoded", b"Content-Encoding: gzip\r\n", b"q=closedword"),
        (b"application/x-www-form-urlencoded", b"", b"x=" + b"a" * 1_200_000 + b"&q=closedword"),
        (b"multipart/form-data; boundary=b", b"", b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nclosedword\r\n--b--\r\n'),
        (b"text/plain", b"", b"q=closedword\r\n"),
        (b"application/x-www-form-urlencoded", b"Content-Encoding: identity\r\n", b"q=closedword"),
        (b"x/unheard-of", b"", b"q=closedword"),
    ],
)  # fmt: skip
def test_no_way_of_sending_a_search_slips_past(gateway: RunningGateway, kind: bytes, extra: bytes, body: bytes) -> None:
    url = gateway.url("www.google.com", "/search").encode()
    head = b"POST %s HTTP/1.1\r\nHost: www.google.com\r\nConnection: close\r\nContent-Type: %s\r\n%s" % (
        url,
        kind,
        extra,
    )
    answer = gateway.send(head + b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
    assert answer.split()[1] in (b"403", b"413"), answer[:80]
    assert not any(b"closedword" in request for request in gateway.origin.requests)


def test_an_upload_in_tiny_chunks_is_held_in_its_own_size(gateway: RunningGateway) -> None:
    url = gateway.url("ok.test").encode()
    with gateway.connect() as sock:
        sock.sendall(
            b"POST %s HTTP/1.1\r\nHost: ok.test\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n" % url
        )
        sock.sendall(b"2\r\nab\r\n" * 100_000 + b"0\r\n\r\n")
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200")
