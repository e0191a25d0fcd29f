"""The beginning of a tunnel: CONNECT, the ClientHello, and what becomes of it: spliced, inspected or blocked."""

import ssl
from typing import TYPE_CHECKING

from leeward.events.kinds import Web
from leeward.gates.web import outcome
from leeward.gates.web.core.clienthello import BadHello, Hello, parse
from leeward.gates.web.core.target import Tunnel, connect_target
from leeward.gates.web.core.tls import ServerTls
from leeward.gates.web.tasks import spawn
from leeward.gates.web.tunnel import Splice
from leeward.gates.web.upstream import Origin, UpstreamError
from leeward.gates.web.who import identify, is_sign_in
from leeward.policy.hosts import Host
from leeward.policy.model import Decision
from leeward.policy.search import engine_of
from leeward.policy.url import BadURL, Target, host_of

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection
    from leeward.gates.web.exchange import Exchange

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_TLS_RECORD = 0x16


def connect(client: "ClientConnection", exchange: "Exchange") -> None:
    """A CONNECT request. Raises ProtocolError."""
    gate = client.gate
    target = exchange.target = connect_target(exchange.head)
    outcome.describe(exchange, "")
    if target.port not in gate.config.gateway.connect_ports:
        page = gate.pages.fault(403, "port", f"Port {target.port} is not open.", gate.policy)
        exchange.event.action = "block"
        exchange.refuse(page, "port")
        return
    identify(client, exchange, target, lambda: establish(client, exchange, target))


def establish(client: "ClientConnection", exchange: "Exchange", target: Target) -> None:
    """Answer the CONNECT and look at what comes through it."""
    gate = client.gate
    decision = gate.decide(target, client.subject)
    closed = decision is None or (decision.action != "allow" and not client.subject.has_ca)
    if closed and not is_sign_in(client.gate, target):
        # Without our CA on the device no page can be shown inside the tunnel.
        if decision is not None:
            exchange.decision = decision
            outcome.note_decision(exchange, decision)
            exchange.refuse(outcome.page_of(exchange, decision), decision.rule)
        else:
            exchange.refuse(gate.pages.fault(503, "closed", "No page can be opened until it has.", None), "closed")
        return
    if decision is None or decision.action != "allow" or is_sign_in(gate, target) or _twin(target.host, decision):
        _agree(client, exchange, target)
    else:
        spawn(_find(client, exchange, target))


async def _find(client: "ClientConnection", exchange: "Exchange", target: Target) -> None:
    """RFC 9110 9.3.6: no 200 for a host that is not there, or that nobody may reach."""
    gate = client.gate
    client.hold_reading(exchange)
    try:
        await gate.connector.addresses(Origin("https", target.host, target.port))
    except UpstreamError as error:
        client.release_reading(exchange)
        exchange.refuse(gate.pages.fault(error.status, error.kind, error.why, gate.policy), error.kind)
        return
    client.release_reading(exchange)
    if not exchange.done:
        _agree(client, exchange, target)


def _agree(client: "ClientConnection", exchange: "Exchange", target: Target) -> None:
    leftover = client.end_connect(exchange)
    client.transport.write(_ESTABLISHED)
    client.expect_hello(target.host, target.port)
    if leftover:
        client.data_received(leftover)


def advance(client: "ClientConnection") -> None:
    """The first bytes of a tunnel are in the client's buffer."""
    tunnel = client.tunnel
    if tunnel is None:
        return
    first = client.buffer[0]
    if first == _TLS_RECORD:
        _tls(client, tunnel)
    elif 0x41 <= first <= 0x5A:  # a letter: a method
        client.start_http(Tunnel("http", tunnel.host, tunnel.port))
    else:
        _write_down(client, tunnel, None, "not-tls", action="block")
        client.close()


def _tls(client: "ClientConnection", tunnel: Tunnel) -> None:
    try:
        hello = parse(client.buffer)
        if hello is None:
            return
        host = _agreed_host(hello, tunnel)
    except (BadHello, BadURL):
        _write_down(client, tunnel, None, "bad-hello", action="block")
        client.close()
        return
    client.wait()
    if host is None:
        # Two names in one connection: one of them would slip past (domain fronting).
        _terminate(client, Tunnel("https", tunnel.host, tunnel.port), hello)
        return
    _choose(client, Tunnel("https", host, tunnel.port), hello)


def _agreed_host(hello: Hello, tunnel: Tunnel) -> Host | None:
    """The host that CONNECT and the server name agree on; None if they don't."""
    if not hello.server_name:
        return tunnel.host
    named = host_of(hello.server_name)
    if named.name == tunnel.host.name or tunnel.host.address is not None:
        return named
    return None


def _choose(client: "ClientConnection", tunnel: Tunnel, hello: Hello) -> None:
    gate = client.gate
    target = Target("https", tunnel.host, tunnel.port, None)
    decision = gate.decide(target, client.subject)
    if decision is None:
        client.close()
        return
    if is_sign_in(client.gate, target):
        _terminate(client, tunnel, hello)  # looked into, so that its paths alone are reached
        return
    only_h2 = "h2" in hello.protocols and "http/1.1" not in hello.protocols
    pinned = tunnel.host.name in gate.no_inspect
    if decision.action != "allow":
        _terminate(client, tunnel, hello)
    elif not client.subject.has_ca or ((not decision.inspect or pinned) and not decision.blind):
        spawn(_splice(client, tunnel, decision))
    elif only_h2 or pinned:
        _write_down(client, tunnel, decision, "can-not-be-seen", action="block")
        client.close()
    else:
        _terminate(client, tunnel, hello)


def _terminate(client: "ClientConnection", tunnel: Tunnel, hello: Hello) -> None:
    """Speak TLS with the client in the host's name."""
    try:
        name = host_of(hello.server_name) if hello.server_name else tunnel.host
    except BadURL:
        client.close()
        return
    context = client.gate.leaves.known(name)
    if context is not None:
        client.start_http(tunnel, ServerTls(context))
    else:
        spawn(_mint(client, name, tunnel))


async def _mint(client: "ClientConnection", name: Host, tunnel: Tunnel) -> None:
    context: ssl.SSLContext = await client.gate.leaves.context(name)
    if not client.transport.is_closing():
        client.start_http(tunnel, ServerTls(context))


async def _splice(client: "ClientConnection", tunnel: Tunnel, decision: Decision) -> None:
    """Pass the connection through unread: the name decided, the content stays private."""
    gate = client.gate
    event = _event(client, tunnel, decision, decision.rule)
    try:
        if await _alias_blocks(client, tunnel):
            _write_down(client, tunnel, decision, "alias", action="block")
            client.close()
            return
        twin = _twin(tunnel.host, decision)
        upstream = await gate.connector.open(Origin("https", tunnel.host, tunnel.port, twin), tls=False)
    except UpstreamError as error:
        event.verdict = error.kind
        event.action = "error"
        gate.record(event)
        client.close()
        return
    if client.transport.is_closing():
        upstream.close()
        return
    target = Target("https", tunnel.host, tunnel.port, None)
    client.start_pipe(Splice(client, upstream, event, target))


def _twin(host: Host, decision: Decision) -> str:
    engine = engine_of(host.name)
    return engine.forced_host if engine is not None and decision.safe_search else ""


async def _alias_blocks(client: "ClientConnection", tunnel: Tunnel) -> bool:
    gate = client.gate
    target = Target("https", tunnel.host, tunnel.port, None)
    for alias in await gate.connector.aliases(tunnel.host):
        decision = outcome.alias_decision(gate, client.subject, target, alias)
        if decision is not None and (decision.action == "block" or not client.subject.has_ca):
            return True  # without our CA a warning can't be shown
    return False


def _event(client: "ClientConnection", tunnel: Tunnel, decision: Decision | None, verdict: str) -> Web:
    subject = client.subject
    event = Web(
        method="TUNNEL", scheme="https", host=tunnel.host.name, port=tunnel.port, client=client.address,
        person=subject.person, attribution=subject.attribution, seat=subject.seat, group=subject.group,
        profile=subject.profile, device=subject.device, action="allow", verdict=verdict,
    )  # fmt: skip
    if decision is not None:
        event.tier, event.categories = decision.tier, " ".join(decision.categories)
        event.snapshot = decision.snapshot[:12]
    return event


def _write_down(
    client: "ClientConnection", tunnel: Tunnel, decision: Decision | None, verdict: str, *, action: str
) -> None:
    event = _event(client, tunnel, decision, verdict)
    event.action = action
    event.level = 4
    client.gate.record(event)


def note_refusal(client: "ClientConnection", why: str) -> None:
    """The client broke off the handshake: it doesn't trust our CA, or the app pins its server's certificate."""
    client.gate.stats.refused_ca += 1
    if client.tunnel is not None:
        _write_down(client, client.tunnel, None, "ca-refused", action="error")
