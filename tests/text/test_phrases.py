"""Phrases are whole words, any case."""

from leeward.text.phrases import PhraseScanner


def test_whole_words_in_any_case() -> None:
    scanner = PhraseScanner(["lace", "some thing"])
    assert [item.phrase for item in scanner.scan(b"LACE place some THING.")] == ["lace", "some thing"]


def test_nothing_to_find_finds_nothing() -> None:
    assert PhraseScanner([" ", ""]).scan(b"x") == []
