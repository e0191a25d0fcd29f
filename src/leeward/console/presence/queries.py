"""Reads of who is here. The list is a look at people, so it is written down."""

import datetime as dt
import ipaddress
import time
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.queries import names_of
from leeward.console.people.roles import May
from leeward.identity.sessions import SessionStore
from leeward.store.read import Store

_UNKNOWN_SECONDS = 3600
_KNOWN_DAYS, _SILENT_DAYS = 28, 7


def sessions(actor: Person) -> list[dict[str, Any]]:
    """Everybody who is signed in, newest first."""
    look(actor, "presence.list", may=May.SEE_PRESENCE, again_after=600)
    store = SessionStore(settings.STATE / "sessions.sqlite")
    found = store.all()
    store.close()
    names = names_of(one.person for one in found)
    zone = ZoneInfo(settings.CONFIG.timezone)
    return [
        one._asdict()
        | {
            "who": names.get(one.person, one.person),
            "since": dt.datetime.fromtimestamp(one.started, zone),
            "until": dt.datetime.fromtimestamp(one.expires, zone),
        }
        for one in found
    ]


def unattributed() -> list[dict[str, Any]]:
    """Devices at which nobody was known within the last hour, with what they asked for in numbers only."""
    store = Store(settings.STATE / "store")
    try:
        return store.ask("unattributed", since=time.time() - _UNKNOWN_SECONDS)
    finally:
        store.close()


class Coverage(NamedTuple):
    """Which devices were heard of. `silent`: known for four weeks, and not heard of in the last seven days (M03)."""

    heard: int
    silent: list[dict[str, Any]]
    never: list[str]


def coverage(actor: Person) -> Coverage:
    """What monitoring reaches: devices that fell silent, and devices of leeward.toml that were never heard of."""
    look(actor, "presence.coverage", may=May.SEE_PRESENCE, again_after=600)
    now = time.time()
    store = Store(settings.STATE / "store")
    try:
        rows = store.ask("coverage", since=now - _KNOWN_DAYS * 86_400, recent=now - _SILENT_DAYS * 86_400)
    finally:
        store.close()
    zone = ZoneInfo(settings.CONFIG.timezone)
    silent = [row | {"when": dt.datetime.fromtimestamp(row["last"], zone)} for row in rows if not row["lately"]]
    heard = [ipaddress.ip_address(row["client"]) for row in rows]
    networks = [text for client in settings.CONFIG.clients for text in client.networks]
    never = [text for text in networks if not any(one in ipaddress.ip_network(text, strict=False) for one in heard)]
    return Coverage(len(rows) - len(silent), silent, never)
