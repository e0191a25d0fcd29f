"""dnsmasq configuration: address=/example.org/, server=/example.org/, local=/example.org/."""

import re
from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named

NAME = "dnsmasq"
TITLE = "dnsmasq address lines"
_LINE = re.compile(r"(?:address|server|local)\s*=\s*/(?P<names>.+)/(?P<to>[^/]*)\Z")
_NOWHERE = frozenset(("", "#", "0.0.0.0", "127.0.0.1", "::", "::1"))


def parse_line(line: str, /) -> Iterable[Item]:
    """address=/example.org/example.net/0.0.0.0"""
    text = line.strip()
    if not text or text[0] == "#":
        return ()
    found = _LINE.match(text)
    if not found:
        raise JunkLine("is not an address, server or local line")
    if found["to"] not in _NOWHERE:
        raise JunkLine(f"leads to {found['to'][:60]!r}, so it blocks nothing")
    return [item for name in found["names"].split("/") for item in named(name.lower())]


def looks_like(lines: list[str], /) -> bool:
    """Lines with =/name/."""
    return all("=/" in line for line in lines)
