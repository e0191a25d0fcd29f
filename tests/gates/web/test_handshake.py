"""Tunnels: inspected, spliced or blocked; the names must agree; certificates are verified."""

import socket
import ssl
import time
from pathlib import Path

import pytest

from tests.gates.web.running import RunningGateway, read_all, read_response, start_gateway


def issuer_of(sock: ssl.SSLSocket) -> str:
    certificate = sock.getpeercert()
    assert certificate is not None
    return str(certificate["issuer"])


def fetch(sock: ssl.SSLSocket, host: str, path: str = "/") -> bytes:
    sock.sendall(f"GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
    return read_all(sock)


def test_an_inspected_page_comes_with_our_certificate(gateway: RunningGateway) -> None:
    port = gateway.secure.port
    with gateway.tunnel("ok.test", port) as sock:
        assert "Leeward school CA" in issuer_of(sock)
        assert sock.selected_alpn_protocol() == "http/1.1"
        assert b"Hello from the origin" in fetch(sock, f"ok.test:{port}", "/?tls=1")
    (event,) = gateway.events(path="/?tls=1")
    assert event["scheme"] == "https"


def test_a_private_site_is_passed_through_unread(gateway: RunningGateway) -> None:
    with gateway.tunnel("private.test", gateway.secure.port) as sock:
        assert "trustme" in issuer_of(sock)
        sock.sendall(b"GET /?secret=1 HTTP/1.1\r\nHost: private.test\r\n\r\n")
        assert b"Hello from the origin" in read_response(sock)
    (event,) = gateway.events(host="private.test", method="TUNNEL")
    assert event["received"] > 0
    assert not gateway.events(path="/?secret=1", wait=-2)


def test_a_blocked_site_shows_its_page_over_https(gateway: RunningGateway) -> None:
    with gateway.tunnel("games.leeward.test", 443) as sock:
        response = fetch(sock, "games.leeward.test")
    assert response.startswith(b"HTTP/1.1 403")
    assert b"Games are not open here." in response
    assert b"I saw this by accident" in response


def test_pages_on_an_inspected_host_are_decided_one_by_one(gateway: RunningGateway) -> None:
    port = gateway.secure.port
    with gateway.tunnel("ok.test", port) as sock:
        sock.sendall(f"GET / HTTP/1.1\r\nHost: ok.test:{port}\r\n\r\n".encode())
        assert read_response(sock).startswith(b"HTTP/1.1 200")
        assert fetch(sock, f"ok.test:{port}", "/closed/x").startswith(b"HTTP/1.1 403")


def test_another_host_field_inside_the_tunnel_is_refused(gateway: RunningGateway) -> None:
    with gateway.tunnel("ok.test", gateway.secure.port) as sock:
        assert fetch(sock, "games.leeward.test").startswith(b"HTTP/1.1 421")


def test_another_server_name_than_the_connect_host_does_not_pass(gateway: RunningGateway) -> None:
    with gateway.tunnel("ok.test", gateway.secure.port, server_name="games.leeward.test") as sock:
        assert not fetch(sock, "games.leeward.test").startswith(b"HTTP/1.1 200")
    with gateway.tunnel("games.leeward.test", gateway.secure.port, server_name="ok.test") as sock:
        assert not fetch(sock, "ok.test").startswith(b"HTTP/1.1 200")


def test_a_certificate_for_another_site_gives_a_page_that_says_so(gateway: RunningGateway) -> None:
    with gateway.tunnel("ok.test", gateway.wrong.port) as sock:
        response = fetch(sock, f"ok.test:{gateway.wrong.port}")
    assert response.startswith(b"HTTP/1.1 502")
    assert b"belongs to another site" in response
    assert not gateway.wrong.requests


def test_plain_http_in_a_tunnel_is_filtered(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        port = gateway.origin.port
        sock.sendall(f"CONNECT ok.test:{port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        assert b" 200 " in sock.recv(4096)
        sock.sendall(f"GET /closed HTTP/1.1\r\nHost: ok.test:{port}\r\nConnection: close\r\n\r\n".encode())
        assert read_all(sock).startswith(b"HTTP/1.1 403")


def test_what_is_neither_tls_nor_http_is_closed(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        sock.sendall(b"CONNECT ok.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in sock.recv(4096)
        sock.sendall(b"\x00\x01\x02")
        assert read_all(sock) == b""
    assert gateway.events(verdict="not-tls")


@pytest.mark.parametrize("size", [1, 7, 100])
def test_a_hello_split_over_packets_is_understood(gateway: RunningGateway, size: int) -> None:
    context = ssl.create_default_context(cafile=str(gateway.ca))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="games.leeward.test")
    with gateway.connect() as sock:
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.sendall(b"CONNECT games.leeward.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in sock.recv(4096)
        while True:
            try:
                tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                data = outgoing.read()
                for start in range(0, len(data), size):
                    sock.sendall(data[start : start + size])
                incoming.write(sock.recv(65536))
        assert tls.version() == "TLSv1.3"


def test_a_hello_sent_together_with_connect_is_understood(gateway: RunningGateway) -> None:
    context = ssl.create_default_context(cafile=str(gateway.ca))
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="games.leeward.test")
    with pytest.raises(ssl.SSLWantReadError):
        tls.do_handshake()
    with gateway.connect() as sock:
        sock.sendall(b"CONNECT games.leeward.test:443 HTTP/1.1\r\nHost: x\r\n\r\n" + outgoing.read())
        answer = b""
        while len(answer) < 500:
            answer += sock.recv(65536)
        incoming.write(answer.partition(b"\r\n\r\n")[2])
        tls.do_handshake()


def test_a_client_that_refuses_our_ca_is_counted(gateway: RunningGateway) -> None:
    with gateway.connect() as sock:
        sock.sendall(b"CONNECT ok.test:443 HTTP/1.1\r\nHost: x\r\n\r\n")
        assert b" 200 " in sock.recv(4096)
        with pytest.raises(ssl.SSLCertVerificationError):
            ssl.create_default_context().wrap_socket(sock, server_hostname="ok.test")
    assert gateway.events(verdict="ca-refused")


def tunnel_with(gateway: RunningGateway, *protocols: str) -> ssl.SSLSocket:
    """An inspected host, with these protocols offered (ALPN)."""
    sock = gateway.connect()
    sock.sendall(f"CONNECT ok.test:{gateway.secure.port} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert b" 200 " in sock.recv(4096)
    context = ssl.create_default_context(cafile=str(gateway.ca))
    context.load_verify_locations(gateway.folder / "origin-ca.pem")
    context.set_alpn_protocols(list(protocols))
    return context.wrap_socket(sock, server_hostname="ok.test")


def test_an_odd_protocol_in_the_hello_is_no_way_past_inspection(gateway: RunningGateway) -> None:
    for protocol in ("foo", "HTTP/1.1", "http/0.9"):
        with tunnel_with(gateway, protocol) as sock:
            assert "Leeward school CA" in issuer_of(sock), protocol
            assert fetch(sock, f"ok.test:{gateway.secure.port}", "/closed").startswith(b"HTTP/1.1 403")


def test_a_client_of_http2_alone_is_closed_where_nothing_could_be_seen(gateway: RunningGateway) -> None:
    with pytest.raises((ssl.SSLError, ConnectionError)):
        tunnel_with(gateway, "h2")
    assert gateway.events(host="ok.test", verdict="can-not-be-seen", action="block")


def test_a_fragment_in_a_tunnel_hides_no_page(gateway: RunningGateway) -> None:
    with gateway.tunnel("ok.test", gateway.secure.port) as sock:
        assert fetch(sock, f"ok.test:{gateway.secure.port}", "/closed#x").startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(("target", "status"), [("nowhere.test:443", b"502"), ("lan.test:443", b"403")])
def test_no_tunnel_is_agreed_to_where_nobody_is_or_nobody_may_go(
    gateway: RunningGateway, target: str, status: bytes
) -> None:
    answer = gateway.send(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\nConnection: close\r\n\r\n".encode())
    assert answer.split()[1] == status


def test_a_tunnel_that_was_open_ends_when_a_rule_closes_its_host(tmp_path: Path) -> None:
    with start_gateway(tmp_path) as gateway:
        port = gateway.secure.port
        config = gateway.folder / "leeward.toml"
        config.write_text(config.read_text().replace('profile = "pupil"', 'profile = "pupil"\nhas_ca = false'))
        gateway.reload()
        with gateway.tunnel("private.test", port) as sock:
            ask = f"GET / HTTP/1.1\r\nHost: private.test:{port}\r\n\r\n".encode()
            sock.sendall(ask)
            assert b"Hello from the origin" in sock.recv(65_536)
            policy = gateway.folder / "policy.toml"
            closed = '[[rules]]\nid = "now"\nhosts = ["private.test"]\naction = "block"\n'
            policy.write_text(policy.read_text().replace("[[rules]]", closed + "[[rules]]", 1))
            gateway.reload()
            with pytest.raises((ConnectionError, ssl.SSLError)):
                for _ in range(100):
                    time.sleep(0.1)
                    sock.sendall(ask)
                    if not sock.recv(65_536):
                        raise ConnectionResetError
        assert gateway.events(host="private.test", verdict="now", action="block")
