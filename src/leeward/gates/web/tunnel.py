"""Bytes passed through: spliced TLS, and WebSocket with an eye on what is said."""

from typing import TYPE_CHECKING

from leeward.events.kinds import Web
from leeward.gates.web import content
from leeward.gates.web.core import framing
from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import End, ResponseHead
from leeward.gates.web.core.websocket import FrameTap, close_frame
from leeward.gates.web.upstream import Upstream
from leeward.policy.model import Decision
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection
    from leeward.gates.web.exchange import Exchange


class _Pipe:
    """What both kinds share: back-pressure both ways, clocks, one event at the end."""

    def __init__(self, client: "ClientConnection", upstream: Upstream, event: Web, target: Target) -> None:
        self.target = target
        self.client = client
        self.upstream = upstream
        self.event = event
        self.started = client.loop.time()
        self._over = False
        upstream.begin_raw(self)

    def client_data(self, data: bytes) -> None:
        """Bytes from the client."""
        self.event.sent += len(data)
        self.client.set_deadline(self.client.gate.limits.idle_seconds)
        self.upstream.write(data)

    def upstream_raw(self, data: bytes) -> None:
        """Bytes from the server."""
        self.event.received += len(data)
        self.client.set_deadline(self.client.gate.limits.idle_seconds)
        self.client.send(data)

    def judge(self, decision: Decision | None) -> None:
        """What was open when it began may be closed by now: rules and times change, people sign out."""
        closed = ("block", "warn") if self.target.path is None else ("block",)
        if decision is not None and decision.action in closed:
            self.event.action, self.event.verdict = "block", decision.rule
            self.client.close(abort=True)

    def client_writable(self, writable: bool) -> None:
        """The client takes more, or must be waited for."""
        self.upstream.set_reading(writable)

    def upstream_writable(self, writable: bool) -> None:
        """The server takes more, or must be waited for."""
        if writable:
            self.client.release_reading(self)
        else:
            self.client.hold_reading(self)

    def client_eof(self) -> bool:
        """The client says no more: tell the server, and wait for its last words."""
        transport = self.upstream.transport
        if not self.upstream.over and transport.can_write_eof():
            transport.write_eof()
            return True
        return False

    def client_gone(self) -> None:
        """The client closed."""
        self.upstream.listener = None
        self.upstream.close()
        self._write_down()

    def upstream_lost(self, error: ProtocolError) -> None:
        """The server closed."""
        self.client.close()

    def upstream_events(self, events: list[ResponseHead | bytes | End]) -> None:
        """Not used: the upstream is raw."""

    def _write_down(self) -> None:
        if not self._over:
            self._over = True
            self.event.millis = int((self.client.loop.time() - self.started) * 1000)
            self.client.gate.record(self.event)


class Splice(_Pipe):
    """TLS passed through unread."""


class WebSocketPipe(_Pipe):
    """WebSocket frames, read as they pass."""

    def __init__(
        self, client: "ClientConnection", exchange: "Exchange", upstream: Upstream, head: ResponseHead
    ) -> None:
        if exchange.target is None:
            raise ProtocolError(502, "nobody asked for this")
        super().__init__(client, upstream, exchange.event, exchange.target)
        self.exchange = exchange
        self.event.status = 101
        self.event.scheme = "wss" if client.tls is not None else "ws"
        limit = client.gate.limits.scan_bytes
        self._from_client = FrameTap(client=True, limit=limit)
        self._from_server = FrameTap(client=False, limit=limit)
        decision = exchange.decision
        self._scanning = decision is not None and decision.scan and client.gate.scanner.active
        client.send(framing.switching_bytes(head))

    def client_data(self, data: bytes) -> None:
        """Frames from the client."""
        if not self._scanning or self._passes(self._from_client, data):
            super().client_data(data)

    def upstream_raw(self, data: bytes) -> None:
        """Frames from the server."""
        if not self._scanning or self._passes(self._from_server, data):
            super().upstream_raw(data)

    def _passes(self, tap: FrameTap, data: bytes) -> bool:
        try:
            said = tap.feed(data)
        except ProtocolError:
            self.event.verdict = "broken-frame"
            self.client.close()
            return False
        for message in said:
            heard = self.client.gate.scanner.of_age(self.client.subject.group).message(
                message, written=tap is self._from_client
            )
            closed = content.closes(self.exchange, heard)
            if closed is not None:
                self._block(closed.rule)
                return False
        return True

    def _block(self, rule: str) -> None:
        self.event.action, self.event.verdict = "block", rule
        self.client.send(close_frame(from_client=False))
        self.upstream.write(close_frame(from_client=True))
        self.client.close()
