"""Host names and addresses, in whatever spelling, reduced to the one form that rules are matched on.

Follows the WHATWG URL standard's host parser (what browsers do), because a spelling that a browser understands and
the filter doesn't is a way past the filter.
"""

import ipaddress
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote

import idna

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class BadHost(ValueError):
    """Not a host that anybody could mean."""


@dataclass(frozen=True, slots=True)
class Host:
    """A host in its one form: `name` is lower-case ASCII; `address` is set if it is an IP literal."""

    name: str
    address: Address | None = None


# RFC 1035 lengths; underscore is not a host name by RFC 952 but is used on the web.
_PLAIN = re.compile(r"(?=.{1,253}\Z)(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?\Z")
_LABELS = re.compile(
    # WHATWG "CheckHyphens=false": browsers ask for labels that begin or end with a hyphen.
    r"(?=.{1,253}\Z)[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\Z"
)
_LONGEST = 1024  # characters, however a name is written: four times what DNS allows
_HEX_LABEL = re.compile(r"0x[0-9a-f]*\Z")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052


def normalise(raw: str) -> Host:
    """The one form of a host as written by somebody, remembered. Raises BadHost."""
    if len(raw) > _LONGEST:
        raise BadHost(f"{raw[:60]!r}… is too long for a host")
    return _remembered(raw)


@lru_cache(maxsize=65_536)
def _remembered(raw: str) -> Host:
    return canonical(raw)


def canonical(raw: str) -> Host:
    """Like normalise, without a memory: for lists. Raises BadHost."""
    if _PLAIN.match(raw) and not _HEX_LABEL.match(raw.rpartition(".")[2]):
        if "xn--" in raw:
            _check_punycode(raw)
        return Host(raw)
    return _normalise_slowly(raw)


def _normalise_slowly(raw: str) -> Host:
    text = unquote(raw, errors="strict") if "%" in raw else raw
    if "%" in text or not text:
        raise BadHost(f"{raw!r} is not a host")
    if text.startswith("["):
        return _ipv6(text, raw)
    text = _to_ascii(text, raw)
    if text.endswith("."):
        text = text[:-1]
    if address := _ipv4(text, raw):
        return Host(str(address), address)
    if not _LABELS.match(text):
        raise BadHost(f"{raw!r} is not a host")
    return Host(text)


def _to_ascii(text: str, raw: str) -> str:
    text = text.lower()
    if text.isascii() and "xn--" not in text:
        return text
    try:
        mapped = idna.uts46_remap(text, std3_rules=False, transitional=False)
        if mapped.isascii() and "xn--" not in mapped:
            return mapped
        return ".".join(_label(label) for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError) as error:
        raise BadHost(f"{raw!r} is not a host: {error}") from error


def _label(label: str) -> str:
    if not label or (label.isascii() and not label.startswith("xn--")):
        return label
    return idna.encode(label).decode("ascii")


def _check_punycode(name: str) -> None:
    for label in name.split("."):
        if label.startswith("xn--"):
            try:
                decoded = label[4:].encode("ascii").decode("punycode")
            except UnicodeError as error:
                raise BadHost(f"{name!r} is not a host: {error}") from error
            if decoded.isascii() or unicodedata.normalize("NFKC", decoded).casefold() != decoded.casefold():
                raise BadHost(f"{name!r} hides a plain name in punycode")


def _number(part: str) -> int:
    if part[:1] in "+-":
        raise ValueError(part)
    if part in ("", "0x", "0X"):
        return 0
    if part[:2] in ("0x", "0X"):
        return int(part[2:], 16)
    return int(part, 8) if len(part) > 1 and part[0] == "0" else int(part, 10)


def _ipv4(text: str, raw: str) -> ipaddress.IPv4Address | None:
    """WHATWG "ends in a number" and IPv4 parser: 127.1, 0x7f.1, 017700000001, 2130706433 …"""
    parts = text.split(".")
    last = parts[-1]
    if not (last.isdigit() or _HEX_LABEL.match(last)) or not last:
        return None
    try:
        if len(parts) > 4 or "" in parts or not text.isascii():
            raise ValueError
        numbers = [_number(part) for part in parts]
        if any(n > 255 for n in numbers[:-1]) or numbers[-1] >= 256 ** (5 - len(numbers)):
            raise ValueError
    except ValueError as error:
        raise BadHost(f"{raw!r} is neither a name nor an address") from error
    value = numbers[-1]
    for place, n in enumerate(numbers[:-1]):
        value += n * 256 ** (3 - place)
    return ipaddress.IPv4Address(value)


def _ipv6(text: str, raw: str) -> Host:
    if not text.endswith("]") or "%" in text:
        raise BadHost(f"{raw!r} is not a host")
    try:
        address = embedded(ipaddress.IPv6Address(text[1:-1]))
    except ValueError as error:
        raise BadHost(f"{raw!r} is not an IPv6 address") from error
    name = str(address) if address.version == 4 else f"[{address}]"
    return Host(name, address)


def unmapped(address: Address) -> Address:
    """The IPv4 address that a dual-stack socket writes as ::ffff:a.b.c.d (RFC 4291 2.5.5.2), or the address itself."""
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def embedded(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one (mapped, compatible, NAT64, 6to4), or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address.sixtofour:
        return address.sixtofour
    if int(address) >> 32 & 0xFDFFFFFF == 0x5EFE or int(address) >> 32 == 0xFFFF << 16:  # ISATAP; IPv4-translated
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


def parents(name: str) -> list[str]:
    """The name and the names above it, most exact first: a.b.c -> a.b.c, b.c, c."""
    out = [name]
    start = name.find(".") + 1
    while start:
        out.append(name[start:])
        start = name.find(".", start) + 1
    return out
