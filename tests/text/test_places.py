"""Places in what is looked at lead back to what was written."""

from hypothesis import given
from hypothesis import strategies as st

from leeward.text.places import Prepared, span_of_bytes, span_of_words
from leeward.text.repair import Vocabulary

VOCABULARY = Vocabulary(["knife", "school"])


def test_a_place_is_that_of_the_letters_as_written() -> None:
    text = "At  SCHÖOL, my k n i f e!"
    form = Prepared(text, VOCABULARY)
    assert form.mended == b" at school my knife "
    start, end = span_of_bytes(form, form.mended.index(b"knife"), form.mended.index(b"knife") + 5, mended=True)
    assert text[start:end] == "k n i f e"
    start, end = span_of_words(form, 1, 1, mended=True)
    assert text[start:end] == "SCHÖOL"


@given(st.text(max_size=80), st.integers(-3, 30), st.integers(-3, 30))
def test_no_text_and_no_place_breaks_it(text: str, first: int, last: int) -> None:
    form = Prepared(text, VOCABULARY)
    for mended in (False, True):
        start, end = span_of_words(form, min(first, last), max(first, last), mended=mended)
        assert 0 <= start <= end <= len(text)
