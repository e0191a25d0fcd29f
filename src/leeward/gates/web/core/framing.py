"""Heads and bodies into bytes: what is passed on, what is taken out, and how a body is framed anew.

Nothing that was framed by one side is handed to the other as it came: every head is written afresh (RFC 9112 section
11.2 on request smuggling).
"""

import time
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus

from leeward.gates.web.core.messages import Header, RequestHead, ResponseHead

# RFC 9110 7.6.1: fields of one connection only; and those that would lead a client or a server past the gateway.
HOP_BY_HOP = frozenset(
    (
        *(b"connection", b"proxy-connection", b"keep-alive", b"te", b"trailer", b"transfer-encoding", b"upgrade"),
        *(b"proxy-authorization", b"proxy-authenticate", b"proxy-authentication-info", b"http2-settings"),
    )
)
# RFC 7838: Alt-Svc would take the browser to HTTP/3, past the gateway.
RESPONSE_DROPPED = HOP_BY_HOP | {b"alt-svc", b"alternate-protocol"}
_REQUEST_DROPPED = HOP_BY_HOP | {b"host", b"content-length", b"accept-encoding", b"via"}
_UPGRADE_DROPPED = frozenset((b"host", b"sec-websocket-extensions", b"via", b"content-length"))
_SWITCHING_DROPPED = frozenset((b"sec-websocket-extensions", b"via"))
_UNFRAMED_DROPPED = RESPONSE_DROPPED | {b"via"}
_FRAMED_DROPPED = _UNFRAMED_DROPPED | {b"content-length"}
# A Connection field may not take these out, whatever it names.
_PROTECTED = frozenset((b"host", b"content-length", b"content-type", b"content-encoding", b"authorization", b"cookie"))
VIA = b"leeward"
CODINGS = (b"gzip", b"x-gzip", b"br", b"zstd", b"deflate", b"identity", b"*")
_REASONS = {int(status): status.phrase.encode() for status in HTTPStatus}
LAST_CHUNK = b"0\r\n\r\n"


def connection_named(values: dict[bytes, bytes]) -> frozenset[bytes]:
    """Fields that Connection declares to be of this connection only."""
    named = values.get(b"connection")
    if named is None or named in (b"keep-alive", b"close", b"Keep-Alive"):
        return frozenset()
    return frozenset(name.strip().lower() for name in named.split(b",")) - _PROTECTED


def end_to_end(headers: list[Header], values: dict[bytes, bytes], dropped: frozenset[bytes]) -> list[Header]:
    """The fields that are passed on."""
    if named := connection_named(values):
        dropped = dropped | named
    return [header for header in headers if header[0] not in dropped]


def request_bytes(head: RequestHead, path: bytes, host: bytes, extra: list[tuple[bytes, bytes]]) -> bytes:
    """A request's head for the origin server. `extra` replaces fields of the same name."""
    dropped = _REQUEST_DROPPED
    if extra:
        dropped = dropped | {name.lower() for name, _ in extra}
    if named := connection_named(head.values):
        dropped = dropped | named
    out = [head.method, b" ", path, b" HTTP/1.1\r\nHost: ", host, b"\r\n"]
    for lower, name, value in head.headers:
        if lower not in dropped:
            out += (name, b": ", value, b"\r\n")
    accepted = head.values.get(b"accept-encoding")
    if accepted is not None and not (named and b"accept-encoding" in named):
        out.append(b"Accept-Encoding: %s\r\n" % acceptable(accepted))
    out.append(via(head.values, head.version))
    out.extend(b"%s: %s\r\n" % pair for pair in extra)
    if head.length < 0:
        out.append(b"Transfer-Encoding: chunked\r\n")
    elif head.length or b"content-length" in head.values:
        out.append(b"Content-Length: %d\r\n" % head.length)
    out.append(b"\r\n")
    return b"".join(out)


def via(values: dict[bytes, bytes], version: str) -> bytes:
    """The Via field with this gateway added (RFC 9110 7.6.3)."""
    before = values.get(b"via")
    mine = (b"1.0 " if version == "1.0" else b"1.1 ") + VIA
    return b"Via: %s\r\n" % (before + b", " + mine if before else mine)


@lru_cache(maxsize=1024)
def acceptable(value: bytes) -> bytes:
    """Accept-Encoding without codings that can't be looked into."""
    kept = [part.strip() for part in value.split(b",") if part.partition(b";")[0].strip().lower() in CODINGS]
    return b", ".join(kept) or b"identity"


def response_bytes(head: ResponseHead, *, length: int, keep_alive: bool) -> bytes:
    """A response's head for the client. `length` frames the body: bytes, -1 chunks, -2 until close, -3 no body."""
    reason = _REASONS.get(head.status, b"")
    # RFC 9110 8.6: no Content-Length with 204.
    dropped = _FRAMED_DROPPED if length != -3 or head.status == 204 else _UNFRAMED_DROPPED
    if named := connection_named(head.values):
        dropped = dropped | named
    out = [b"HTTP/1.1 %d %s\r\n" % (head.status, reason)]
    for lower, name, value in head.headers:
        if lower not in dropped:
            out += (name, b": ", value, b"\r\n")
    out.append(via(head.values, head.version))
    if b"date" not in head.values:
        out.append(date_field(int(time.time())))
    if length >= 0:
        out.append(b"Content-Length: %d\r\n" % length)
    elif length == -1:
        out.append(b"Transfer-Encoding: chunked\r\n")
    out.append(connection_field(keep_alive))
    out.append(b"\r\n")
    return b"".join(out)


@lru_cache(maxsize=2)
def date_field(now: int) -> bytes:
    """The Date field (RFC 9110 6.6.1: a clock on the way adds it where it is missing)."""
    return b"Date: %s\r\n" % formatdate(now, usegmt=True).encode()


def connection_field(keep_alive: bool) -> bytes:
    """Connection for the client, said only where it ends: every client that is kept speaks HTTP/1.1."""
    return b"" if keep_alive else b"Connection: close\r\n"


def client_framing(head: ResponseHead, request: RequestHead) -> int:
    """How a streamed body is framed for the client: see response_bytes."""
    if request.method == b"HEAD" or head.status in (204, 304) or head.status < 200:
        return -3
    if head.length >= 0:
        return head.length
    return -2 if request.version == "1.0" else -1


def chunk(data: bytes) -> bytes:
    """A chunk (RFC 9112 7.1); nothing for no bytes, since a chunk of no bytes would be the last."""
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""


def upgrade_bytes(head: RequestHead, path: bytes, host: bytes, extra: list[tuple[bytes, bytes]]) -> bytes:
    """The head of a WebSocket handshake. Extensions are taken out, so that frames can be read (RFC 6455 4.2.2)."""
    dropped = _UPGRADE_DROPPED | {name.lower() for name, _ in extra}
    out = [b"GET %s HTTP/1.1\r\nHost: %s\r\n" % (path, host)]
    for lower, name, value in end_to_end(head.headers, head.values, HOP_BY_HOP):
        if lower not in dropped:
            out.append(b"%s: %s\r\n" % (name, value))
    out.append(via(head.values, head.version))
    out.extend(b"%s: %s\r\n" % pair for pair in extra)
    out.append(b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n")
    return b"".join(out)


def switching_bytes(head: ResponseHead) -> bytes:
    """The 101 response for the client."""
    fields = end_to_end(head.headers, head.values, RESPONSE_DROPPED)
    lines = [b"%s: %s\r\n" % (name, value) for lower, name, value in fields if lower not in _SWITCHING_DROPPED]
    lines.append(via(head.values, head.version))
    return b"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n%s\r\n" % b"".join(lines)


def interim_bytes(head: ResponseHead) -> bytes:
    """A 1xx response for the client."""
    fields = end_to_end(head.headers, head.values, _FRAMED_DROPPED)
    lines = [b"%s: %s\r\n" % (name, value) for lower, name, value in fields if lower != b"via"]
    lines.append(via(head.values, head.version))
    return b"HTTP/1.1 %d %s\r\n%s\r\n" % (head.status, reason(head.status), b"".join(lines))


def reason(status: int) -> bytes:
    """The standard words for a status."""
    return _REASONS.get(status, b"")
