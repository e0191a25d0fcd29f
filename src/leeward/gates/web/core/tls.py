"""TLS towards the client, without a socket: coded bytes in, plain bytes out, and the other way round."""

import contextlib
import ssl
from typing import NamedTuple

_PIECE = 65_536


class Received(NamedTuple):
    """What came of some bytes: plain text for us, bytes for the client, whether the client ended."""

    plain: bytes
    reply: bytes
    ended: bool


class TlsFault(Exception):
    """The handshake or the stream failed. `reply` is an alert for the client."""

    def __init__(self, why: str, reply: bytes) -> None:
        super().__init__(why)
        self.reply = reply


class ServerTls:
    """One server-side connection over memory BIOs."""

    __slots__ = ("_incoming", "_object", "_outgoing", "ready")

    def __init__(self, context: ssl.SSLContext) -> None:
        self._incoming = ssl.MemoryBIO()
        self._outgoing = ssl.MemoryBIO()
        self._object = context.wrap_bio(self._incoming, self._outgoing, server_side=True)
        self.ready = False

    def receive(self, data: bytes) -> Received:
        """Bytes from the client. Raises TlsFault."""
        self._incoming.write(data)
        try:
            if not self.ready:
                self._object.do_handshake()
                self.ready = True
            plain, ended = self._read()
        except ssl.SSLWantReadError:
            return Received(b"", self._outgoing.read(), False)
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return Received(b"", self._outgoing.read(), True)
        except ssl.SSLError as error:
            raise TlsFault(error.reason or str(error), self._outgoing.read()) from error
        return Received(plain, self._outgoing.read(), ended)

    def _read(self) -> tuple[bytes, bool]:
        """All that can be read now. Asking for more than there is costs an exception."""
        tls, incoming = self._object, self._incoming
        piece = tls.read(_PIECE)
        if piece and not incoming.pending and not tls.pending():
            return piece, False
        pieces = [piece]
        while piece:
            try:
                piece = tls.read(_PIECE)
            except ssl.SSLWantReadError:
                return b"".join(pieces), False
            except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
                break
            pieces.append(piece)
        return b"".join(pieces), True

    def send(self, plain: bytes) -> bytes:
        """Plain text for the client, coded. Raises TlsFault."""
        view = memoryview(plain)
        try:
            while view:
                view = view[self._object.write(view) :]
        except ssl.SSLError as error:
            raise TlsFault(error.reason or str(error), b"") from error
        return self._outgoing.read()

    def close(self) -> bytes:
        """The closing alert."""
        with contextlib.suppress(ssl.SSLError):
            self._object.unwrap()
        return self._outgoing.read()
