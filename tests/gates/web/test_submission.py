"""The request on its way to the server: searches that are sent as forms, long uploads."""

import socket
import time

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
