"""What a list format yields, and the protocol that every format follows."""

import ipaddress
import re
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from leeward.policy.hosts import BadHost, canonical
from leeward.policy.paths import pattern_path


class Item(NamedTuple):
    """One thing that a line names: kind is name, url or net; category only where the line carries one."""

    kind: str
    value: str
    category: str = ""


class JunkLine(ValueError):
    """A line that names nothing; the message says why."""


class Format(Protocol):
    """A list format: a module of this room with these names."""

    NAME: str
    TITLE: str

    def parse_line(self, line: str, /) -> Iterable[Item]:
        """What a line names; nothing for blanks and comments. Raises JunkLine."""
        ...

    def looks_like(self, lines: list[str], /) -> bool:
        """Whether the first lines of a file (comments and blanks left out) are of this format."""
        ...


# Names that every hosts file carries for the machine itself.
_OWN = frozenset(
    (
        *("localhost", "localhost.localdomain", "local", "broadcasthost", "0.0.0.0", "127.0.0.1", "::1"),
        *("ip6-localhost", "ip6-loopback", "ip6-localnet", "ip6-mcastprefix"),
        *("ip6-allnodes", "ip6-allrouters", "ip6-allhosts"),
    )
)
_QUICK = re.compile(r"(?=.{4,253}\Z)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}\Z")


def named(text: str) -> Iterable[Item]:
    """A host name or an address as an item. Raises JunkLine."""
    if _QUICK.match(text):
        return (Item("name", text),)
    return _named_slowly(text)


def _named_slowly(text: str) -> Iterable[Item]:
    if text.lower() in _OWN:
        return ()
    if "/" in text:
        return (network(text),)
    try:
        host = canonical(f"[{text}]" if text.count(":") > 1 and not text.startswith("[") else text)
    except (BadHost, UnicodeError) as error:
        raise JunkLine(str(error)) from error
    if host.address is None and "." not in host.name:
        raise JunkLine(f"{text!r} names a whole top-level domain")
    return (Item("name", host.name),)


def network(text: str) -> Item:
    """A network in CIDR form. Raises JunkLine."""
    try:
        net = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise JunkLine(f"{text[:100]!r} is not a network") from error
    if net.prefixlen < (8 if net.version == 4 else 16):
        raise JunkLine(f"{text!r} covers too much of the internet")
    return Item("net", str(net))


def page(text: str) -> Item:
    """host/path as an item; a leading www. is dropped as squidGuard does. Raises JunkLine."""
    host, slash, path = text.partition("/")
    host = host.lower().partition(":")[0].removeprefix("www.")
    found = list(named(host))
    if not slash or not path or not found:
        raise JunkLine(f"{text[:100]!r} is not host/path")
    return Item("url", found[0].value + pattern_path("/" + path))
