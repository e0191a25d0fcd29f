"""Search terms are read and safe search is locked."""

import time

import pytest

from leeward.policy.match import term_matches
from leeward.policy.search import body_term, engine_of, lock, lock_body, lock_cookies, plain_words, term_of
from leeward.policy.url import parse


@pytest.mark.parametrize(
    ("url", "term"),
    [
        ("https://www.google.co.uk/search?q=fractions+for+kids", "fractions for kids"),
        ("https://www.bing.com/search?q=a%20b", "a b"),
        ("https://duckduckgo.com/?q=x", "x"),
        ("https://www.youtube.com/results?search_query=maths", "maths"),
        ("https://www.google.com/maps", ""),
        ("https://example.org/search?q=x", ""),
    ],
)
def test_the_term_of_a_search(url: str, term: str) -> None:
    assert term_of(parse(url)) == term


@pytest.mark.parametrize(
    ("host", "path", "wanted", "gone"),
    [
        ("www.google.com", "/search?q=x&safe=off", "safe=active", "safe=off"),
        ("www.bing.com", "/search?q=x&adlt=off", "adlt=strict", "adlt=off"),
        ("duckduckgo.com", "/?q=x&kp=-2", "kp=1", "kp=-2"),
        ("www.ecosia.org", "/search?q=x&safesearch=0", "safesearch=2", "safesearch=0"),
        ("search.brave.com", "/search?q=x&SafeSearch=off", "safesearch=strict", "SafeSearch=off"),
    ],
)
def test_safe_search_is_locked(host: str, path: str, wanted: str, gone: str) -> None:
    engine = engine_of(host)
    assert engine is not None
    assert engine.forced_host
    locked = lock(engine, path)
    assert wanted in locked
    assert gone not in locked
    assert "q=x" in locked


def test_youtube_is_told_by_a_header() -> None:
    engine = engine_of("m.youtube.com")
    assert engine is not None
    assert (b"YouTube-Restrict", b"Strict") in engine.headers


def test_look_alikes_are_no_search_engines() -> None:
    assert engine_of("www.google.com.evil.test") is None
    assert engine_of("notgoogle.com") is None


def test_cookies_that_switch_safe_search_are_forced() -> None:
    engine = engine_of("search.brave.com")
    assert engine is not None
    assert lock_cookies(engine, "a=1; safesearch=off") == "a=1; safesearch=strict"


@pytest.mark.parametrize(
    "path",
    ["/search?q=good&q=badword", "/search?Q=badword", "/search?q[]=badword", "//search?q=badword", "/%73earch?q=badword",
     "/./search?q=badword", "/search;x?q=badword", "/search%2f?q=badword", "/SEARCH?q=badword", "/search?x=1;q=badword",
     "/search?q=" + "a+" * 400 + "badword", "/search?q=%EF%BD%82adword", "/search?q=bad%C2%ADword", "/search?q=bad%E2%80%8Bword"],
)  # fmt: skip
def test_no_spelling_hides_a_search_term(path: str) -> None:
    assert term_matches(("badword",), term_of(parse("https://www.ecosia.org" + path)))


@pytest.mark.parametrize("off", ["safe=off", "s%61fe=off", "SAFE=off", "x=1;safe=off", "safe=off;x=1", "+safe=off"])
def test_no_spelling_of_the_switch_survives_the_lock(off: str) -> None:
    engine = engine_of("www.google.com")
    assert engine is not None
    locked = lock(engine, f"/search?q=a&{off}")
    assert "off" not in locked
    assert locked.endswith("safe=active")


def test_a_form_is_locked_without_a_change_of_length_and_its_term_is_read() -> None:
    engine = engine_of("eu.startpage.com")
    assert engine is not None
    body = b"query=bad+word&qadf=none&x=1"
    locked = lock_body(engine, b"application/x-www-form-urlencoded", body)
    assert len(locked) == len(body)
    assert b"qadf" not in locked
    assert b"x=1" in locked
    assert body_term(engine, b"application/x-www-form-urlencoded", body) == "bad word"


@pytest.mark.parametrize("cookie", ["safesearch =off", "s%61fesearch=off", "a=1; safesearch=off"])
def test_no_spelling_of_a_cookie_survives(cookie: str) -> None:
    engine = engine_of("search.brave.com")
    assert engine is not None
    assert "off" not in lock_cookies(engine, cookie)


FORM = b"application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("host", "kind", "body"),
    [
        ("html.duckduckgo.com", b"multipart/form-data; boundary=b", b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nbad word\r\n--b--\r\n'),
        ("html.duckduckgo.com", b"text/plain", b"x=1\r\nq=bad word\r\n"),
        ("html.duckduckgo.com", b"", b"q=bad+word"),
        ("www.youtube.com", b"application/json", b'{"context":{"client":{}},"query":"bad word"}'),
        ("www.youtube.com", b"application/json", b'{"a":[{"b":{"query":"bad word"}}]}'),
    ],
)  # fmt: skip
def test_a_search_in_a_body_is_read_however_it_is_sent(host: str, kind: bytes, body: bytes) -> None:
    engine = engine_of(host)
    assert engine is not None
    assert body_term(engine, kind, body) == "bad word"


def test_a_lock_that_a_body_would_undo_is_made_meaningless() -> None:
    engine = engine_of("html.duckduckgo.com")
    assert engine is not None
    sent = b'--b\r\nContent-Disposition: form-data; name="kp"\r\n\r\n-2\r\n--b--\r\n'
    locked = lock_body(engine, b"multipart/form-data; boundary=b", sent)
    assert b'name="xx"' in locked
    assert len(locked) == len(sent)
    assert lock_body(engine, b"text/plain", b"q=a\r\nkp=-2") == b"q=a\r\nxx=-2"


@pytest.mark.parametrize(
    "url",
    [
        "http://www.google.com/search?as_q=badword", "http://search.yahoo.com/search?va=badword", "http://duckduckgo.com/badword",
        "http://www.reddit.com/search.json?q=badword", "http://www.tiktok.com/api/search/general/full/?keyword=badword",
        "http://www.youtube.com/results?search=badword", "http://www.youtube.com/hashtag/badword", "http://www.google.com/search?q%20=badword",
        "http://th.bing.com/th?q=badword", "http://tse1.mm.bing.net/th?q=badword", "http://suggestqueries.google.com/complete/search?q=badword",
        "http://www.google.it.ao/search?q=badword",
    ],
)  # fmt: skip
def test_terms_are_found_wherever_engines_take_them(url: str) -> None:
    assert term_of(parse(url)) == "badword"


def test_pictures_for_words_are_locked_too() -> None:
    engine = engine_of("th.bing.com")
    assert engine is not None
    assert lock(engine, "/th?q=x&adlt=off") == "/th?q=x&adlt=strict"


def test_accents_hide_no_word_and_endless_marks_take_no_time() -> None:
    assert plain_words("BÁDWORD") == "badword"
    began = time.monotonic()
    engine = engine_of("www.ecosia.org")
    assert engine is not None
    plain_words(body_term(engine, FORM, b"q=" + b"%CC%96%CC%80" * 80_000))
    plain_words("\u0316\u0300" * 80_000)
    assert time.monotonic() - began < 3
