"""Which bodies are read: by their Content-Type, as browsers take it (WHATWG MIME Sniffing 4 and 7)."""

import re
from functools import lru_cache
from urllib.parse import unquote_to_bytes

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


_BROKEN_ESCAPE = re.compile(r"\\[uU](?![0-9a-fA-F]{4})")
_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([^\s;\"',]+)")
# WHATWG Encoding 4.2: the labels of UTF-16.
_UTF_16 = frozenset(
    (
        *(b"utf-16", b"utf-16le", b"utf-16be", b"unicode", b"ucs-2", b"iso-10646-ucs-2"),
        *(b"csunicode", b"unicodefeff", b"unicodefffe"),
    )
)
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")


@lru_cache(maxsize=1024)
def _writing(content_type: bytes | None) -> bytes:
    """What must be undone before words can be read: utf-16, form, json or nothing."""
    kind = content_type.lower() if content_type else b""
    if (named := _CHARSET.search(kind)) and named[1] in _UTF_16:
        return b"utf-16be" if named[1] in (b"utf-16be", b"unicodefffe") else b"utf-16"
    return b"form" if b"x-www-form-urlencoded" in kind else b"json" if b"json" in kind else b""


def readable(data: bytes, content_type: bytes | None) -> bytes:
    """A decoded body as UTF-8 words for the scanner: forms and escapes undone, UTF-16 as well.

    The monitoring pipeline will do far more; this keeps everyday ways of writing from hiding a phrase.
    """
    writing = _writing(content_type)
    marked = data[:2] in _UTF_16_MARKS
    if marked or writing.startswith(b"utf-16"):
        codec = "utf-16-be" if writing == b"utf-16be" and not marked else "utf-16"
        return data.decode(codec, "replace").encode()
    if writing == b"form":
        return unquote_to_bytes(data.replace(b"+", b" "))
    if writing == b"json" and b"\\u" in data:
        # \\uXXXX undone by the codec, which is as fast as copying: an answer may hold millions of them.
        text = _BROKEN_ESCAPE.sub("u", data.decode("utf-8", "replace")).encode("raw_unicode_escape")
        plain = text.decode("raw_unicode_escape", "replace")
        return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode()
    return data
