"""The client's side: what can't be understood is refused; nothing of one request reaches another."""

import contextlib
import socket
import ssl
import threading
import time
from pathlib import Path

import pytest

from leeward.gates.web.core.proxyproto import SIGNATURE
from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway, read_all, read_response, slow_reader, start_gateway
from tests.ports import free_port


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"400"),
        (b"GET http://ok.test/ HTTP/1.1\r\n\r\n", b"400"),
        (
            b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            b"400",
        ),
        (b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", b"400"),
        (b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n", b"501"),
        (b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked, identity\r\n\r\n", b"400"),
        (b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", b"400"),
        (b"POST http://ok.test/ HTTP/1.1\r\nHost: a\r\nContent-Length : 1\r\n\r\na", b"400"),
        (b"POST http://ok.test/ HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", b"400"),
        (b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\nX: a\r\n folded\r\n\r\n", b"400"),
        (b"GET http://ok.test/ HTTP/1.1\nHost: a\n\n", b"400"),
        (b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n", b"400"),
        (b"GET http://ok.test\\@games.leeward.test/ HTTP/1.1\r\nHost: a\r\n\r\n", b"400"),
        (b"GET /no/host HTTP/1.1\r\nHost: ok.test\r\n\r\n", b"400"),
        (b"GET http://ok.test/ HTTP/2.0\r\nHost: a\r\n\r\n", b"505"),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"400"),
        (b"BREW http://ok.test/ HTTP/1.1\r\nHost: a\r\n\r\n", b"501"),
        (b"GET ftp://ok.test/ HTTP/1.1\r\nHost: a\r\n\r\n", b"501"),
        (b"GET http://ok.test/" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", b"414"),
        (b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\n" + b"X: y\r\n" * 200 + b"\r\n", b"431"),
        (b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\nX: " + b"y" * 90_000 + b"\r\n\r\n", b"431"),
        (b"CONNECT ok.test HTTP/1.1\r\nHost: ok.test\r\n\r\n", b"400"),
        (b"CONNECT ok.test:22 HTTP/1.1\r\nHost: ok.test\r\n\r\n", b"403"),
        (b"CONNECT ok.test:443 HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello", b"400"),
    ],
)
def test_what_has_two_meanings_or_none_is_refused(gateway: RunningGateway, request_bytes: bytes, status: bytes) -> None:
    assert gateway.send(request_bytes).startswith(b"HTTP/1.1 " + status)


@pytest.mark.parametrize(
    "chunk", [b"3\nabc\r\n", b"0x3\r\nabc\r\n", b"3;a\r\x00\r\nabc\r\n", b"+3\r\nabc\r\n", b"FFFFFFFFFFFFFFFFF\r\n"]
)
def test_broken_chunks_are_not_passed_on(gateway: RunningGateway, chunk: bytes) -> None:
    url = gateway.url("ok.test", "/echo?broken")
    head = f"POST {url} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n".encode()
    response = gateway.send(head + chunk + b"0\r\n\r\nGET http://ok.test/smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
    assert not response.startswith(b"HTTP/1.1 200")
    assert not any(b"smuggled" in request for request in gateway.origin.requests)


def test_a_head_that_comes_byte_by_byte_is_understood(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        for byte in f"GET {gateway.url('ok.test')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode():
            sock.sendall(bytes([byte]))
        assert read_all(sock).startswith(b"HTTP/1.1 200")


def test_a_head_that_never_ends_is_timed_out(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        sock.sendall(b"GET http://ok.test/ HTTP/1.1\r\nHost: a\r\n")
        began = time.monotonic()
        assert read_all(sock).startswith(b"HTTP/1.1 408")
        assert time.monotonic() - began < 6


def test_an_idle_connection_is_closed_silently(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        assert read_all(sock) == b""


def test_a_half_closed_client_still_gets_its_answer(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        sock.sendall(f"GET {gateway.url('ok.test')} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
        sock.shutdown(socket.SHUT_WR)
        assert b"Hello from the origin" in read_all(sock)


def test_a_block_in_the_middle_of_an_upload_is_answered(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        sock.sendall(
            b"POST http://games.leeward.test/ HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + b"x" * 100_000
        )
        assert read_all(sock).startswith(b"HTTP/1.1 403")


def test_bytes_of_one_client_never_reach_another(gateway: RunningGateway) -> None:
    socks = [gateway.connect() for _ in range(20)]
    for number, sock in enumerate(socks):
        sock.sendall(f"GET {gateway.url('ok.test', f'/echo?who={number:04}')} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
    for number, sock in enumerate(socks):
        response = read_response(sock)
        assert f"who={number:04}".encode() in response
        assert response.count(b"who=") == 1
        sock.close()


def test_hundreds_of_idle_connections_cost_nobody_else(gateway: RunningGateway) -> None:
    idle = [gateway.connect() for _ in range(400)]
    assert gateway.get(gateway.url("ok.test")).startswith(b"HTTP/1.1 200")
    for sock in idle:
        sock.close()


def test_a_proxy_header_counts_only_from_a_balancer(tmp_path: Path) -> None:
    header = SIGNATURE + b"\x21\x11\x00\x0c" + socket.inet_aton("192.0.2.7") + socket.inet_aton("192.0.2.1") + bytes(4)
    with start_gateway(tmp_path, extra='proxy_protocol_from = ["127.0.0.7"]\n') as gateway:
        request = (
            f"GET {gateway.url('ok.test', '/?via=balancer')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode()
        )
        gateway.send(header + request, source="127.0.0.7")
        assert gateway.events(path="/?via=balancer")[0]["client"] == "192.0.2.7"
        assert b"Hello from" not in gateway.send(header + request, source="127.0.0.1")
        assert gateway.send(request, source="127.0.0.7") == b""


def test_a_redirected_request_is_for_its_host_field_and_its_name_is_decided(tmp_path: Path) -> None:
    door = free_port()
    with start_gateway(tmp_path, extra=f'transparent = ["127.0.0.1:{door}"]\n') as gateway:
        with socket.create_connection(("127.0.0.1", door), timeout=5) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: games.leeward.test\r\nConnection: close\r\n\r\n")
            assert read_all(sock).startswith(b"HTTP/1.1 403")
        context = ssl.create_default_context(cafile=str(gateway.ca))
        with socket.create_connection(("127.0.0.1", door), timeout=5) as raw:
            with context.wrap_socket(raw, server_hostname="games.leeward.test") as sock:
                sock.sendall(f"GET / HTTP/1.1\r\nHost: games.leeward.test:{door}\r\nConnection: close\r\n\r\n".encode())
                assert b"Games are not open here." in read_all(sock)


def test_a_head_that_trickles_is_timed_out_too(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        began = time.monotonic()
        sock.sendall(b"GET http://ok.test/ HTTP/1.1\r\nHost: ")
        with contextlib.suppress(OSError):
            while time.monotonic() - began < 7:
                sock.sendall(b"a")
                time.sleep(0.3)
        assert time.monotonic() - began < 6


def resident(gateway: RunningGateway) -> float:
    """Megabytes of the worker."""
    status = Path(f"/proc/{gateway.worker_pids()[0]}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_answers_to_a_client_that_does_not_read_are_bounded(gateway: RunningGateway) -> None:
    ANSWERS[b"/held"] = plain(b"x" * 900_000)
    before = resident(gateway)
    request = f"GET {gateway.url('ok.test', '/held')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with slow_reader(gateway) as sock:
        sock.sendall(request * 200)  # 180 MB of answers
        time.sleep(4)
        assert resident(gateway) - before < 60


def test_a_flood_of_refused_requests_keeps_nobody_waiting(gateway: RunningGateway) -> None:
    flood = f"GET {gateway.url('ok.test', '/closed')} HTTP/1.1\r\nHost: x\r\n\r\n".encode() * 20_000
    with gateway.connect() as sock:
        threading.Thread(target=swallow, args=(sock,), daemon=True).start()
        threading.Thread(target=say, args=(sock, flood), daemon=True).start()
        time.sleep(0.2)
        for _ in range(5):
            began = time.monotonic()
            assert b"Hello from the origin" in gateway.get(gateway.url("ok.test"))
            assert time.monotonic() - began < 2


def swallow(sock: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while sock.recv(1_000_000):
            pass


def say(sock: socket.socket, data: bytes) -> None:
    with contextlib.suppress(OSError):
        sock.sendall(data)
