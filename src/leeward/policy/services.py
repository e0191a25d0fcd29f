"""Services that bring other pages along: translators, caches, archives, AMP. Their inner address is decided too.

A new service is one line. Sources: the services' own documentation of their addresses.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from leeward.policy.known_services import ENCODED_SUFFIXES, PLAIN_SUFFIXES, SERVICES, TWINS, Service
from leeward.policy.paths import readings
from leeward.policy.url import DEFAULT_PORTS, BadURL, Target, host_of

_CACHE_PREFIX = re.compile(r"(?:cache|site|related|info):(?:[\w-]{8,}:)?", re.I)
_SCHEMES = re.compile(r"(?:(?:https?|wss?|ftp|ssl|feed|view-source):[/\\]*|[/\\]{2,})+", re.I)
_INNER = re.compile(r"(?:https?|wss?|ftp):/.+")
_LABEL_MARK = re.compile(r"[01]-(?:exact)?")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
# Web proxies of the kind that anybody can put anywhere (Glype, PHProxy, CGIProxy, miniProxy and their like).
_SCRIPTS = re.compile(r"/(?:[\w-]*proxy[\w-]*|browse|index|surf|fetch)(?:\.(?:php\d?|cgi|pl|aspx?))?/?")
_SCRIPT_PARAMETERS = frozenset(("u", "q", "url", "__proxy_url"))
_CGI = re.compile(r"/nph-\w+\.(?:cgi|pl)/(?:[\w-]+/)*?(?P<scheme>https?)/(?P<inner>.+)")
_MOST = 32  # inner addresses of one request; no honest one has as many


def embedded(target: Target) -> list[Target | None]:
    """What a translator, cache, archive, redirector or proxy would fetch for the client; None for what can't be read.

    Also what the inner address would bring along in its turn.
    """
    found: dict[Target | None, None] = {}
    todo = [target]
    while todo:
        for inner in _inside(todo.pop()):
            if inner not in found and inner != target:
                found[inner] = None
                todo += [inner] if inner is not None else []
        if len(found) > _MOST:
            return [*found, None]
    return list(found)


def _inside(target: Target) -> Iterator[Target | None]:
    name, path = target.host.name, target.path or ""
    service = service_of(name)
    if not service:
        # Anybody may write an address behind a name: it counts where it can be read.
        yield from (inner for text in _anywhere(path) for inner in _read(target, text, "") if inner is not None)
        return
    found: list[tuple[str, str]] = []
    if name.endswith(ENCODED_SUFFIXES):
        found += [(text, path or "/") for text in _from_labels(name, path)]
    found += [(name.removesuffix(suffix), path or "/") for suffix in PLAIN_SUFFIXES if name.endswith(suffix)]
    if path:
        found += [(text, "") for text in (*_from_query(service, path), *_from_path(service, path), *_anywhere(path))]
    for text, below in dict.fromkeys(found):
        yield from _read(target, text, below)


def may_bring(target: Target) -> bool:
    """Whether there may be an inner address: no is certain, and costs nothing."""
    path = target.path or ""
    return is_service(target.host.name) or ":/" in path or ("%" in path and "%3a" in path.lower()) or "/nph-" in path


def _anywhere(path: str) -> list[str]:
    """A whole address that begins a part of the path or the query, and what well-known proxy scripts are given."""
    base, _, query = path.partition("?")
    found = [match[0] for form in readings(base) if (match := _INNER.search(form))] if "http" in base.lower() else []
    if query[:8].lower().startswith(("http:/", "https:/", "http%3a", "https%3a")):
        found.append(query)
    if match := _CGI.match(base):
        found.append(f"{match['scheme']}://{match['inner']}")
    if _SCRIPTS.fullmatch(base.lower()) or (base == "/" and "url=" in query):
        pairs = parse_qsl(query)
        found += [value for key, value in pairs if key.lower() in _SCRIPT_PARAMETERS and _SCHEMES.match(unquote(value))]
    return found


@lru_cache(maxsize=65_536)
def service_of(name: str) -> str:
    """The service that a host belongs to, by its main name; empty for none."""
    if name in SERVICES:
        return name
    for suffix in (*ENCODED_SUFFIXES, *PLAIN_SUFFIXES):
        if name.endswith(suffix):
            return suffix[1:]
    return next((main for pattern, main in TWINS if pattern.fullmatch(name)), "")


def is_service(name: str) -> bool:
    """Whether addresses of this host must be seen whole to be judged."""
    return bool(service_of(name))


def _from_labels(name: str, path: str) -> Iterator[str]:
    """Hosts written into the name (translate.goog's and the AMP caches' published subdomain format)."""
    labels = name.split(".")[:-2] if name.endswith((".translate.goog", ".bing-amp.com")) else name.split(".")[:-3]
    query = dict(parse_qsl(path.partition("?")[2]))
    for label in {labels[0], labels[-1], ".".join(labels)}:
        for text in {label, _LABEL_MARK.sub("", label, count=1), query.get("_x_tr_hp", "") + label}:
            yield text.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _from_query(name: str, path: str) -> list[str]:
    service = SERVICES.get(name, Service())
    if not any(form.startswith(service.only) for form in readings(path)):
        return _cached(path) if name == "www.google.com" else []
    pairs = parse_qsl(path.partition("?")[2].replace(";", "&"))
    named = [value for key, value in pairs if key.lower().partition("[")[0] in service.parameters]
    # Whatever a parameter is called: a whole address is one, unless the service has other uses for addresses.
    marked = [value for key, value in pairs if service.only == ("",) and _SCHEMES.match(unquote(value))]
    return [_uncached(value.strip()) for value in dict.fromkeys((*named, *marked)) if value.strip()]


def _cached(path: str) -> list[str]:
    """Searches for cache:address show the address."""
    words = [word for _, value in parse_qsl(path.partition("?")[2]) for word in value.split()]
    return [_CACHE_PREFIX.sub("", word, count=1) for word in words if word.lower().startswith("cache:")]


def _uncached(value: str) -> str:
    """cache:ID:address, alone or among words, without what comes before the address."""
    words = [word for word in value.split() if _CACHE_PREFIX.match(word)] or [value]
    return _CACHE_PREFIX.sub("", words[0], count=1)


def _from_path(name: str, path: str) -> list[str]:
    pattern = SERVICES.get(name, Service()).path
    return [match["inner"] for form in readings(path) if (match := pattern.match(form))] if pattern else []


def _read(outer: Target, text: str, below: str) -> Iterator[Target | None]:
    """The address in a text as browsers would read it (WHATWG URL); two readings where a backslash allows two."""
    for _ in range(3):  # addresses are often quoted twice
        text = unquote(text)
    text = re.sub(r"[\t\n\r]", "", text).strip("".join(map(chr, range(33))))
    marked = _SCHEMES.match(text)
    rest = text[marked.end() :] if marked else text
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if not marked and (" " in authority or not _DOTS.search(authority)):
        return  # words, not an address
    scheme = outer.scheme if outer.scheme in DEFAULT_PORTS else "http"
    for host_text in dict.fromkeys((authority.partition("\\")[0], authority.rpartition("@")[2])):
        plain = host_text.rpartition("@")[2]
        plain = plain if plain.startswith("[") else plain.partition(":")[0]
        try:
            inner = Target(scheme, host_of(plain), DEFAULT_PORTS[scheme], below or _path_of(rest))
        except BadURL:
            if marked:
                yield None
            continue
        yield inner


def _path_of(rest: str) -> str:
    found = re.search(r"[/?].*", rest)
    return ("/" + found[0].lstrip("/")) if found else "/"
