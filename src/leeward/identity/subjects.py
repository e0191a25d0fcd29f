"""Builds subjects: the facets of a person and a device that rules match on."""

import ipaddress
from collections.abc import Iterable

from leeward.config import Client, Config, ConfigError, User
from leeward.policy.hosts import Address, unmapped
from leeward.policy.model import Policy, Subject

type Network = ipaddress.IPv4Network | ipaddress.IPv6Network


def make_subject(
    *,
    profile: str,
    person: str = "",
    groups: Iterable[str] = (),
    role: str = "",
    site: str = "",
    device: str = "",
    attribution: str = "unattributed",
    seat: str = "",
    has_ca: bool = True,
) -> Subject:
    """A subject with its facets."""
    groups = tuple(groups)
    facets = {f"profile:{profile}", *(f"group:{group}" for group in groups)}
    for kind, value in (("person", person), ("role", role), ("site", site), ("device", device)):
        if value:
            facets.add(f"{kind}:{value}")
    return Subject(frozenset(facets), profile, person, attribution, seat, groups[0] if groups else "", device, has_ca)


class AddressBook:
    """Devices known by address (leeward.toml, [[clients]]); the longest prefix wins."""

    def __init__(self, clients: Iterable[Client]) -> None:
        self._rows: list[tuple[Network, Client]] = []
        for client in clients:
            for text in client.networks:
                try:
                    self._rows.append((ipaddress.ip_network(text, strict=False), client))
                except ValueError as error:
                    raise ConfigError(f"[[clients]] networks: {text!r} is not an address or a CIDR range") from error
        self._rows.sort(key=lambda row: row[0].prefixlen, reverse=True)

    def find(self, address: Address) -> Client | None:
        """The entry of an address."""
        address = unmapped(address)
        for network, client in self._rows:
            if address.version == network.version and address in network:
                return client
        return None


def of_client(client: Client | None, policy: Policy) -> Subject:
    """The subject of a device that nobody is signed in at."""
    if client is None:
        return make_subject(profile=policy.strictest_profile)
    known = bool(client.person or client.groups or client.role or client.profile)
    return make_subject(
        profile=client.profile or policy.strictest_profile,
        person=client.person,
        groups=client.groups,
        role=client.role,
        site=client.site,
        device=client.device_class,
        attribution="address" if known else "unattributed",
        has_ca=client.has_ca,
    )


def of_user(user: User, client: Client | None, policy: Policy) -> Subject:
    """The subject of somebody who used proxy authentication."""
    return make_subject(
        profile=user.profile or policy.default_profile,
        person=user.login,
        groups=user.groups,
        role=user.role,
        site=client.site if client else "",
        device=client.device_class if client else "",
        attribution="proxy-auth",
        has_ca=client.has_ca if client else True,
    )


def check_clients(config: Config, policy: Policy) -> list[str]:
    """Faults of the configuration against the policy: profiles that don't exist."""
    names = {profile.name for profile in policy.profiles}
    rows = [(f"[[clients]] {item.networks}", item.profile) for item in config.clients]
    rows += [(f"[[users]] {item.login}", item.profile) for item in config.users]
    return [f"{where}: there is no profile {name!r}" for where, name in rows if name and name not in names]
