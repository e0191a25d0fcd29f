"""Services that bring other pages along: translators, caches, archives, AMP. Their inner address is decided too.

A new service is one line. Sources: the services' own documentation of their addresses.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import parse_qsl, unquote

from leeward.policy.paths import readings
from leeward.policy.url import DEFAULT_PORTS, BadURL, Target, host_of

# host (or suffix, with a dot before it) -> query parameters that hold the inner address
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "translate.google.com": ("u", "url"),
    "translate.googleusercontent.com": ("u", "url"),
    "webcache.googleusercontent.com": ("q",),
    "www.google.com": ("url", "q"),
    "www.bing.com": ("u", "url"),
    "cc.bingj.com": ("u", "url"),
    "www.microsofttranslator.com": ("a", "url"),
    "www.translatetheweb.com": ("a", "url"),
    "translate.yandex.com": ("url",),
    "translated.turbopages.org": ("url",),
    "l.facebook.com": ("u",),
    "lm.facebook.com": ("u",),
    "l.instagram.com": ("u",),
    "out.reddit.com": ("url",),
    "duckduckgo.com": ("uddg", "u"),
    "proxy.duckduckgo.com": ("u", "url"),
    "external-content.duckduckgo.com": ("u",),
    "images.weserv.nl": ("url",),
    "wsrv.nl": ("url",),
    "validator.w3.org": ("uri", "doc"),
    "jigsaw.w3.org": ("uri",),
    "12ft.io": ("q", "url"),
    "r.jina.ai": ("url",),
    "api.allorigins.win": ("url",),
    "corsproxy.io": ("url",),
    "archive.ph": ("url",),
    "web.archive.org": ("url",),
}
# Where these parameters are addresses only on some paths: elsewhere they are words.
_PARAMETER_PATHS = {"www.google.com": ("/url", "/imgres", "/interstitial", "/translate")}
# host -> where in the path the inner address begins
_PATHS: dict[str, re.Pattern[str]] = {
    "web.archive.org": re.compile(r"/(?:web|save|wayback)/(?:[\w*]*/)?(?P<inner>.+)"),
    "archive.ph": re.compile(r"/(?:(?:newest|oldest|timegate|\d+|o/\w+)/)?(?P<inner>.+)"),
    "www.google.com": re.compile(r"/amp/(?:s/)?(?P<inner>.+)"),
    "cdn.ampproject.org": re.compile(r"/[a-z]/(?:s/)?(?P<inner>.+)"),
    "12ft.io": re.compile(r"/(?:proxy\?q=)?(?P<inner>.+)"),
    "r.jina.ai": re.compile(r"/(?P<inner>.+)"),
    "corsproxy.io": re.compile(r"/\?(?P<inner>.+)"),
    "i0.wp.com": re.compile(r"/(?P<inner>.+)"),
}
# The same service under other names: its twins in other countries, its mirrors.
_TWINS = (
    (re.compile(r"translate\.google(?:apis)?\.(?:[a-z]{2,3}|com?\.[a-z]{2})"), "translate.google.com"),
    (re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})"), "www.google.com"),
    (re.compile(r"(?:(?:www|replay|wayback|web-beta|replay\.web)\.)?archive\.org"), "web.archive.org"),
    (re.compile(r"archive\.(?:today|is|li|vn|md|fo|ph)"), "archive.ph"),
    (re.compile(r"translate\.yandex\.[a-z.]{2,6}"), "translate.yandex.com"),
    (re.compile(r"i[0-9]\.wp\.com"), "i0.wp.com"),
    (re.compile(r"(?:www\.)?(?:12ft\.io|12ft\.app)"), "12ft.io"),
)
# Hosts whose last label before the suffix is the inner host, "-" for "." and "--" for "-"
_ENCODED_SUFFIXES = (".translate.goog", ".cdn.ampproject.org", ".bing-amp.com")
_HOSTS = frozenset(_PARAMETERS) | frozenset(_PATHS)
_CACHE_PREFIX = re.compile(r"(?:.*\s)?(?:cache|site|related|info):(?:[\w-]{8,}:)?", re.I)
_SCHEMES = re.compile(r"(?:(?:https?|wss?|ftp|ssl|feed|view-source):[/\\]*|[/\\]{2,})+", re.I)
_INNER = re.compile(r"(?:https?|wss?|ftp):/.+")
_LABEL_MARK = re.compile(r"[01]-(?:exact)?")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")


def embedded(target: Target) -> list[Target | None]:
    """What a translator, cache, archive or redirector would fetch for the client; None for what can't be read."""
    name = target.host.name
    service = service_of(name)
    path = target.path or ""
    if not service:
        return []
    found = []
    if name.endswith(_ENCODED_SUFFIXES):
        found += [(text, path or "/") for text in _from_labels(name, path)]
    if path:
        found += [(text, "") for text in (*_from_query(service, path), *_from_path(service, path))]
    return [inner for text, below in dict.fromkeys(found) for inner in _read(target, text, below)]


@lru_cache(maxsize=65_536)
def service_of(name: str) -> str:
    """The service that a host belongs to, by its main name; empty for none."""
    if name in _HOSTS:
        return name
    for suffix in _ENCODED_SUFFIXES:
        if name.endswith(suffix):
            return suffix[1:]
    return next((main for pattern, main in _TWINS if pattern.fullmatch(name)), "")


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


def _from_query(service: str, path: str) -> list[str]:
    query = path.partition("?")[2]
    wanted = _PARAMETERS.get(service, ())
    if not any(form.startswith(_PARAMETER_PATHS.get(service, ("",))) for form in readings(path)):
        return []
    found = [value for key, value in parse_qsl(query.replace(";", "&")) if key.lower() in wanted]
    return [_CACHE_PREFIX.sub("", value.strip(), count=1) for value in found if value.strip()]


def _from_path(service: str, path: str) -> list[str]:
    pattern = _PATHS.get(service)
    if pattern is None:
        return []
    forms = readings(path)
    found = [match["inner"] for form in forms if (match := pattern.match(form))]
    return found + [match[0] for form in forms if (match := _INNER.search(form.partition("?")[0]))]


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
        yield from embedded(inner) if inner.host.name != outer.host.name else ()


def _path_of(rest: str) -> str:
    found = re.search(r"[/?].*", rest)
    return ("/" + found[0].lstrip("/")) if found else "/"
