"""What passes, as texts for the scorer."""

import gzip
import json

import pytest

from leeward.gates.web import scan
from leeward.gates.web.core.body import BadBody
from leeward.gates.web.scan import Heard, Scanner, StreamScan, read_text, written_text
from leeward.text.packs import Channel, Entry
from leeward.text.score import Finding, Library, compiled

BAD = Entry(
    id="bad", theme="profanity", language="en", meaning="Says so.", severity=5, weight=90, phrases=("bad thing",)
)
SCANNER = Scanner(Library(compiled([BAD])))
FORM = b"application/x-www-form-urlencoded"


def found(heard: list[Heard]) -> list[tuple[str, str, bool]]:
    return [(one.finding.evidence[0], one.channel, one.written) for one in heard]


def test_searches_messages_pages_and_forms_are_heard_as_what_they_are() -> None:
    assert found(SCANNER.search("a Bad Thing")) == [("Bad Thing", "search", True)]
    assert found(SCANNER.message(b'{"id": 7, "text": "bad thing"}', written=False)) == [("bad thing", "message", False)]
    page = gzip.compress(b"<p>a b<b>a</b>d&nbsp;thing</p>")
    assert found(SCANNER.body(page, b"gzip", b"text/html", 100, written=False)) == [("bad\xa0thing", "page", False)]
    assert found(SCANNER.body(b"a=bad+thing", b"", FORM, 100, written=True)) == [("bad thing", "message", True)]
    assert Scanner(None).search("bad thing") == []


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ("<p>caf\u00e9 cr\u00e8me</p>".encode("cp1252"), b"text/html; charset=windows-1252"),
        ("<meta charset=iso-8859-2><p>caf\u00e9 cr&egrave;me</p>".encode("iso-8859-2"), b"text/html"),
        ("caf\u00e9 cr\u00e8me".encode("utf-16"), b"text/plain"), (b'{"a": "caf\\u00e9 cr\\u00e8me"}', b"application/json"),
        ("<p>cafe\u0301 cre\u0300me</p>".encode(), b"text/html"),
    ],
)  # fmt: skip
def test_every_charset_and_every_escape_is_undone(data: bytes, kind: bytes) -> None:
    cafe = Entry(
        id="c", theme="drugs", language="fr", meaning="Says so.", severity=5, weight=90, phrases=("café crème",)
    )
    assert Scanner(Library(compiled([cafe]))).body(data, b"", kind, 1_000, written=False)


def test_keys_and_tokens_are_no_words() -> None:
    body = json.dumps({"id": "k" * 60, "say": "hello", "url": "https://x.test/" + "a" * 60}).encode()
    assert written_text(body, b"application/json") == "hello"
    assert written_text(body, b"text/plain") == "hello"
    part = b'--b\r\nContent-Disposition: form-data; name="q"\r\n\r\nhello there\r\n--b--\r\n'
    assert written_text(part, b"multipart/form-data; boundary=b") == "hello there"
    assert read_text(b"just text", b"text/plain") == "just text"


@pytest.mark.parametrize(
    ("kind", "pieces"),
    [
        (b"text/html", [b"<p>this is a b", b"ad thing of some length </p>"]),
        (b"text/event-stream", [b'data: {"delta": "this is a ba', b'd"}\n\ndata: {"delta": " thing of some length"}\n\n']),
        (b"text/event-stream", [b"data: \n", b"this is a bad thi", b"ng and so on"]),
        (FORM, [b"a=this+is+a+bad", b"+thing%20and+more+of+it"]),
    ],
)  # fmt: skip
def test_words_over_two_pieces_are_found(kind: bytes, pieces: list[bytes]) -> None:
    stream = StreamScan(SCANNER, kind=kind)
    assert [one for piece in pieces for one in stream.piece(piece)]


def test_what_is_left_at_the_end_is_read() -> None:
    stream = StreamScan(SCANNER, kind=b"text/html")
    assert stream.piece(b"<p>bad thing</p") == []
    assert found(stream.end()) == [("bad thing", "page", False)]
    assert stream.end() == []


def test_everyday_ways_of_writing_hide_no_phrase() -> None:
    assert written_text(b"a=two+words&b=verb%6ften", FORM).split("\n") == ["two words", "verboten"]
    coded = rb'{"a": "b\u00f6se \ud83d\ude00"}'
    assert written_text(coded, b"application/json") == read_text(coded, b"application/json") == "b\u00f6se \U0001f600"
    for codec in ("utf-16", "utf-16-be", "utf-16-le"):
        kind = b"text/html; charset=" + codec.replace("-be", "be").replace("-le", "le").encode()
        assert "a phrase" in read_text("a phrase".encode(codec), kind)
    assert "as it is" in read_text(b"as it is", b"text/html")


class Counting(Library):
    """Counts how often it is asked."""

    asked = 0

    def find(self, text: str, channel: Channel, *, age: int = 0) -> list[Finding]:
        self.asked += 1
        return super().find(text, channel, age=age)


def test_a_page_that_was_read_lately_is_not_read_again() -> None:
    library = Counting(compiled([BAD]))
    scanner = Scanner(library)
    pages = [
        b"<p>bad thing</p>",
        b"<p>bad thing</p>",
        b"<script nonce=7></script><p id=a>bad thing</p>",
        b"<p>other</p>",
    ]
    heard = [scanner.body(page, b"", b"text/html", 100, written=False) for page in pages]
    assert [len(one) for one in heard] == [1, 1, 1, 0]
    assert library.asked == 2
    assert found(scanner.body(gzip.compress(pages[0]), b"gzip", b"text/html", 100, written=False)) == found(heard[0])
    assert library.asked == 2


def test_what_was_read_as_one_thing_is_not_taken_for_another() -> None:
    scanner = Scanner(Library(compiled([BAD])))
    page = b"x" * 2_000 + b"<p>b<b>ad</b> thing</p>"  # so late that plain text is not taken for HTML
    for innocent in (page + b"\0\0text/html", b"body" + page, page):
        assert scanner.body(innocent, b"", b"text/plain", 100, written=False) == []
    assert len(scanner.body(page, b"", b"text/html", 100, written=False)) == 1


def test_only_the_latest_pages_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "_LATELY", 4)
    library = Counting(compiled([BAD]))
    scanner = Scanner(library)
    for number in (1, 2, 3, 1):
        scanner.body(b"<p>page %d</p>" % number, b"", b"text/html", 100, written=False)
    assert library.asked == 4


def test_entries_for_some_ages_count_by_the_year_group() -> None:
    young = Entry(id="party", theme="drugs", meaning="A party.", severity=3, weight=90, phrases=("moon party",), age="5-11",
                  language="en")  # fmt: skip
    scanner = Scanner(Library(compiled([young])))
    assert scanner.of_age("Y4").search("moon party")
    assert scanner.of_age("Year 7").search("moon party")
    assert not scanner.of_age("Y9").search("moon party")
    assert scanner.of_age("staff").search("moon party"), "of whom no age is known, everything counts"
    assert scanner.of_age("Y9") is scanner.of_age("Y9")


def test_words_parted_by_anything_but_spaces_are_read() -> None:
    for value in (
        "i\\nwant\\nto\\nsay\\nthe\\nbad\\nthing\\nnow\\nand\\nalways",
        "i.want.to.say.the.bad.thing.now.and.for.always.ok",
    ):
        assert SCANNER.body(b'{"m": "%s"}' % value.encode(), b"", b"application/json", 10_000, written=True), value
    token = b'{"m": "%s"}' % (b"bad" * 30)
    assert SCANNER.body(token, b"", b"application/json", 10_000, written=True) == []


def test_blanks_hide_nothing_and_what_is_too_much_to_read_is_refused() -> None:
    assert SCANNER.body(b"<p>" + b" " * 2_000_000 + b"bad thing", b"", b"text/html", 10_000_000, written=False)
    long = b"<p>" + b"word " * 70_000 + b"bad thing " + b"word " * 70_000
    assert len(SCANNER.body(long, b"", b"text/html", 10_000_000, written=False)) == 1
    with pytest.raises(BadBody):
        SCANNER.body(b"<p>" + b"word " * 900_000, b"", b"text/html", 10_000_000, written=False)


def test_a_fault_of_a_reader_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object) -> str:
        raise RecursionError

    monkeypatch.setattr(scan, "read_text", fails)
    with pytest.raises(BadBody):
        Scanner(Library(compiled([BAD]))).body(b"x", b"", b"text/plain", 100, written=False)


def test_a_line_of_a_stream_that_does_not_end_is_read_all_the_same() -> None:
    stream = StreamScan(SCANNER, b"", b"text/event-stream")
    stream.piece(b'data: {"m": "' + b"x " * 40_000)
    assert len(stream._rest) <= 65_536
    assert found(stream.piece(b" the bad thing " + b"y " * 40_000))
