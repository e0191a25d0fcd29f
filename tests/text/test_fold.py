"""One spelling for everything that reads alike."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.text.fold import _known_piece, canonical, fold, origins, word_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I don’t WANT to!", "i dont want to"), ("𝓴𝓲𝓵𝓵 ｙｏｕ", "kill you"), ("🅺🅸🅻🅻🔪you", "kill 🔪 you"), ("ᴋɪʟʟ", "kill"),
        ("Zażółć gęślą jaźń", "zazolc gesla jazn"), ("naïve e\u0301cole İstanbul", "naive ecole istanbul"),
        ("ki\u200bl\u00adl m\u2060e", "kill me"), ("قَتَلَ أنا", "قتل انا"), ("کی ہے", "كي هي"), ("ਮੈਂ ਮਰਨਾ", "ਮੈਂ ਮਰਨਾ"),
        ("a, b;c\n\td", "a b c d"), ("👍🏽 ✊🏿", "👍 ✊"), ("it's `quoted'", "its quoted"), ("٣ ½", "3 1 2"), ("", ""),
    ],
)  # fmt: skip
def test_what_reads_alike_is_written_alike(text: str, words: str) -> None:
    assert canonical(fold(text)).decode() == (f" {words} " if words else "  ")


@given(st.text(max_size=80))
def test_places_lead_back_to_what_was_written(text: str) -> None:
    folded, places = origins(text)
    assert folded == fold(text)
    assert len(places) == len(folded) + 1
    assert places == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


@given(st.text(max_size=80))
def test_words_and_their_places_agree(text: str) -> None:
    folded = fold(text)
    words = canonical(folded).decode("utf-8", "replace").split(" ")[1:-1]
    spans = word_spans(folded)
    found = [folded[start:end].replace("'", "").replace("`", "") for start, end in spans]
    assert [word for word in words if word] == [word.encode("utf-8", "replace").decode() for word in found]


@given(st.text(max_size=60))
def test_what_is_folded_stays_as_it_is(text: str) -> None:
    once = canonical(fold(text))
    assert canonical(fold(once.decode("utf-8", "replace"))) == once


def test_endless_marks_take_no_time_and_fill_no_memory() -> None:
    fold("\u0316\u0300" * 40_000)
    assert _known_piece.cache_info().currsize <= 20_000


@pytest.mark.timeout(60)
def test_no_run_of_marks_takes_time_that_grows_with_its_square() -> None:
    for run in ("a" + "\u0316\u0301" * 150_000, "\u0e38\u0e48" * 150_000, "\ufdfa" * 100_000, "\u0130" * 100_000):
        assert fold(run)
    assert canonical(fold("de\u0301ja\u0300 vu " * 1_000)) == b" deja vu" * 1_000 + b" "
