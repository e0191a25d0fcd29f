"""Asks one DNS server. A module of its own, so that a gateway without one need not load the DNS library."""

import ipaddress
from typing import NamedTuple

import dns.asyncresolver
import dns.exception
import dns.resolver

from leeward.config import ConfigError
from leeward.policy.hosts import Address, embedded

_LONGEST = 300.0
_SHORTEST = 5.0
_LIFETIME = 5.0


class NoAddress(LookupError):
    """The server knows no address, or does not answer."""


class Found(NamedTuple):
    """Addresses of a name, the names it is an alias of, and for how many seconds that holds."""

    addresses: tuple[Address, ...]
    aliases: tuple[str, ...]
    seconds: float


class NameServer:
    """One server: host, host:port or [IPv6]:port. Raises ConfigError."""

    def __init__(self, server: str) -> None:
        has_port = server.count(":") == 1 or server.startswith("[")
        host, _, port = server.rpartition(":") if has_port else (server, "", "53")
        self._client = dns.asyncresolver.Resolver(configure=False)
        try:
            self._client.nameservers = [str(ipaddress.ip_address(host.strip("[]")))]
            self._client.port = int(port)
        except ValueError as error:
            raise ConfigError(f"gateway.resolver: {server!r} is not an address or address:port") from error
        self._client.lifetime = _LIFETIME

    async def find(self, name: str) -> Found:
        """Ask for a name. Raises NoAddress."""
        problem: Exception | None = None
        for kind in ("A", "AAAA"):  # IPv4 where there is some: one question less for each new name
            try:
                reply = await self._client.resolve(name, kind, search=False)
            except dns.resolver.NoAnswer:
                continue
            except (dns.exception.DNSException, OSError) as error:
                problem = error
                continue
            addresses = tuple(embedded(ipaddress.ip_address(row.address)) for row in reply)
            aliases = [str(rrset[0].target).rstrip(".").lower() for rrset in reply.chaining_result.cnames]
            seconds = min(_LONGEST, reply.rrset.ttl if reply.rrset else _SHORTEST)
            if addresses:
                return Found(addresses, tuple(dict.fromkeys(aliases)), seconds)
        raise NoAddress(f"the name {name} has no address") from problem
