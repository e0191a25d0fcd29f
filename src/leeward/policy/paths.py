"""Paths in one form, and in the form that a lax server would read, so that no spelling slips past a rule."""

import re
from functools import lru_cache
from urllib.parse import quote, unquote

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_REMEMBERED = 512  # characters: longer ones are not kept, so that nobody can fill the memory
_PARAMETER = re.compile(r";[^/]*")


def canonical_path(path: str) -> str:
    """RFC 3986 6.2.2: unreserved characters decoded, dot segments and doubled slashes taken out, lower case."""
    if "%" in path:
        path = _ENCODED.sub(_decode_unreserved, path)
    base, mark, query = path.partition("?")
    if "//" in base or "/." in base:
        base = _collapsed(base)
    return (base + mark + query).lower()


def _collapsed(base: str) -> str:
    out: list[str] = []
    for part in base.split("/"):
        if part == "..":
            del out[-1:]
        elif part not in ("", "."):
            out.append(part)
    return "/" + "/".join(out) + ("/" if base.endswith("/") and out else "")


def _decode_unreserved(found: re.Match[str]) -> str:
    char = chr(int(found[0][1:], 16))
    return char if char in _UNRESERVED else found[0].upper()


def pattern_path(path: str) -> str:
    """The path of a rule or of a listed page in the form that paths are compared in."""
    return canonical_path(quote(path, safe="".join(chr(c) for c in range(33, 127))))


def readings(path: str) -> tuple[str, ...]:
    """Every way in which a server may read a path: as RFC 3986 has it; decoded once more, without parameters."""
    return _remembered(path) if len(path) <= _REMEMBERED else _readings(path)


@lru_cache(maxsize=16_384)
def _remembered(path: str) -> tuple[str, ...]:
    return _readings(path)


def _readings(path: str) -> tuple[str, ...]:
    plain = canonical_path(path)
    base, mark, query = plain.partition("?")
    if "%" not in base and ";" not in base and "\\" not in base:
        return (plain,)
    for _ in range(3):  # %252f is read as %2f by the first server and as / by the next
        base = unquote(base)
    lax = _collapsed(_PARAMETER.sub("", base.replace("\\", "/"))).lower() + mark + query
    return (plain,) if lax == plain else (plain, lax)


def under(path: str, prefix: str) -> bool:
    """Whether a path is the prefix or lies below it."""
    prefix = prefix.rstrip("/")
    return path == prefix or path.startswith((prefix + "/", prefix + "?", prefix + ";")) or not prefix
