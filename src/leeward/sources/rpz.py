"""DNS response policy zones: names with CNAME . (or another policy that denies them)."""

import ipaddress
import re
from collections.abc import Iterable

from leeward.sources.entries import Item, JunkLine, named

NAME = "rpz"
TITLE = "Response policy zone (RPZ)"
_DENY = frozenset((".", "*.", "rpz-drop."))
_ZONE_RECORDS = frozenset(("SOA", "NS", "TXT"))


def parse_line(line: str, /) -> Iterable[Item]:
    """example.org CNAME ."""
    words = line.partition(";")[0].split()
    if not words or words[0][0] in "$#" or words[0] in "()@" or _inside_soa(words):
        return ()
    kinds = [word.upper() for word in words]
    if _ZONE_RECORDS.intersection(kinds):
        return ()
    if "CNAME" not in kinds:
        raise JunkLine("is not a CNAME record")
    target = words[kinds.index("CNAME") + 1] if kinds.index("CNAME") + 1 < len(words) else ""
    if target not in _DENY:
        raise JunkLine(f"leads to {target[:60]!r}, so it blocks nothing")
    owner = words[0].lower().removeprefix("*.")
    if owner.endswith(".rpz-ip"):
        return (_trigger(owner.removesuffix(".rpz-ip")),)
    if owner.endswith((".rpz-nsdname", ".rpz-nsip", ".rpz-client-ip")):
        raise JunkLine("this kind of trigger isn't about a host")
    return named(owner.rstrip("."))


def _inside_soa(words: list[str]) -> bool:
    return all(word.strip("()").isdigit() or word in "()" for word in words)


def _trigger(text: str) -> Item:
    # RFC draft-vixie-dnsop-dns-rpz 4.3: prefix length, then the address reversed; "zz" stands for "::".
    length, *parts = text.split(".")
    is_ipv4 = len(parts) == 4 and "zz" not in parts
    joined = ".".join(reversed(parts)) if is_ipv4 else re.sub(r":?zz:?", "::", ":".join(reversed(parts)))
    try:
        return Item("net", str(ipaddress.ip_network(f"{joined}/{length}", strict=False)))
    except ValueError as error:
        raise JunkLine("is not an rpz-ip trigger") from error


def looks_like(lines: list[str], /) -> bool:
    """A zone: $TTL or SOA, or CNAME lines."""
    return any(
        line.startswith("$TTL") or " SOA " in f" {line} " or " CNAME " in f" {' '.join(line.split())} "
        for line in lines
    )
