"""Words out of HTML, JSON and forms."""

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
    assert multipart_values(body) == ["hello"]
