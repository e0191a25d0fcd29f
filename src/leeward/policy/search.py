"""Search engines: the term somebody searched for, and safe search that can't be switched off (requirements F12).

Locked in two ways: the request goes to the engine's own "forced safe" address (the one that DNS filters use), and
the request itself is changed. Sources: each engine's published advice to schools.
"""

import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import parse_qsl, unquote_plus, urlencode

from leeward.policy.paths import readings
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
        _hosts(r"(?:www\d?\.|images\.|encrypted\.|ipv[46]\.|cse\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})"),
        ("q", "oq"),
        ("/search", "/images", "/webhp", "/complete/search", "/custom", "/cse", "/"),
        "forcesafesearch.google.com",
        (("safe", "active"),),
        (),
        ("safe", "safeui"),
    ),
    Engine(
        "bing",
        _hosts(r"(?:www\d?\.|cn\.|m\.|global\.|ipv[46]\.|edgeservices\.)?bing\.com"),
        ("q", "query"),
        ("/search", "/images", "/videos", "/news", "/maps", "/shop", "/"),
        "strict.bing.com",
        (("adlt", "strict"),),
        (),
        ("adlt", "adlt_set", "safesearch"),
    ),
    Engine(
        "duckduckgo",
        _hosts(r"(?:www\.|html\.|lite\.|start\.|links\.|safe\.|noai\.)?(?:duckduckgo\.com|ddg\.gg)"),
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
        _hosts(
            r"(?:(?:www|m|music|tv|gaming|kids|[a-z]{2})\.)?youtube\.com|youtubei?\.googleapis\.com|(?:www\.)?youtube-nocookie\.com"
        ),
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
        _hosts(r"(?:[a-z0-9-]+\.)*search\.yahoo\.(?:com|co\.jp)"),
        ("p",),
        ("/search", "/image", "/video"),
        parameters=(("vm", "r"),),
        strip=("vm",),
    ),
    Engine(
        "startpage",
        _hosts(r"(?:[a-z0-9-]+\.)?startpage\.com"),
        ("query", "q"),
        ("/do", "/sp", "/search"),
        parameters=(("qadf", "heavy"),),
        strip=("qadf",),
    ),
    # No published lock: their searches are read, and they belong to a category that a school can close.
    Engine("yandex", _hosts(r"(?:www\.)?(?:yandex\.[a-z.]{2,6}|ya\.ru)"), ("text",), ("/search", "/images", "/video")),
    Engine("qwant", _hosts(r"(?:www\.|lite\.|api\.)?qwant\.com"), ("q",), ("/", "/v3")),
    Engine("baidu", _hosts(r"(?:www\.|m\.|image\.)?baidu\.com"), ("wd", "word"), ("/s", "/search")),
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
    """The search term of a request, or an empty string; several of one request are joined by a line break."""
    engine = engine_of(target.host.name)
    if engine is None or not target.path or "?" not in target.path:
        return ""
    path, _, query = target.path.partition("?")
    if not is_search(engine, path):
        return ""
    return _terms(engine, query)


def form_term(engine: Engine, body: bytes) -> str:
    """The search term of a form (application/x-www-form-urlencoded) that is sent to an engine."""
    return _terms(engine, body.decode("latin-1"))


def is_search(engine: Engine, path: str) -> bool:
    """Whether a path, however it is spelt, belongs to the engine's searches."""
    return any(
        base == start or base.startswith(start.rstrip("/") + "/")
        for base in (form.rstrip("/") or "/" for form in readings(path))
        for start in engine.paths
    )


def _terms(engine: Engine, query: str) -> str:
    """Every value of every parameter that holds a term: which of them an engine reads is its own affair."""
    pairs = parse_qsl(query) + (parse_qsl(query.replace(";", "&")) if ";" in query else [])
    values = [(key.lower().partition("[")[0], value.strip()) for key, value in pairs]
    found = [value for wanted in engine.terms for key, value in values if key == wanted and value]
    return "\n".join(dict.fromkeys(found))


def plain_words(text: str) -> str:
    """Text in one form for comparing words: compatibility letters made plain, invisible characters out, no case."""
    if text.isascii():
        return text.casefold()
    kept = (char for char in unicodedata.normalize("NFKC", text) if unicodedata.category(char) != "Cf")
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


def lock_form(engine: Engine, body: bytes) -> bytes:
    """A form without what would undo the lock. Its length stays: the names are made meaningless."""
    out = []
    for piece in body.split(b"&"):
        name, mark, value = piece.partition(b"=")
        if unquote_plus(name.decode("latin-1")).strip().lower() in engine.strip:
            name = b"x" * len(name)
        out.append(name + mark + value)
    return b"&".join(out)


def lock_cookies(engine: Engine, cookie: str) -> str:
    """The Cookie header with the engine's safe-search cookies forced."""
    names = {name for name, _ in engine.cookies}
    kept = [part for part in (piece.strip() for piece in cookie.split(";")) if part and _cookie_name(part) not in names]
    return "; ".join([*kept, *(f"{name}={value}" for name, value in engine.cookies)])


def _cookie_name(part: str) -> str:
    return unquote_plus(part.partition("=")[0]).strip()
