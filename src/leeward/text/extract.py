"""What people read or write, out of what programs send: HTML, JSON, forms. Pure."""

import re
from collections import Counter
from email.message import Message
from email.parser import BytesParser
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl

import daachorse
import msgspec
from selectolax.lexbor import LexborHTMLParser

from leeward.text.charset import text_of

_UNSEEN = ["script,style,template,noscript,svg,iframe,object"]  # one selector: the tree is walked once
# Mark-up inside words: it parts nothing that people read (HTML, phrasing content).
_INLINE = [
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"),
]  # fmt: skip
_HIDDEN = ",".join(
    (
        '[hidden],[aria-hidden="true"]',
        *(f'[style*="{one}" i]' for one in ("display:none", "display: none", "visibility:hidden")),
    )
)
_SAID = ",".join(
    (
        "[alt],[aria-label],[srcdoc],[placeholder]",
        'meta[name="description"]',
        'meta[property="og:title"]',
        'meta[property="og:description"]',
    )
)
# Without one of the first two nothing is hidden, without one of the others nothing is said.
_MARKS = daachorse.DoubleArrayAhoCorasick(
    [b"hidden", b"none", b"alt", b"aria-label", b"description", b"og:", b"srcdoc", b"placeholder"]
)
_HIDES = 2
_BETWEEN = "\x1f"  # between two pieces of text; none of the characters that people write
_MOST_FIELDS = 50_000
_LOOKED_AT = 4_096  # bytes of a file
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r\f\x1b")
_BOM = b"\xef\xbb\xbf"
_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
# A page of more tags is looked at for how deep they lie, and one whose tags lie deeper is not parsed: what parsers do
# there grows with the square. Browsers stop at 512.
_FEW_TAGS, _DEEP = 1_000, 400
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_ANY_TAG = re.compile(r"<[^<>]*>")
# Without an end of their own, or with one that may be left out (HTML 13.1.2).
_NO_END = frozenset(
    (
        *("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "p"),
        *("li", "td", "th", "tr", "dt", "dd", "option", "optgroup", "thead", "tbody", "tfoot", "colgroup", "rt", "rp"),
        *("html", "head", "body"),
    )
)  # fmt: skip


class Page(NamedTuple):
    """The words of a page. `said` are descriptions of pictures and of the page; `hidden` is there but not seen."""

    title: str
    text: str
    said: str
    hidden: str

    @property
    def whole(self) -> str:
        """Everything, what counts most first."""
        return "\n".join(filter(None, (self.title, self.text, self.said, self.hidden)))


def page_of(html: str) -> Page:
    """The words of an HTML page. Words that inline mark-up splits are whole; blocks are lines of their own."""
    if html.count("<") > _FEW_TAGS and _is_deep(html):
        return Page("", _ANY_TAG.sub("", html), _ANY_TAG.sub(" ", html), "")
    tree = LexborHTMLParser(html)
    marks = {mark for _, _, mark in _MARKS.find_overlapping(html.encode("utf-8", "replace").lower())}
    said = _said(tree) if any(mark >= _HIDES for mark in marks) else ""
    tree.strip_tags(_UNSEEN, recursive=True)
    hidden = _take_hidden(tree) if any(mark < _HIDES for mark in marks) else ""
    title = tree.css_first("title")
    return Page(title.text() if title is not None else "", _seen(tree), said, hidden)


def _is_deep(html: str) -> bool:
    open_tags: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(html):
        name = found[2].lower()
        if name in _NO_END:
            continue
        if not found[1]:
            open_tags[name] += 1
            depth += 1
            if depth > _DEEP:
                return True
        elif open_tags[name]:
            open_tags[name] -= 1
            depth -= 1
    return False


def _take_hidden(tree: LexborHTMLParser) -> str:
    hidden = []
    for node in tree.css(_HIDDEN):
        if node.tag not in ("html", "body"):
            hidden.append(node.text(separator="\n"))
            node.decompose()
    return "\n".join(hidden)


def _said(tree: LexborHTMLParser) -> str:
    return "\n".join(
        _ANY_TAG.sub(" ", value)
        for node in tree.css(_SAID)
        for key in ("alt", "aria-label", "content", "placeholder", "srcdoc")
        if (value := node.attributes.get(key))
    )


def _seen(tree: LexborHTMLParser) -> str:
    if tree.body is None:
        return ""
    pieces = tree.body.text(separator=_BETWEEN).split(_BETWEEN)
    if any(one[-1:].isalnum() and two[:1].isalnum() for one, two in pairwise(pieces)):
        tree.unwrap_tags(_INLINE)
        tree.merge_text_nodes()
        return tree.body.text(separator="\n")
    return "\n".join(pieces)


def json_strings(body: bytes) -> list[str]:
    """Every text of a JSON document, and of lines of JSON; the document as it is if it is none."""
    try:
        return _strings(msgspec.json.decode(body.removeprefix(_BOM)))
    except (msgspec.DecodeError, RecursionError):
        out = []
        for line in body.splitlines():
            try:
                out += _strings(msgspec.json.decode(line))
            except (msgspec.DecodeError, RecursionError):
                out.append(_unescaped(line.decode("utf-8", "replace")))
        return out


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "\\u" in text else text


def _strings(document: object) -> list[str]:
    out: list[str] = []
    todo = [document]
    while todo and len(out) < _MOST_FIELDS:
        value = todo.pop()
        if isinstance(value, str):
            out.append(value)
        elif isinstance(value, dict):
            out += [key for key in value if " " in key]  # a sentence is no key
            todo.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            todo.extend(reversed(value))
    return out


def form_values(body: bytes) -> list[str]:
    """The values of an application/x-www-form-urlencoded body."""
    return [value for _, value in parse_qsl(body.decode("latin-1"), encoding="utf-8", errors="replace") if value]


def multipart_values(body: bytes, kind: bytes) -> list[str]:
    """The values of a multipart body; files count where they are text. What is no multipart is read as it is."""
    head = b"Content-Type: " + kind.replace(b"\r", b"").replace(b"\n", b"")
    whole = BytesParser().parsebytes(head + b"\r\n\r\n" + body)
    if not whole.is_multipart():
        return [body.decode("utf-8", "replace")]
    # What stands before the first boundary and behind the last is read too: who receives it may be less strict.
    parts = [
        text_of(data, _kind_of(part))
        for part in whole.walk()
        if not part.is_multipart() and _is_text(data := _payload(part), _kind_of(part))
    ]
    return [*filter(None, (*parts[:_MOST_FIELDS], whole.preamble, whole.epilogue))]


def _payload(part: Message) -> bytes:
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def _is_text(data: bytes, kind: bytes) -> bool:
    """By what it holds, whatever it is called: pictures and archives have bytes that no text has."""
    head = data[:_LOOKED_AT]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or b"utf-16" in kind.lower():
        return True
    return len(head.translate(None, _CONTROLS)) == len(head)


def _kind_of(part: Message) -> bytes:
    return (part.get("content-type") or "text/plain; charset=utf-8").encode("latin-1", "replace")
