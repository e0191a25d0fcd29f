"""Bodies decoded for scanning, with bounds: a bomb is never inflated further than the limit."""

import zlib
from collections.abc import Callable
from typing import Any, Protocol

import brotli
import zstandard

_ROOM = 16 * 1024 * 1024  # bytes that one piece of a stream may inflate to
_SLICE = 512  # bytes of zstd taken at once: its decoder knows no bound, and 4 bytes may inflate to 128 KB


class Decoder(Protocol):
    """Takes coded bytes piece by piece, gives at most `room` decoded ones for each."""

    def decode(self, data: bytes, room: int) -> bytes:
        """Decoded bytes. Raises BadBody."""
        ...


class BadBody(Exception):
    """The body isn't in the coding that it claims, or inflates too far."""


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._object = zlib.decompressobj(wbits)
        self._first = True
        self._wbits = wbits
        self._ended = False

    def decode(self, data: bytes, room: int) -> bytes:
        out = b"" if self._ended else self._decode(data, room)
        # RFC 1952 2.2: a gzip file may have several members; what follows the last one is ignored by browsers.
        while self._object.eof and not self._ended and len(out) < room:
            rest = self._object.unused_data
            if not b"\x1f\x8b".startswith(rest[:2]):
                self._ended = True
            elif len(rest) < 2:
                break  # the next piece says whether another member follows
            else:
                self._object = zlib.decompressobj(self._wbits)
                out += self._decode(rest, room - len(out))
        return out

    def _decode(self, data: bytes, room: int) -> bytes:
        try:
            out = self._object.decompress(data, room)
        except zlib.error as error:
            # "deflate" is sent with and without the zlib wrapper (RFC 9110 8.4.1.2 note).
            if self._wbits == zlib.MAX_WBITS and self._first:
                self._wbits, self._first = -zlib.MAX_WBITS, False
                self._object = zlib.decompressobj(self._wbits)
                return self._decode(data, room)
            raise BadBody(str(error)) from error
        self._first = False
        return out


class _Brotli:
    def __init__(self) -> None:
        self._object: Any = brotli.Decompressor()

    def decode(self, data: bytes, room: int) -> bytes:
        try:
            out: bytes = self._object.process(data, output_buffer_limit=max(room, 1))
        except brotli.error as error:
            raise BadBody(str(error)) from error
        return out[:room]


class _Zstd:
    # RFC 9659: a window of at most 8 MB for the web.
    def __init__(self) -> None:
        reader = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
        self._object: Any = reader.decompressobj(read_across_frames=True)

    def decode(self, data: bytes, room: int) -> bytes:
        out, size = [], 0
        try:
            for start in range(0, len(data), _SLICE):
                out.append(self._object.decompress(data[start : start + _SLICE]))
                size += len(out[-1])
                if size >= room:
                    break
        except zstandard.ZstdError as error:
            raise BadBody(str(error)) from error
        return b"".join(out)[:room]


_DECODERS: dict[bytes, Callable[[], Decoder]] = {
    b"gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    b"x-gzip": lambda: _Zlib(zlib.MAX_WBITS | 16),
    b"deflate": lambda: _Zlib(zlib.MAX_WBITS),
    b"br": _Brotli,
    b"zstd": _Zstd,
}


def _decoders(coding: bytes) -> list[Decoder]:
    """Decoders from the last coding to the first; an unknown one is taken as it is (browsers do the same)."""
    names = [part.strip().lower() for part in coding.split(b",")]
    known = [_DECODERS[name]() for name in names if name in _DECODERS]
    if len(known) > 3:
        raise BadBody("too many codings")
    return known[::-1]


def decoded(body: bytes, coding: bytes, limit: int) -> bytes:
    """A whole body, decoded, at most `limit` bytes. Raises BadBody. Several codings are undone from last to first."""
    for decoder in _decoders(coding):
        body = decoder.decode(body, limit)
    return body[:limit]


class StreamDecoder:
    """Decodes a body piece by piece. Raises BadBody, also for a piece that inflates beyond 16 MiB."""

    def __init__(self, coding: bytes) -> None:
        self._chain = _decoders(coding) if coding else []

    def feed(self, data: bytes) -> bytes:
        """A piece, decoded."""
        for decoder in self._chain:
            data = decoder.decode(data, _ROOM)
            if len(data) >= _ROOM:
                raise BadBody("it inflates too far")
        return data
