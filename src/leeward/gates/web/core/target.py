"""What a request asks for: its form, its host, and whether the two agree (RFC 9112 section 3.2)."""

import re
from functools import lru_cache
from typing import NamedTuple

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import RequestHead
from leeward.policy.hosts import Host
from leeward.policy.url import DEFAULT_PORTS, BadURL, Target, authority, parse

_AMBIGUOUS = re.compile(r"[\x00-\x20\x7f]")


class Tunnel(NamedTuple):
    """Where a connection leads that a client opened: by CONNECT, or transparently."""

    scheme: str
    host: Host
    port: int


def connect_target(head: RequestHead) -> Target:
    """The host and port of a CONNECT. Raises ProtocolError."""
    text = _text(head.target)
    if ":" not in text.rpartition("]")[2]:
        raise ProtocolError(400, "CONNECT needs a port (RFC 9110 9.3.6)")
    try:
        host, port = authority(text, "https")
    except BadURL as error:
        raise ProtocolError(400, str(error)) from error
    return Target("https", host, port, None)


def explicit_target(head: RequestHead) -> Target:
    """The target of a request to the explicit proxy: an absolute URL. Raises ProtocolError."""
    text = _text(head.target)
    if text[:1] in ("/", "*"):
        raise ProtocolError(400, "this is a proxy: ask it for whole addresses")
    return _absolute(head, text)


def tunnel_target(head: RequestHead, tunnel: Tunnel) -> Target:
    """The target of a request inside a tunnel. Host and tunnel must agree. Raises ProtocolError."""
    target = _origin_form(head, tunnel.scheme, tunnel.port)
    if target.host.name != tunnel.host.name or target.port != tunnel.port:
        raise ProtocolError(421, "the request asks for another host than the connection (RFC 9110 15.5.20)")
    return target


def transparent_target(head: RequestHead, *, port: int) -> Target:
    """The target of a redirected plain request: its Host field, at the port that was redirected."""
    return _origin_form(head, "http", port)


def _origin_form(head: RequestHead, scheme: str, port: int) -> Target:
    text = _text(head.target)
    if text[:1] not in ("/", "*"):
        target = _absolute(head, text)
        return target._replace(scheme=scheme) if DEFAULT_PORTS[target.scheme] == port else target
    if "#" in text:
        raise ProtocolError(400, "a fragment is for the browser alone (RFC 9110 7.1)")
    field = head.values.get(b"host", b"").decode("latin-1").strip()
    if not field:
        raise ProtocolError(400, "the Host field is empty")
    try:
        host, given = authority(field, scheme)
    except BadURL as error:
        raise ProtocolError(400, str(error)) from error
    if ":" not in field.rpartition("]")[2]:
        given = port
    return Target(scheme, host, given, text)


def _absolute(head: RequestHead, text: str) -> Target:
    try:
        target = parse(text)
    except BadURL as error:
        raise ProtocolError(400, str(error)) from error
    _check_host(head)
    if target.scheme not in ("http", "https", "ws", "wss"):
        raise ProtocolError(501, f"{target.scheme} is not passed on")
    if target.scheme in ("ws", "wss"):
        target = target._replace(scheme={"ws": "http", "wss": "https"}[target.scheme])
    if head.method == b"OPTIONS" and target.path == "/" and not text.rstrip().endswith("/"):
        target = target._replace(path="*")  # RFC 9112 3.2.4
    return target


def _check_host(head: RequestHead) -> None:
    """RFC 9112 3.2: a Host field that is no host is refused, even where the target counts alone."""
    field = head.values.get(b"host")
    if field and (fault := _host_fault(field[:2_000])):
        raise ProtocolError(400, fault)


@lru_cache(maxsize=16_384)
def _host_fault(field: bytes) -> str:
    try:
        authority(field.decode("latin-1").strip(), "http")
    except BadURL as error:
        return str(error)
    return ""


def _text(raw: bytes) -> str:
    text = raw.decode("latin-1")
    if _AMBIGUOUS.search(text) or "\\" in text.partition("?")[0]:
        raise ProtocolError(400, "the address holds characters that mean different things to different programs")
    return text


def host_field(target: Target) -> bytes:
    """The Host field for the origin server."""
    if target.port == DEFAULT_PORTS[target.scheme]:
        return target.host.name.encode("ascii")
    return f"{target.host.name}:{target.port}".encode("ascii")
