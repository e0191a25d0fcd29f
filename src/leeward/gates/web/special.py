"""The gateway's own addresses, and the few methods that a proxy answers itself."""

from typing import TYPE_CHECKING

from leeward.events.kinds import Report
from leeward.gates.web import content
from leeward.gates.web.core import framing
from leeward.gates.web.exchange import Exchange
from leeward.gates.web.outcome import describe
from leeward.gates.web.pages import METHODS, TICKET_SECONDS, WARNED_COOKIE, Page, form_values, safe_back
from leeward.gates.web.who import identify
from leeward.policy.model import Policy
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection
    from leeward.gates.web.gate import Gate

RESERVED = "/.leeward/"
_FORM_BYTES = 8192
_WORDS = 300  # characters of what is said on a block page
_LIVES = (b"OPTIONS", b"TRACE")


def admit(client: "ClientConnection", exchange: Exchange, target: Target) -> None:
    """A request that was understood: to the gateway itself, to the sign-in page, or to be decided."""
    head = exchange.head
    if (target.path or "").startswith(RESERVED):
        _own(client, exchange, target)
        return
    if b"via" in head.values and _goes_in_a_circle(head.values[b"via"]):
        exchange.target = target
        exchange.refuse(
            client.gate.pages.fault(508, "loop", "It would come back here again.", client.gate.policy), "loop"
        )
        return
    if head.method in _LIVES and (answer := _last_hop(exchange)) is not None:
        exchange.target = target
        exchange.answer(answer)
        return
    # A proxy log-in is of one request (RFC 9110 11.7): what another request of the connection said counts for nothing.
    if client.subject.attribution != "unattributed" and (client.user is None or client.tunnel is not None):
        exchange.begin(target, client.subject)
    else:
        identify(client, exchange, target, lambda: exchange.begin(target, client.subject))


def _goes_in_a_circle(via: bytes) -> bool:
    return sum(part.split()[1:2] == [framing.VIA] for part in via.split(b",")) >= 3


def _last_hop(exchange: Exchange) -> Page | None:
    """Max-Forwards (RFC 9110 7.6.2): at 0 we are the last; otherwise it is counted down."""
    head = exchange.head
    field = head.values.get(b"max-forwards")
    if field is None or not field.isdigit():
        return None
    left = min(int(field), 1_000_000_000) if len(field) <= 20 else 1_000_000_000
    if left > 0:
        exchange.submission.extra.append((b"Max-Forwards", str(left - 1).encode()))
        return None
    if head.method == b"OPTIONS":
        return Page(200, b"", ((b"Allow", METHODS + b", CONNECT"),))
    private = (b"cookie", b"authorization", b"proxy-authorization")
    lines = [b"%s: %s\r\n" % (name, value) for lower, name, value in head.headers if lower not in private]
    body = b"TRACE %s HTTP/1.1\r\n%s\r\n" % (head.target, b"".join(lines))
    return Page(200, body, ((b"Content-Type", b"message/http"),))


# --- forms of our own pages ---


def _own(client: "ClientConnection", exchange: Exchange, target: Target) -> None:
    exchange.target = target
    describe(exchange, "")
    head = exchange.head
    if head.method != b"POST" or not 0 <= head.length <= _FORM_BYTES:
        exchange.refuse(client.gate.pages.fault(404, "own", "There is nothing here.", client.gate.policy), "own")
        return
    exchange.submission.collect(lambda body: _form(client, exchange, target, body))


def _form(client: "ClientConnection", exchange: Exchange, target: Target, body: bytes) -> None:
    gate, values = client.gate, form_values(body)
    host = target.host.name
    what = {"/.leeward/report": "report", "/.leeward/continue": "continue"}.get(target.path or "", "")
    if not what or not gate.pages.check_ticket(values.get("ticket", ""), what, client.address, host):
        page = gate.pages.fault(403, "own", "This form is too old. Go back and load the page again.", gate.policy)
        exchange.refuse(page, "own")
        return
    if what == "continue":
        exchange.answer(_continued(gate, client.address, host, values.get("back", "/")))
        return
    kind = "open" if values.get("what") == "open" else "accident"
    content.take_words(exchange, values.get("words", "")[:_WORDS])
    gate.report(
        Report(
            person=client.subject.person,
            client=client.address,
            what=kind,
            host=host,
            words=values.get("words", "")[:_WORDS],
        )
    )
    exchange.answer(gate.pages.thanks(kind, gate.policy or Policy(), back=""))


def _continued(gate: "Gate", address: str, host: str, back: str) -> Page:
    ticket = gate.pages.ticket("seen", address, host)
    cookie = f"{WARNED_COOKIE}={ticket}; Path=/; Max-Age={int(TICKET_SECONDS)}; HttpOnly; SameSite=Lax"
    fields = ((b"Location", safe_back(back)), (b"Set-Cookie", cookie.encode()), (b"Cache-Control", b"no-store"))
    return Page(303, b"", fields)
