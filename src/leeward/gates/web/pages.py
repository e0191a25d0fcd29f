"""The pages that the gateway itself shows: blocked, warned, faults, thanks. Calm, without blame, in plain words."""

import hashlib
import hmac
import time
from html import unescape
from importlib import resources
from typing import NamedTuple
from urllib.parse import quote, unquote

import jinja2

from leeward.policy import taxonomy
from leeward.policy.model import Decision, Policy

TICKET_SECONDS = 3600.0
WARNED_COOKIE = "leeward-seen"

_ACTIONS = {
    "child": "This page is closed",
    "teen": "This page is blocked",
    "adult": "This page is blocked",
}
# Why a category is closed, for the three audiences (F15). {title} is the category's title in lower case.
_WHY = {
    "child": "It is about “{title}”. That is not for school. You have done nothing wrong.",
    "teen": "It belongs to “{title}”, which isn't open to you here.",
    "adult": "It belongs to the category “{title}”, which your profile does not allow.",
}
_FAULT_TITLES = {
    "dns": "This address can't be found",
    "connect": "The site does not answer",
    "timeout": "The site takes too long",
    "certificate": "This site is not safe to open",
    "tls": "This site is not safe to open",
    "private": "This address can't be opened from here",
    "closed": "The filter has no valid rules, so everything is closed",
    "protocol": "The request could not be understood",
    "misdirected": "The request says two different things",
    "upstream": "The site sent something that can't be understood",
    "port": "This port is not open",
    "loop": "The request goes in a circle",
    "content": "This page is blocked",
}


METHODS = b"GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS, TRACE"  # and CONNECT, outside a tunnel


class Page(NamedTuple):
    """A page ready to be sent."""

    status: int
    body: bytes
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Pages:
    """Renders pages for one policy; tickets are signed so that a report can't be made up by another site."""

    def __init__(self, secret: bytes) -> None:
        source = resources.files("leeward.gates.web").joinpath("templates/page.html").read_text("utf-8")
        environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
        self._template = environment.from_string(source)
        self.secret = secret
        self.worry = ""  # where a worry can be told

    def blocked(self, decision: Decision, policy: Policy, *, host: str, client: str) -> Page:
        """A page for a block."""
        audience = _audience(decision, policy)
        lines = [_why(decision, audience)] if decision.tier != "sealed" and decision.categories else []
        reason = decision.reason
        # What is sealed is not discussed, and no address of it is shown or reported back.
        sealed = decision.tier == "sealed"
        return self._page(
            403, policy, title=_ACTIONS[audience], reason=reason, lines=lines, host="" if sealed else host,
            ticket=self.ticket("report", client, host), may_ask=not sealed, code=decision.rule,
        )  # fmt: skip

    def warned(self, decision: Decision, policy: Policy, *, host: str, client: str, path: str) -> Page:
        """A page that asks to think before going on."""
        reason = decision.reason or "Stop and think: is this page what you need?"
        return self._page(
            403, policy, title="Please think first", reason=reason, host=host, path=path,
            lines=[_about(decision)] if decision.categories else [],
            proceed=self.ticket("continue", client, host), ticket=self.ticket("report", client, host),
            may_ask=True, code=decision.rule,
        )  # fmt: skip

    def fault(self, status: int, kind: str, why: str, policy: Policy | None) -> Page:
        """A page for something that went wrong."""
        page = self._page(status, policy, title=_FAULT_TITLES.get(kind, "Something went wrong"), reason=why)
        # RFC 9110 15.5.6: whoever asks with the wrong method is told the right ones.
        return page._replace(headers=((b"Allow", METHODS), *page.headers)) if status == 405 else page

    def sign_in(self, policy: Policy, url: str) -> Page:
        """Somebody must sign in first; browsers that don't follow the redirect see a page."""
        page = self._page(302, policy, title="Please sign in", reason="Who is using this device?", sign_in=url)
        return Page(302, page.body, ((b"Location", url.encode("latin-1", "replace")), *page.headers))

    def thanks(self, what: str, policy: Policy, back: str) -> Page:
        """After a report."""
        if what == "accident":
            reason = "Thank you for telling us. You have done nothing wrong."
        else:
            reason = "Your request has been sent. A member of staff will look at it."
        return self._page(200, policy, title="Thank you", reason=reason, back=back)

    def _page(self, status: int, policy: Policy | None, **values: object) -> Page:
        known: dict[str, object] = {
            **dict.fromkeys(("title", "reason", "host", "proceed", "ticket", "sign_in", "back", "path", "code"), ""),
            "lines": (), "may_ask": False, "worry": self.worry,
            "school": policy.school if policy else "", "contact": policy.contact if policy else "",
        }  # fmt: skip
        body = self._template.render(known | values).encode()
        return Page(status, body, _HEADERS)

    def ticket(self, what: str, client: str, host: str) -> str:
        """A signed word that this client was shown this page, good for an hour."""
        until = str(int(time.time() + TICKET_SECONDS))
        return f"{until}.{self._sign(what, client, host, until)}"

    def check_ticket(self, ticket: str, what: str, client: str, host: str) -> bool:
        """Whether a ticket is ours, for this client and host, and still good."""
        until, _, mac = ticket.partition(".")
        if not (until.isascii() and until.isdigit()) or len(until) > 12 or int(until) < time.time():
            return False
        return hmac.compare_digest(mac.encode(), self._sign(what, client, host, until).encode())

    def _sign(self, *parts: str) -> str:
        return hmac.new(self.secret, "\0".join(parts).encode(), hashlib.sha256).hexdigest()[:32]


# Inline style only; nothing else may load, nothing may frame the page.
_HEADERS = (
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Cache-Control", b"no-store"),
    (
        b"Content-Security-Policy",
        b"default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"X-Content-Type-Options", b"nosniff"),
    (b"Referrer-Policy", b"no-referrer"),
)


def _audience(decision: Decision, policy: Policy) -> str:
    return next((profile.audience for profile in policy.profiles if profile.name == decision.profile), "teen")


def _why(decision: Decision, audience: str) -> str:
    return _WHY[audience].format(title=_title(decision))


def _about(decision: Decision) -> str:
    """For a page that may be opened all the same."""
    return f"It is listed as “{_title(decision)}”."


def _title(decision: Decision) -> str:
    known = taxonomy.categories()
    titles = [known[name].title for name in decision.categories if name in known]
    return (titles[0] if titles else decision.categories[0]).lower()


def short(page: Page, title: str) -> Page:
    """The same verdict for pictures and scripts: a few words instead of a page."""
    return Page(
        page.status, title.encode(), ((b"Content-Type", b"text/plain; charset=utf-8"), (b"Cache-Control", b"no-store"))
    )


def form_values(body: bytes) -> dict[str, str]:
    """A small posted form of our own pages."""
    out = {}
    for pair in body[:8192].decode("latin-1").split("&"):
        name, _, value = pair.partition("=")
        out[unquote(name.replace("+", " "))] = unescape(unquote(value.replace("+", " ")))
    return out


def safe_back(path: str) -> bytes:
    """A path on the same host to go back to, whatever the form said."""
    path = "/" + path.lstrip("/\\")
    return quote(path, safe="/?#[]@!$&'()*+,;=:%-._~").encode("ascii")
