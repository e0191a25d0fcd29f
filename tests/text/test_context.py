"""What stands around a hit."""

from leeward.text.context import idioms, is_negated, is_quoted, phrases
from leeward.text.patterns import runs_of


def test_every_phrase_of_contexts_and_idioms_can_be_read() -> None:
    for phrase in (*idioms(), *(one for rows in phrases().values() for one in rows)):
        runs_of(phrase)


def test_denied_and_quoted_words_are_told() -> None:
    text = b" i would never kill anyone but he said kill "
    assert is_negated(text, text.index(b"kill anyone"))
    assert not is_negated(text, text.rindex(b"kill"))
    assert is_quoted(text, text.rindex(b"kill"))
    assert not is_quoted(text, text.index(b"kill anyone"))
