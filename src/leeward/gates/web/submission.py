"""The request on its way to the server: held and scanned, or passed on as it comes."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from leeward.gates.web.core import framing, kinds
from leeward.gates.web.core.body import BadBody
from leeward.gates.web.core.target import host_field
from leeward.gates.web.scan import Heard, StreamScan
from leeward.policy.engines import Engine
from leeward.policy.model import Decision
from leeward.policy.search import body_term, is_search, lock, lock_body, lock_cookies
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.exchange import Exchange


class Submission:
    """One request's head and body. What is written before there is a connection waits in `outgoing`."""

    __slots__ = (
        *("_collected", "_collector", "_head_sent", "_held", "_outgoing", "_outgoing_size", "_path", "_stream"),
        *("_unread", "cookie", "exchange", "extra"),
    )

    def __init__(self, exchange: "Exchange") -> None:
        self.exchange = exchange
        self.extra: list[tuple[bytes, bytes]] = []  # fields that are added, or replace the client's
        self.cookie: str | None = None  # set where the Cookie field is not passed on as it came
        self._path = b""
        self._collector: Callable[[bytes], None] | None = None
        self._collected = b""
        self._held: bytearray | None = None
        self._stream: StreamScan | None = None  # what is too long to be held is read as it passes
        self._unread: list[bytes] = []  # of a long body, until it is read
        self._head_sent = False
        self._outgoing: list[bytes] = []
        self._outgoing_size = 0

    def begin(self, target: Target, decision: Decision | None) -> None:
        """Make the head ready; send it at once unless the body is read first."""
        exchange = self.exchange
        head, engine = exchange.head, exchange.engine
        path = target.path or "/"
        if engine is not None and decision is not None and decision.safe_search:
            self.extra.extend(engine.headers)
            if engine.cookies:
                before = head.values.get(b"cookie", b"").decode("latin-1") if self.cookie is None else self.cookie
                self.cookie = lock_cookies(engine, before)
            path = lock(engine, path)
        self._path = path.encode("latin-1", "replace")
        if self.cookie is not None:
            self.extra.append((b"Cookie", self.cookie.encode("latin-1", "replace")))
        if head.length and self._is_read(decision):
            self._held = bytearray()
        if self._held is None or b"expect" in head.values:
            self._send_head()

    def _is_read(self, decision: Decision | None) -> bool:
        exchange = self.exchange
        if decision is None:
            return False
        is_text = kinds.is_scanned_request(exchange.head.values.get(b"content-type"))
        if exchange.engine is not None:
            return is_text or self._is_search
        return is_text and decision.scan and exchange.scanner.active

    @property
    def _is_search(self) -> bool:
        engine, target = self.exchange.engine, self.exchange.target
        return engine is not None and target is not None and is_search(engine, (target.path or "").partition("?")[0])

    def _send_head(self) -> None:
        exchange = self.exchange
        if exchange.target is None or self._head_sent:
            return
        self._head_sent = True
        write = framing.upgrade_bytes if exchange.head.upgrade == b"websocket" else framing.request_bytes
        self._write(write(exchange.head, self._path, host_field(exchange.target), self.extra))

    def collect(self, then: Callable[[bytes], None]) -> None:
        """The request is for the gateway itself: call `then` with its whole body."""
        self._collector = then

    def data(self, data: bytes) -> None:
        """A piece of the body."""
        exchange = self.exchange
        exchange.event.sent += len(data)
        exchange.client.set_deadline(exchange.gate.limits.idle_seconds)
        if self._collector is not None:
            self._collected += data
        elif self._held is None:
            self._stream_on(data)
        else:
            self._held += data
            if exchange.event.sent > exchange.gate.limits.scan_bytes:
                self._release(whole=False)

    def end(self) -> None:
        """The request is whole."""
        exchange = self.exchange
        if self._collector is not None:
            self._collector(self._collected)
            return
        if self._held is not None:
            self._release(whole=True)
        elif self._stream is not None and exchange.admits_text(self._stream.end()):
            self._send_read()
        if not exchange.done and exchange.head.length < 0:
            self._write(framing.LAST_CHUNK)
        if not exchange.done and exchange.upstream is not None:
            exchange.client.set_deadline(exchange.gate.limits.response_seconds)

    def _release(self, *, whole: bool) -> None:
        exchange, scanner = self.exchange, self.exchange.scanner
        values, limit = exchange.head.values, exchange.gate.limits.scan_bytes
        body, self._held = bytes(self._held or b""), None
        kind, coding = values.get(b"content-type"), values.get(b"content-encoding", b"")
        if exchange.engine is not None:
            locked = self._search(exchange.engine, body, whole=whole)
            if locked is None:
                return
            body = locked
        if whole:
            passes = self._passes(lambda data: scanner.body(data, coding, kind, limit, written=True), body)
        else:
            self._stream = StreamScan(scanner, coding, kind, written=True)
            self._send_head()
            self._stream_on(body)
            return
        if passes:
            self._send_head()
            self._send_body(body)

    def _stream_on(self, data: bytes) -> None:
        """A piece of a long body goes on when the next is there: only then all of it was read."""
        if self._stream is None:
            self._send_body(data)
            return
        self._unread.append(data)
        if self._passes(self._stream.piece, data) and not self._stream.waits:
            self._send_read(keep=1)

    def _send_read(self, *, keep: int = 0) -> None:
        ends = len(self._unread) - keep
        data, self._unread = b"".join(self._unread[:ends]), self._unread[ends:]
        self._send_body(data)

    def _send_body(self, data: bytes) -> None:
        if data:
            self._write(framing.chunk(data) if self.exchange.head.length < 0 else data)

    def _search(self, engine: Engine, body: bytes, *, whole: bool) -> bytes | None:
        """A search that is sent as a body, locked and decided; None if it may not go on."""
        exchange, values = self.exchange, self.exchange.head.values
        kind, coding = values.get(b"content-type", b"").lower(), values.get(b"content-encoding", b"").strip().lower()
        if not (self._is_search or kinds.is_form(kind) or kind.startswith((b"multipart/form-data", b"text/plain"))):
            return body
        if not whole or coding not in (b"", b"identity"):
            why = "A search is never that long." if not whole else "A search is not sent packed."
            exchange.refuse(exchange.gate.pages.fault(413, "damaged", why, exchange.gate.policy), "search-form")
            return None
        body = lock_body(engine, kind, body)
        return body if exchange.passes_term(body_term(engine, kind, body)) else None

    def _passes(self, scan: Callable[[bytes], list[Heard]], data: bytes) -> bool:
        """Whether what was written may go on; otherwise its page is sent."""
        exchange, gate = self.exchange, self.exchange.gate
        try:
            heard = scan(data)
        except BadBody:
            exchange.refuse(gate.pages.fault(400, "damaged", "What was sent arrived damaged.", gate.policy), "damaged")
            return False
        return exchange.admits_text(heard)

    def _write(self, data: bytes) -> None:
        upstream = self.exchange.upstream
        if upstream is not None:
            upstream.write(data)
            return
        self._outgoing.append(data)
        self._outgoing_size += len(data)
        if self._outgoing_size > self.exchange.gate.limits.buffer_bytes:
            self.exchange.client.hold_reading(self.exchange)

    def outgoing(self) -> bytes:
        """What waits for a connection."""
        return b"".join(self._outgoing)

    def repeat(self, data: bytes) -> None:
        """Send this on the next connection: the first one was closed just as it was used."""
        self._outgoing = [data]

    def flush(self) -> None:
        """There is a connection: what waited goes."""
        upstream = self.exchange.upstream
        if self._outgoing and upstream is not None:
            upstream.write(self.outgoing())
            self._outgoing.clear()
            self._outgoing_size = 0
