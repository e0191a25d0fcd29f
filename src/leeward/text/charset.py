"""Bytes to text, as browsers decide it (WHATWG Encoding, HTML 13.2.3): mark, declaration, meta, then a guess."""

import re

import webencodings

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"(?:^|;)\s*charset\s*=\s*[\"']?([^\s;\"',>]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_NO_CODECS = {"x-user-defined": "latin-1", "replacement": ""}  # of the standard, that Python has none for
_LOOKED_AT = 1024  # bytes in which a meta element counts


def text_of(data: bytes, content_type: bytes | None) -> str:
    """A decoded body as text. Nothing in it is an error: what can't be decoded becomes U+FFFD."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    if declared := (_named(_DECLARED, content_type or b"") or _inside(data)):
        return data.decode(declared, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _inside(data: bytes) -> str:
    head = data[:_LOOKED_AT]
    found = _named(_META, head) or _named(_XML, head)
    # HTML 13.2.3.2: a page that can be read so far is not UTF-16, whatever it says.
    return "utf-8" if found.startswith("utf-16") else found


def _named(pattern: re.Pattern[bytes], data: bytes) -> str:
    found = pattern.search(data)
    if not found:
        return ""
    known = webencodings.lookup(found[1].decode("ascii", "replace"))
    # What browsers don't know they ignore; what they know is decoded by the codec of this name.
    name = known.codec_info.name if known is not None else ""
    return _NO_CODECS.get(name, name)
