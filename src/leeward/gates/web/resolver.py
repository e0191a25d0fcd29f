"""Names to addresses: the hosts map first, then the resolver; and which addresses may be reached at all."""

import asyncio
import ipaddress
import socket
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leeward.config import ConfigError
from leeward.policy.hosts import Address, BadHost, Host, embedded, normalise

if TYPE_CHECKING:
    from leeward.gates.web.nameserver import NameServer

_SHORTEST, _LONGEST = 5.0, 300.0  # seconds an answer is kept, whatever its TTL
_FAILED = 3.0
_REMEMBERED = 50_000


class ResolveError(Exception):
    """The name has no address. The message is for the page."""


class Answer(NamedTuple):
    """Addresses of a name, and the names it is an alias of."""

    addresses: tuple[Address, ...]
    aliases: tuple[str, ...]


class Resolver:
    """Asks once, remembers for the answer's time to live; many who ask at once share one question."""

    def __init__(self, *, server: str = "", hosts_file: Path | None = None) -> None:
        self._map = read_hosts(hosts_file) if hosts_file else {}
        # Whoever asks for an address instead of its name is judged by the names that are known to live there.
        self._names_at: dict[Address, list[str]] = {}
        for name, answer in self._map.items():
            for address in answer.addresses:
                self._names_at.setdefault(address, []).append(name)
        self._only_map = hosts_file is not None and not server
        self._known: dict[str, tuple[float, Answer | str]] = {}  # a text says why there is no answer
        self._asking: dict[str, asyncio.Task[Answer]] = {}
        self._server = _name_server(server) if server else None

    def peek(self, host: Host) -> Answer | None:
        """An answer that is at hand."""
        if host.address is not None:
            return Answer((host.address,), tuple(self._names_at.get(host.address, ())))
        if (mapped := self._map.get(host.name)) is not None:
            return mapped
        known = self._known.get(host.name)
        if known is not None and known[0] > time.monotonic() and isinstance(known[1], Answer):
            return known[1]
        return None

    async def resolve(self, host: Host) -> Answer:
        """The addresses of a host. Raises ResolveError."""
        if (answer := self.peek(host)) is not None:
            return answer
        known = self._known.get(host.name)
        if known is not None and known[0] > time.monotonic() and isinstance(known[1], str):
            raise ResolveError(known[1])
        task = self._asking.get(host.name)
        if task is None:
            task = self._asking[host.name] = asyncio.get_running_loop().create_task(self._ask(host.name))
            task.add_done_callback(lambda _: self._asking.pop(host.name, None))
        return await asyncio.shield(task)

    async def _ask(self, name: str) -> Answer:
        if len(self._known) > _REMEMBERED:
            self._known.clear()
        try:
            answer, ttl = await (self._ask_server(name) if self._server else self._ask_system(name))
        except ResolveError as error:
            self._known[name] = (time.monotonic() + _FAILED, str(error))
            raise
        self._known[name] = (time.monotonic() + min(max(ttl, _SHORTEST), _LONGEST), answer)
        return answer

    async def _ask_server(self, name: str) -> tuple[Answer, float]:
        if self._server is None:
            raise ResolveError("there is no resolver")
        try:
            found = await self._server.find(name)
        except LookupError as error:
            raise ResolveError(str(error)) from error
        return Answer(found.addresses, found.aliases), found.seconds

    async def _ask_system(self, name: str) -> tuple[Answer, float]:
        if self._only_map:
            raise ResolveError(f"the name {name} has no address")
        loop = asyncio.get_running_loop()
        try:
            rows = await loop.getaddrinfo(name, None, type=socket.SOCK_STREAM, flags=socket.AI_CANONNAME)
        except (OSError, UnicodeError) as error:
            raise ResolveError(f"the name {name} has no address") from error
        addresses = [embedded(ipaddress.ip_address(str(row[4][0]).partition("%")[0])) for row in rows]
        canonical = {row[3].rstrip(".").lower() for row in rows if row[3]} - {name}
        return Answer(tuple(dict.fromkeys(addresses)), tuple(sorted(canonical))), 60.0


def _name_server(server: str) -> "NameServer":
    # Loaded only here: the library takes a quarter of a second, which a gateway without a server need not wait.
    from leeward.gates.web.nameserver import NameServer

    return NameServer(server)


def read_hosts(path: Path) -> dict[str, Answer]:
    """A hosts file as a map. Raises ConfigError."""
    table: dict[str, list[Address]] = {}
    try:
        text = path.read_text("utf-8")
    except OSError as error:
        raise ConfigError(f"gateway.hosts: {path} can't be read ({error})") from error
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if not words:
            continue
        try:
            address = embedded(ipaddress.ip_address(words[0]))
            for word in words[1:]:
                table.setdefault(normalise(word.lower()).name, []).append(address)
        except (ValueError, BadHost) as error:
            raise ConfigError(f"gateway.hosts: {path}, line {number}: {error}") from error
    return {name: Answer(tuple(dict.fromkeys(rows)), ()) for name, rows in table.items()}


# IANA's special-purpose registries, as far as Python doesn't know them: site-local, segment routing, dummy prefix,
# AS112, 6to4 relays, documentation.
_NOT_PUBLIC = tuple(
    ipaddress.ip_network(text)
    for text in ("fec0::/10", "5f00::/16", "100:0:0:1::/64", "2001:4:112::/48", "192.88.99.0/24", "3fff::/20")
)


class Destinations:
    """Which addresses may be reached: public ones, and the private ones that the school allows (SSRF)."""

    def __init__(self, allow_private: Iterable[str], own: Iterable[tuple[str, int]] = ()) -> None:
        self._allowed = [_allowed(text) for text in allow_private]
        self._own_ports = {port for _, port in own}
        self._own = {(str(ipaddress.ip_address(host)), port) for host, port in own if host}

    def may_reach(self, address: Address, port: int) -> bool:
        """Whether the gateway may connect there for a client."""
        address = embedded(address)
        if (str(address), port) in self._own or (address.is_loopback and port in self._own_ports):
            return any(port == only and address in network for network, only in self._allowed)
        if address.is_global and not address.is_multicast and not any(address in one for one in _NOT_PUBLIC):
            return True
        return any((only in (0, port)) and address in network for network, only in self._allowed)


def _allowed(text: str) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, int]:
    host, port = text, 0
    if text.startswith("["):
        host, _, rest = text[1:].partition("]")
        port = int(rest[1:] or 0) if rest[1:].isdigit() else 0
    elif text.count(":") == 1:
        host, _, number = text.partition(":")
        port = int(number) if number.isdigit() else -1
    try:
        if port < 0:
            raise ValueError("the port is no number")
        return ipaddress.ip_network(host, strict=False), port
    except ValueError as error:
        raise ConfigError(f"gateway.allow_private: {text!r} is not an address, CIDR or address:port") from error
