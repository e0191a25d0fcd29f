"""Bodies decoded for scanning, with bounds: a bomb is never inflated further than the limit."""

import contextlib
import zlib
from typing import Any, Protocol

import brotli
import zstandard


class Decoder(Protocol):
    """Takes coded bytes, gives at most `room` decoded ones."""

    def decode(self, data: bytes, room: int) -> bytes:
        """Decoded bytes. Raises BadBody."""
        ...


class BadBody(Exception):
    """The body isn't in the coding that it claims."""


class _Zlib:
    def __init__(self, wbits: int) -> None:
        self._object = zlib.decompressobj(wbits)
        self._first = True
        self._wbits = wbits

    def decode(self, data: bytes, room: int) -> bytes:
        try:
            return self._object.decompress(data, room)
        except zlib.error as error:
            # "deflate" is sent with and without the zlib wrapper (RFC 9110 8.4.1.2 note).
            if self._wbits == zlib.MAX_WBITS and self._first:
                self._object = zlib.decompressobj(-zlib.MAX_WBITS)
                self._wbits = -zlib.MAX_WBITS
                return self.decode(data, room)
            raise BadBody(str(error)) from error
        finally:
            self._first = False


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
        self._object = zstandard.ZstdDecompressor(max_window_size=8 * 1024 * 1024)
        self._seen = b""

    def decode(self, data: bytes, room: int) -> bytes:
        # Bodies are decoded once, whole, so a reader with a bound suffices.
        self._seen += data
        try:
            with self._object.stream_reader(self._seen, read_across_frames=True) as reader:
                return reader.read(room)
        except zstandard.ZstdError as error:
            raise BadBody(str(error)) from error


class _Identity:
    def decode(self, data: bytes, room: int) -> bytes:
        return data[:room]


def decoder_of(coding: bytes) -> Decoder:
    """A decoder for one content coding; an unknown one is taken as it is (browsers do the same)."""
    coding = coding.strip().lower()
    if coding in (b"gzip", b"x-gzip"):
        return _Zlib(zlib.MAX_WBITS | 16)
    if coding == b"deflate":
        return _Zlib(zlib.MAX_WBITS)
    if coding == b"br":
        return _Brotli()
    return _Zstd() if coding == b"zstd" else _Identity()


def decoded(body: bytes, coding: bytes, limit: int) -> bytes:
    """A whole body, decoded, at most `limit` bytes. Raises BadBody. Several codings are undone from last to first."""
    codings = [part for part in coding.split(b",") if part.strip() and part.strip().lower() != b"identity"]
    if len(codings) > 3:
        raise BadBody("too many codings")
    for part in reversed(codings):
        body = decoder_of(part).decode(body, limit)
    return body[:limit]


_TEXT = (b"text/", b"application/json", b"application/xhtml", b"application/xml", b"application/ld+json")
_NOT_TEXT = (b"text/css", b"text/javascript", b"text/event-stream", b"text/vtt")
_FORMS = (b"application/x-www-form-urlencoded", b"application/json", b"text/", b"multipart/form-data")


def is_scanned_response(content_type: bytes | None) -> bool:
    """Whether a response of this type is held and scanned: what people read, not scripts and styles."""
    if content_type is None:
        return True  # a browser would sniff it
    kind = content_type.lower().lstrip()
    return kind.startswith(_TEXT) and not kind.startswith(_NOT_TEXT)


def is_event_stream(content_type: bytes | None) -> bool:
    """Whether a response is a stream that must not be held: the answer of an AI service, word by word."""
    return content_type is not None and content_type.lower().lstrip().startswith(b"text/event-stream")


def is_scanned_request(content_type: bytes | None) -> bool:
    """Whether a request's body is held and scanned: what people write."""
    return content_type is not None and content_type.lower().lstrip().startswith(_FORMS)


def try_decoded(body: bytes, coding: bytes, limit: int) -> bytes:
    """Like `decoded`; a body that isn't what it claims is given as it came."""
    with contextlib.suppress(BadBody, MemoryError):
        return decoded(body, coding, limit)
    return body[:limit]
