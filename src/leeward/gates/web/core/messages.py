"""HTTP/1.1 heads and bodies out of bytes. The parsing is llhttp's, strict; limits and refusals are ours."""

import enum
import re
from typing import Any, NamedTuple

import httptools

from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.names import LOWER


class End(enum.Enum):
    """The end of a message."""

    END = "end"


END = End.END

type Header = tuple[bytes, bytes, bytes]  # lower-case name, name as written, value


class Bounds(NamedTuple):
    """Limits on a head: bytes in all, fields, bytes of the target."""

    header_bytes: int = 65_536
    header_count: int = 128
    url_bytes: int = 16_384


class RequestHead:
    """A request's head. `length` is the body's declared size, -1 if chunked, 0 if there is none."""

    __slots__ = ("headers", "keep_alive", "length", "method", "target", "upgrade", "values", "version")

    def __init__(
        self, method: bytes, target: bytes, version: str, headers: list[Header], values: dict[bytes, bytes]
    ) -> None:
        self.method = method
        self.target = target
        self.version = version
        self.headers = headers
        self.values = values
        self.keep_alive = True
        self.length = 0
        self.upgrade = b""


class ResponseHead:
    """A response's head. `length` is the body's declared size, -1 if chunked, -2 if it ends with the connection."""

    __slots__ = ("headers", "keep_alive", "length", "status", "values", "version")

    def __init__(self, status: int, version: str, headers: list[Header], values: dict[bytes, bytes]) -> None:
        self.status = status
        self.version = version
        self.headers = headers
        self.values = values
        self.keep_alive = True
        self.length = 0


def _asks_for_websocket(head: "RequestHead") -> bool:
    """RFC 6455 4.1: a GET of HTTP/1.1 without a body. Other upgrades are ignored (RFC 9110 7.8)."""
    is_get = head.method == b"GET" and head.version == "1.1" and head.length == 0
    return is_get and b"websocket" in head.values.get(b"upgrade", b"").lower().replace(b" ", b"").split(b",")


def _length_of(values: dict[bytes, bytes], *, otherwise: int) -> int:
    if b"transfer-encoding" in values:
        return -1
    declared = values.get(b"content-length")
    return otherwise if declared is None else int(declared)


# RFC 9112 3.2 and 6.3, RFC 9110 8.6: two of these, and two programs may understand two different messages.
_SINGLE = frozenset((b"host", b"content-length", b"transfer-encoding"))


class _Reader[Head]:
    """What both directions share: counting, limits, collecting events."""

    fault_status = 400
    large_status = 431

    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self.events: list[Head | bytes | End] = []
        self._fields: list[tuple[bytes, bytes]] = []
        self.in_head = True
        self._waiting_bytes = 0
        self.large = False  # the bytes that are being fed could hold a head beyond the bounds
        self._completed = False  # a message ended in the bytes that are being fed
        self._saw_body = False  # they held a piece of a body
        self._refusal: ProtocolError | None = None

    def on_header(self, name: bytes, value: bytes) -> None:
        """httptools: one field, kept as it is: this is called most of all. Sizes are bounded, see `_count`."""
        self._fields.append((name, value))

    def _take_fields(self) -> tuple[list[Header], dict[bytes, bytes]]:
        """The fields of the head that is there: in order, and by name. Trailers never get here: they are dropped."""
        fields, self._fields = self._fields, []
        headers: list[Header] = []
        values: dict[bytes, bytes] = {}
        lower_of = LOWER.get
        for name, given in fields:
            lower = lower_of(name) or name.lower()
            value = given.strip(b" \t")
            headers.append((lower, name, value))
            if lower in values:
                if lower in _SINGLE:
                    self._refuse(self.fault_status, f"the field {lower.decode()} comes twice")
                # RFC 9110 5.3: fields of one name are one list; cookies are joined by RFC 6265.
                value = values[lower] + (b"; " if lower == b"cookie" else b", ") + value
            values[lower] = value
        if len(headers) > self.bounds.header_count:
            self._refuse(self.large_status, "the head has too many fields")
        # A head that came in one piece is measured only if that piece was large.
        if self.large and sum(len(name) + len(value) + 4 for name, value in fields) > self.bounds.header_bytes:
            self._refuse(self.large_status, "the head is too large")
        return headers, values

    def on_body(self, body: bytes) -> None:
        """httptools: a piece of the body."""
        self._saw_body = True
        self.events.append(body)

    def _refuse(self, status: int, why: str) -> None:
        # httptools wraps what a callback raises, so the refusal is kept beside it.
        self._refusal = ProtocolError(status, why)
        raise self._refusal

    def _fault(self, error: Exception, status: int) -> ProtocolError:
        if self._refusal is not None:
            return self._refusal
        return ProtocolError(status, str(error)[:200] or "not HTTP")

    def _count(self, size: int) -> None:
        """A head or trailer that never ends must not grow for ever."""
        if self._completed or self._saw_body:
            self._waiting_bytes = 0
        else:
            self._waiting_bytes += size
        self._completed = self._saw_body = False
        if self._waiting_bytes > self.bounds.header_bytes + self.bounds.url_bytes:
            raise ProtocolError(self.large_status, "the head is too large")

    @property
    def is_inside_head(self) -> bool:
        """Whether a head has begun and is not complete."""
        return self.in_head and self._waiting_bytes > 0

    def take(self) -> list[Head | bytes | End]:
        """The events so far."""
        events, self.events = self.events, []
        return events


_REQUEST_LINE = re.compile(rb"(?:\A|\n)([!#$%&'*+.^_`|~0-9A-Za-z-]+) [^ \r\n]+ HTTP/1\.[01]\r?\n")
# RFC 9110 9, RFC 5789; the rest of what llhttp knows is rare enough to be told apart by its own error alone.
_METHODS = frozenset((b"GET", b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH"))


def _is_unknown_method(error: Exception, data: bytes) -> bool:
    """RFC 9110 9.1: 501 for a method that nobody knows, where the line is one (RFC 9112 3); a broken line is 400."""
    if not isinstance(error, httptools.HttpParserInvalidMethodError):
        return False
    return any(method not in _METHODS for method in _REQUEST_LINE.findall(data))


class RequestReader(_Reader[RequestHead]):
    """Requests of one client connection, one after the other.

    After a CONNECT or an upgrade nothing more is parsed: the bytes wait in `leftover` until `resume` says that
    HTTP goes on, or they are taken for the other protocol.
    """

    def __init__(self, bounds: Bounds) -> None:
        super().__init__(bounds)
        self.url = b""
        self.leftover: bytes | None = None
        self._closing = False
        self._muted = False
        self._parser: Any = httptools.HttpRequestParser(self)

    def feed(self, data: bytes) -> list[RequestHead | bytes | End]:
        """Events in these bytes. Raises ProtocolError; what came before the fault is in `take`."""
        if self.leftover is not None:
            self.leftover += data
            return []
        if self._closing:
            return self.take()  # RFC 9112 9.6: nothing after "Connection: close" counts
        self._parse(data)
        self._count(len(data))
        return self.take()

    def _parse(self, data: bytes) -> None:
        self.large = self._waiting_bytes + len(data) > self.bounds.header_bytes
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self._upgraded(data[upgrade.args[0] :])
        except (httptools.HttpParserError, ProtocolError) as error:
            if not (self._closing and self._refusal is None):
                raise self._fault(error, 501 if _is_unknown_method(error, data) else 400) from error

    def on_url(self, url: bytes) -> None:
        """httptools: the target, whole or in pieces."""
        self.url += url
        if len(self.url) > self.bounds.url_bytes:
            self._refuse(414, "the address is too long")

    def on_headers_complete(self) -> None:
        """httptools: the head is there."""
        if self._muted:
            self._muted = False
            self._begin_body()
            return
        headers, values = self._take_fields()
        parser = self._parser
        version = parser.get_http_version()
        if version not in ("1.1", "1.0"):
            self._refuse(505, f"HTTP {version} is not spoken here")
        head = RequestHead(parser.get_method(), self.url, version, headers, values)
        self._check(head)
        head.length = _length_of(head.values, otherwise=0)
        # RFC 9112 9.3: a proxy keeps no connection to a client of HTTP/1.0.
        head.keep_alive = version == "1.1" and parser.should_keep_alive()
        if parser.should_upgrade() and _asks_for_websocket(head):
            head.upgrade = b"websocket"
        self.events.append(head)
        self._begin_body()

    def _begin_body(self) -> None:
        self.in_head = False
        self._fields = []
        self._waiting_bytes = 0

    def _check(self, head: RequestHead) -> None:
        if b"host" not in head.values and head.version == "1.1":
            self._refuse(400, "there must be one Host field (RFC 9112 3.2)")
        if b"transfer-encoding" in head.values:
            if head.version == "1.0":
                self._refuse(400, "chunks in HTTP/1.0 can't be trusted (RFC 9112 6.1)")
            if head.values[b"transfer-encoding"].lower() != b"chunked":
                self._refuse(501, "this transfer coding is not known")
        if head.method == b"CONNECT" and _length_of(head.values, otherwise=0):
            self._refuse(400, "CONNECT has no body")

    def on_message_complete(self) -> None:
        """httptools: the message ends."""
        self.events.append(END)
        self._completed = True
        self._closing = not self._parser.should_keep_alive()
        self._reset()

    def _reset(self) -> None:
        self.url = b""
        self._fields = []
        self.in_head = True

    def _upgraded(self, rest: bytes) -> None:
        head = next((event for event in reversed(self.events) if isinstance(event, RequestHead)), None)
        if head is None or head.method == b"CONNECT" or head.upgrade:
            self.leftover = rest
        elif head.length != 0:
            self._go_on_with_body(head, rest)
        else:
            self._go_on(rest)

    def _go_on(self, rest: bytes) -> None:
        """An upgrade that is ignored (RFC 9110 7.8 allows it): HTTP goes on, unless the client closes."""
        if not self._closing:
            self._parser = httptools.HttpRequestParser(self)
            if rest:
                self._parse(rest)

    def _go_on_with_body(self, head: RequestHead, rest: bytes) -> None:
        # llhttp stops at any upgrade, even one that has a body (a request for h2c): we ignore the upgrade (RFC 9110
        # 7.8 allows it), so the body is read by a fresh parser that is told the framing.
        self.events.pop()  # the END that came too early
        self._closing = self._completed = False
        self._parser = httptools.HttpRequestParser(self)
        self._muted = True
        framing = b"Transfer-Encoding: chunked" if head.length < 0 else b"Content-Length: %d" % head.length
        self._parser.feed_data(b"POST / HTTP/1.1\r\n" + framing + b"\r\n\r\n")
        self._parse(rest)

    def resume(self) -> list[RequestHead | bytes | End]:
        """HTTP goes on after a refused upgrade or CONNECT. Raises ProtocolError."""
        rest, self.leftover = self.leftover or b"", None
        self._parser = httptools.HttpRequestParser(self)
        self._reset()
        return self.feed(rest) if rest else []


class ResponseReader(_Reader[ResponseHead]):
    """One response, with the interim ones before it. `method` is the request's: it says whether there is a body."""

    fault_status = large_status = 502

    def __init__(self, bounds: Bounds, method: bytes) -> None:
        super().__init__(bounds)
        self.method = method
        self.done = False
        self.leftover = b""
        self.upgraded = False
        self._interim = False
        self._until_close = False
        self._parser_is_used_up = False  # it waits for a body that does not come
        self._parser: Any = httptools.HttpResponseParser(self)

    def restart(self, method: bytes) -> bool:
        """Read the next response of the connection with the same parser. Returns whether it is fit for it."""
        if not self.done or self.leftover or self.upgraded or self._parser_is_used_up:
            return False
        self.method = method
        self.done = self._until_close = False
        self.in_head = True
        self._fields = []  # trailers of the one before
        self._waiting_bytes = 0
        return True

    def feed(self, data: bytes) -> list[ResponseHead | bytes | End]:
        """Events in these bytes. Raises ProtocolError (always 502)."""
        if self.done:
            self.leftover += data
            return []
        self.large = self._waiting_bytes + len(data) > self.bounds.header_bytes
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade as upgrade:
            self.upgraded = True
            self.leftover = data[upgrade.args[0] :]
        except (httptools.HttpParserError, ProtocolError) as error:
            if not self.done:
                raise self._fault(error, 502) from error
        self._count(len(data))
        return self.take()

    def on_headers_complete(self) -> None:
        """httptools: the head is there."""
        if self.done:
            return
        headers, values = self._take_fields()
        status = self._parser.get_status_code()
        version = self._parser.get_http_version()
        if version not in ("1.1", "1.0") or status < 100:
            self._refuse(502, f"the site speaks HTTP {version} with the status {status}")
        head = ResponseHead(status, version, headers, values)
        coding = head.values.get(b"transfer-encoding", b"chunked").lower()
        if coding != b"chunked":
            self._refuse(502, "this transfer coding is not known")
        self._interim = 100 <= status < 200 and status != 101
        head.length = 0 if self._is_bodyless(status) else _length_of(head.values, otherwise=-2)
        self._until_close = head.length == -2
        head.keep_alive = self._parser.should_keep_alive()
        self._fields = []
        self.in_head = self._interim
        self.events.append(head)
        if self.method == b"HEAD" and not self._interim:
            self._parser_is_used_up = True
            self._finish()

    def _is_bodyless(self, status: int) -> bool:
        return self.method == b"HEAD" or status in (204, 304) or status < 200

    def on_message_complete(self) -> None:
        """httptools: the message ends."""
        if self._interim:
            self._interim = False
            self.in_head = True
            return
        if not self.done:
            self._finish()

    def _finish(self) -> None:
        self.done = True
        self.events.append(END)

    def eof(self) -> list[ResponseHead | bytes | End]:
        """The server closed. Raises ProtocolError if the message was not complete."""
        if self.done:
            return self.take()
        if self.in_head:
            raise ProtocolError(502, "the site closed the connection without an answer")
        if not self._until_close:
            raise ProtocolError(502, "the site broke off in the middle")
        self._finish()
        return self.take()

    def on_body(self, body: bytes) -> None:
        """httptools: a piece of the body; what comes after the end makes the connection unfit for another request."""
        self._saw_body = True
        if self.done:
            self.leftover += body
        else:
            self.events.append(body)
