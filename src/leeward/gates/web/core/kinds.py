"""Which bodies are read: by their Content-Type, as browsers take it (WHATWG MIME Sniffing 4 and 7)."""

import re
from functools import lru_cache

_TYPE = re.compile(rb"[!#$%&'*+.^_`|~0-9a-z-]+/[!#$%&'*+.^_`|~0-9a-z-]+")
_UNKNOWN = frozenset((b"unknown/unknown", b"application/unknown", b"*/*"))  # browsers sniff these
_TEXT = (b"text/", b"application/json", b"application/xhtml", b"application/xml", b"application/ld+json")
_NOT_TEXT = (b"text/css", b"text/javascript", b"text/ecmascript", b"text/event-stream", b"text/vtt")
_STREAMS = (b"text/event-stream", b"multipart/x-mixed-replace", b"application/x-ndjson")
_FORMS = (
    b"application/x-www-form-urlencoded",
    b"application/json",
    b"text/",
    b"multipart/form-data",
    b"application/graphql",
)


@lru_cache(maxsize=1024)
def types_of(content_type: bytes) -> tuple[bytes, ...]:
    """Every type that a field names; several fields are joined by commas, and a browser may take either."""
    parts = (part.partition(b";")[0].strip().lower() for part in content_type.split(b","))
    return tuple(part if _TYPE.fullmatch(part) else b"*/*" for part in parts)


@lru_cache(maxsize=1024)
def is_scanned_response(content_type: bytes | None) -> bool:
    """Whether a response of this type is held and scanned: what people read, not scripts and styles."""
    return content_type is None or any(_is_read(kind) for kind in types_of(content_type))


def _is_read(kind: bytes) -> bool:
    if kind in _UNKNOWN or kind.endswith((b"+xml", b"+json")) or kind == b"multipart/byteranges":
        return True
    return kind.startswith(_TEXT) and not kind.startswith(_NOT_TEXT)


@lru_cache(maxsize=1024)
def is_stream(content_type: bytes | None) -> bool:
    """Whether a response must not be held: the answer of an AI service, word by word."""
    return content_type is not None and any(kind.startswith(_STREAMS) for kind in types_of(content_type))


@lru_cache(maxsize=1024)
def is_scanned_request(content_type: bytes | None) -> bool:
    """Whether a request's body is held and scanned: what people write."""
    if content_type is None:
        return False
    return any(kind.startswith(_FORMS) or kind.endswith((b"+json", b"+xml")) for kind in types_of(content_type))


def is_form(content_type: bytes | None) -> bool:
    """Whether a request's body is a form of names and values."""
    return content_type is not None and b"application/x-www-form-urlencoded" in types_of(content_type)
