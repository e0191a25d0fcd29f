"""The response on its way to the client: held and scanned, scanned as it streams, or passed on."""

import contextlib
from typing import TYPE_CHECKING

from leeward.gates.web import content
from leeward.gates.web.core import framing, kinds
from leeward.gates.web.core.body import BadBody
from leeward.gates.web.core.messages import ResponseHead
from leeward.gates.web.scan import Heard, StreamScan

if TYPE_CHECKING:
    from leeward.gates.web.exchange import Exchange


class Delivery:
    """One final response. `framing` says how its body is framed for the client: see framing.response_bytes."""

    __slots__ = ("_held", "_held_size", "_stream", "exchange", "framing", "head", "sent_any")

    def __init__(self, exchange: "Exchange", head: ResponseHead) -> None:
        self.exchange = exchange
        self.head = head
        self.framing = framing.client_framing(head, exchange.head)
        self.sent_any = False
        self._held: list[bytes] | None = None
        self._held_size = 0
        self._stream: StreamScan | None = None

    def begin(self) -> None:
        """The head is here: hold what is to be read first, send on what is not."""
        exchange = self.exchange
        decision, scanner = exchange.decision, exchange.scanner
        if decision is None or not decision.scan or not scanner.active or self.framing == -3:
            self._send_head()
            return
        kind = self.head.values.get(b"content-type")
        if kinds.is_stream(kind):
            self._stream = self._new_stream()
        elif kinds.is_scanned_response(kind):
            self._held = []
            exchange.gate.holding[self] = exchange.gate.clock
            return
        self._send_head()

    def _new_stream(self) -> StreamScan | None:
        values = self.head.values
        scanner = self.exchange.scanner
        with contextlib.suppress(BadBody):
            return StreamScan(scanner, values.get(b"content-encoding", b""), values.get(b"content-type"))
        return None

    def _send_head(self, body: bytes = b"") -> None:
        self.sent_any = True
        exchange = self.exchange
        head = framing.response_bytes(self.head, length=self.framing, keep_alive=exchange.keep_alive)
        exchange.client.send(head + body)

    def data(self, data: bytes) -> None:
        """A piece of the body."""
        exchange = self.exchange
        exchange.event.received += len(data)
        exchange.client.set_deadline(exchange.gate.limits.idle_seconds)
        if self._held is not None:
            self._held.append(data)
            self._held_size += len(data)
            if self._held_size > exchange.gate.limits.scan_bytes:
                self._release(whole=False)
        elif self._stream is None or self._passes(self._stream, data):
            self._send(data)

    def _send(self, data: bytes) -> None:
        self.exchange.client.send(framing.chunk(data) if self.framing == -1 else data)

    def _passes(self, stream: StreamScan, data: bytes) -> bool:
        try:
            closed = content.closes(self.exchange, stream.piece(data))
        except BadBody:
            self.exchange.abort("damaged")
            return False
        if closed is not None:
            self.exchange.abort(closed.rule)
        return closed is None

    def _release(self, *, whole: bool) -> bool:
        """Scan what was held, and let it go. Returns whether it was."""
        exchange = self.exchange
        held, self._held = self._held or [], None
        exchange.gate.holding.pop(self, None)
        body = held[0] if len(held) == 1 else b"".join(held)
        try:
            heard = self._scan(body, whole=whole)
        except BadBody:
            reason = "The page arrived damaged, so nobody can tell what it holds."
            exchange.refuse(exchange.gate.pages.fault(502, "damaged", reason, exchange.gate.policy), "damaged")
            return False
        if not exchange.admits_text(heard):
            return False
        if whole:
            # Held to the end, so its length is known whatever the server's framing was.
            self.framing = len(body)
            self._send_head(body)
            return True
        self._send_head()
        if body:
            self._send(body)
        return True

    def let_go(self) -> None:
        """Held long enough: what came is scanned and goes, the rest is scanned as it streams."""
        if self._held is not None and not self.exchange.done:
            self._release(whole=False)

    def _scan(self, body: bytes, *, whole: bool) -> list[Heard]:
        exchange, values = self.exchange, self.head.values
        scanner, coding, kind = exchange.scanner, values.get(b"content-encoding", b""), values.get(b"content-type")
        if whole:
            return scanner.body(body, coding, kind, exchange.gate.limits.scan_bytes, written=False)
        self._stream = StreamScan(scanner, coding, kind)
        return self._stream.piece(body)

    def end(self) -> bool:
        """The body is whole. Returns whether it went to the client."""
        if self._held is not None:
            return self._release(whole=True)
        if self._stream is not None:
            content.closes(self.exchange, self._stream.end())
        if self.framing == -1:
            self.exchange.client.send(framing.LAST_CHUNK)
        return True
