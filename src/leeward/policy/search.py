"""Searches: the term somebody searched for, and safe search that can't be switched off (requirements F12).

Locked in two ways: the request goes to the engine's own "forced safe" address (the one that DNS filters use), and
the request itself is changed.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote_plus, urlencode

import msgspec

from leeward.policy.engines import ENGINES, Engine
from leeward.policy.paths import readings
from leeward.policy.url import Target

_TERM_CHARS, _MOST_TERMS = 2_000, 20  # no engine reads more
_PIECE = 256
_PART = re.compile(rb"name=\"?([^\";\r\n]+)[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n(.{0,8000}?)\r\n--", re.S)
_PART_NAME = re.compile(rb"(?P<before>[ ;]name=\"?)(?P<name>[^\";\r\n]+)")
_FIELD_NAME = re.compile(rb"(?P<before>(?:\A|[&;\r\n]))(?P<name>[^=&;\r\n]+)(?==)")
_cache: dict[str, Engine | None] = {}


def engine_of(name: str) -> Engine | None:
    """The engine that a host belongs to."""
    try:
        return _cache[name]
    except KeyError:
        if len(_cache) > 65_536:
            _cache.clear()
        found = next((engine for engine in ENGINES if engine.hosts.match(name)), None)
        _cache[name] = found
        return found


def term_of(target: Target) -> str:
    """The search term of a request, or an empty string; several of one request are joined by a line break."""
    engine = engine_of(target.host.name)
    if engine is None or not target.path:
        return ""
    path, _, query = target.path.partition("?")
    found = [_in_path(engine, path)] if engine.in_path is not None else []
    if query and is_search(engine, path):
        found.append(_terms(engine, query))
    return "\n".join(filter(None, found))


def _in_path(engine: Engine, path: str) -> str:
    """A term that is a part of the path: /hashtag/words."""
    found = engine.in_path.match(path) if engine.in_path is not None else None
    return unquote_plus(found["term"])[:_TERM_CHARS] if found else ""


def body_term(engine: Engine, kind: bytes, body: bytes) -> str:
    """The search term of a body that is sent to an engine, in any of the ways in which pages send forms and JSON."""
    if b"multipart/" in kind:
        fields = ((name.decode("latin-1"), value.decode("utf-8", "replace")) for name, value in _PART.findall(body))
        return _joined(engine, list(fields))
    if body.lstrip()[:1] in (b"{", b"["):
        return _joined(engine, list(_json_fields(body)))
    text = body.decode("latin-1")
    return _terms(engine, text.replace("\r\n", "&") if b"text/plain" in kind else text)


def _json_fields(body: bytes) -> Iterator[tuple[str, str]]:
    try:
        todo: list[Any] = [msgspec.json.decode(body)]
    except msgspec.DecodeError:
        return
    while todo:
        value = todo.pop()
        if isinstance(value, dict):
            yield from ((key, inner) for key, inner in value.items() if isinstance(inner, str))
            todo.extend(inner for inner in value.values() if isinstance(inner, dict | list))
        elif isinstance(value, list):
            todo.extend(inner for inner in value if isinstance(inner, dict | list))


def is_search(engine: Engine, path: str) -> bool:
    """Whether a path, however it is spelt, belongs to the engine's searches."""
    return any(
        base == start or base.startswith(start.rstrip("/") + "/")
        for base in (form.rstrip("/") or "/" for form in readings(path))
        for start in engine.paths
    )


def _terms(engine: Engine, query: str) -> str:
    """Every value of every parameter that holds a term: which of them an engine reads is its own affair."""
    return _joined(engine, parse_qsl(query) + (parse_qsl(query.replace(";", "&")) if ";" in query else []))


def _joined(engine: Engine, pairs: list[tuple[str, str]]) -> str:
    values = [(key.lower().partition("[")[0].strip(), value.strip()[:_TERM_CHARS]) for key, value in pairs]
    found = [value for wanted in engine.terms for key, value in values if key == wanted and value]
    return "\n".join(list(dict.fromkeys(found))[:_MOST_TERMS])


def plain_words(text: str) -> str:
    """Text in one form for comparing words: compatibility letters made plain, invisible characters out, no case."""
    if text.isascii():
        return text.casefold()
    # Piece by piece: the order of marks is sorted, which takes the square of how many there are.
    pieces = (unicodedata.normalize("NFKD", text[at : at + _PIECE]) for at in range(0, len(text), _PIECE))
    kept = (char for piece in pieces for char in piece if unicodedata.category(char) not in ("Cf", "Mn"))
    return "".join(kept).casefold()


def lock(engine: Engine, path: str) -> str:
    """The path and query with safe search set and its opposites taken away, however they are spelt."""
    if not engine.parameters:
        return path
    base, _, query = path.partition("?")
    kept = [kept for piece in query.split("&") if (kept := _without(engine, piece))]
    if not kept and not is_search(engine, base):
        return path
    return base + "?" + "&".join([*kept, urlencode(engine.parameters)])


def _without(engine: Engine, piece: str) -> str:
    """A piece of a query without what would undo the lock; some servers take ";" for "&"."""
    parts = piece.split(";")
    return ";".join(part for part in parts if unquote_plus(part.partition("=")[0]).strip().lower() not in engine.strip)


def lock_body(engine: Engine, kind: bytes, body: bytes) -> bytes:
    """A body without what would undo the lock. Its length stays: the names of such fields are made meaningless."""

    def meaningless(found: re.Match[bytes]) -> bytes:
        name = unquote_plus(found["name"].decode("latin-1")).strip().lower()
        return found["before"] + b"x" * len(found["name"]) if name in engine.strip else found[0]

    if not engine.strip or body.lstrip()[:1] in (b"{", b"["):
        return body
    return (_PART_NAME if b"multipart/" in kind else _FIELD_NAME).sub(meaningless, body)


def lock_cookies(engine: Engine, cookie: str) -> str:
    """The Cookie header with the engine's safe-search cookies forced."""
    names = {name for name, _ in engine.cookies}
    kept = [part for part in (piece.strip() for piece in cookie.split(";")) if part and _cookie_name(part) not in names]
    return "; ".join([*kept, *(f"{name}={value}" for name, value in engine.cookies)])


def _cookie_name(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).strip()
