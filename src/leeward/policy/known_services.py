"""The services that bring other pages along, by name. A table; a new service is one line.

Sources: the services' own documentation of their addresses.
"""

import re
from typing import NamedTuple


class Service(NamedTuple):
    """How a service is given the inner address. `parameters`: names in its query, where words are addresses too;
    `path`: where in the path it begins; `only`: paths (their beginnings) where parameters are addresses at all.
    """

    parameters: tuple[str, ...] = ()
    path: re.Pattern[str] | None = None
    only: tuple[str, ...] = ("",)


_WHOLE = re.compile(r"/(?P<inner>.+)")
_ARCHIVE = re.compile(r"/(?:web|save|wayback|all|archive|id)?/?(?:[\d*]+[\w*]*/)?(?P<inner>.+)")
AMP = re.compile(r"/[a-z]{1,2}/(?:w\d+/)?(?:s/)?(?P<inner>.+)")
SERVICES: dict[str, Service] = {
    "translate.google.com": Service(("u", "url", "text")),
    "translate.googleusercontent.com": Service(("u", "url")),
    "webcache.googleusercontent.com": Service(("q",)),
    "www.google.com": Service(
        ("url", "q", "u", "imgurl", "imgrefurl"),
        re.compile(r"/amp/(?:s/)?(?P<inner>.+)"),
        ("/url", "/imgres", "/interstitial", "/translate", "/translate_c", "/gwt"),
    ),
    "docs.google.com": Service(("url",), only=("/viewer", "/gview", "/viewerng")),
    "images1-focus-opensocial.googleusercontent.com": Service(("url",)),
    "googleweblight.com": Service(("u", "lite_url")),
    "www.bing.com": Service(("u", "url", "a"), re.compile(r"/amp/(?:s/)?(?P<inner>.+)")),
    "cc.bingj.com": Service(("u", "url", "q")),
    "www.microsofttranslator.com": Service(("a", "url")),
    "www.translatetheweb.com": Service(("a", "url")),
    "view.officeapps.live.com": Service(("src",)),
    "translate.yandex.com": Service(("url",), re.compile(r"/tr-url/[\w.-]+/(?P<inner>.+)")),
    "yandex.com": Service(("text", "url"), only=("/turbo",)),
    "yandexwebcache.net": Service(("url",)),
    "z5h64q92x9.net": Service(path=re.compile(r"/proxy_u/[\w.-]+/(?P<inner>.+)")),
    "translated.turbopages.org": Service(("url", "text"), re.compile(r"/proxy_u/[\w.-]+/(?P<inner>.+)")),
    "fanyi.baidu.com": Service(("query", "url")),
    "papago.naver.net": Service(("url",)),
    "l.facebook.com": Service(("u",)),
    "lm.facebook.com": Service(("u",)),
    "l.instagram.com": Service(("u",)),
    "out.reddit.com": Service(("url",)),
    "duckduckgo.com": Service(("uddg", "u")),
    "proxy.duckduckgo.com": Service(("u", "url")),
    "external-content.duckduckgo.com": Service(("u",)),
    "images.weserv.nl": Service(("url",)),
    "validator.w3.org": Service(("uri", "doc")),
    "jigsaw.w3.org": Service(("uri",)),
    "12ft.io": Service(("q", "url"), re.compile(r"/(?:proxy\?q=)?(?P<inner>.+)")),
    "r.jina.ai": Service(("url",), _WHOLE),
    "api.allorigins.win": Service(("url",)),
    "corsproxy.io": Service(("url",), re.compile(r"/\?(?P<inner>.+)")),
    "archive.ph": Service(("url", "q"), re.compile(r"/(?:(?:newest|oldest|timegate|\d+|o/\w+)/|\*\.)?(?P<inner>.+)")),
    "web.archive.org": Service(("url",), _ARCHIVE),
    "cdn.ampproject.org": Service(path=AMP),
    "bing-amp.com": Service(path=AMP),
    "www.textise.net": Service(("strurl",)),
    "api.microlink.io": Service(("url",)),
    "api.codetabs.com": Service(("quest",)),
    "htmlpreview.github.io": Service(path=re.compile(r"/\?(?P<inner>.+)")),
    "s.wordpress.com": Service(path=re.compile(r"/mshots/v1/(?P<inner>.+)")),
    "image.thum.io": Service(path=re.compile(r"/get/(?:[\w-]+/)*(?P<inner>.+)")),
    "i0.wp.com": Service(path=_WHOLE),
    # Readers, archives, pass-throughs: the address is simply written behind the name.
    "outline.com": Service(("url", "source_url"), _WHOLE),
}
# The same kind of service under other names: its twins in other countries, its mirrors, its like.
TWINS = (
    (re.compile(r"(?:www\.)?translate\.google(?:apis)?\.(?:[a-z]{2,3}|com?\.[a-z]{2})"), "translate.google.com"),
    (re.compile(r"(?:www\.)?google\.(?:[a-z]{2,3}|com?\.[a-z]{2})"), "www.google.com"),
    (re.compile(r"(?:(?:www|replay|wayback|web-beta|replay\.web|liveweb|web-static|wwwb-app\d+\.us)\.)?archive\.org"), "web.archive.org"),
    (re.compile(r"wayback\.archive-it\.org|(?:www\.)?webarchive\.org\.uk|webarchive\.(?:loc\.gov|nationalarchives\.gov\.uk)"
                r"|arquivo\.pt|timetravel\.mementoweb\.org|swap\.stanford\.edu|(?:www\.)?megalodon\.jp|ghostarchive\.org"), "web.archive.org"),
    (re.compile(r"(?:www\.)?archive\.(?:today|is|li|vn|md|fo|ph)"), "archive.ph"),
    (re.compile(r"(?:www\.)?bing\.com"), "www.bing.com"),
    (re.compile(r"(?:cn)?cc\.bingj\.com"), "cc.bingj.com"),
    (re.compile(r"translate\.yandex\.[a-z.]{2,6}"), "translate.yandex.com"),
    (re.compile(r"(?:www\.)?(?:yandex\.[a-z.]{2,6}|ya\.ru)"), "yandex.com"),
    (re.compile(r"(?:[\w-]+\.)*(?:turbopages\.org|translate\.baiducontent\.com)"), "translated.turbopages.org"),
    (re.compile(r"i[0-9]\.wp\.com"), "i0.wp.com"),
    (re.compile(r"(?:www\.)?(?:12ft\.io|12ft\.app|1ft\.io|txtify\.it|smry\.ai|removepaywalls?\.com|freedium\.cfd|outline\.com)"), "outline.com"),
    (re.compile(r"[rs]\.jina\.ai"), "r.jina.ai"),
    (re.compile(r"(?:proxy\.)?corsproxy\.io|cors-anywhere\.herokuapp\.com|thingproxy\.freeboard\.io|proxy\.cors\.sh"), "outline.com"),
    (re.compile(r"(?:api\.)?allorigins\.(?:win|ml)"), "api.allorigins.win"),
    (re.compile(r"(?:images\.weserv|wsrv)\.nl"), "images.weserv.nl"),
    (re.compile(r"(?:www\.)?textise\.net"), "www.textise.net"),
    (re.compile(r"papago\.naver\.(?:net|com)"), "papago.naver.net"),
)  # fmt: skip
# Hosts whose last label before the suffix is the inner host, "-" for "." and "--" for "-"
ENCODED_SUFFIXES = (".translate.goog", ".cdn.ampproject.org", ".bing-amp.com")
# Hosts that write the inner host before a suffix of their own.
PLAIN_SUFFIXES = (".nyud.net", ".ipv4.sixxs.org", ".ipv6.sixxs.org", ".sixxs.org")
