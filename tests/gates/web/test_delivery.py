"""Responses that are too long to be held are scanned as they stream."""

import contextlib
import socket
import time

import pytest

from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway


def test_a_phrase_far_into_a_long_page_cuts_it_off(gateway: RunningGateway) -> None:
    ANSWERS[b"/long"] = plain(b"a " * 700_000 + b" forbidden phrase " + b"b " * 200_000)
    body = gateway.get(gateway.url("ok.test", "/long")).partition(b"\r\n\r\n")[2]
    assert len(body) < 1_800_000
    assert b"forbidden" not in body
    (event,) = gateway.events(path="/long")
    assert (event["action"], event["verdict"]) == ("block", "no-such-words")


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
    assert (event["action"], event["verdict"]) == ("block", "no-such-words")


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
def test_a_page_whose_first_byte_is_late_is_not_taken_for_an_empty_one(gateway: RunningGateway, head: bytes) -> None:
    def late(sock: socket.socket, _: bytes) -> None:
        sock.sendall(head)
        time.sleep(2)
        sock.sendall(b"5\r\nhello\r\n0\r\n\r\n")

    ANSWERS[b"/late"] = late
    with gateway.connect() as sock:
        sock.sendall(f"GET {gateway.url('ok.test', '/late')} HTTP/1.1\r\nHost: ok.test\r\n\r\n".encode())
        answer = b""
        while not answer.endswith(b"\r\n0\r\n\r\n"):
            piece = sock.recv(65_536)
            assert piece, answer
            answer += piece
        assert answer.count(b"0\r\n\r\n") == 1, "the last chunk comes once, at the end"
        assert b"5\r\nhello\r\n" in answer
        sock.sendall(f"GET {gateway.url('ok.test')} HTTP/1.1\r\nHost: ok.test\r\n\r\n".encode())
        assert sock.recv(65_536).startswith(b"HTTP/1.1 200"), "the connection is in step"
