"""The TLS ClientHello, read before anything is decided: server name, application protocols, encrypted names.

The one structure that is taken apart by hand: no library reads it without taking part in the handshake.
RFC 8446 section 4.1.2, RFC 6066 section 3, RFC 7301.
"""

from typing import NamedTuple

MAX_HELLO = 32_768  # post-quantum key shares make hellos of 2 KB; RFC 8446 allows records of 16 KB


class Hello(NamedTuple):
    """What a client says first. `encrypted` says that the real name may be hidden (ECH)."""

    server_name: str
    protocols: tuple[str, ...]
    encrypted: bool
    versions: tuple[int, ...]


class BadHello(ValueError):
    """Not a ClientHello."""


class _Cursor:
    __slots__ = ("data", "end", "pos")

    def __init__(self, data: bytes, pos: int = 0, end: int | None = None) -> None:
        self.data, self.pos, self.end = data, pos, len(data) if end is None else end

    def number(self, size: int) -> int:
        start = self.pos
        self.skip(size)
        return int.from_bytes(self.data[start : self.pos])

    def skip(self, size: int) -> None:
        self.pos += size
        if self.pos > self.end:
            raise BadHello("a length points past the end")

    def block(self, size: int) -> "_Cursor":
        """A block with a length of `size` bytes before it."""
        length = self.number(size)
        start = self.pos
        self.skip(length)
        return _Cursor(self.data, start, self.pos)

    def rest(self) -> bytes:
        return self.data[self.pos : self.end]

    def __bool__(self) -> bool:
        return self.pos < self.end


def parse(data: bytes) -> Hello | None:
    """The hello at the beginning of these bytes; None if more are needed. Raises BadHello."""
    message = _handshake_bytes(data)
    if message[:1] not in (b"", b"\x01"):
        raise BadHello("the first message is no ClientHello")
    wanted = 4 + int.from_bytes(message[1:4]) if len(message) >= 4 else MAX_HELLO
    if wanted > MAX_HELLO or (len(message) < wanted and len(data) > MAX_HELLO):
        raise BadHello("the ClientHello is too long")
    return _body(message[4:wanted]) if len(message) >= wanted else None


def _handshake_bytes(data: bytes) -> bytes:
    """The content of the handshake records at the beginning; a hello may be split over several."""
    message = b""
    pos = 0
    while pos < len(data) and len(message) <= MAX_HELLO:
        record = data[pos : pos + 5]
        if record[0] != 22 or (len(record) > 1 and record[1] != 3):
            if len(message) >= 4 and len(message) >= 4 + int.from_bytes(message[1:4]):
                break  # what follows the hello is not our business
            raise BadHello("not a TLS handshake record")
        length = int.from_bytes(record[3:5])
        if len(record) == 5 and not 0 < length <= 16_640:  # RFC 8446 5.1: 2^14, and a little for old versions
            raise BadHello("the record's length is impossible")
        message += data[pos + 5 : pos + 5 + length]
        pos += 5 + length
    return message


def _body(data: bytes) -> Hello:
    cursor = _Cursor(data)
    version = cursor.number(2)
    cursor.skip(32)
    cursor.block(1)  # session id
    cursor.block(2)  # cipher suites
    cursor.block(1)  # compression methods
    name, encrypted = "", False
    protocols: tuple[str, ...] = ()
    versions: tuple[int, ...] = (version,)
    seen: set[int] = set()
    extensions = cursor.block(2) if cursor else _Cursor(b"")
    while extensions:
        kind = extensions.number(2)
        content = extensions.block(2)
        if kind in seen:
            raise BadHello("an extension comes twice")
        seen.add(kind)
        if kind == 0:
            name = _server_name(content)
        elif kind == 16:
            protocols = _protocols(content)
        elif kind == 43:
            versions = _versions(content)
        elif kind in (0xFE0D, 0xFFCE):  # encrypted_client_hello, and the older encrypted_server_name
            encrypted = True
    return Hello(name, protocols, encrypted, versions)


def _server_name(content: _Cursor) -> str:
    if not content:
        return ""
    names = content.block(2)
    while names:
        kind = names.number(1)
        value = names.block(2).rest()
        if kind == 0:
            try:
                return value.decode("ascii")
            except UnicodeDecodeError as error:
                raise BadHello("the server name is not ASCII") from error
    return ""


def _protocols(content: _Cursor) -> tuple[str, ...]:
    out = []
    names = content.block(2)
    while names:
        out.append(names.block(1).rest().decode("latin-1"))
    return tuple(out)


def _versions(content: _Cursor) -> tuple[int, ...]:
    out = []
    versions = content.block(1)
    while versions:
        out.append(versions.number(2))
    return tuple(out)
