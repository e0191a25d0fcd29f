"""What all connections of one worker share: the snapshot, who is where, the clock, the spool, the way out."""

import asyncio
import ipaddress
import logging
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from leeward.config import Client, Config, ConfigError
from leeward.events.kinds import Finding, Report, Service, Web
from leeward.events.spool import SpoolFull, SpoolWriter
from leeward.gates.web.auth import ProxyAuth
from leeward.gates.web.certs import Authority, Leaves, upstream_context
from leeward.gates.web.core.messages import Bounds
from leeward.gates.web.pages import Pages
from leeward.gates.web.resolver import Destinations, Resolver
from leeward.gates.web.revocation import Revocations
from leeward.gates.web.scan import Scanner, library_of, school_mark
from leeward.gates.web.stats import Stats
from leeward.gates.web.upstream import Connector, Pool
from leeward.gates.web.who import WORRY_PATH, subject_of
from leeward.identity.resolve import Identity
from leeward.identity.sessions import SessionStore
from leeward.identity.subjects import AddressBook
from leeward.policy.compile import Shelf
from leeward.policy.decide import decide
from leeward.policy.hosts import BadHost, normalise
from leeward.policy.model import Decision, Moment, Policy, Request, Subject
from leeward.policy.snapshot import BadSnapshot, Snapshot
from leeward.policy.url import BadURL, Target, parse

if TYPE_CHECKING:
    from leeward.gates.web.client import ClientConnection
    from leeward.gates.web.delivery import Delivery

_log = logging.getLogger("leeward.gateway")


class Gate:
    """One worker's shared state. `tick` is called by a clock ten times a second."""

    def __init__(self, config: Config, *, secret: bytes, stats: Stats) -> None:
        self.config = config
        self.limits = config.gateway.limits
        self.bounds = Bounds(self.limits.header_bytes, self.limits.header_count, self.limits.url_bytes)
        self.stats = stats
        self.pages = Pages(secret)
        self.spool = SpoolWriter(config.state_path / "spool")
        self.shelf = Shelf(config.state_path / "snapshots")
        self.snapshot: Snapshot | None = None
        self._old_snapshots: list[Snapshot] = []
        self.sessions = SessionStore(config.state_path / "sessions.sqlite")
        self.holding: dict[Delivery, float] = {}  # pages that are held, since when
        self.connections: set[ClientConnection] = set()
        self.per_client: dict[str, int] = {}
        self.pool = Pool(per_origin=self.limits.pool_per_origin)
        self.draining = False
        self.now = time.time()
        self.clock = asyncio.get_running_loop().time()  # a tenth of a second coarse: enough for time-outs
        self.moment = Moment.at(self.now, config.timezone)
        self._flushed = 0.0
        self._synced = 0.0
        self._sync_task: asyncio.Future[None] | None = None
        self.set_up(config)
        self.take_snapshot()

    def set_up(self, config: Config) -> None:
        """Everything that a reload may change."""
        gateway = config.gateway
        self.config = config
        self.resolver = Resolver(
            server=gateway.resolver, hosts_file=config.path(gateway.hosts) if gateway.hosts else None
        )
        self._balancers = AddressBook([Client(networks=gateway.proxy_protocol_from)])
        self.sign_in = _target_of(gateway.sign_in_url)
        self.pages.worry = urljoin(gateway.sign_in_url, WORRY_PATH) if gateway.sign_in_url else ""
        destinations = Destinations(gateway.allow_private, own=own_addresses(config))
        context = upstream_context([config.path(path) for path in gateway.trust])
        self.connector = Connector(
            self.resolver,
            destinations,
            context,
            self.bounds,
            seconds=self.limits.connect_seconds,
            port_map=gateway.port_map,
            revocations=Revocations([config.path(path) for path in gateway.crls]),
        )
        self.pool.renew()
        self.leaves = Leaves(Authority(ca_folder(config)))
        self._school = school_mark(config)
        self.scanner = Scanner(library_of(config))
        workers = gateway.workers or os.cpu_count() or 1
        self.auth = ProxyAuth(config.users, workers=workers) if gateway.proxy_auth else None
        self.no_inspect = frozenset(_names(gateway.no_inspect))
        self.identity = Identity(config, self.snapshot.policy if self.snapshot else Policy(), self.sessions)

    @property
    def policy(self) -> Policy | None:
        """The current policy."""
        return self.snapshot.policy if self.snapshot else None

    def take_snapshot(self) -> None:
        """Take up the current snapshot if it is another one; a bad one is refused and the old one stays."""
        path = self.shelf.current()
        if path is None or (self.snapshot is not None and path == self.snapshot.path):
            return
        try:
            fresh = Snapshot(path)
        except BadSnapshot as error:
            if self.stats.bad_snapshot != path.name:
                self.stats.bad_snapshot = path.name
                self.note("bad-snapshot", str(error))
            return
        if self.snapshot is not None:
            self._old_snapshots.append(self.snapshot)
        self.snapshot = fresh
        self.stats.bad_snapshot = ""
        self.identity = Identity(self.config, fresh.policy, self.sessions)
        self.note("snapshot", f"now {fresh.name[:12]} with {fresh.info.names} names")

    def enter(self, address: str) -> None:
        """One connection more from an address."""
        self.per_client[address] = self.per_client.get(address, 0) + 1

    def leave(self, address: str) -> None:
        """One connection less from an address."""
        left = self.per_client.get(address, 1) - 1
        if left > 0:
            self.per_client[address] = left
        else:
            self.per_client.pop(address, None)

    def is_balancer(self, address: str) -> bool:
        """Whether a PROXY header is believed, and required, from an address."""
        return bool(self.config.gateway.proxy_protocol_from) and (
            self._balancers.find(ipaddress.ip_address(address)) is not None
        )

    def subject(self, address: str) -> Subject:
        """Who is at an address."""
        return self.identity.subject(address)

    def decide(self, target: Target, subject: Subject, term: str = "") -> Decision | None:
        """The verdict; None while there is no snapshot (closed)."""
        if self.snapshot is None:
            return None
        return decide(self.snapshot, Request(target, subject, self.moment, term))

    def record(self, event: Web) -> None:
        """Write down a request."""
        event.at = time.time()
        self.stats.count(event)
        self.spool.put(event)

    def found(self, event: Finding) -> None:
        """Write down what a text spoke of; it must not wait for company."""
        self.stats.findings += 1
        self.spool.put(event)
        self.flush()

    def report(self, event: Report) -> None:
        """Write down a word from a block page."""
        self.spool.put(event)

    def note(self, what: str, words: str) -> None:
        """Write down what happened to the gateway itself."""
        _log.info("%s: %s", what, words)
        self.spool.put(Service(part="gateway", what=what, words=words))

    def tick(self) -> None:
        """Ten times a second: the clock, the spool, sessions; once a second: timeouts and the snapshot."""
        self.now = time.time()
        self.clock = asyncio.get_running_loop().time()
        self.identity.refresh()
        for delivery, since in list(self.holding.items()):
            if self.clock - since >= self.limits.hold_seconds:
                self.holding.pop(delivery, None)
                delivery.let_go()
        if self.now - self._flushed >= self.config.store.flush_ms / 1000:
            self._flushed = self.now
            self.flush()
        if self.now - self._synced >= 1.0:
            self._synced = self.now
            self._second()

    def _take_school_library(self) -> None:
        """What the school added to the library or does without, as soon as the console says so."""
        mark = school_mark(self.config)
        if mark == self._school:
            return
        self._school = mark
        try:
            self.scanner = Scanner(library_of(self.config))
            self.note("library", "the school's own part of the library was read again")
        except ConfigError as error:
            self.note("library-failed", f"the library stays as it was: {error}")

    def _second(self) -> None:
        before = (self.snapshot, self.moment.minute)
        self.moment = Moment.at(self.now, self.config.timezone)
        self.take_snapshot()
        self._take_school_library()
        if before != (self.snapshot, self.moment.minute):
            self._judge_again()
        self.pool.sweep()
        for connection in [c for c in self.connections if c.deadline < self.clock]:
            connection.expire()
        self.stats.connections = len(self.connections)
        self.stats.dropped_events = self.spool.dropped
        self.stats.disk_full = self.spool.full
        if self._sync_task is None or self._sync_task.done():
            # A slow disk must not stop the loop.
            self._sync_task = asyncio.get_running_loop().run_in_executor(None, self.spool.sync)
        self.stats.write()

    def _judge_again(self) -> None:
        """Connections that are passed through are decided again when rules or the minute change."""
        for connection in list(self.connections):
            if (pipe := connection.pipe) is not None:
                pipe.judge(self.decide(pipe.target, subject_of(connection)))

    def flush(self) -> None:
        """Events into the spool; a full disk stops no request."""
        try:
            self.spool.flush()
        except SpoolFull as error:
            if not self.stats.disk_full:
                _log.error("the spool takes nothing more: %s", error)
            self.stats.disk_full = True

    def close(self) -> None:
        """The end: everything written down."""
        self.pool.close()
        try:
            self.spool.close()
        except SpoolFull:
            _log.error("events were lost: the disk is full")
        self.stats.write()


def own_addresses(config: Config) -> list[tuple[str, int]]:
    """Where Leeward itself listens: not to be reached through the gateway."""
    out = []
    gateway = config.gateway
    for text in (*gateway.listen, *gateway.transparent, gateway.admin, config.console.listen):
        host, _, port = text.rpartition(":")
        if port.isdigit():
            host = host.strip("[]")
            out.append(("" if host in ("0.0.0.0", "::", "") else host, int(port)))  # noqa: S104 - compared, not bound
    return [(host if not host or host[0].isdigit() or ":" in host else "127.0.0.1", port) for host, port in out]


def ca_folder(config: Config) -> Path:
    """Where the school's CA lies."""
    return config.path(config.gateway.ca_folder) if config.gateway.ca_folder else config.state_path / "ca"


def _target_of(url: str) -> Target | None:
    if not url:
        return None
    try:
        return parse(url)
    except BadURL:
        return None


def _names(names: tuple[str, ...]) -> list[str]:
    out = []
    for name in names:
        try:
            out.append(normalise(name.lower()).name)
        except BadHost:
            _log.error("gateway.no_inspect: %r is not a host", name)
    return out
