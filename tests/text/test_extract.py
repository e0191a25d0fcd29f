"""Words out of HTML, JSON and forms."""

import pytest

from leeward.text.extract import form_values, json_strings, multipart_values, page_of

PAGE = """<!doctype html><html><head><title>The Title</title><meta name="description" content="what it is about">
<style>.x{color:red}</style><script>var secret = "kill";</script></head><body><h1>Head</h1><p>One <b>wo</b>rd</p>
<img alt="a picture"><p hidden>not seen</p><div style="display: none">nor this</div><noscript>nor that</noscript></body></html>"""


def test_what_is_seen_is_told_from_what_is_not() -> None:
    page = page_of(PAGE)
    assert page.title == "The Title"
    assert page.text.split("\n")[:2] == ["Head", "One word"]
    assert page.said.splitlines() == ["what it is about", "a picture"]
    assert page.hidden.splitlines() == ["not seen", "nor this"]
    assert "secret" not in "".join(page)


def test_no_html_breaks_it() -> None:
    for text in ("", "<", "<html", "<body hidden>all of it</body>", "\x00<p>", "<p>" * 5_000):
        page_of(text)
    assert page_of("<body hidden>all of it</body>").text == "all of it"


def test_texts_of_json_and_of_lines_of_it() -> None:
    assert json_strings(b'{"a": ["one", {"b": "two"}], "c": 3}') == ["one", "two"]
    assert json_strings(b'{"a": "one"}\n{"a": "two"}\nrest') == ["one", "two", "rest"]


def test_values_of_forms() -> None:
    assert form_values(b"a=one+two&b=&c=%C3%A9") == ["one two", "é"]
    body = b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nhello\r\n--b--\r\n'
    assert multipart_values(body, b"multipart/form-data; boundary=b") == ["hello"]


def test_parts_are_read_however_they_are_written() -> None:
    kind = b"multipart/form-data; boundary=b"
    for body in (
        b'--b\nContent-Disposition: form-data; NAME="q"\n\nhello\n--b--\n',
        b"--b\r\n\r\nhello\r\n--b--",
        b"--b\r\nContent-Type: text/plain; charset=utf-16\r\n\r\n" + "hello".encode("utf-16") + b"\r\n--b--",
        b"hello\r\n--b\r\n\r\nother\r\n--b--",
        b"--other\r\n\r\nhello",
    ):
        assert any("hello" in value for value in multipart_values(body, kind)), body


def test_odd_json_hides_nothing() -> None:
    for body in (
        b'\xef\xbb\xbf{"a": "\\u0068ello"}',
        b'{"a": "\\u0068ello",}',
        b'{"hello you": 1}',
        b"[" * 20_000 + b'"hello"',
    ):
        assert any("hello" in text for text in json_strings(body)), body[:30]


@pytest.mark.timeout(60)
def test_no_page_and_no_form_takes_time_that_grows_with_its_square() -> None:
    for opened in ("<b>x", "<div>", "<b><i>x", "<table><b>x", "<b>x</q>", "<x y=1>z"):
        assert "grave" in page_of(opened * 50_000 + "grave").whole
    assert "grave" in page_of("<i>" + "</b><b>" * 20_000 + "grave").whole
    kind = b"multipart/form-data; boundary=b"
    for part in (b"name=x\r\n\r\n", b"name=", b"--b\r\n", b"--b\r\nx: y\r\n\r\nz\r\n"):
        multipart_values(part * 20_000, kind)


def test_words_in_frames_fields_and_loud_styles_are_told_apart() -> None:
    page = page_of(
        '<iframe srcdoc="<p>in a frame</p>"></iframe><input placeholder="in a field"><p STYLE="DISPLAY:NONE">not seen</p>'
    )
    assert "in a frame" in page.said
    assert "in a field" in page.said
    assert (page.hidden, page.text.strip()) == ("not seen", "")


def test_files_of_a_form_are_read_where_they_hold_text_whatever_they_are_called() -> None:
    def form(kind: bytes, data: bytes) -> list[str]:
        head = b'--b\r\nContent-Disposition: form-data; name="f"; filename="a"\r\nContent-Type: ' + kind
        return multipart_values(head + b"\r\n\r\n" + data + b"\r\n--b--\r\n", b"multipart/form-data; boundary=b")

    assert form(b"image/jpeg", b"hello there") == ["hello there"]
    assert form(b"text/plain; charset=utf-16", "hello".encode("utf-16")) == ["hello"]
    assert form(b"text/plain", b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(range(256)) * 100) == []
