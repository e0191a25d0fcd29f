"""What people read or write, out of what programs send: HTML, JSON, forms. Pure."""

import re
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import parse_qsl

import daachorse
import msgspec
from selectolax.lexbor import LexborHTMLParser

_UNSEEN = ["script,style,template,noscript,svg,iframe,object"]  # one selector: the tree is walked once
# Mark-up inside words: it parts nothing that people read (HTML, phrasing content).
_INLINE = [
    *("a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "label"),
    *("mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr"),
]  # fmt: skip
_HIDDEN = '[hidden],[style*="display:none"],[style*="display: none"],[style*="visibility:hidden"],[aria-hidden="true"]'
_SAID = '[alt],[aria-label],meta[name="description"],meta[property="og:title"],meta[property="og:description"]'
# Without one of the first two nothing is hidden, without one of the others nothing is said.
_MARKS = daachorse.DoubleArrayAhoCorasick([b"hidden", b"none", b"alt", b"aria-label", b"description", b"og:"])
_HIDES = 2
_BETWEEN = "\x1f"  # between two pieces of text; none of the characters that people write
_MOST_FIELDS = 5_000


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
    tree = LexborHTMLParser(html)
    tree.strip_tags(_UNSEEN, recursive=True)
    marks = {mark for _, _, mark in _MARKS.find_overlapping(html.encode("utf-8", "replace").lower())}
    hidden = _take_hidden(tree) if any(mark < _HIDES for mark in marks) else ""
    said = _said(tree) if any(mark >= _HIDES for mark in marks) else ""
    title = tree.css_first("title")
    return Page(title.text() if title is not None else "", _seen(tree), said, hidden)


def _take_hidden(tree: LexborHTMLParser) -> str:
    hidden = []
    for node in tree.css(_HIDDEN):
        if node.tag not in ("html", "body"):
            hidden.append(node.text(separator="\n"))
            node.decompose()
    return "\n".join(hidden)


def _said(tree: LexborHTMLParser) -> str:
    return "\n".join(
        value
        for node in tree.css(_SAID)
        for key in ("alt", "aria-label", "content")
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
        return _strings(msgspec.json.decode(body))
    except msgspec.DecodeError:
        out = []
        for line in body.splitlines():
            try:
                out += _strings(msgspec.json.decode(line))
            except msgspec.DecodeError:
                out.append(line.decode("utf-8", "replace"))
        return out


def _strings(document: object) -> list[str]:
    out: list[str] = []
    todo = [document]
    while todo and len(out) < _MOST_FIELDS:
        value = todo.pop()
        if isinstance(value, str):
            out.append(value)
        elif isinstance(value, dict):
            todo.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            todo.extend(reversed(value))
    return out


def form_values(body: bytes) -> list[str]:
    """The values of an application/x-www-form-urlencoded body."""
    return [value for _, value in parse_qsl(body.decode("latin-1"), encoding="utf-8", errors="replace") if value]


_FIELD = re.compile(rb"name=\"?[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.*?)\r\n--", re.S)


def multipart_values(body: bytes) -> list[str]:
    """The values of a multipart/form-data body; files count where they are text."""
    return [value.decode("utf-8", "replace") for value in _FIELD.findall(body)[:_MOST_FIELDS]]
