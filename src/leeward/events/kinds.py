"""Event kinds. Each field says what it is and whether it is personal; each kind how long it lives.

Retention, redaction and the reference page are made from these declarations. Events carry a random person
token, never a name: names live only in the console's database.
"""

import itertools
import os
import time
from typing import Annotated, Any, ClassVar

import msgspec
from msgspec import Meta


def personal(text: str) -> Meta:
    """A field that is about a person: redacted in exports to others, dropped when the token is."""
    return Meta(description=text, extra={"personal": True})


def plain(text: str) -> Meta:
    """A field that is about no person."""
    return Meta(description=text)


class Event(msgspec.Struct, kw_only=True, tag_field="kind", omit_defaults=True):
    """What every event carries."""

    RETENTION_DAYS: ClassVar[int] = 365

    at: Annotated[float, plain("When, seconds since 1970-01-01 UTC.")] = 0.0
    id: Annotated[str, plain("Random, unique.")] = ""


class Traffic(Event):
    """What passed through the gateway, and for whom."""

    person: Annotated[str, personal("Token of the person; empty if unattributed.")] = ""
    attribution: Annotated[
        str, plain("How the person is known: personal, class, address, proxy-auth or unattributed.")
    ] = ""
    seat: Annotated[str, personal("Seat of a class log-in.")] = ""
    group: Annotated[str, plain("The person's first group, such as the year.")] = ""
    profile: Annotated[str, plain("Filtering profile that applied.")] = ""
    client: Annotated[str, personal("Address of the device.")] = ""
    device: Annotated[str, plain("Class of the device.")] = ""


class Web(Traffic, tag="web"):
    """One web request that the gateway decided (requirements F16, DfE-FM-3.12)."""

    # Filter logs are short-lived (requirements ICO-4, RET-1); a year covers the annual review.
    RETENTION_DAYS: ClassVar[int] = 365

    method: Annotated[str, plain("HTTP method, or TUNNEL for a connection that was not looked into.")] = ""
    scheme: Annotated[str, plain("http, https, ws or wss.")] = ""
    host: Annotated[str, personal("Host name asked for.")] = ""
    port: Annotated[int, plain("Port asked for.")] = 0
    path: Annotated[str, personal("Path and query, shortened to 2,000 characters.")] = ""
    term: Annotated[str, personal("Search term, where the request is a search.")] = ""
    action: Annotated[str, plain("allow, warn, block, or error.")] = ""
    verdict: Annotated[str, plain("The rule's reason, in a word: rule id, or the fault.")] = ""
    tier: Annotated[str, plain("Tier of the rule that decided.")] = ""
    categories: Annotated[str, plain("Categories of the host, separated by spaces.")] = ""
    snapshot: Annotated[str, plain("First 12 characters of the snapshot's name.")] = ""
    level: Annotated[int, plain("Log level: 1 noise of a page (images, scripts), 3 a page, 5 what needs an eye.")] = 3
    status: Annotated[int, plain("Status sent to the client.")] = 0
    sent: Annotated[int, plain("Bytes of the request's body.")] = 0
    received: Annotated[int, plain("Bytes of the response's body.")] = 0
    millis: Annotated[int, plain("From the request's head to the end of the response, milliseconds.")] = 0
    findings: Annotated[str, personal("Themes found by scanning, separated by spaces.")] = ""


class Finding(Traffic, tag="finding"):
    """A text spoke of something that somebody should know of (requirements M01, F19, DfE-FM-4)."""

    # What became a concern lives on in its alert; what did not is no longer needed (requirements RET-1, ICO-4).
    RETENTION_DAYS: ClassVar[int] = 365

    host: Annotated[str, personal("Host on which it was searched, read or written.")] = ""
    path: Annotated[str, personal("Path and query, shortened to 500 characters.")] = ""
    channel: Annotated[str, plain("search, message (own words), page or email.")] = ""
    written: Annotated[bool, plain("Whether the person wrote it; otherwise it came to them.")] = False
    theme: Annotated[str, plain("What it speaks of.")] = ""
    severity: Annotated[int, plain("1 worth noting to 5 act now.")] = 0
    score: Annotated[float, plain("0 to 1.")] = 0.0
    seeks_help: Annotated[bool, plain("Somebody asks for help: to be supported, never sanctioned.")] = False
    evidence: Annotated[str, personal("What was written, at most 300 characters; never a picture.")] = ""
    around: Annotated[
        str, personal("From severity 3 on: what stands around it, at most 600 characters, for whoever judges it.")
    ] = ""
    language: Annotated[str, plain("Language of what was found (ISO 639).")] = ""
    reason: Annotated[str, plain("Why, in a sentence.")] = ""
    entries: Annotated[str, plain("Entries of the library that were found, separated by spaces.")] = ""
    action: Annotated[str, plain("allow or block: what happened to the text.")] = ""


class Session(Event, tag="session"):
    """Somebody signed in or out at a device (requirements T2, N06, M15)."""

    RETENTION_DAYS: ClassVar[int] = 365

    person: Annotated[str, personal("Token of the person or of the class log-in.")] = ""
    client: Annotated[str, personal("Address of the device.")] = ""
    seat: Annotated[str, personal("Seat of a class log-in.")] = ""
    what: Annotated[str, plain("start, end, expired or refused.")] = ""


class Report(Event, tag="report"):
    """A word from a block page: seen by accident, or please open (requirements F07, F15)."""

    RETENTION_DAYS: ClassVar[int] = 365

    person: Annotated[str, personal("Token of the person; empty if unattributed.")] = ""
    client: Annotated[str, personal("Address of the device.")] = ""
    what: Annotated[str, plain("accident or open.")] = ""
    host: Annotated[str, personal("Host of the page.")] = ""
    path: Annotated[str, personal("Path of the page.")] = ""
    words: Annotated[str, personal("What the person wrote.")] = ""


class Service(Event, tag="service"):
    """Something happened to the platform itself."""

    RETENTION_DAYS: ClassVar[int] = 1095

    what: Annotated[str, plain("start, stop, reload, worker-died, list-updated, list-failed, disk-full …")] = ""
    part: Annotated[str, plain("Which part: gateway, ingest, lists, console.")] = ""
    words: Annotated[str, plain("In words, nothing personal.")] = ""


KINDS: dict[str, type[Event]] = {
    "web": Web,
    "finding": Finding,
    "session": Session,
    "report": Report,
    "service": Service,
}
AnyEvent = Web | Finding | Session | Report | Service

_encoder = msgspec.json.Encoder()
# Unique without asking the kernel for randomness each time: a random beginning for the process, then a count.
_prefix = os.urandom(8).hex()
_count = itertools.count()


def _renew_prefix() -> None:
    global _prefix
    _prefix = os.urandom(8).hex()


os.register_at_fork(after_in_child=_renew_prefix)
decode = msgspec.json.Decoder(AnyEvent).decode


def stamp[E: Event](event: E) -> E:
    """Give an event its time and its id, if it has none."""
    if not event.at:
        event.at = time.time()
    if not event.id:
        event.id = f"{_prefix}{next(_count):x}"
    return event


def encode(event: Event) -> bytes:
    """One JSON line without its end."""
    return _encoder.encode(event)


def fields(kind: type[Event]) -> list[tuple[str, Any, str, bool]]:
    """(name, type, description, personal) of each field of a kind."""
    rows = []
    for item in msgspec.inspect.type_info(kind).fields:  # type: ignore[attr-defined]
        meta = item.type
        extra = getattr(meta, "extra", None) or {}
        schema = getattr(meta, "extra_json_schema", None) or {}
        inner = getattr(meta, "type", meta)
        rows.append((item.name, inner, schema.get("description", ""), bool(extra.get("personal"))))
    return rows
