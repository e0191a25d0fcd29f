"""Reads of who is here. The list is a look at people, so it is written down."""

import datetime as dt
import time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from leeward.console.audit.action import look
from leeward.console.people.models import Person
from leeward.console.people.queries import names_of
from leeward.console.people.roles import May
from leeward.identity.sessions import SessionStore
from leeward.store.read import Store

_UNKNOWN_SECONDS = 3600


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
