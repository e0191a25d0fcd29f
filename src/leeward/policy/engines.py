"""The search engines. A table; a new engine is one entry. Sources: each engine's published advice to schools."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Engine:
    """One search engine.

    `hosts` matches host names; `terms` are the query parameters of a search; `paths` limits which paths are
    searches; `forced_host` is the safe twin of its address; `parameters` are set in searches; `headers` are sent;
    `cookies` are set; `strip` are parameters taken away; `in_path` finds a `term` that is a part of the path.
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
    in_path: re.Pattern[str] | None = None

    @property
    def locks_requests(self) -> bool:
        """Whether a changed request alone locks it, without the safe twin."""
        return bool(self.parameters or self.headers)


def _hosts(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern + r"\Z")


ENGINES = (
    Engine(
        "google",
        _hosts(r"(?:www\d?\.|images\.|encrypted\.|ipv[46]\.|cse\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2}|it\.ao)"),
        ("q", "oq", "as_q", "as_epq", "as_oq"),
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
        re.compile(r"/(?P<term>(?!(?:html|lite|about|settings|privacy|app|duckduckgo-help-pages)(?:/|$))[^/.]+)/?$"),
    ),
    Engine(
        "youtube",
        _hosts(
            r"(?:(?:www|m|music|tv|gaming|kids|[a-z]{2})\.)?youtube\.com|youtubei?\.googleapis\.com|(?:www\.)?youtube-nocookie\.com"
        ),
        ("search_query", "q", "search", "query"),
        ("/results", "/youtubei/v1/search", "/complete/search"),
        "restrict.youtube.com",
        (),
        ((b"YouTube-Restrict", b"Strict"),),
        in_path=re.compile(r"/hashtag/(?P<term>[^/]+)"),
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
        ("p", "va", "vo", "vp"),
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
    Engine(
        "tiktok",
        _hosts(r"(?:www\.|m\.)?tiktok\.com"),
        ("q", "keyword"),
        ("/search", "/api/search"),
        in_path=re.compile(r"/(?:tag|discover)/(?P<term>[^/]+)"),
    ),
    Engine("reddit", _hosts(r"(?:www\.|old\.|sh\.)?reddit\.com"), ("q",), ("/search", "/search.json", "/r", "/svc")),
    # Words in, pictures or suggestions out: no safe twin of their own.
    Engine(
        "bing-pictures",
        _hosts(r"(?:tse\d?\.mm\.|th\.|api\.|www\.)?bing\.(?:net|com)|tse\d?\.(?:mm|explicit)\.bing\.net"),
        ("q", "query"),
        ("/th", "/osjson.aspx"),
        parameters=(("adlt", "strict"),),
        strip=("adlt",),
    ),
    Engine(
        "google-others",
        _hosts(
            r"(?:clients\d|suggestqueries(?:-clients\d)?|news|lens|books|play|scholar)\.google\.com"
            r"|suggestqueries(?:-clients\d)?\.youtube\.com"
        ),
        ("q",),
        ("/complete/search", "/search", "/store/search", "/books", "/scholar"),
    ),
    Engine(
        "demo",
        _hosts(r"search\.leeward\.test"),
        ("q",),
        ("/search",),
        parameters=(("safe", "active"),),
        strip=("safe",),
    ),
)
