"""PROXY protocol version 2: the client's true address, told by a load balancer in front.

Source: "The PROXY protocol, versions 1 & 2", section 2.2.
"""

import ipaddress
from typing import NamedTuple

SIGNATURE = b"\r\n\r\n\x00\r\nQUIT\n"


class Proxied(NamedTuple):
    """The client's address (empty for the balancer's own health checks), and how many bytes the header took."""

    client: str
    used: int


class BadProxyHeader(ValueError):
    """Not a PROXY v2 header."""


def parse(data: bytes) -> Proxied | None:
    """The header at the beginning of these bytes; None if more are needed. Raises BadProxyHeader."""
    if not SIGNATURE.startswith(data[: len(SIGNATURE)]):
        raise BadProxyHeader("no PROXY v2 signature")
    if len(data) < 16:
        return None
    version, command, family = data[12] >> 4, data[12] & 0xF, data[13]
    length = int.from_bytes(data[14:16])
    if version != 2 or command > 1 or length > 4096:
        raise BadProxyHeader("not version 2, or an impossible length")
    if len(data) < 16 + length:
        return None
    body = data[16 : 16 + length]
    if command == 0:
        return Proxied("", 16 + length)
    size = {0x11: 4, 0x21: 16}.get(family)
    if size is None or length < 2 * size + 4:
        raise BadProxyHeader("not TCP over IPv4 or IPv6")
    return Proxied(str(ipaddress.ip_address(body[:size])), 16 + length)
