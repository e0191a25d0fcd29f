"""Listening sockets, and where a redirected connection wanted to go."""

import contextlib
import socket
import struct
from typing import Any

from leeward.config import ConfigError

_SO_ORIGINAL_DST = 80  # linux/netfilter_ipv4.h
_BACKLOG = 4096


def original_destination(sock: socket.socket) -> tuple[str, int]:
    """Where a redirected connection wanted to go; where it arrived, if it was not redirected."""
    try:
        raw = sock.getsockopt(socket.SOL_IP, _SO_ORIGINAL_DST, 16)
        port, address = struct.unpack("!2xH4s8x", raw)
        return socket.inet_ntoa(address), port
    except OSError:
        host, port = sock.getsockname()[:2]
        return host, port


def check_free(host: str, port: int) -> None:
    """Raise ConfigError if another program listens there: SO_REUSEPORT alone would share the port with it."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise ConfigError(f"{host}:{port} can't be opened: {error.strerror}. Is another program there?") from error


def listen(host: str, port: int) -> socket.socket:
    """A listening socket that shares its port with its twins. Raises ConfigError."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        sock.bind((host, port))
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        raise ConfigError(f"{host}:{port} can't be opened: {error.strerror}. Is another program there?") from error
    return sock


def split_address(text: str) -> tuple[str, int]:
    """host:port. Raises ConfigError."""
    host, _, port = text.rpartition(":")
    if not port.isdigit() or int(port) > 65_535 or not host:
        raise ConfigError(f"{text!r} is not host:port")
    return host.strip("[]"), int(port)


def reset_when_closed(transport: Any) -> None:
    """Let the end of this connection be a reset: the other side must see that something is missing (RFC 9112 8)."""
    sock = transport.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
