"""A browser of sorts: asks for pages through the gateway from a loopback address of its own."""

import http.client
import socket
import ssl
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Request, TextMessage

_SECONDS = 10


class Seen(NamedTuple):
    """What came back: status, body, the certificate's issuer and a cookie where there was one."""

    status: int
    body: str
    issuer: str = ""
    cookie: str = ""


class Browser:
    """One device. `address` is its own; `ca` the roots that it trusts."""

    def __init__(self, gateway: tuple[str, int], address: str, roots: list[Path], *, console_port: int = 0) -> None:
        self._gateway = gateway
        self._address = address
        self._console_port = console_port
        self._context = ssl.create_default_context()
        for path in roots:
            self._context.load_verify_locations(path)
        self._context.set_alpn_protocols(["http/1.1"])

    def open(
        self, url: str, *, body: str | None = None, kind: str = "application/x-www-form-urlencoded", cookie: str = ""
    ) -> Seen:
        """GET, or POST with a body."""
        url = url.replace("{console}", str(self._console_port))
        parts = urlsplit(url)
        if parts.scheme == "https":
            return self._secure(parts.hostname or "", parts.path or "/", parts.query, body, kind, cookie)
        connection = http.client.HTTPConnection(*self._gateway, timeout=_SECONDS, source_address=(self._address, 0))
        return self._ask(connection, url, body, kind, cookie)

    def _secure(self, host: str, path: str, query: str, body: str | None, kind: str, cookie: str) -> Seen:
        connection = http.client.HTTPSConnection(
            *self._gateway, timeout=_SECONDS, source_address=(self._address, 0), context=self._context
        )
        connection.set_tunnel(host, 443)
        return self._ask(connection, path + (f"?{query}" if query else ""), body, kind, cookie)

    def _ask(
        self, connection: http.client.HTTPConnection, target: str, body: str | None, kind: str, cookie: str
    ) -> Seen:
        fields = {"Accept": "text/html,*/*", "Sec-Fetch-Dest": "document"}
        if body is not None:
            fields["Content-Type"] = kind
        if cookie:
            fields["Cookie"] = cookie
        try:
            connection.request("GET" if body is None else "POST", target, body, fields)
            issuer = ""
            if isinstance(connection.sock, ssl.SSLSocket):
                issuer = str((connection.sock.getpeercert() or {}).get("issuer", ""))
            response = connection.getresponse()
            given = (response.getheader("Set-Cookie") or "").partition(";")[0]
            return Seen(response.status, response.read().decode("utf-8", "replace"), issuer, given)
        except (OSError, http.client.HTTPException) as error:
            return Seen(0, f"{type(error).__name__}: {error}")
        finally:
            connection.close()

    def chat(self, host: str, words: list[str]) -> list[str]:
        """Say something over WebSocket; what came back, and CLOSED at the end if the other side closed."""
        try:
            return self._chat(host, words)
        except OSError as error:
            return [f"{type(error).__name__}: {error}"]

    def _chat(self, host: str, words: list[str]) -> list[str]:
        with socket.create_connection(self._gateway, _SECONDS, (self._address, 0)) as raw:
            raw.sendall(f"CONNECT {host}:443 HTTP/1.1\r\nHost: {host}:443\r\n\r\n".encode())
            if b" 200 " not in raw.recv(4096):
                return ["REFUSED"]
            with self._context.wrap_socket(raw, server_hostname=host) as sock:
                return self._talk(sock, host, words)

    def _talk(self, sock: ssl.SSLSocket, host: str, words: list[str]) -> list[str]:
        connection = WSConnection(ConnectionType.CLIENT)
        sock.sendall(connection.send(Request(host=host, target="/socket")))
        heard: list[str] = []
        waiting = list(words)
        while True:
            data = sock.recv(65_536)
            if not data:
                return [*heard, "CLOSED"]
            connection.receive_data(data)
            for event in connection.events():
                if isinstance(event, CloseConnection):
                    return [*heard, "CLOSED"]
                if isinstance(event, TextMessage):
                    heard.append(event.data)
                if isinstance(event, AcceptConnection | TextMessage):
                    if not waiting:
                        return heard
                    sock.sendall(connection.send(Message(data=waiting.pop(0))))
