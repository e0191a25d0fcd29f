"""One request and its response: decided, scanned, passed on, written down."""

import asyncio
from typing import TYPE_CHECKING

from leeward.events.kinds import Web
from leeward.gates.web import content, outcome, who
from leeward.gates.web.core import framing
from leeward.gates.web.core.errors import ProtocolError
from leeward.gates.web.core.messages import End, RequestHead, ResponseHead
from leeward.gates.web.delivery import Delivery
from leeward.gates.web.pages import Page, short
from leeward.gates.web.scan import Heard, Scanner
from leeward.gates.web.submission import Submission
from leeward.gates.web.tasks import spawn
from leeward.gates.web.upstream import Origin, Upstream, UpstreamError
from leeward.policy.engines import Engine
from leeward.policy.model import Decision, Subject
from leeward.policy.search import engine_of, term_of
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection

_SAFE_TO_REPEAT = frozenset((b"GET", b"HEAD", b"OPTIONS", b"TRACE"))
_OF_FORMS = frozenset((b"GET", b"HEAD", b"POST"))
# What a page fetches for itself (Fetch Metadata, Sec-Fetch-Dest).
_PARTS = frozenset((b"image", b"style", b"script", b"font", b"audio", b"video", b"track", b"manifest"))
_FRESH = 4.0  # seconds: a request that can't be repeated goes only on a connection used this lately


class Exchange:
    """Drives one request. The client connection feeds it, the upstream connection answers it."""

    __slots__ = (
        *("_retry", "client", "complete", "decision", "delivery", "done", "engine", "event", "gate", "head", "heard"),
        *("origin", "started", "subject", "submission", "target", "task", "upstream"),
    )

    def __init__(self, client: "ClientConnection", head: RequestHead) -> None:
        self.client = client
        self.gate = client.gate
        self.head = head
        self.started = client.loop.time()
        self.subject: Subject = client.subject
        self.target: Target | None = None
        self.decision: Decision | None = None
        self.engine: Engine | None = None
        self.event = Web(method=head.method.decode("ascii"), client=client.address)
        self.upstream: Upstream | None = None
        self.origin: Origin | None = None
        self.delivery: Delivery | None = None
        self.task: asyncio.Task[None] | None = None
        self.submission = Submission(self)
        self.complete = False  # the request is here, whole
        self.done = False
        self._retry = b""
        self.heard: set[tuple[str, bool, tuple[str, ...]]] = set()

    # --- the request -------------------------------------------------------------------------------------------------

    def begin(self, target: Target, subject: Subject) -> None:
        """Decide, and send the request on its way."""
        self.target = target
        self.subject = subject
        self.engine = engine_of(target.host.name)
        term = term_of(target) if self.engine else ""
        outcome.describe(self, term)
        gate = self.gate
        if who.is_sign_in(gate, target) and self.head.method in _OF_FORMS and not self.head.upgrade:
            if who.is_worry(gate, target) or (target.path or "").startswith("/static/"):
                outcome.forget(self)  # what a page brings along tells which page it was
            self._forward(target, inside=True)
            return
        decision = gate.decide(target, subject, term)
        if decision is None:
            self.refuse(gate.pages.fault(503, "closed", "No page can be opened until it has.", None), "closed")
            return
        if not self._admits(decision):
            return
        if not (decision.scan and term) or self.admits_text(self._hear(term)):
            self._forward(target)

    def _hear(self, term: str) -> list[Heard]:
        """A search. A picture on some page searches for nothing, and a page that opens another is not the person."""
        values = self.head.values
        if values.get(b"sec-fetch-dest", b"") in _PARTS or b"prefetch" in values.get(b"sec-purpose", b""):
            return []
        own = values.get(b"sec-fetch-site") != b"cross-site" or b"sec-fetch-user" in values
        return self.scanner.search(term, written=own)

    @property
    def scanner(self) -> Scanner:
        """What reads the texts of this request, by the age of whoever asks."""
        return self.gate.scanner.of_age(self.subject.group)

    def admits_text(self, heard: list[Heard]) -> bool:
        """Take what was heard: whether the text may go on; otherwise its page is sent."""
        closed = content.closes(self, heard)
        if closed is not None:
            self.refuse(content.content_page(self, closed), closed.rule)
        return closed is None

    def _admits(self, decision: Decision) -> bool:
        """Take a decision: whether the request may go on; otherwise its page is sent."""
        self.decision = decision
        outcome.note_decision(self, decision)
        if decision.action == "allow" or (decision.action == "warn" and outcome.may_continue(self)):
            return True
        self.refuse(outcome.page_of(self, decision), decision.rule)
        return False

    def _forward(self, target: Target, *, inside: bool = False) -> None:
        decision = self.decision
        twin = self.engine.forced_host if self.engine and decision and decision.safe_search else ""
        self.origin = Origin(target.scheme, target.host, target.port, twin, inside)
        if inside:
            self.submission.extra.append(who.signed_address(self.client))
        self.submission.begin(target, decision)
        self._connect()

    def passes_term(self, term: str) -> bool:
        """Whether a search that is sent as a form may go on: it is decided like any other."""
        if not term or self.target is None:
            return True
        outcome.note_term(self, term)
        decision = self.gate.decide(self.target, self.subject, term)
        return decision is not None and self._admits(decision)

    def request_data(self, data: bytes) -> None:
        """A piece of the request's body."""
        if not self.done:
            self.submission.data(data)

    def request_end(self) -> None:
        """The request is whole."""
        self.complete = True
        if not self.done:
            self.submission.end()

    # --- the way out -------------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        origin = self.origin
        if origin is None:
            return
        repeatable = self.head.method in _SAFE_TO_REPEAT and self.head.length == 0
        upstream = None
        answer = self.gate.resolver.peek(origin.host)
        if answer is not None and not outcome.aliases_pass(self, answer.aliases):
            return
        if not self.head.upgrade and answer is not None:
            upstream = self.client.pinned or (
                self.gate.pool.take(origin) if repeatable else self.gate.pool.take(origin, max_age=_FRESH)
            )
        if upstream is not None and not upstream.over and upstream.origin == origin:
            self._retry = self.submission.outgoing() if repeatable else b""
            self._attach(upstream)
        else:
            self.task = spawn(self._open(origin))

    async def _open(self, origin: Origin) -> None:
        try:
            aliases = await self.gate.connector.aliases(origin.host)
            if self.done or not outcome.aliases_pass(self, aliases):
                return
            try:
                upstream = await self.gate.connector.open(origin, tls=origin.scheme == "https")
            except UpstreamError as error:
                # The search engine's safe twin may be unknown to a private resolver; the request itself is locked too.
                if not (origin.twin and error.kind == "dns" and self.engine and self.engine.locks_requests):
                    raise
                self.origin = origin._replace(twin="")
                upstream = await self.gate.connector.open(self.origin, tls=origin.scheme == "https")
        except UpstreamError as error:
            if not self.done:
                self.refuse(self.gate.pages.fault(error.status, error.kind, error.why, self.gate.policy), error.kind)
            return
        if self.done:
            upstream.close()
            return
        self._attach(upstream)

    def _attach(self, upstream: Upstream) -> None:
        self.upstream = upstream
        upstream.begin(self, self.head.method)
        self.submission.flush()
        self.client.release_reading(self)
        limits = self.gate.limits
        self.client.set_deadline(limits.response_seconds if self.complete else limits.idle_seconds)

    # --- the response ------------------------------------------------------------------------------------------------

    def upstream_events(self, events: list[ResponseHead | bytes | End]) -> None:
        """Parts of the response, from the upstream connection."""
        for event in events:
            if self.done:
                return
            delivery = self.delivery
            if isinstance(event, ResponseHead):
                self._response_head(event)
            elif delivery is None:
                return
            elif isinstance(event, bytes):
                delivery.data(event)
            elif delivery.end():
                self._finish()

    def _response_head(self, head: ResponseHead) -> None:
        if head.status >= 200:
            self.event.status = head.status
            if self.upstream is not None and (
                outcome.is_connection_auth(head) or outcome.has_connection_auth(self.head)
            ):
                self.client.pin(self.upstream)  # NTLM and Negotiate belong to one connection
            self.delivery = Delivery(self, head)
            self.delivery.begin()
        elif head.status == 101:
            self.client.switch_protocols(self, head)
        elif self.head.version == "1.1" and (head.status != 100 or b"expect" in self.head.values):
            self.client.send(framing.interim_bytes(head))

    @property
    def sent_any(self) -> bool:
        """Whether bytes of the final response are on their way."""
        return self.delivery is not None and self.delivery.sent_any

    @property
    def keep_alive(self) -> bool:
        """Whether the client's connection goes on after this."""
        until_close = self.delivery is not None and self.delivery.framing == -2
        return self.head.keep_alive and not until_close and not self.gate.draining

    def _finish(self) -> None:
        upstream, self.upstream = self.upstream, None
        origin = self.origin
        if upstream is not None and origin is not None:
            delivery = self.delivery
            if self.complete and delivery is not None and delivery.head.keep_alive and self._may_keep(upstream):
                upstream.set_reading(True)  # a slow client may have made it wait
                if self.client.pinned is upstream:
                    upstream.listener = None
                else:
                    self.gate.pool.give(origin, upstream)
            else:
                upstream.listener = None
                upstream.close()
        self._end(close=not self.keep_alive)

    def _may_keep(self, upstream: Upstream) -> bool:
        """Not after a try to upgrade: the server may still speak the other protocol."""
        return upstream.reusable() and not self.head.upgrade

    def upstream_lost(self, error: ProtocolError) -> None:
        """The server failed before the response was whole."""
        self.upstream = None
        if self.done:
            return
        if self._retry and self.delivery is None and self.origin is not None:
            # The server closed an idle connection just as it was used: once more, on a fresh one.
            self.submission.repeat(self._retry)
            self._retry = b""
            self.task = spawn(self._open(self.origin))
            return
        if self.sent_any:
            self.abort("broken-off")
            return
        self.refuse(self.gate.pages.fault(error.status, "upstream", error.why, self.gate.policy), "upstream")

    def upstream_writable(self, writable: bool) -> None:
        """The server takes more of the request, or must be waited for."""
        if writable:
            self.client.release_reading(self)
        else:
            self.client.hold_reading(self)

    def upstream_raw(self, data: bytes) -> None:
        """Not used: after an upgrade the tunnel listens."""

    def client_writable(self, writable: bool) -> None:
        """The client takes more of the response, or must be waited for."""
        if self.upstream is not None:
            self.upstream.set_reading(writable)

    # --- endings -----------------------------------------------------------------------------------------------------

    def refuse(self, page: Page, verdict: str) -> None:
        """Answer with a page of our own."""
        if self.done:
            return
        if self.sent_any:
            self.abort(verdict)
            return
        self._drop_upstream()
        if not outcome.wants_page(self.head) and page.status not in (200, 302, 303):
            page = short(page, outcome.short_words(self, verdict))
        self.event.status = page.status
        self.event.verdict = verdict
        if self.event.action in ("", "allow"):
            self.event.action = "error"
        keep = self.complete and self.head.keep_alive and not self.gate.draining
        self.client.send(outcome.page_bytes(page, self.head, keep_alive=keep))
        self._end(close=not keep)

    def answer(self, page: Page, action: str = "allow") -> None:
        """Answer one of the gateway's own addresses."""
        self.event.action = action
        self.event.status = page.status
        keep = self.complete and self.head.keep_alive
        self.client.send(outcome.page_bytes(page, self.head, keep_alive=keep))
        self._end(close=not keep)

    def abort(self, verdict: str) -> None:
        """The response is under way and can't be finished: the client must see that it is not whole."""
        self.event.verdict = verdict
        self._drop_upstream()
        self._end(close=True, abort=True)

    def _drop_upstream(self) -> None:
        upstream, self.upstream = self.upstream, None
        if upstream is not None:
            upstream.listener = None
            upstream.abort()

    def timed_out(self) -> None:
        """The server took too long."""
        name = self.target.host.name if self.target else ""
        self.refuse(
            self.gate.pages.fault(504, "timeout", f"{name} takes too long to answer.", self.gate.policy), "timeout"
        )

    def client_gone(self) -> None:
        """The client closed the connection."""
        if not self.done:
            self.event.verdict = self.event.verdict or "client-gone"
            self._drop_upstream()
            self._write_down()
            self.done = True
            self._let_go()

    def _end(self, *, close: bool, abort: bool = False) -> None:
        self._write_down()
        self.done = True
        self._let_go()
        self.client.exchange_done(self, close=close, abort=abort)

    def _let_go(self) -> None:
        """Request and response point back here: taken apart, nothing waits for the collector."""
        self.delivery = self.task = None
        del self.submission

    def _write_down(self) -> None:
        self.event.millis = int((self.client.loop.time() - self.started) * 1000)
        if self.target is not None:
            self.gate.record(self.event)
