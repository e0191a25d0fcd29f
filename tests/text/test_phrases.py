"""Phrases are whole words, any case."""

from pathlib import Path

from leeward.text.phrases import PhraseScanner


def test_whole_words_in_any_case() -> None:
    scanner = PhraseScanner(["lace", "some thing"])
    assert [item.phrase for item in scanner.scan(b"LACE place some THING.")] == ["lace", "some thing"]


def test_nothing_to_find_finds_nothing(tmp_path: Path) -> None:
    (tmp_path / "p").write_text("# only a comment\n")
    assert PhraseScanner.from_file(tmp_path / "p").scan(b"x") == []
