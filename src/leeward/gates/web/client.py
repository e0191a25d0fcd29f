"""A client's connection: its layers (PROXY header, TLS, HTTP, tunnel) and the requests on it, one after the other."""

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Literal

from leeward.config import User
from leeward.gates.web import handshake, special, who
from leeward.gates.web.core import proxyproto
from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import End, RequestHead, RequestReader, ResponseHead
from leeward.gates.web.core.target import Tunnel, explicit_target, transparent_target, tunnel_target
from leeward.gates.web.core.tls import ServerTls, TlsFault
from leeward.gates.web.doors import original_destination, reset_when_closed
from leeward.gates.web.exchange import Exchange
from leeward.gates.web.flow import LARGE, Flow
from leeward.gates.web.outcome import page_bytes
from leeward.gates.web.tunnel import Splice, WebSocketPipe
from leeward.gates.web.upstream import Upstream
from leeward.policy.hosts import Host, normalise
from leeward.policy.model import Subject
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.gate import Gate

_LINGER = 2.0  # seconds that a refused sender is listened to, so that it reads the answer (RFC 9112 9.6)


class ClientConnection(Flow):
    """One connection from a client. `mode` says which kind of door it came through."""

    __slots__ = (
        *("_half_closed", "_queue", "_reader", "_unsent", "_writable", "address", "buffer", "deadline", "exchange"),
        *("gate", "loop", "mode", "original", "pinned", "pipe", "subject", "tls", "tunnel", "user"),
    )

    def __init__(self, gate: "Gate", mode: Literal["explicit", "transparent"]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.gate = gate
        self.mode = mode
        self.address = ""
        self.original: tuple[str, int] = ("", 80)
        self.subject: Subject = gate.identity.subject("0.0.0.0")  # noqa: S104 - nobody, until the address is known
        self.user: User | None = None
        self.tls: ServerTls | None = None
        self.tunnel: Tunnel | None = None
        self.pipe: Splice | WebSocketPipe | None = None
        self.exchange: Exchange | None = None
        self.pinned: Upstream | None = None
        self.buffer = b""
        self._reader: RequestReader | None = None
        self._queue: deque[RequestHead | bytes | End | ProtocolError] = deque()
        self._half_closed = False
        self._writable = True
        self._unsent = 0
        self.deadline = 0.0
        self._take = self._take_first if mode == "transparent" else self._take_http

    # --- asyncio -----------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """asyncio: somebody is there."""
        self.transport = transport
        peer = transport.get_extra_info("peername")
        self.set_address(peer[0] if peer else "127.0.0.1")
        gate = self.gate
        gate.connections.add(self)
        if gate.is_balancer(self.address):
            self._take = self._take_proxy_header
        self.set_deadline(gate.limits.head_seconds)
        if self.mode == "transparent":
            self.original = original_destination(transport.get_extra_info("socket"))
        if gate.per_client[self.address] > gate.limits.connections_per_client:
            self.close(abort=True)

    def set_address(self, address: str) -> None:
        """Who it is, as far as the address says."""
        if self.address:
            self.gate.leave(self.address)
        self.address = address.removeprefix("::ffff:")
        self.gate.enter(self.address)
        self.subject = self.gate.subject(self.address)

    def data_received(self, data: bytes) -> None:
        """asyncio: bytes from the client."""
        if self.over:
            return
        if self.tls is not None:
            self._take_tls(self.tls, data)
        elif len(data) > LARGE:
            self.take(data)
        else:
            self._take(data)

    def _take_tls(self, tls: ServerTls, data: bytes) -> None:
        try:
            plain, reply, ended = tls.receive(data)
        except TlsFault as fault:
            handshake.note_refusal(self, str(fault))
            self.transport.write(fault.reply)
            self.close()
            return
        if reply:
            self.transport.write(reply)
        if plain:
            self.take(plain)
        if ended and self.pipe is None:
            self._half_closed = self.has_rest or bool(self._queue) or self._is_answering()
            if not self._half_closed:
                self.close()

    def eof_received(self) -> bool:
        """asyncio: the client says no more; it may still wait for the answer."""
        if self.pipe is not None:
            return self.pipe.client_eof()
        self._half_closed = self._half_closed or (self._is_answering() and self.tls is None)
        return self._half_closed

    def _is_answering(self) -> bool:
        exchange = self.exchange
        return exchange is not None and exchange.complete and not exchange.head.upgrade

    def connection_lost(self, error: Exception | None) -> None:
        """asyncio: the client is gone."""
        self.over = True
        self.gate.leave(self.address)
        self.gate.connections.discard(self)
        if self.exchange is not None:
            self.exchange.client_gone()
            self.exchange = None
        if self.pipe is not None:
            self.pipe.client_gone()
        if self.pinned is not None:
            self.pinned.close()

    def pause_writing(self) -> None:
        """asyncio: the client is slow."""
        self._writable = False
        if (listener := self.pipe or self.exchange) is not None:
            listener.client_writable(False)

    def resume_writing(self) -> None:
        """asyncio: the client takes more."""
        self._writable = True
        if (listener := self.pipe or self.exchange) is not None:
            listener.client_writable(True)
        elif self._queue:
            self.loop.call_soon(self._pump)

    # --- layers ------------------------------------------------------------------------------------------------------

    def _take_proxy_header(self, data: bytes) -> None:
        self.buffer += data
        try:
            found = proxyproto.parse(self.buffer)
        except proxyproto.BadProxyHeader:
            self.close(abort=True)
            return
        if found is None:
            return
        if found.client:
            self.set_address(found.client)
        rest, self.buffer = self.buffer[found.used :], b""
        self._take = self._take_first if self.mode == "transparent" else self._take_http
        if rest:
            self._take(rest)

    def _take_first(self, data: bytes) -> None:
        """A redirected connection: TLS or HTTP, told by its first byte."""
        if data[0] == 0x16:
            self.expect_hello(normalise(self.original[0]), self.original[1])
        else:
            self._take = self._take_http
        self._take(data)

    def expect_hello(self, host: Host, port: int) -> None:
        """What comes next is for a tunnel: TLS, we suppose."""
        self.tunnel = Tunnel("https", host, port)
        self.buffer = b""
        self._reader = None
        self._take = self._take_hello
        self.set_deadline(self.gate.limits.head_seconds)

    def _take_hello(self, data: bytes) -> None:
        self.buffer += data
        handshake.advance(self)

    def wait(self) -> None:
        """Bytes are kept until something else is ready."""
        self._take = self._take_later

    def _take_later(self, data: bytes) -> None:
        self.buffer += data
        if len(self.buffer) > self.gate.limits.buffer_bytes:
            self.hold_reading("later")

    def start_http(self, tunnel: Tunnel, tls: ServerTls | None = None) -> None:
        """The tunnel is looked into: through TLS, or it holds plain HTTP (browsers ask so for ws://)."""
        self.tls, self.tunnel = tls, tunnel
        self._reader = None
        self._take = self._take_http
        self.release_reading("later")
        data, self.buffer = self.buffer, b""
        self.set_deadline(self.gate.limits.head_seconds)
        if data:
            self.data_received(data)

    def start_pipe(self, pipe: Splice | WebSocketPipe) -> None:
        """From here on bytes are passed through."""
        self.pipe = pipe
        self.release_reading("early")
        self._take = pipe.client_data
        self.release_reading("later")
        self.set_deadline(self.gate.limits.idle_seconds)
        data, self.buffer = self.buffer, b""
        if data:
            pipe.client_data(data)

    # --- requests ----------------------------------------------------------------------------------------------------

    def _take_http(self, data: bytes) -> None:
        reader = self._reader
        if reader is None:
            reader = self._reader = RequestReader(self.gate.bounds)
        if self.exchange is None and not self._queue and not reader.is_inside_head:
            self.set_deadline(self.gate.limits.head_seconds)
        try:
            self._queue.extend(reader.feed(data))
        except ProtocolError as error:
            self._queue.extend(reader.take())
            self._queue.append(error)
        self._pump()
        if reader.leftover and len(reader.leftover) > self.gate.limits.buffer_bytes:
            self.hold_reading("early")  # bytes of another protocol, before the server agreed to it

    def _pump(self) -> None:
        queue = self._queue
        while queue and not self.over:
            event = queue[0]
            exchange = self.exchange
            if isinstance(event, ProtocolError) and exchange is not None and not exchange.complete:
                queue.clear()  # the body that is being sent is broken, so nothing behind it counts
                exchange.refuse(
                    self.gate.pages.fault(event.status, "protocol", event.why, self.gate.policy), "protocol"
                )
                return
            if isinstance(event, RequestHead | ProtocolError):
                if exchange is not None or not self._writable:
                    self.hold_reading("queue")  # the answers before it must go first
                    return
                queue.popleft()
                if isinstance(event, ProtocolError):
                    self._refuse(event)
                else:
                    self._begin(event)
                continue
            queue.popleft()
            if isinstance(event, bytes) and exchange is not None:
                exchange.request_data(event)
            elif exchange is not None:
                exchange.request_end()
        self.release_reading("queue")

    def _begin(self, head: RequestHead) -> None:
        self.subject = who.subject_of(self)
        exchange = self.exchange = Exchange(self, head)
        exchange.complete = head.length == 0
        self.set_deadline(self.gate.limits.idle_seconds)
        try:
            if head.method == b"CONNECT" and self.tunnel is None and self.mode == "explicit":
                handshake.connect(self, exchange)
                return
            target = self._target(head)
        except ProtocolError as error:
            exchange.complete = False  # whatever follows can't be trusted
            kind = "misdirected" if error.status == 421 else "protocol"
            exchange.refuse(self.gate.pages.fault(error.status, kind, error.why, self.gate.policy), kind)
            return
        special.admit(self, exchange, target)

    def _target(self, head: RequestHead) -> Target:
        if head.method == b"CONNECT":
            raise ProtocolError(405, "a tunnel inside a tunnel is not opened")
        if self.tunnel is not None:
            return tunnel_target(head, self.tunnel)
        if self.mode == "transparent":
            return transparent_target(head, port=self.original[1])
        return explicit_target(head)

    def _refuse(self, error: ProtocolError) -> None:
        head = RequestHead(b"GET", b"", "1.1", [], {})
        page = self.gate.pages.fault(error.status, "protocol", error.why, self.gate.policy)
        self.send(page_bytes(page, head, keep_alive=False))
        self.close(linger=True)

    def exchange_done(self, exchange: Exchange, *, close: bool, abort: bool) -> None:
        """A request was answered."""
        if self.exchange is exchange:
            self.exchange = None
        self.release_reading(exchange)
        self.release_reading("early")
        if abort or close:
            self.close(abort=abort, linger=not exchange.complete)
            return
        self.set_deadline(self.gate.limits.keepalive_seconds)
        reader = self._reader
        if reader is not None and reader.leftover is not None:
            try:
                self._queue.extend(reader.resume())
            except ProtocolError as error:
                self._queue.extend((*reader.take(), error))
        if self._queue:
            # Not at once: a long pipeline must not become a deep stack.
            self.loop.call_soon(self._pump)
        elif self.gate.draining or self._half_closed:
            self.close()

    def end_connect(self, exchange: Exchange) -> bytes:
        """A CONNECT was agreed to. Returns what came early."""
        exchange.done = True
        self.exchange = None
        self._queue.clear()
        reader, self._reader = self._reader, None
        return (reader.leftover if reader else None) or b""

    def switch_protocols(self, exchange: Exchange, head: ResponseHead) -> None:
        """The server agreed to speak WebSocket."""
        upstream = exchange.upstream
        if exchange.head.upgrade != b"websocket" or upstream is None or upstream.reader is None:
            exchange.upstream_lost(ProtocolError(502, "the site changed the protocol without being asked"))
            return
        early = upstream.reader.leftover
        leftover = self._reader.leftover if self._reader else b""
        pipe = WebSocketPipe(self, exchange, upstream, head)
        self.exchange = exchange.upstream = None
        exchange.done = True
        self.buffer = leftover or b""
        self.start_pipe(pipe)
        if early:
            pipe.upstream_raw(early)

    # --- flow --------------------------------------------------------------------------------------------------------

    def send(self, data: bytes) -> None:
        """Send to the client, through TLS where there is some."""
        if self.tls is not None:
            try:
                data = self.tls.send(data)
            except TlsFault:
                self.close(abort=True)
                return
        self.transport.write(data)

    def pin(self, upstream: Upstream) -> None:
        """This client's next requests go on this connection."""
        if self.pinned is not None and self.pinned is not upstream:
            self.pinned.close()
        self.pinned = upstream

    def set_deadline(self, seconds: float) -> None:
        """The moment by which something must have happened."""
        self.deadline = self.gate.clock + seconds

    def expire(self) -> None:
        """Nothing happened in time."""
        exchange, unsent = self.exchange, self.transport.get_write_buffer_size()
        if unsent and unsent != self._unsent:
            self._unsent = unsent  # slow, but it moves
            self.set_deadline(self.gate.limits.keepalive_seconds)
        elif self.over:
            self.transport.abort()
        elif exchange is not None and not exchange.done and exchange.upstream is not None and exchange.complete:
            exchange.timed_out()
        elif self._reader is not None and exchange is None and self._reader.is_inside_head and self.pipe is None:
            self._refuse(ProtocolError(408, "the request did not come in time"))
        else:
            self.close(abort=exchange is not None)

    def close(self, *, abort: bool = False, linger: bool = False) -> None:
        """End the connection: at once, after what is being sent, or after the sender has read its answer."""
        if self.over:
            return
        self.over = True
        if abort:
            reset_when_closed(self.transport)
            self.transport.abort()
        elif linger:
            if self.tls is not None:
                self.transport.write(self.tls.close())
            self._held_by.clear()
            self.transport.resume_reading()
            if self.transport.can_write_eof():
                self.transport.write_eof()
            self.set_deadline(_LINGER)
        else:
            if self.tls is not None:
                self.transport.write(self.tls.close())
            self.transport.close()
