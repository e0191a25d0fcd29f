"""Services that bring other pages along: translators, caches, archives, AMP. Their inner address is decided too.

A new service is one line. Sources: the services' own documentation of their addresses.
"""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote

from leeward.policy.hosts import Host
from leeward.policy.url import BadURL, Target, lenient

# host (or suffix, with a dot before it) -> query parameters that hold the inner address
_PARAMETERS: dict[str, tuple[str, ...]] = {
    "translate.google.com": ("u", "url"),
    "translate.googleusercontent.com": ("u", "url"),
    "webcache.googleusercontent.com": ("q",),
    "www.google.com": ("url", "q"),
    "google.com": ("url", "q"),
    "www.bing.com": ("u", "url"),
    "cc.bingj.com": ("u", "url"),
    "www.microsofttranslator.com": ("a", "url"),
    "www.translatetheweb.com": ("a", "url"),
    "translate.yandex.com": ("url",),
    "translate.yandex.ru": ("url",),
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
    "archive.today": ("url",),
    "web.archive.org": ("url",),
}
# host -> where in the path the inner address begins
_PATHS: dict[str, re.Pattern[str]] = {
    "web.archive.org": re.compile(r"/(?:web|save)/(?:[^/]*/)?(?P<inner>https?:/{1,2}.+|[^/]+\.[^/]+.*)", re.I),
    "archive.org": re.compile(r"/(?:wayback|web)/(?:[^/]*/)?(?P<inner>https?:/{1,2}.+)", re.I),
    "archive.ph": re.compile(r"/(?:[^/]*/)?(?P<inner>https?:/{1,2}.+)", re.I),
    "archive.today": re.compile(r"/(?:[^/]*/)?(?P<inner>https?:/{1,2}.+)", re.I),
    "archive.is": re.compile(r"/(?:[^/]*/)?(?P<inner>https?:/{1,2}.+)", re.I),
    "www.google.com": re.compile(r"/amp/(?:s/)?(?P<inner>.+)", re.I),
    "google.com": re.compile(r"/amp/(?:s/)?(?P<inner>.+)", re.I),
    "cdn.ampproject.org": re.compile(r"/[a-z]/(?:s/)?(?P<inner>.+)", re.I),
    "12ft.io": re.compile(r"/(?:proxy\?q=)?(?P<inner>https?:/{1,2}.+)", re.I),
    "r.jina.ai": re.compile(r"/(?P<inner>https?:/{1,2}.+)", re.I),
    "corsproxy.io": re.compile(r"/\?(?P<inner>https?(?::|%3a).+)", re.I),
    "i0.wp.com": re.compile(r"/(?P<inner>.+)", re.I),
    "i1.wp.com": re.compile(r"/(?P<inner>.+)", re.I),
    "i2.wp.com": re.compile(r"/(?P<inner>.+)", re.I),
}
# Hosts whose first label is the inner host, "-" for "." and "--" for "-"
_ENCODED_SUFFIXES = (".translate.goog", ".cdn.ampproject.org")
_HOSTS = frozenset(_PARAMETERS) | frozenset(_PATHS)
_CACHE_PREFIX = re.compile(r"(?:cache|site|related|info):(?:[\w-]{8,}:)?", re.I)


def embedded_hosts(target: Target) -> list[Host]:
    """Hosts of the addresses that a translator, cache, archive or redirector would fetch for the client."""
    name = target.host.name
    if name.endswith(_ENCODED_SUFFIXES):
        inner = [_decode_label(name.partition(".")[0])]
        if name.endswith(".cdn.ampproject.org") and target.path:
            inner += _from_path("cdn.ampproject.org", target.path)
    elif name in _HOSTS and target.path:
        inner = [*_from_query(name, target.path), *_from_path(name, target.path)]
    else:
        return []
    return list(_hosts(inner))


def is_service(name: str) -> bool:
    """Whether addresses of this host must be seen whole to be judged."""
    return name in _HOSTS or name.endswith(_ENCODED_SUFFIXES)


def _decode_label(label: str) -> str:
    # translate.goog: "-" stands for ".", "--" for "-"; AMP caches the same (their documentation's subdomain format).
    return label.replace("--", "\0").replace("-", ".").replace("\0", "-")


def _from_query(name: str, path: str) -> list[str]:
    _, _, query = path.partition("?")
    wanted = _PARAMETERS.get(name, ())
    found = [value for key, value in parse_qsl(query.replace(";", "&"), max_num_fields=200) if key.lower() in wanted]
    return [_CACHE_PREFIX.sub("", value, count=1).split()[0] for value in found if value.strip()]


def _from_path(name: str, path: str) -> list[str]:
    pattern = _PATHS.get(name)
    found = pattern.match(path) if pattern else None
    return [unquote(found["inner"])] if found else []


def _hosts(texts: list[str]) -> Iterator[Host]:
    for text in texts:
        for _ in range(3):  # addresses are often quoted twice
            if "%" not in text:
                break
            text = unquote(text)
        text = re.sub(r"^(https?):/{1,}", r"\1://", text, flags=re.I)
        if "." not in text:
            continue
        try:
            target = lenient(text)
        except BadURL:
            continue
        yield target.host
        yield from embedded_hosts(target)
