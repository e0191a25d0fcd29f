"""The scorer's place."""

import gzip
from pathlib import Path

from leeward.gates.web.scan import Scanner, StreamScan


def test_a_marked_phrase_blocks_and_others_are_noted() -> None:
    scanner = Scanner(["!bad thing", "odd thing"])
    assert scanner.text(b"An Odd Thing").findings == ("odd thing",)
    assert scanner.text(b"a BAD THING").block
    assert not scanner.text(b"badthings").findings
    assert scanner.body(gzip.compress(b"bad thing"), b"gzip", b"text/html", 100).block
    assert scanner.body(b"a=bad+thing", b"", b"application/x-www-form-urlencoded", 100).block


def test_a_phrase_over_two_pieces_is_found() -> None:
    stream = StreamScan(Scanner(["!bad thing"]))
    assert not stream.piece(b"this is a bad").block
    assert stream.piece(b" thing").block


def test_phrases_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("# comment\nodd thing\n\n")
    assert Scanner.from_file(tmp_path / "p").active
    assert not Scanner.from_file(None).active
