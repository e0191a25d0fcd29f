"""What people do to words so that no filter finds them is undone, and nothing else."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.text.fold import fold
from leeward.text.repair import Vocabulary, repaired, repairs

WORDS = "kill myself suicide fuck shit die want school knife porn sex cocaine you hate anorexia".split()  # noqa: SIM905
VOCABULARY = Vocabulary(WORDS)


def read(text: str) -> str:
    folded = fold(text)
    return repaired(folded, repairs(folded, VOCABULARY))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("k1ll my5elf", "kill myself"), ("k i l l  m y s e l f", "kill myself"), ("k.i.l.l you", "kill you"),
        ("kiiiiiill youuuu", "kill you"), ("f**k s**t sh!t sui*ide", "fuck shit shit suicide"), ("кill уou", "kill you"),
        ("сосаіnе", "cocaine"), ("p0rn s3x $uicide", "porn sex suicide"), ("i want 2 d1e", "i want 2 die"),
        ("F.U.C.K", "fuck"), ("c0ca1ne,kn1fe", "cocaine,knife"),
    ],
)  # fmt: skip
def test_a_word_is_read_as_what_it_stands_for(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    "text",
    ["html5 mp3 h264 2nd year7 co2 ps5 b4 gr8", "a b c d e", "www.example.test/x?y=1", "sooo coool aaah", "3.14159", "C++ & C#",
     "10:30-11:45", "e-mail me@school.test", "Москва и Киев", "(see p. 12)", "1,000,000", "ok!!!"],
)  # fmt: skip
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert read(text) == fold(text)


@given(st.text(max_size=60))
def test_no_text_breaks_it_and_repairs_never_overlap(text: str) -> None:
    folded = fold(text)
    made = repairs(folded, VOCABULARY)
    assert all(one.end <= two.start for one, two in itertools.pairwise(made))
    assert all(0 <= one.start < one.end <= len(folded) for one in made)


def test_a_row_of_numbers_is_no_word_that_somebody_hides() -> None:
    for text in ("5 3 1 7 0", "85.3 7.0 se", "0.3 s. 0"):
        assert repairs(fold(text), Vocabulary(["sex", "set", "oes", "abs"])) == []
    assert [one.word for one in repairs("s 3 x", Vocabulary(["sex"]))] == ["sex"]


@given(st.sampled_from(WORDS), st.sampled_from(["leet", "spaced", "dotted", "stretched", "hidden"]))
def test_every_word_of_the_library_is_found_in_every_disguise(word: str, how: str) -> None:
    written = {
        "leet": word.translate(str.maketrans("oieast", "013@$7")), "spaced": " ".join(word), "dotted": ".".join(word),
        "stretched": word[0] + word[1] * 4 + word[2:], "hidden": "\u200b".join(word),
    }[how]  # fmt: skip
    assert word in read(f"so {written} then").split()
