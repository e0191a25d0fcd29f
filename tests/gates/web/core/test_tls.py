"""TLS without a socket."""

import ssl
from pathlib import Path

import pytest

from leeward.gates.web.certs import create_authority
from leeward.gates.web.core.tls import ServerTls, TlsFault


def server(tmp_path: Path) -> tuple[ServerTls, Path]:
    authority = create_authority(tmp_path / "ca", name="Test CA")
    from leeward.policy.hosts import Host

    chain = tmp_path / "leaf.pem"
    chain.write_bytes(authority.leaf(Host("ok.test")))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    return ServerTls(context), authority.certificate_path


def test_bytes_go_through_both_ways(tmp_path: Path) -> None:
    tls, ca = server(tmp_path)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context(cafile=ca).wrap_bio(incoming, outgoing, server_hostname="ok.test")
    for _ in range(4):
        try:
            client.do_handshake()
            break
        except ssl.SSLWantReadError:
            incoming.write(tls.receive(outgoing.read()).reply)
    client.write(b"hello" * 10_000)
    received = tls.receive(outgoing.read())
    assert received.plain == b"hello" * 10_000
    incoming.write(received.reply)
    incoming.write(tls.send(b"world"))
    assert client.read() == b"world"
    incoming.write(tls.close())
    assert client.read() == b""


def test_rubbish_is_a_fault_with_an_alert(tmp_path: Path) -> None:
    tls, _ = server(tmp_path)
    with pytest.raises(TlsFault):
        tls.receive(b"GET / HTTP/1.1\r\n\r\n")
