"""Connections to origin servers."""

import asyncio
import socket
import ssl
import time
from pathlib import Path

import pytest

from leeward.gates.web.core.messages import Bounds
from leeward.gates.web.resolver import Destinations, Resolver
from leeward.gates.web.upstream import Connector, Origin, Pool, Upstream, UpstreamError, explain_certificate
from leeward.policy.hosts import normalise
from tests.gates.web.origin import ANSWERS, plain
from tests.gates.web.running import RunningGateway, slow_reader

ORIGIN = Origin("http", normalise("127.0.0.1"), 80)


class _Transport:
    def close(self) -> None:
        """Nothing to close."""


def idle() -> Upstream:
    upstream = Upstream(Bounds())
    upstream.transport = _Transport()
    return upstream


def test_the_youngest_connection_is_used_first_and_stale_ones_never() -> None:
    pool = Pool(per_origin=2)
    one, two, three = idle(), idle(), idle()
    for upstream in (one, two, three):
        pool.give(ORIGIN, upstream)
    assert one.over
    assert pool.take(ORIGIN) is three
    two.idle_since = time.monotonic() - 100
    assert pool.take(ORIGIN) is None
    assert two.over


def test_after_a_renewal_no_connection_from_before_is_kept() -> None:
    pool = Pool(per_origin=2)
    early, busy = idle(), idle()
    pool.give(ORIGIN, early)
    pool.renew()
    pool.give(ORIGIN, busy)
    assert early.over
    assert busy.over
    assert pool.take(ORIGIN) is None
    late = idle()
    pool.give(ORIGIN, late)
    assert pool.take(ORIGIN) is late


def test_a_private_destination_is_refused_before_connecting() -> None:
    connector = Connector(Resolver(), Destinations(()), ssl.create_default_context(), Bounds(), seconds=1)
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(connector.open(ORIGIN, tls=False))
    assert (caught.value.status, caught.value.kind) == (403, "private")


def test_a_closed_port_is_a_page_not_a_crash() -> None:
    connector = Connector(Resolver(), Destinations(("127.0.0.1",)), ssl.create_default_context(), Bounds(), seconds=1)
    with pytest.raises(UpstreamError) as caught:
        asyncio.run(connector.open(ORIGIN._replace(port=1), tls=False))
    assert caught.value.kind == "connect"


def test_certificate_faults_are_told_in_words() -> None:
    error = ssl.SSLCertVerificationError()
    error.verify_code, error.verify_message = 10, "certificate has expired"
    assert "has expired" in explain_certificate("a.test", error)
    error.verify_code, error.verify_message = 99, "odd"
    assert "odd" in explain_certificate("a.test", error)


def test_a_connection_that_a_slow_reader_made_wait_serves_the_next_at_once(gateway: RunningGateway) -> None:
    ANSWERS[b"/megabyte"] = plain(b"x" * 1_000_000)
    request = f"GET {gateway.url('ok.test', '/megabyte')} HTTP/1.1\r\nHost: x\r\n\r\n".encode()
    with slow_reader(gateway) as slow:
        slow.sendall(request)
        seen = 0
        while seen < 900_000:  # the whole body has left the server, and the client has not read it yet
            seen += len(slow.recv(4096))
            time.sleep(0.001)
        for _ in range(3):
            began = time.monotonic()
            assert gateway.get(gateway.url("ok.test", "/megabyte")).endswith(b"xxxx")
            assert time.monotonic() - began < 2


def test_a_client_that_leaves_before_the_server_agreed_leaves_nothing_open(gateway: RunningGateway) -> None:
    def silent(sock: socket.socket, request: bytes) -> None:
        time.sleep(6)

    ANSWERS[b"/socket"] = silent
    files = Path(f"/proc/{gateway.worker_pids()[0]}/fd")
    before = len(list(files.iterdir()))
    upgrade = (
        f"GET {gateway.url('ok.test', '/socket')} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    ).encode()
    for _ in range(50):
        with gateway.connect() as sock:
            sock.sendall(upgrade)
            time.sleep(0.01)
    time.sleep(1)
    assert len(list(files.iterdir())) - before < 10
