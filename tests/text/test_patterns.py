"""The syntax of phrases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.text.patterns import BadPhrase, anchors, pattern, readings, runs_of, words_of


def matches(phrase: str, text: str) -> bool:
    return pattern(phrase).search(f" {text} ".encode()) is not None


def test_alternatives_endings_and_gaps() -> None:
    phrase = "(want|wanna) (to|) kill* ... (my|your)self"
    assert matches(phrase, "i want to kill myself")
    assert matches(phrase, "wanna killing that poor old yourself now")
    assert not matches(phrase, "want to kill one two three four myself")
    assert not matches(phrase, "i want to killmyself")
    assert readings(phrase) == 8


def test_brackets_may_be_nested_and_stand_inside_words() -> None:
    assert matches("(a(b|c)|d)x", "acx")
    assert matches("(a(b|c)|d)x", "dx")
    assert not matches("(a(b|c)|d)x", "ax")


@pytest.mark.parametrize("phrase", ["(a|b", "a) b", "", "(|)", "...", "(a|) (b|)", "a*b c", "!?"])
def test_what_can_not_be_read_is_said(phrase: str) -> None:
    with pytest.raises(BadPhrase):
        runs_of(phrase)


@given(st.lists(st.sampled_from(["kill", "the", "(a|my|)", "self*", "...", "(x y|z)", "you"]), min_size=1, max_size=5))
def test_wherever_a_phrase_matches_one_of_its_anchors_is(words: list[str]) -> None:
    phrase = " ".join(words)
    try:
        found = anchors(phrase).literals
    except BadPhrase:
        return
    for text in (
        "kill the my self you",
        "the x y killing selfish you",
        "z you",
        "kill you my selfs the",
        "you z self the kill",
    ):
        if matches(phrase, text):
            assert any(anchor in f" {text} ".encode() for anchor in found), (phrase, text)


def test_an_anchor_is_rare_and_few_are_enough() -> None:
    assert anchors("i want to (kill|hurt) myself").literals == [b" to kill myself ", b" to hurt myself "]
    assert not anchors("i want to (kill|hurt) myself").whole
    assert anchors("(kill|hurt) myself").whole
    assert list(words_of("(want|wanna) kill*")) == ["want", "wanna"]
