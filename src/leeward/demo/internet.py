"""A small internet on loopback: local sites under reserved names, with and without TLS, a search engine, a chat over
WebSocket, and an AI assistant that answers word by word. Nothing here leaves the machine.
"""

import html
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, CloseConnection, Message, Ping, Request, TextMessage

from leeward.gates.web.certs import create_authority
from leeward.policy.hosts import Host

ADDRESS = "127.0.2.1"  # the whole of 127.0.0.0/8 is this machine
HTTP_PORT, HTTPS_PORT = 9080, 9443

SITES = {
    "encyclopaedia.leeward.test": ("Open Encyclopaedia", "Photosynthesis turns light into sugar. Macbeth is a play."),
    "news.leeward.test": ("Sandbay News", "The school fair raised money for the library."),
    "games.leeward.test": ("Block Jumper", "Play now!"),
    "adult.leeward.test": ("Adults only", "This page stands for one that children must not see."),
    "social.leeward.test": ("Friendface", "Share with everybody."),
    "casino.leeward.test": ("Lucky Sands", "Bet here."),
    "vpn.leeward.test": ("TunnelFox", "Go past every filter."),
    "rumours.leeward.test": ("Rumour Mill", "Ten things they do not tell you."),
    "helpline.leeward.test": ("Helpline", "You can talk to us about anything, at any time."),
    "bank.leeward.test": ("Sandbay Bank", "Your account is private."),
    "probe.leeward.test": ("Probe", "This page proves that the filter works: you should not see it."),
    "chat.leeward.test": ("Class chat", "Talk with your class."),
    "assistant.leeward.test": ("Assistant", "Ask me anything."),
    "search.leeward.test": ("Seek", "Search the demonstration internet."),
    "expired.leeward.test": ("Expired", "The certificate of this site is not for this name."),
}
_PAGE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title>
<link rel="icon" href="data:,"></head><body><main><h1>{title}</h1><p>{text}</p>{more}</main></body></html>"""
_SEARCH = '<form action="/search"><label>Search <input name="q" value="{term}"></label><button>Go</button></form>'
_CHAT = """<form id="say"><label>Say <input id="words"></label><button>Send</button></form><ul id="heard"></ul>
<script>
const socket = new WebSocket("wss://chat.leeward.test/socket");
const show = text => { const li = document.createElement("li"); li.textContent = text; heard.append(li); };
socket.onmessage = event => show(event.data);
socket.onclose = () => show("The chat was closed.");
say.onsubmit = event => { event.preventDefault(); socket.send(words.value); words.value = ""; };
</script>"""
_ASK = """<form id="ask"><label>Ask <input id="prompt"></label><button>Ask</button></form><p id="answer"></p>
<script>
ask.onsubmit = async event => {
  event.preventDefault(); answer.textContent = "";
  const reply = await fetch("/ask", {method: "POST", headers: {"Content-Type": "application/json"},
                                     body: JSON.stringify({prompt: prompt.value})});
  if (!reply.ok) { answer.textContent = await reply.text(); return; }
  const reader = reply.body.getReader(), decoder = new TextDecoder();
  for (;;) { const {done, value} = await reader.read(); if (done) break; answer.textContent += decoder.decode(value); }
};
</script>"""


class Site(BaseHTTPRequestHandler):
    """Answers for every name."""

    protocol_version = "HTTP/1.1"
    server_version = "DemoInternet"
    timeout = 30

    def do_GET(self) -> None:
        """A page, a search, or the chat's socket."""
        host = self.headers.get("Host", "").partition(":")[0]
        target = urlsplit(self.path)
        if target.path == "/socket" and self.headers.get("Upgrade", "").lower() == "websocket":
            self._chat()
            return
        title, text = SITES.get(host, ("Nothing here", "There is no such site."))
        self._send(200 if host in SITES else 404, _PAGE.format(title=title, text=text, more=_more(host, target.query)))

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """The assistant answers word by word; others echo how much came."""
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if self.path != "/ask":
            self._send(200, f"received {len(body)} bytes")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for word in ("I", "think", "that", "is", "a", "good", "question."):
            piece = f"data: {word}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            time.sleep(0.02)
        self.wfile.write(b"0\r\n\r\n")

    def _send(self, status: int, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Alt-Svc", 'h3=":443"; ma=3600')
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _chat(self) -> None:
        connection = WSConnection(ConnectionType.SERVER)
        head = (
            f"{self.requestline}\r\n" + "".join(f"{name}: {value}\r\n" for name, value in self.headers.items()) + "\r\n"
        )
        connection.receive_data(head.encode("latin-1"))
        self.close_connection = True
        while True:
            for event in connection.events():
                if not self._answer(connection, event):
                    return
            data = self.connection.recv(65_536)
            if not data:
                return
            connection.receive_data(data)

    def _answer(self, connection: WSConnection, event: object) -> bool:
        if isinstance(event, Request):
            self.wfile.write(connection.send(AcceptConnection()))
        elif isinstance(event, TextMessage):
            self.wfile.write(connection.send(Message(data=f"Your class heard: {event.data}")))
        elif isinstance(event, Ping):
            self.wfile.write(connection.send(event.response()))
        elif isinstance(event, CloseConnection):
            self.wfile.write(connection.send(event.response()))
            return False
        return True

    def log_message(self, format: str, *args: object) -> None:
        """Nothing is logged."""


def _more(host: str, query: str) -> str:
    if host == "search.leeward.test":
        values = parse_qs(query)
        term = html.escape(values.get("q", [""])[0])
        safe = "on" if values.get("safe") == ["active"] else "OFF"
        return _SEARCH.format(term=term) + (f"<p>Results for {term}. Safe search is {safe}.</p>" if term else "")
    return {"chat.leeward.test": _CHAT, "assistant.leeward.test": _ASK}.get(host, "")


class Internet:
    """Both servers, in threads."""

    def __init__(
        self, folder: Path, *, address: str = ADDRESS, http_port: int = HTTP_PORT, https_port: int = HTTPS_PORT
    ) -> None:
        self.folder = folder
        authority = create_authority(folder / "internet-ca", name="Demo internet CA")
        self.root = authority.certificate_path
        self._plain = ThreadingHTTPServer((address, http_port), Site)
        try:
            self._secure = ThreadingHTTPServer((address, https_port), Site)
        except OSError:
            self._plain.server_close()
            raise
        self._contexts: dict[str, ssl.SSLContext] = {}
        self._leaf = authority.leaf
        default = self._context("expired.invalid")
        default.sni_callback = self._choose
        self._secure.socket = default.wrap_socket(self._secure.socket, server_side=True, do_handshake_on_connect=False)
        self._servers = (self._plain, self._secure)
        self.http_port = self._plain.server_address[1]
        self.https_port = self._secure.server_address[1]

    def _context(self, name: str) -> ssl.SSLContext:
        if name not in self._contexts:
            chain = self.folder / "internet-ca" / "site.pem"
            chain.touch(mode=0o600)
            chain.write_bytes(self._leaf(Host(name)))
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(chain)
            context.set_alpn_protocols(["http/1.1"])
            self._contexts[name] = context
        return self._contexts[name]

    def _choose(self, sock: Any, name: str | None, _: ssl.SSLContext) -> None:
        if name in SITES and name != "expired.leeward.test":
            sock.context = self._context(name)

    def start(self) -> None:
        """Serve in threads."""
        for server in self._servers:
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        """End it."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def hosts_file(self, address: str = ADDRESS) -> str:
        """The names of this internet, for the gateway."""
        return "".join(f"{address} {name}\n" for name in SITES)
