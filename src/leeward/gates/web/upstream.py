"""Connections to origin servers: opened, verified, kept for reuse."""

import asyncio
import ssl
import time
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import Bounds, End, ResponseHead, ResponseReader
from leeward.gates.web.flow import LARGE, Flow
from leeward.gates.web.resolver import Destinations, ResolveError, Resolver
from leeward.gates.web.revocation import Revocations
from leeward.policy.hosts import Address, Host

_IDLE = 30.0  # seconds an idle connection is kept; servers commonly close after 60 or more


class Origin(NamedTuple):
    """Where to connect.

    `twin` is another name whose address is used (safe search), or empty. `inside` marks the console's sign-in page,
    the one inner address that everybody may reach; it is part of the pool's key, so that nothing else rides on it.
    """

    scheme: str
    host: Host
    port: int
    twin: str = ""
    inside: bool = False


class UpstreamError(Exception):
    """The origin server can't be used. `kind` chooses the page; `why` is in words."""

    def __init__(self, status: int, kind: str, why: str) -> None:
        super().__init__(why)
        self.status, self.kind, self.why = status, kind, why


class Listener(Protocol):
    """Who waits for an answer."""

    def upstream_events(self, events: list[ResponseHead | bytes | End]) -> None:
        """Parts of the response."""

    def upstream_raw(self, data: bytes) -> None:
        """Bytes of another protocol, after an upgrade or in a tunnel."""

    def upstream_lost(self, error: ProtocolError) -> None:
        """The connection failed before the response was whole."""

    def upstream_writable(self, writable: bool) -> None:
        """The server takes more, or must be waited for."""


class Upstream(Flow):
    """One connection to an origin server."""

    __slots__ = ("bounds", "idle_since", "listener", "opened", "origin", "pinned", "raw", "reader", "used")
    turn_bytes = 65_536

    def __init__(self, bounds: Bounds) -> None:
        super().__init__()
        self.bounds = bounds
        self.listener: Listener | None = None
        self.reader: ResponseReader | None = None
        self.origin: Origin | None = None
        self.raw = False
        self.pinned = False
        self.used = 0
        self.opened = time.monotonic()
        self.idle_since = 0.0
        self._take = self._take_data

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: the connection is there."""
        self.transport = transport

    def begin(self, listener: Listener, method: bytes) -> None:
        """A request is about to be sent."""
        self.listener = listener
        self.used += 1
        reader = self.reader
        if reader is None or not reader.restart(method):
            self.reader = ResponseReader(self.bounds, method)

    def begin_raw(self, listener: Listener) -> None:
        """Bytes are passed on as they come."""
        self.listener = listener
        self.raw = True

    def write(self, data: bytes) -> None:
        """Send to the server."""
        if not self.over:
            self.transport.write(data)

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes from the server."""
        if len(data) > LARGE:
            self.take(data)
        else:
            self._take_data(data)

    def _take_data(self, data: bytes) -> None:
        listener = self.listener
        if listener is None:
            self.close()  # an idle server has nothing to say (RFC 9112 9.2)
        elif self.raw:
            listener.upstream_raw(data)
        elif self.reader is not None:
            try:
                events = self.reader.feed(data)
            except ProtocolError as error:
                self._lose(error)
                return
            listener.upstream_events(events)

    def _lose(self, error: ProtocolError) -> None:
        listener, self.listener = self.listener, None
        self.close()
        if listener is not None:
            listener.upstream_lost(error)

    def eof_received(self) -> bool:
        """asyncio: the server says no more."""
        self.take_rest()
        if self.raw or self.reader is None or self.listener is None:
            return False
        try:
            events = self.reader.eof()
        except ProtocolError as error:
            self._lose(error)
            return False
        self.listener.upstream_events(events)
        return False

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the connection is gone."""
        self.take_rest()
        self.over = True
        if self.listener is not None:
            if error is None and not self.raw:
                self.eof_received()
            listener, self.listener = self.listener, None
            if listener is not None and (self.raw or self.reader is None or not self.reader.done):
                listener.upstream_lost(ProtocolError(502, "the site closed the connection"))

    def pause_writing(self) -> None:
        """asyncio: the server is slow."""
        if self.listener is not None:
            self.listener.upstream_writable(False)

    def resume_writing(self) -> None:
        """asyncio: the server takes more."""
        if self.listener is not None:
            self.listener.upstream_writable(True)

    def set_reading(self, reading: bool) -> None:
        """Take what the server sends, or make it wait."""
        if not self.over:
            (self.release_reading if reading else self.hold_reading)("client")

    def close(self) -> None:
        """End it after what was written."""
        if not self.over:
            self.over = True
            if self.transport is not None:
                self.transport.close()

    def abort(self) -> None:
        """End it at once: nobody wants what the server still sends."""
        if not self.over:
            self.over = True
            if self.transport is not None:
                self.transport.abort()

    def reusable(self) -> bool:
        """Whether another request may follow on it."""
        reader = self.reader
        clean = reader is not None and reader.done and not reader.leftover
        return clean and not self.over and not self.raw and not self.has_rest


class Pool:
    """Idle connections by origin; the youngest is used first."""

    def __init__(self, *, per_origin: int) -> None:
        self._idle: dict[Origin, list[Upstream]] = {}
        self._per_origin = per_origin
        self._since = 0.0  # connections opened before are not kept

    def take(self, origin: Origin, *, max_age: float = _IDLE) -> Upstream | None:
        """An idle connection, if there is one that is fresh enough."""
        rows = self._idle.get(origin)
        while rows:
            upstream = rows.pop()
            if not upstream.over and time.monotonic() - upstream.idle_since <= max_age:
                return upstream
            upstream.close()
        return None

    def give(self, origin: Origin, upstream: Upstream) -> None:
        """Keep a connection for later."""
        upstream.listener = None
        if upstream.opened < self._since:
            upstream.close()
            return
        upstream.idle_since = time.monotonic()
        rows = self._idle.setdefault(origin, [])
        if len(rows) >= self._per_origin:
            rows.pop(0).close()
        rows.append(upstream)

    def sweep(self) -> None:
        """Close what is stale."""
        limit = time.monotonic() - _IDLE
        for origin, rows in list(self._idle.items()):
            for upstream in [row for row in rows if row.over or row.idle_since < limit]:
                rows.remove(upstream)
                upstream.close()
            if not rows:
                del self._idle[origin]

    def renew(self) -> None:
        """From now on only fresh connections: what was verified by an earlier configuration is not ridden on."""
        self._since = time.monotonic()
        self.close()

    def close(self) -> None:
        """Close everything that is idle."""
        for rows in self._idle.values():
            for upstream in rows:
                upstream.close()
        self._idle.clear()


class Connector:
    """Opens connections: resolves, checks the destination, connects, verifies."""

    def __init__(
        self,
        resolver: Resolver,
        destinations: Destinations,
        context: ssl.SSLContext,
        bounds: Bounds,
        *,
        seconds: float,
        port_map: Mapping[str, int] | None = None,
        revocations: Revocations | None = None,
    ) -> None:
        self._resolver = resolver
        self._destinations = destinations
        self._context = context
        self._revocations = revocations or Revocations([])
        self._bounds = bounds
        self._seconds = seconds
        self._ports = {int(asked): real for asked, real in (port_map or {}).items()}

    async def aliases(self, host: Host) -> tuple[str, ...]:
        """Names that a host is an alias of; nothing if it can't be resolved."""
        try:
            return (await self._resolver.resolve(host)).aliases
        except ResolveError:
            return ()

    async def addresses(self, origin: Origin) -> tuple[Address, ...]:
        """Addresses that may be reached. Raises UpstreamError."""
        host = Host(origin.twin) if origin.twin else origin.host
        try:
            answer = await self._resolver.resolve(host)
        except ResolveError as error:
            raise UpstreamError(502, "dns", f"The address {host.name} can't be found.") from error
        port = self._port_of(origin)
        allowed = tuple(a for a in answer.addresses if origin.inside or self._destinations.may_reach(a, port))
        if not allowed:
            raise UpstreamError(403, "private", f"{origin.host.name} lies inside a private network.")
        return allowed

    def _port_of(self, origin: Origin) -> int:
        return self._ports.get(origin.port, origin.port)

    async def open(self, origin: Origin, *, tls: bool) -> Upstream:
        """A fresh connection. Raises UpstreamError."""
        addresses = await self.addresses(origin)
        problem: UpstreamError | None = None
        for address in addresses[:4]:
            try:
                return await self._connect(origin, address, tls=tls)
            except UpstreamError as error:
                problem = error
                if error.kind == "certificate":
                    break
        raise problem or UpstreamError(502, "connect", f"{origin.host.name} does not answer.")

    async def _connect(self, origin: Origin, address: Address, *, tls: bool) -> Upstream:
        loop = asyncio.get_running_loop()
        name = origin.host.name.strip("[]")
        options: dict[str, Any] = {"ssl": self._context, "server_hostname": name} if tls else {}
        try:
            async with asyncio.timeout(self._seconds):
                _, upstream = await loop.create_connection(
                    lambda: Upstream(self._bounds), str(address), self._port_of(origin), **options
                )
        except TimeoutError as error:
            raise UpstreamError(504, "timeout", f"{origin.host.name} takes too long to answer.") from error
        except ssl.SSLCertVerificationError as error:
            raise UpstreamError(502, "certificate", explain_certificate(origin.host.name, error)) from error
        except ssl.SSLError as error:
            raise UpstreamError(502, "tls", f"{origin.host.name} doesn't speak TLS as it should.") from error
        except OSError as error:
            raise UpstreamError(502, "connect", f"{origin.host.name} does not answer.") from error
        if tls and self._revocations.holds(upstream.transport.get_extra_info("ssl_object")):
            upstream.abort()
            why = f"{origin.host.name} can't prove that it is what it says: {_CERTIFICATE_FAULTS[23]}."
            raise UpstreamError(502, "certificate", why)
        upstream.origin = origin
        return upstream


# OpenSSL's verification codes (x509_vfy.h) in words.
_CERTIFICATE_FAULTS = {
    9: "its certificate isn't valid yet",
    10: "its certificate has expired",
    18: "it made its certificate itself",
    19: "its certificate comes from an authority that nobody trusts",
    20: "its certificate comes from an authority that is not known",
    21: "its certificate can't be checked: a link of the chain is missing",
    23: "its certificate was revoked",
    62: "its certificate belongs to another site",
    64: "its certificate belongs to another address",
    66: "its certificate has a key that is too weak",
    67: "its certificate comes from an authority with a key that is too weak",
    68: "its certificate is signed in a way that is too weak",
}


def explain_certificate(name: str, error: ssl.SSLCertVerificationError) -> str:
    """A certificate fault in words."""
    fault = _CERTIFICATE_FAULTS.get(error.verify_code, f"its certificate is not in order ({error.verify_message})")
    return f"{name} can't prove that it is what it says: {fault}."
