"""The small internet, without the gateway."""

import socket
import ssl
import urllib.request
from pathlib import Path

from leeward.demo.internet import SITES, Internet


def test_pages_come_with_and_without_tls(tmp_path: Path) -> None:
    internet = Internet(tmp_path, address="127.0.2.9", http_port=0, https_port=0)
    internet.start()
    try:
        request = urllib.request.Request(
            f"http://127.0.2.9:{internet.http_port}/", headers={"Host": "news.leeward.test"}
        )
        with urllib.request.urlopen(request, timeout=5) as response:
            assert b"school fair" in response.read()
        context = ssl.create_default_context(cafile=str(internet.root))
        raw = socket.create_connection(("127.0.2.9", internet.https_port), timeout=5)
        with context.wrap_socket(raw, server_hostname="bank.leeward.test") as sock:
            sock.sendall(b"GET / HTTP/1.1\r\nHost: bank.leeward.test\r\nConnection: close\r\n\r\n")
            assert b"200" in sock.recv(4096)
        assert f"127.0.2.1 {next(iter(SITES))}\n" in internet.hosts_file()
    finally:
        internet.stop()
