"""Search engines: the term somebody searched for, and safe search that can't be switched off (requirements F12).

Locked in two ways: the request goes to the engine's own "forced safe" address (the one that DNS filters use), and
the request itself is changed. Sources: each engine's published advice to schools.
"""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from leeward.policy.url import Target


@dataclass(frozen=True, slots=True)
class Engine:
    """One search engine.

    `hosts` matches host names; `terms` are the query parameters of a search; `paths` limits which paths are
    searches; `forced_host` is the safe twin of its address; `parameters` are set in searches; `headers` are sent;
    `cookies` are set; `strip` are parameters taken away.
    """

    name: str
    hosts: re.Pattern[str]
    terms: tuple[str, ...]
    paths: tuple[str, ...] = ("/search",)
    forced_host: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[bytes, bytes], ...] = ()
    strip: tuple[str, ...] = ()
    cookies: tuple[tuple[str, str], ...] = ()

    @property
    def locks_requests(self) -> bool:
        """Whether a changed request alone locks it, without the safe twin."""
        return bool(self.parameters or self.headers)


def _hosts(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"\Z")


ENGINES = (
    Engine(
        "google",
        _hosts(r"(?:www\.|images\.|encrypted\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})"),
        ("q", "oq"),
        ("/search", "/images", "/webhp", "/complete/search", "/custom", "/cse", "/"),
        "forcesafesearch.google.com",
        (("safe", "active"),),
        (),
        ("safe", "safeui"),
    ),
    Engine(
        "bing",
        _hosts(r"(?:www\.|cn\.|m\.|edgeservices\.)?bing\.com"),
        ("q", "query"),
        ("/search", "/images", "/videos", "/news", "/maps", "/shop", "/"),
        "strict.bing.com",
        (("adlt", "strict"),),
        (),
        ("adlt", "adlt_set", "safesearch"),
    ),
    Engine(
        "duckduckgo",
        _hosts(r"(?:www\.|html\.|lite\.|start\.|links\.|safe\.|noai\.)?duckduckgo\.com"),
        ("q",),
        ("/", "/html", "/html/", "/lite", "/lite/", "/i.js", "/v.js", "/d.js", "/news.js"),
        "safe.duckduckgo.com",
        (("kp", "1"),),
        (),
        ("kp", "p", "kp1"),
        (("p", "1"),),
    ),
    Engine(
        "youtube",
        _hosts(r"(?:www\.|m\.|music\.)?youtube\.com|youtubei?\.googleapis\.com|(?:www\.)?youtube-nocookie\.com"),
        ("search_query", "q"),
        ("/results",),
        "restrict.youtube.com",
        (),
        ((b"YouTube-Restrict", b"Strict"),),
    ),
    Engine(
        "ecosia",
        _hosts(r"(?:www\.)?ecosia\.org"),
        ("q",),
        ("/search", "/images", "/videos", "/news"),
        "strict-safe-search.ecosia.org",
        (("sfs", "true"), ("safesearch", "2")),
        (),
        ("safesearch", "sfs", "sf"),
    ),
    Engine(
        "brave",
        _hosts(r"search\.brave\.com"),
        ("q",),
        ("/search", "/images", "/videos", "/news", "/api"),
        "forcesafe.search.brave.com",
        (("safesearch", "strict"),),
        (),
        ("safesearch",),
        (("safesearch", "strict"),),
    ),
    Engine(
        "yahoo",
        _hosts(r"(?:[a-z]{2}\.|images\.|video\.)?search\.yahoo\.com"),
        ("p",),
        ("/search", "/image", "/video"),
        parameters=(("vm", "r"),),
        strip=("vm",),
    ),
    Engine(
        "startpage",
        _hosts(r"(?:www\.)?startpage\.com"),
        ("query", "q"),
        ("/do", "/sp", "/search"),
        parameters=(("qadf", "heavy"),),
        strip=("qadf",),
    ),
    Engine("wikipedia", _hosts(r"[a-z-]{2,12}\.(?:m\.)?wikipedia\.org"), ("search",), ("/w/", "/wiki/")),
    Engine("tiktok", _hosts(r"(?:www\.)?tiktok\.com"), ("q",)),
    Engine("reddit", _hosts(r"(?:www\.|old\.)?reddit\.com"), ("q",), ("/search", "/r/")),
    Engine(
        "demo",
        _hosts(r"search\.leeward\.test"),
        ("q",),
        ("/search",),
        parameters=(("safe", "active"),),
        strip=("safe",),
    ),
)

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
    """The search term of a request, or an empty string."""
    engine = engine_of(target.host.name)
    if engine is None or not target.path or "?" not in target.path:
        return ""
    path, _, query = target.path.partition("?")
    if not any(path == start or path.startswith(start.rstrip("/") + "/") for start in engine.paths):
        return ""
    values = dict(parse_qsl(query, max_num_fields=200))
    return next((values[key].strip() for key in engine.terms if values.get(key, "").strip()), "")[:500]


def lock(engine: Engine, path: str) -> str:
    """The path and query with safe search set and its opposites taken away."""
    if not engine.parameters:
        return path
    base, _, query = path.partition("?")
    kept = [piece for piece in query.split("&") if piece and piece.partition("=")[0].lower() not in engine.strip]
    is_page = any(base == start or base.startswith(start.rstrip("/") + "/") for start in engine.paths)
    if not kept and not is_page:
        return path
    return base + "?" + "&".join([*kept, urlencode(engine.parameters)])


def lock_cookies(engine: Engine, cookie: str) -> str:
    """The Cookie header with the engine's safe-search cookies forced."""
    names = {name for name, _ in engine.cookies}
    kept = [
        part for part in (piece.strip() for piece in cookie.split(";")) if part and part.partition("=")[0] not in names
    ]
    return "; ".join([*kept, *(f"{name}={value}" for name, value in engine.cookies)])
