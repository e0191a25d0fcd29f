"""Bytes to text, as browsers decide it (WHATWG Encoding, HTML 13.2.3): mark, declaration, meta, then a guess."""

import codecs
import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([^\s;\"',>]+)", re.I)
_META = re.compile(rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_XML = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]+)", re.I)
_LOOKED_AT = 1024  # bytes in which a meta element counts
# WHATWG labels that Python's codecs don't know or take for something else.
_LABELS = {
    **dict.fromkeys(("iso-8859-1", "latin1", "ascii", "us-ascii", "windows-1252", "l1", "cp819"), "cp1252"),
    **dict.fromkeys(("utf-16", "utf-16le", "unicode", "ucs-2", "iso-10646-ucs-2", "csunicode"), "utf-16-le"),
    "unicodefeff": "utf-16-le",
    **dict.fromkeys(("utf-16be", "unicodefffe"), "utf-16-be"),
    **{"x-sjis": "cp932", "shift_jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "gb2312": "gb18030"},
    **{"x-user-defined": "latin-1", "windows-874": "cp874", "x-mac-cyrillic": "mac-cyrillic"},
}  # fmt: skip


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
    name = found[1].decode("ascii", "replace").lower()
    name = _LABELS.get(name, name)
    try:
        return codecs.lookup(name).name if codecs.lookup(name)._is_text_encoding else ""
    except LookupError:
        return ""
