"""A web address taken apart: what is asked for, and what else it would bring along."""

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from leeward.policy.hosts import BadHost, Host, normalise

DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}

# RFC 3986 appendix B, with the authority taken apart; a backslash before the query is a slash to browsers: refused.
_ABSOLUTE = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?:[^/?#@\\]*@)?"
    r"(?P<host>\[[^\]/?#@\\]*\]|[^/?#@:\[\]\\]+)(?::(?P<port>[0-9]{0,5}))?(?P<path>(?:/[^?#\\]*)?(?:\?[^#]*)?)(?:#.*)?\Z"
)
_AUTHORITY = re.compile(r"(?P<host>\[[^\]/?#@\\]*\]|[^/?#@:\[\]\\]+)(?::(?P<port>[0-9]{1,5}))?\Z")


_LONGEST_AUTHORITY = 1100


class BadURL(ValueError):
    """Not an address that can be asked for."""


class Target(NamedTuple):
    """What is asked for. `path` holds the query too; None means that it can't be seen (a tunnel)."""

    scheme: str
    host: Host
    port: int
    path: str | None


def parse(text: str) -> Target:
    """An absolute URL. Raises BadURL."""
    # Most requests go to few origins, so scheme and authority are taken apart once.
    scheme_end = text.find("://") + 3
    cut = text.find("/", scheme_end)
    if _LONGEST_AUTHORITY > cut > scheme_end > 2 and "?" not in text[:cut] and "#" not in text and "\\" not in text:
        scheme, host, port, _ = _origin(text[: cut + 1])
        return Target(scheme, host, port, text[cut:])
    return _parse(text)


def _parse(text: str) -> Target:
    found = _ABSOLUTE.match(text)
    if not found:
        raise BadURL(f"{text[:200]!r} is not a web address")
    scheme = found["scheme"].lower()
    if scheme not in DEFAULT_PORTS:
        raise BadURL(f"{scheme!r} addresses can't be asked for")
    path = found["path"] or "/"
    if path[0] == "?":
        path = "/" + path
    return Target(scheme, host_of(found["host"]), port_of(found["port"], scheme), path)


@lru_cache(maxsize=16_384)
def _origin(text: str) -> Target:
    return _parse(text)


def authority(text: str, scheme: str) -> tuple[Host, int]:
    """host or host:port, as in Host and CONNECT. Raises BadURL."""
    if len(text) > _LONGEST_AUTHORITY:
        raise BadURL(f"{text[:60]!r}… is too long for host:port")
    return _authority(text, scheme)


@lru_cache(maxsize=16_384)
def _authority(text: str, scheme: str) -> tuple[Host, int]:
    found = _AUTHORITY.match(text)
    if not found:
        raise BadURL(f"{text[:200]!r} is not host:port")
    return host_of(found["host"]), port_of(found["port"], scheme)


def port_of(text: str | None, scheme: str) -> int:
    """The port, or the scheme's own. Raises BadURL."""
    port = int(text) if text else DEFAULT_PORTS[scheme]
    if not 0 < port < 65_536:
        raise BadURL(f"there is no port {port}")
    return port


def host_of(text: str) -> Host:
    """Like hosts.normalise, but raises BadURL."""
    try:
        return normalise(text)
    except (BadHost, UnicodeError) as error:
        raise BadURL(str(error)) from error


def lenient(text: str) -> Target:
    """What a person types: a URL, or a host with or without a path. Raises BadURL."""
    text = text.strip()
    if "://" not in text:
        text = "http://" + text
    head, sep, rest = text.partition("://")
    return parse(head + sep + quote(rest, safe="/?#[]@!$&'()*+,;=:%-._~" + "".join(c for c in rest if ord(c) > 127)))
