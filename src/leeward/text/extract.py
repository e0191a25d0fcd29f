"""What people read or write, out of what programs send: HTML, JSON, forms. Pure."""

import re
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from selectolax.lexbor import LexborHTMLParser

MARK = "\x1f"  # between two pieces of text that mark-up keeps apart; none of the characters that people write
_UNSEEN = ("script", "style", "template", "noscript", "svg", "iframe", "object")
_HIDDEN = '[hidden],[style*="display:none"],[style*="display: none"],[style*="visibility:hidden"],[aria-hidden="true"]'
_SAID = '[alt],[aria-label],meta[name="description"],meta[property="og:title"],meta[property="og:description"]'
_HIDES = re.compile(r"\bhidden\b|display\s*:\s*none", re.I)
_MOST_FIELDS = 5_000


class Page(NamedTuple):
    """The words of a page. `title` counts most; `text` is what is seen, with MARK where mark-up parts it; `said` are
    descriptions of pictures and of the page; `hidden` is there but not seen.
    """

    title: str
    text: str
    said: str
    hidden: str


def page_of(html: str) -> Page:
    """The words of an HTML page."""
    tree = LexborHTMLParser(html)
    tree.strip_tags(list(_UNSEEN), recursive=True)
    hidden = []
    if _HIDES.search(html):
        for node in tree.css(_HIDDEN):
            if node.tag not in ("html", "body"):
                hidden.append(node.text(separator=MARK))
                node.decompose()
    title = tree.css_first("title")
    said = [value for node in tree.css(_SAID)
            for key in ("alt", "aria-label", "content") if (value := node.attributes.get(key))]  # fmt: skip
    text = tree.body.text(separator=MARK) if tree.body is not None else ""
    return Page(title.text() if title is not None else "", text, "\n".join(said), "\n".join(hidden))


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
