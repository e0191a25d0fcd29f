"""Responses that are too long to be held are scanned as they stream."""

import contextlib
import socket
import time

from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway


def test_a_phrase_far_into_a_long_page_cuts_it_off(gateway: RunningGateway) -> None:
    ANSWERS[b"/long"] = plain(b"a " * 700_000 + b" forbidden phrase " + b"b " * 200_000)
    body = gateway.get(gateway.url("ok.test", "/long")).partition(b"\r\n\r\n")[2]
    assert len(body) < 1_800_000
    assert b"forbidden" not in body
    (event,) = gateway.events(path="/long")
    assert (event["action"], event["verdict"]) == ("block", "scan")


went_on: list[float] = []


def drip(sock: socket.socket, _: bytes) -> None:
    """A page whose end takes its time."""
    sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\nfirst words ")
    time.sleep(3)
    went_on.append(time.monotonic())
    sock.sendall(b"and then the forbidden phrase here")
    sock.shutdown(socket.SHUT_RDWR)


def test_a_slow_page_is_held_for_a_second_and_scanned_on_as_it_streams(gateway: RunningGateway) -> None:
    ANSWERS[b"/slow-page"] = drip
    with gateway.connect() as sock:
        sock.sendall(f"GET {gateway.url('ok.test', '/slow-page')} HTTP/1.1\r\nHost: ok.test\r\n\r\n".encode())
        began = time.monotonic()
        first = b""
        while b"first words" not in first:
            piece = sock.recv(65_536)
            assert piece, "it ended before its first words"
            first += piece
        assert time.monotonic() - began > 0.5, "held"
        assert not went_on, "but not for ever"
        rest = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := sock.recv(65_536):
                rest += piece
        assert b"forbidden" not in rest
    (event,) = gateway.events(path="/slow-page")
    assert (event["action"], event["verdict"]) == ("block", "scan")
