"""Starts a real gateway process for tests, with origin servers beside it."""

import json
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

import trustme

from tests.gates.web.origin import Origin
from tests.ports import free_port

CONFIG = """
state = "state"
policy = "policy.toml"
[gateway]
listen = ["127.0.0.1:0"]
admin = "127.0.0.1:{admin}"
workers = {workers}
hosts = "hosts"
trust = ["origin-ca.pem"]
allow_private = ["127.0.0.9"]
connect_ports = {ports}
library = {library}
packs = ["own.yaml"]
{extra}
[gateway.limits]
head_seconds = {head_seconds}
keepalive_seconds = 3.0
connect_seconds = 3.0
response_seconds = 3.0
{tail}
"""
PACK = """
language: en
entries:
  - {id: closed, theme: profanity, meaning: Holds closed words., severity: 5, weight: 90, phrases: [forbidden phrase]}
  - {id: noted, theme: bypass, meaning: Holds words that are noted., severity: 3, weight: 90, phrases: [noted phrase]}
"""
CLIENTS = """
[[clients]]
networks = ["127.0.0.0/8"]
profile = "pupil"
role = "pupil"
groups = ["y7"]
"""
POLICY = """
school = "Sandbay School"
contact = "Mrs Example"
default_profile = "pupil"
strictest_profile = "strict"
[[profiles]]
name = "pupil"
[[profiles]]
name = "strict"
action = "block"
audience = "child"
[[rules]]
id = "no-games"
categories = ["games"]
action = "block"
reason = "Games are not open here."
[[rules]]
id = "no-page"
hosts = ["ok.test/closed"]
action = "block"
[[rules]]
id = "no-word"
terms = ["closedword"]
action = "block"
[[rules]]
id = "no-such-words"
themes = ["profanity"]
severity = 5
action = "block"
[[rules]]
id = "private"
hosts = ["private.test"]
inspect = false
[[rules]]
id = "think"
hosts = ["warn.test"]
action = "warn"
"""
NAMES = "ok.test www.ok.test warn.test private.test games.leeward.test probe.leeward.test www.google.com expired.test other.test"


class RunningGateway:
    """A gateway process, its folder, and its origins: plain, with TLS, with a certificate for another name."""

    def __init__(
        self,
        folder: Path,
        *,
        workers: int = 1,
        extra: str = "",
        tail: str = CLIENTS,
        ports: Iterable[int] = (),
        head_seconds: float = 2.0,
        library: bool = False,
    ) -> None:
        self.folder = folder
        self.authority = trustme.CA()
        self.origin = Origin()
        self.secure = Origin(context=self._context("ok.test", "warn.test", "private.test", "www.google.com"))
        self.wrong = Origin(context=self._context("somebody-else.test"))
        self.authority.cert_pem.write_to_path(folder / "origin-ca.pem")
        inside = "127.0.0.9 " + NAMES + "\n127.0.0.8 inside.test\n10.255.255.1 lan.test\n"
        (folder / "hosts").write_text(inside)
        (folder / "own.yaml").write_text(PACK)
        (folder / "policy.toml").write_text(POLICY)
        self.admin = free_port()
        known = [443, self.origin.port, self.secure.port, self.wrong.port, *ports]
        (folder / "leeward.toml").write_text(
            CONFIG.format(
                workers=workers,
                ports=known,
                extra=extra,
                tail=tail,
                admin=self.admin,
                head_seconds=head_seconds,
                library="true" if library else "false",
            )
        )
        self.process = self._start()
        ready = self._read_ready()
        self.port = int(ready.partition("gateway=127.0.0.1:")[2].replace(",", " ").split()[0])
        self.ca = folder / "state" / "ca" / "ca.pem"

    def _context(self, *names: str) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.authority.issue_cert(*names).configure_cert(context)
        return context

    def _start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "leeward", "gateway", "--config", str(self.folder / "leeward.toml")]
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)

    def _read_ready(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("ready"):  # it has no test yet that would end it
            self.process.kill()
            self.process.wait()
            self.close_origins()
            raise AssertionError((self.folder / "log").read_text())
        deadline = time.monotonic() + 10
        while not list((self.folder / "state" / "run").glob("worker-*.json")) and time.monotonic() < deadline:
            time.sleep(0.05)
        return line

    def worker_pids(self) -> list[int]:
        """The workers of this gateway."""
        found = subprocess.run(["pgrep", "-P", str(self.process.pid)], capture_output=True, text=True, check=False)
        return [int(text) for text in found.stdout.split()]

    def connect(self, source: str = "127.0.0.1") -> socket.socket:
        """A connection to the gateway."""
        sock = socket.create_connection(("127.0.0.1", self.port), timeout=8, source_address=(source, 0))
        sock.settimeout(8)
        return sock

    def send(self, data: bytes, *, source: str = "127.0.0.1") -> bytes:
        """Send bytes and read until the gateway closes."""
        with self.connect(source) as sock:
            sock.sendall(data)
            return read_all(sock)

    def get(self, url: str, *headers: str, source: str = "127.0.0.1") -> bytes:
        """One GET through the gateway, answered and closed."""
        host = url.split("/")[2]
        fields = "".join(f"{header}\r\n" for header in headers)
        return self.send(
            f"GET {url} HTTP/1.1\r\nHost: {host}\r\n{fields}Connection: close\r\n\r\n".encode(), source=source
        )

    def url(self, host: str, path: str = "/") -> str:
        """A URL on the plain origin."""
        return f"http://{host}:{self.origin.port}{path}"

    def tunnel(
        self, host: str, port: int, *, server_name: str | None = None, source: str = "127.0.0.1"
    ) -> ssl.SSLSocket:
        """CONNECT, then TLS that trusts the gateway's CA and the origins'."""
        sock = self.connect(source)
        sock.sendall(f"CONNECT {host}:{port} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
        assert b" 200 " in sock.recv(4096)
        context = ssl.create_default_context(cafile=str(self.ca))
        context.load_verify_locations(self.folder / "origin-ca.pem")
        context.set_alpn_protocols(["h2", "http/1.1"])
        return context.wrap_socket(sock, server_hostname=server_name or host)

    def events(self, *, wait: float = 1.0, **wanted: Any) -> list[dict[str, Any]]:
        """Events in the spool with these values; waits until there is one."""
        deadline = time.monotonic() + wait + 2
        while True:
            looked = time.monotonic()  # reading may take long: what is not there must be looked for after its time
            found = [
                event
                for path in sorted((self.folder / "state" / "spool").glob("*/*.jsonl"))
                for event in map(json.loads, path.read_text().splitlines())
                if all(event.get(key) == value for key, value in wanted.items())
                and (event["kind"] != "finding" or wanted.get("kind") == "finding")
            ]
            if found or looked > deadline:
                return found
            time.sleep(0.05)

    def stop(self) -> int:
        """Ask it to end."""
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(20)
        self.close_origins()
        return code

    def reload(self) -> None:
        """Take up changes of the files, and wait until the workers have."""
        before = (self.folder / "log").read_text().count("configuration was read again")
        self.process.send_signal(signal.SIGHUP)
        deadline = time.monotonic() + 15
        while (self.folder / "log").read_text().count("configuration was read again") <= before:
            assert time.monotonic() < deadline, "the gateway did not reload"
            time.sleep(0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave nothing running and nothing open, whatever the test said."""
        if self.process.poll() is None:
            self.stop()
        else:
            self.close_origins()

    def close_origins(self) -> None:
        """End the origin servers."""
        if self.process.stdout is not None:
            self.process.stdout.close()
        for origin in (self.origin, self.secure, self.wrong):
            origin.close()


def slow_reader(gateway: RunningGateway) -> socket.socket:
    """A connection whose buffers are so small that answers wait in the gateway."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 536)
    sock.settimeout(8)
    sock.connect(("127.0.0.1", gateway.port))
    return sock


def read_all(sock: socket.socket) -> bytes:
    """Until the other side closes; a reset counts as the end."""
    pieces = []
    try:
        while piece := sock.recv(65536):
            pieces.append(piece)
    except (ConnectionResetError, TimeoutError, ssl.SSLEOFError):
        pass
    return b"".join(pieces)


def read_response(sock: socket.socket) -> bytes:
    """One response with a Content-Length."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = sock.recv(65536)
        if not piece:
            return data
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    while len(body) < length:
        body += sock.recv(65536)
    return head + b"\r\n\r\n" + body


@contextmanager
def start_gateway(
    folder: Path, *, workers: int = 1, extra: str = "", tail: str = CLIENTS, library: bool = False
) -> Iterator[RunningGateway]:
    """A gateway for the time of a test."""
    with RunningGateway(folder, workers=workers, extra=extra, tail=tail, library=library) as running:
        yield running
