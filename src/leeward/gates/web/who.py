"""Who is at a connection: the address says, or proxy authentication, or the sign-in page must ask."""

import hashlib
import hmac
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import quote

from leeward.config import User
from leeward.gates.web import outcome
from leeward.gates.web.pages import Page
from leeward.gates.web.tasks import spawn
from leeward.identity.subjects import of_user
from leeward.policy.model import Policy, Subject
from leeward.policy.paths import readings
from leeward.policy.url import DEFAULT_PORTS, Target

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection
    from leeward.gates.web.exchange import Exchange
    from leeward.gates.web.gate import Gate

SIGNED_HEADER = b"Leeward-Client"
WORRY_PATH = "/worry"
_CHALLENGE = (b"Proxy-Authenticate", b'Basic realm="Leeward", charset="UTF-8"')


def subject_of(client: "ClientConnection") -> Subject:
    """Who is there now: a log-in or a sign-out counts from the next request on."""
    gate = client.gate
    if client.user is not None:
        return of_user(client.user, gate.identity.client_entry(client.address), gate.policy or Policy())
    subject = gate.subject(client.address)
    if subject.attribution == "unattributed":
        # Whoever signed in a moment ago is not sent to sign in again.
        gate.identity.refresh()
        subject = gate.subject(client.address)
    return subject


def is_sign_in(gate: "Gate", target: Target) -> bool:
    """Whether this is the sign-in page of the console, which everybody may reach, however a server reads the path."""
    page = gate.sign_in
    if page is None or (target.scheme, target.host, target.port) != (page.scheme, page.host, page.port):
        return False
    if target.path is None:
        return True  # a tunnel: it is looked into, so that these paths alone are reached
    if is_worry(gate, target):
        return True
    door = page.path or "/"
    return all(
        form.startswith("/static/") or form.partition("?")[0].rstrip("/") in (door, f"{door}/out")
        for form in readings(target.path)
    )


def is_worry(gate: "Gate", target: Target) -> bool:
    """Whether this is where a worry is told: open to everybody, and nobody is named in the log of it (M16)."""
    page = gate.sign_in
    if page is None or (target.scheme, target.host, target.port) != (page.scheme, page.host, page.port):
        return False
    return target.path is not None and all(
        form.partition("?")[0].rstrip("/") in (WORRY_PATH, f"{WORRY_PATH}/thread") for form in readings(target.path)
    )


def signed_address(client: "ClientConnection") -> tuple[bytes, bytes]:
    """Tells the sign-in page the client's true address, so that nobody signs another device in."""
    text = f"{client.address} {int(client.gate.now)}"
    mac = hmac.new(client.gate.pages.secret, text.encode(), hashlib.sha256).hexdigest()
    return SIGNED_HEADER, f"{text} {mac}".encode()


def identify(client: "ClientConnection", exchange: "Exchange", target: Target, go_on: Callable[[], None]) -> None:
    """Go on at once if somebody is known; otherwise ask, and go on when the answer is good."""
    if is_sign_in(client.gate, target):
        go_on()
    elif not _needs_log_in(client):
        if not _send_to_sign_in(client, exchange, target):
            go_on()
    else:
        _log_in(client, exchange, target, go_on)


def _needs_log_in(client: "ClientConnection") -> bool:
    return (
        client.gate.auth is not None
        and client.tunnel is None
        and client.mode == "explicit"
        and client.gate.subject(client.address).attribution == "unattributed"
    )


def _log_in(client: "ClientConnection", exchange: "Exchange", target: Target, go_on: Callable[[], None]) -> None:
    auth = client.gate.auth
    field = exchange.head.values.get(b"proxy-authorization")
    client.user = None
    if auth is None or field is None:
        _challenge(exchange, target)
        return
    if (user := auth.known(field)) is not None:
        _logged_in(client, exchange, user, go_on)
        return

    async def check() -> None:
        checked = await auth.check(field)
        client.release_reading(exchange)
        if exchange.done:
            return
        if checked is None:
            _challenge(exchange, target)
        else:
            _logged_in(client, exchange, checked, go_on)

    client.hold_reading(exchange)
    spawn(check())


def _logged_in(client: "ClientConnection", exchange: "Exchange", user: User, go_on: Callable[[], None]) -> None:
    client.user = user
    client.subject = exchange.subject = subject_of(client)
    go_on()


def _challenge(exchange: "Exchange", target: Target) -> None:
    exchange.target = target
    outcome.describe(exchange, "")
    exchange.event.action = "error"
    page = exchange.gate.pages.fault(407, "auth", "This device must sign in to the proxy.", exchange.gate.policy)
    exchange.refuse(Page(407, page.body, (_CHALLENGE, *page.headers)), "auth")


def _send_to_sign_in(client: "ClientConnection", exchange: "Exchange", target: Target) -> bool:
    gate = client.gate
    wanted = gate.config.gateway.unknown_clients == "sign-in" and gate.sign_in is not None and gate.policy is not None
    if not wanted or client.subject.attribution != "unattributed" or target.path is None:
        return False
    exchange.target = target
    outcome.describe(exchange, "")
    exchange.event.action = "block"
    port = "" if target.port == DEFAULT_PORTS[target.scheme] else f":{target.port}"
    back = quote(f"{target.scheme}://{target.host.name}{port}{target.path}", safe="")
    url = f"{gate.config.gateway.sign_in_url}?next={back}"
    exchange.refuse(gate.pages.sign_in(gate.policy or Policy(), url), "sign-in")
    return True
