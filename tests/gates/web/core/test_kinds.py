"""Which bodies are read, and how their words are made plain."""

import pytest

from leeward.gates.web.core.kinds import is_form, is_scanned_request, is_scanned_response, is_stream


@pytest.mark.parametrize(
    "kind",
    [None, b"", b"*/*", b"html", b'"text/html"', b";text/html", b"unknown/unknown", b"application/unknown",
     b"text/css, text/html", b"text/html; charset=utf-8", b"application/json", b"application/problem+json",
     b"image/svg+xml", b"application/rss+xml", b"multipart/byteranges; boundary=x", b"TEXT/HTML"],
)  # fmt: skip
def test_what_people_may_read_is_scanned_whatever_it_is_called(kind: bytes | None) -> None:
    assert is_scanned_response(kind)


@pytest.mark.parametrize("kind", [b"text/css", b"image/png", b"text/javascript; charset=utf-8", b"video/mp4"])
def test_scripts_styles_and_pictures_are_not(kind: bytes) -> None:
    assert not is_scanned_response(kind)


def test_streams_are_not_held() -> None:
    assert is_stream(b"text/event-stream")
    assert is_stream(b"multipart/x-mixed-replace; boundary=x")
    assert not is_stream(b"text/html")


def test_what_people_write_is_scanned() -> None:
    assert is_scanned_request(b"application/x-www-form-urlencoded")
    assert is_scanned_request(b"application/vnd.api+json")
    assert not is_scanned_request(b"application/octet-stream")
    assert not is_scanned_request(None)
    assert is_form(b"application/x-www-form-urlencoded; charset=utf-8")
