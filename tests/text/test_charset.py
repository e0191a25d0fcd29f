"""Bytes to text as browsers decide it."""

import pytest
import webencodings

from leeward.text.charset import text_of


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("café".encode(), None), ("café".encode("latin-1"), b"text/html; charset=iso-8859-1"), ("café".encode("cp1252"), None),
        (b"\xff\xfe" + "café".encode("utf-16-le"), b"text/html"), ("café".encode("utf-16-be"), b"text/html; charset=unicodefffe"),
        ('<meta charset="windows-1252">café'.encode("cp1252"), b"text/html"), ("café".encode(), b"text/html; charset=nonsense"),
        ('<meta charset="utf-16">café'.encode(), b"text/html"), ("<?xml version='1.0' encoding='cp1252'?>café".encode("cp1252"), None),
    ],
)  # fmt: skip
def test_the_same_word_in_every_coding(data: bytes, kind: bytes | None) -> None:
    assert text_of(data, kind).endswith("café")


def test_nothing_is_an_error() -> None:
    for kind in (None, b"charset=utf-8", b"charset=gbk", b"charset=hex", b"charset="):
        text_of(bytes(range(256)), kind)


def test_every_label_that_browsers_know_can_be_decoded() -> None:
    for label in webencodings.LABELS:
        assert isinstance(text_of(b"plain", b"text/html; charset=" + label.encode()), str)


def test_labels_that_no_browser_knows_are_ignored() -> None:
    for label in (b"cp037", b"cp500", b"utf-32", b"punycode", b"undefined", b"idna", b"rot13"):
        assert text_of(b"plain words", b"text/html; charset=" + label) == "plain words"
        assert text_of(b"<meta charset=" + label + b">plain", b"text/html").endswith("plain")
    assert text_of(b"plain", b"text/html; xcharset=utf-16le; charset=utf-8") == "plain"
    assert text_of("\u0416".encode("cp1251"), b"text/html; charset=x-cp1251") == "\u0416"
