"""Address -> subject: sessions first, then devices known by address, then the strictest profile."""

import ipaddress
import time

from leeward.config import Client, Config
from leeward.identity.sessions import SessionStore
from leeward.identity.subjects import AddressBook, make_subject, of_client
from leeward.policy.hosts import unmapped
from leeward.policy.model import Policy, Subject

_REMEMBERED = 50_000


class Identity:
    """Answers who is at an address. Remembers until a session changes, at most a second."""

    def __init__(self, config: Config, policy: Policy, store: SessionStore | None) -> None:
        self._book = AddressBook(config.clients)
        self._policy = policy
        self._store = store
        self._known: dict[str, tuple[Subject, float]] = {}
        self._version = -1

    def refresh(self) -> None:
        """Forget what another process changed. Called by a clock, a few times a second."""
        if self._store is not None and (version := self._store.version()) != self._version:
            self._version = version
            self._known.clear()

    def subject(self, address: str) -> Subject:
        """Who is at an address."""
        now = time.monotonic()
        known = self._known.get(address)
        if known is not None and known[1] > now:
            return known[0]
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        subject = self._find(address)
        self._known[address] = (subject, now + 1.0)
        return subject

    def client_entry(self, address: str) -> Client | None:
        """What is known of the device at an address."""
        return self._book.find(ipaddress.ip_address(address.partition("%")[0]))

    def _find(self, address: str) -> Subject:
        plain = unmapped(ipaddress.ip_address(address.partition("%")[0]))
        client = self._book.find(plain)
        session = self._store.find(str(plain)) if self._store else None
        if session is None:
            return of_client(client, self._policy)
        return make_subject(
            profile=session.profile or self._policy.default_profile,
            person=session.person,
            groups=session.groups,
            role=session.role,
            site=client.site if client else "",
            device=client.device_class if client else "",
            attribution=session.attribution,
            seat=session.seat,
            has_ca=client.has_ca if client else True,
        )
