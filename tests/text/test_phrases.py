"""Phrases are whole words, any case."""

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from leeward.text.phrases import PhraseScanner

_WORDS = st.sampled_from(["a", "ab", "abc", "abcd", "abcde", "bcd", "cd", "d", "é"])
_PHRASES = st.lists(st.lists(_WORDS, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6)


def test_whole_words_in_any_case() -> None:
    scanner = PhraseScanner(["lace", "some thing"])
    assert [item.phrase for item in scanner.scan(b"LACE place some THING.")] == ["lace", "some thing"]


def test_nothing_to_find_finds_nothing() -> None:
    assert PhraseScanner([" ", ""]).scan(b"x") == []


@given(_PHRASES, st.lists(st.one_of(_WORDS, st.sampled_from([" ", "  ", ".", "ABCD"])), max_size=30).map("".join))
def test_it_finds_what_a_plain_search_finds_and_nothing_else(phrases: list[str], text: str) -> None:
    body = text.encode()
    lowered = body.lower()
    wanted = {
        (phrase, found.start())
        for phrase in phrases
        for found in re.finditer(rb"(?=%s)" % re.escape(phrase.lower().encode()), lowered)
        if not lowered[found.start() - 1 : found.start()].isalnum()
        and not lowered[found.start() + len(phrase.encode()) :][:1].isalnum()
    }
    assert {(item.phrase, item.start) for item in PhraseScanner(phrases).scan(body)} == wanted


def test_a_text_full_of_hits_takes_no_longer_than_a_glance() -> None:
    scanner = PhraseScanner(["noted phrase", "the", "other words"])
    began = time.monotonic()
    found = scanner.scan(b"noted phrase the " * 900_000 + b"other words")
    assert time.monotonic() - began < 6
    assert {one.phrase for one in found} == {"noted phrase", "the", "other words"}, "what comes last is found too"


def test_a_phrase_over_the_edge_of_two_pieces_is_found_once() -> None:
    scanner = PhraseScanner(["over the edge"])
    for place in range(65_536 - 14, 65_536 + 2):
        text = b"x" * (place - 1) + b" over the edge " + b"y" * 70_000
        assert [one.start for one in scanner.scan(text)] == [place]
