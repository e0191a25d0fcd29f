"""The second stage: what a text reads like, and the words that say so."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.text.fold import canonical, fold
from leeward.text.packs import Channel, themes
from leeward.text.stage import BITS, SecondStage, piece_buckets, shipped, word_bucket, words_of

STAGE = shipped()


@pytest.fixture
def made() -> SecondStage:
    """Two themes; the word `knife` speaks for the second, the pair `my knife` even more."""
    word = np.zeros((1 << BITS, 4), np.int8)
    word[word_bucket(b"knife"), 1] = 100
    word[word_bucket(b"my", b"knife"), 1] = 50
    word[word_bucket(b"knife"), 2] = 40
    return SecondStage(
        {
            "themes": np.array(["drugs", "violence-weapons"]), "word": word, "piece": np.zeros_like(word),
            "rare_word": np.ones(1 << BITS, np.float16), "rare_piece": np.ones(1 << BITS, np.float16),
            "scale": np.full((2, 4), 0.1, np.float32), "bias": np.array([-3, -3, 2, -4], np.float32),
        }
    )  # fmt: skip


def test_words_and_pairs_add_up_over_the_length_of_the_text(made: SecondStage) -> None:
    reading = made.read(b" my knife ", "message")
    assert reading.logits["violence-weapons"] == pytest.approx(-3 + (10 + 5) / 700**0.5, abs=1e-4)
    assert reading.logits["drugs"] == pytest.approx(-3)
    assert reading.severity == pytest.approx(2 + 4 / 700**0.5, abs=1e-4)
    assert reading.informs == pytest.approx(-4)
    # 401 words with the channel's, 400 pairs: longer than the shortest length that counts
    long = made.read(b" " + b"my knife " * 200, "message")
    assert long.logits["violence-weapons"] == pytest.approx(-3 + (200 * 10 + 200 * 5) / 801**0.5, abs=1e-3)
    assert made.why(b" this is my knife here ", "message", "violence-weapons") == ["knife", "my"]
    assert made.why(b" nothing ", "message", "drugs") == []


def test_a_text_of_many_words_hides_no_sentence() -> None:
    assert STAGE is not None
    calm, grave = "we went to the park and then we had chips ", "im going to kill myself and nobody knows "

    def said(text: str, channel: Channel = "message") -> float:
        assert STAGE is not None
        return STAGE.read(canonical(fold(text)), channel).logits["suicide-self-harm"]

    for text in (grave + calm * 20, calm * 10 + grave + calm * 10, calm * 20 + grave):
        assert said(text) > said(calm * 20) + 5
        assert said(text) > said(text, "page")
    assert STAGE.read(canonical(fold(calm * 20 + grave)), "message").severity > 3


def test_passages_add_up_to_the_whole() -> None:
    assert STAGE is not None
    words = words_of(canonical(fold("the quick brown fox said nothing at all to my knife " * 20)), "message")
    assert np.allclose(STAGE._passages(words)[0], STAGE._sums(words), atol=1e-4)


def test_numbers_are_one_word_by_length_and_long_texts_end_somewhere() -> None:
    assert words_of(b" call 07700 now ", "message") == [b"\x01message", b"call", b"00000", b"now"]
    assert len(words_of(b" a" * 10_000, "page")) == 401
    assert len(piece_buckets(b"x" * 10_000)) < 150


def test_the_weights_that_are_shipped_know_every_theme_and_fit_the_limit() -> None:
    assert STAGE is not None
    assert STAGE.themes == tuple(themes())


@given(st.text(max_size=300), st.sampled_from(["search", "message", "page", "email"]))
def test_any_text_can_be_read(text: str, channel: str) -> None:
    assert STAGE is not None
    reading = STAGE.read(canonical(fold(text)), channel)  # type: ignore[arg-type]
    assert all(np.isfinite(list(reading.logits.values())))
    assert len(STAGE.why(canonical(fold(text)), channel, "drugs")) <= 3  # type: ignore[arg-type]


def test_no_text_that_measures_teaches() -> None:
    root = Path(__file__).parents[2]

    def words(path: Path) -> set[bytes]:
        lines = path.read_text("utf-8").splitlines()
        return {canonical(fold(json.loads(line)["text"])) for line in lines}

    measuring = words(root / "benchmarks" / "school" / "texts.jsonl")
    taught = [path for path in (root / "training" / "texts").glob("*.jsonl") if not measuring.isdisjoint(words(path))]
    assert taught == []
