"""From decisions to events and pages: what is written down, what is shown."""

import time
from typing import TYPE_CHECKING

from leeward.gates.web.core import framing
from leeward.gates.web.core.messages import RequestHead, ResponseHead
from leeward.gates.web.pages import WARNED_COOKIE, Page
from leeward.policy.hosts import BadHost, Host, normalise
from leeward.policy.model import Decision, Subject
from leeward.policy.url import Target

if TYPE_CHECKING:
    from leeward.gates.web.exchange import Exchange
    from leeward.gates.web.gate import Gate

_PATH_KEPT = 2000
_OF_CONNECTIONS = frozenset((b"ntlm", b"negotiate"))  # schemes that log a connection in (RFC 4559)
# Log levels of what a page brings along (F16): 1 noise, 2 background, 3 a page.
_NOISE = frozenset((b"image", b"script", b"style", b"font", b"audio", b"video", b"track", b"manifest", b"worker"))
_TERM_KEPT = 500
_NOISE_TYPES = (b"image/", b"text/css", b"font/", b"video/", b"audio/")
_FRAMES = frozenset((b"document", b"iframe", b"frame", b"embed", b"object"))


def describe(exchange: "Exchange", term: str) -> None:
    """Who asked for what, into the event."""
    event, target, subject = exchange.event, exchange.target, exchange.subject
    if target is None:
        return
    event.person, event.attribution, event.seat = subject.person, subject.attribution, subject.seat
    event.group, event.profile, event.device = subject.group, subject.profile, subject.device
    event.scheme, event.host, event.port = target.scheme, target.host.name, target.port
    event.path = (target.path or "")[:_PATH_KEPT]
    note_term(exchange, term)
    event.action = "allow"
    event.level = _level(exchange.head)


def forget(exchange: "Exchange") -> None:
    """Nobody is told from the log who told a worry."""
    event = exchange.event
    event.person = event.seat = event.group = event.client = event.device = event.attribution = ""
    event.path, event.level = "", 1


def note_term(exchange: "Exchange", term: str) -> None:
    """What was searched for, into the event; what is decided is all of it."""
    exchange.event.term = term[:_TERM_KEPT].replace("\n", " | ")


def _level(head: RequestHead) -> int:
    destination = head.values.get(b"sec-fetch-dest")
    if destination is None:
        return 1 if head.values.get(b"accept", b"").startswith(_NOISE_TYPES) else 3
    if destination in _NOISE:
        return 1
    return 2 if destination == b"empty" else 3


def note_decision(exchange: "Exchange", decision: Decision) -> None:
    """The verdict, into the event."""
    event = exchange.event
    event.action = decision.action
    event.verdict = decision.rule
    event.tier = decision.tier
    event.categories = " ".join(decision.categories)
    event.snapshot = decision.snapshot[:12]
    if decision.log_level != 3:
        event.level = max(event.level, decision.log_level) if decision.log_level > 3 else decision.log_level


def may_continue(exchange: "Exchange") -> bool:
    """Whether this client has seen the warning for this host, and takes the cookie out of what is passed on."""
    head, target = exchange.head, exchange.target
    cookie = head.values.get(b"cookie", b"").decode("latin-1")
    if target is None or WARNED_COOKIE not in cookie:
        return False
    parts = [part.strip() for part in cookie.split(";")]
    mine = [part for part in parts if part.startswith(WARNED_COOKIE + "=")]
    exchange.submission.cookie = "; ".join(part for part in parts if part and part not in mine)
    check = exchange.gate.pages.check_ticket
    return any(check(part.partition("=")[2], "seen", exchange.client.address, target.host.name) for part in mine)


def page_of(exchange: "Exchange", decision: Decision) -> Page:
    """The page for a block or a warning; the sign-in page for somebody unknown."""
    gate, target, policy = exchange.gate, exchange.target, exchange.gate.policy
    host = target.host.name if target else ""
    if policy is None:
        return gate.pages.fault(503, "closed", "No page can be opened until it has.", None)
    if decision.action == "warn":
        path = (target.path if target else None) or "/"
        return gate.pages.warned(decision, policy, host=host, client=exchange.client.address, path=path)
    return gate.pages.blocked(decision, policy, host=host, client=exchange.client.address)


def alias_decision(gate: "Gate", subject: Subject, target: Target, alias: str) -> Decision | None:
    """A decision that blocks an alias of the host, or warns of it; None if there is nothing against it."""
    host = _readable(alias)
    if host is None:
        return None
    decision = gate.decide(Target(target.scheme, host, target.port, target.path), subject)
    # A closed profile's default says nothing about the alias: the name that was asked for is open.
    if decision is None or decision.action == "allow" or decision.tier == "default":
        return None
    return decision


def _readable(alias: str) -> Host | None:
    """The alias, or the nearest parent of it that is a host: a name that can't be written is no way past its domain."""
    while alias:
        try:
            return normalise(alias)
        except (BadHost, UnicodeError):
            alias = alias.partition(".")[2]
    return None


def aliases_pass(exchange: "Exchange", aliases: tuple[str, ...]) -> bool:
    """A harmless name that is an alias of a blocked one is blocked too, for this person; the page is sent then.

    The strictest counts: an address may be that of a warned and of a blocked name.
    """
    if not aliases:
        return True
    target = exchange.target
    if target is None:
        return False
    told = (alias_decision(exchange.gate, exchange.subject, target, alias) for alias in aliases)
    found = sorted((one for one in told if one is not None), key=lambda one: one.action != "block")
    if not found or (found[0].action == "warn" and may_continue(exchange)):
        return True
    exchange.decision = found[0]
    note_decision(exchange, found[0])
    exchange.refuse(page_of(exchange, found[0]), found[0].rule)
    return False


def wants_page(head: RequestHead) -> bool:
    """Whether a person will see the answer, so that a whole page is worth it."""
    destination = head.values.get(b"sec-fetch-dest")
    if destination is not None:
        return destination in _FRAMES
    return b"text/html" in head.values.get(b"accept", b"text/html")


def short_words(exchange: "Exchange", verdict: str) -> str:
    """The verdict for a program."""
    if exchange.event.action in ("block", "warn"):
        return f"Blocked by the school's filter ({verdict})."
    return f"The gateway could not pass this on ({verdict})."


def page_bytes(page: Page, head: RequestHead, *, keep_alive: bool) -> bytes:
    """A page of our own as a response."""
    lines = [b"HTTP/1.1 %d %s\r\n" % (page.status, framing.reason(page.status))]
    lines += [b"%s: %s\r\n" % pair for pair in page.headers]
    lines.append(framing.date_field(int(time.time())))
    lines.append(b"Content-Length: %d\r\n" % len(page.body))
    lines.append(framing.connection_field(keep_alive))
    lines.append(b"\r\n")
    if head.method != b"HEAD":
        lines.append(page.body)
    return b"".join(lines)


def is_connection_auth(head: ResponseHead) -> bool:
    """Whether a server authenticates the connection instead of the request (RFC 4559)."""
    schemes = head.values.get(b"www-authenticate", b"").lower().replace(b",", b" ").split()
    return head.status == 401 and not _OF_CONNECTIONS.isdisjoint(schemes)


def has_connection_auth(head: RequestHead) -> bool:
    """Whether a client logs in a connection by this request: nobody else may use it from then on."""
    return head.values.get(b"authorization", b"").lower().startswith(tuple(_OF_CONNECTIONS))
