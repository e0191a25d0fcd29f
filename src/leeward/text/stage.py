"""The second stage: how much a text reads like those that people labelled, theme by theme, and which words say so.

A linear model over the words of a text, pairs of neighbours, and the pieces of three to five letters of each word. Its
answer is a sum over words, so every answer can be told as the words that made it. `training/` makes its weights.
"""

import math
from functools import lru_cache
from importlib import resources
from typing import NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt

from leeward.text.packs import Channel

BITS = 18
_MASK = (1 << BITS) - 1
_SHORTEST, _LONGEST = 3, 5  # letters of a piece of a word, its edges counted
_MOST_WORDS = 400  # of a text: more say nothing new
_LETTERS = 40  # of a word
_LEAST_SQUARES = (700.0, 3_000.0)  # of the rarities of some six words and their pairs, and of their pieces
# Words of a passage, from where one begins to where the next does, and what it must say more than a whole text does.
_PASSAGE, _STEP = 20, 5
_PASSAGE_DOUBT: dict[Channel, float] = {"search": 0.6, "message": 0.6, "email": 1.4, "page": 2.0}
_WHOLE = 26  # words, the channel's too, that are read as one
type Floats = npt.NDArray[np.float32]


def word_bucket(*words: bytes) -> int:
    """Where a word, or two neighbours, have their weights."""
    return crc32(b" ".join(words)) & _MASK


def piece_buckets(word: bytes) -> list[int]:
    """Where the pieces of a word have their weights."""
    edged = b" " + word[:_LETTERS] + b" "
    return [
        crc32(edged[start : start + size]) & _MASK
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(edged) - size + 1)
    ]


def words_of(plain: bytes, channel: Channel) -> list[bytes]:
    """The words that count of a canonical text; the first stands for the channel. Numbers are one word by length."""
    words = plain.split(maxsplit=_MOST_WORDS)[:_MOST_WORDS]
    return [b"\x01" + channel.encode(), *(b"0" * min(len(word), 12) if word.isdigit() else word for word in words)]


def length(table: int, squares: float) -> float:
    """What the sums of a table are divided by: the length of the text's row, never less than that of a short sentence.

    Of "ok" or "he" nothing can be told; divided by its own length, one word would weigh as much as a whole text.
    """
    return math.sqrt(max(squares, _LEAST_SQUARES[table]))


class Reading(NamedTuple):
    """How a text reads. `logits`: by theme; above 0 means rather yes. `severity`: 1 to 5. `informs`: above 0 it rather
    reads like a lesson, a leaflet or an article than like somebody who speaks for themselves.
    """

    logits: dict[str, float]
    severity: float
    informs: float


class _Word(NamedTuple):
    bucket: int
    before: int  # what the hash of a pair begins with
    pieces: bytes  # buckets of its pieces, 32 bits each


class SecondStage:
    """The weights made ready: for words and pairs, and for pieces, a table of buckets x (themes, severity, informs)."""

    def __init__(self, weights: dict[str, npt.NDArray[np.generic]]) -> None:
        self.themes: tuple[str, ...] = tuple(str(name) for name in weights["themes"])
        self._tables = (weights["word"], weights["piece"])
        self._rare = (weights["rare_word"].astype(np.float32), weights["rare_piece"].astype(np.float32))
        self._scale = weights["scale"].astype(np.float32)
        self._bias = weights["bias"].astype(np.float32)

    def read(self, plain: bytes, channel: Channel) -> Reading:
        """How a canonical text reads."""
        words = words_of(plain, channel)
        count = len(self.themes)
        if len(words) <= _WHOLE:
            whole = self._sums(words)
            logits, severity = whole[:count], whole[count]
        else:
            rows = self._passages(words)
            whole, passages = rows[0], rows[1:]
            strongest = passages[:, :count].max(0) - _PASSAGE_DOUBT[channel]
            is_passage = strongest.max() > whole[:count].max()
            graver = passages[passages[:, :count].max(1).argmax()] if is_passage else whole
            logits, severity = np.maximum(whole[:count], strongest), graver[count]
        return Reading(dict(zip(self.themes, logits.tolist(), strict=True)), float(severity), float(whole[count + 1]))

    def _sums(self, words: list[bytes]) -> Floats:
        _, singles, pieces = _buckets(words)
        return self._bias + self._said(0, singles) + self._said(1, pieces)

    def _said(self, number: int, buckets: npt.NDArray[np.int32]) -> Floats:
        """What buckets of one table say, as a row of length one."""
        rare = self._rare[number][buckets]
        total: Floats = rare @ self._tables[number][buckets].astype(np.float32)
        total *= self._scale[number] / length(number, float(rare @ rare))
        return total

    def _passages(self, words: list[bytes]) -> Floats:
        """The whole text, then each passage of it, a row each: a text of many words hides no sentence.

        What words, pairs and pieces say adds up, so every passage is a difference of two running sums.
        """
        count = len(words)
        last = max(count - _PASSAGE, 1)
        begins = np.unique(np.arange(1, last + _STEP, _STEP).clip(max=last))
        ends = np.minimum(begins + _PASSAGE, count)
        return self._spans(words, np.concatenate(([0], begins)), np.concatenate(([count], ends)))

    def _spans(self, words: list[bytes], begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Floats:
        known, singles, pieces = _buckets(words)
        starts = np.cumsum([0, *(len(word.pieces) // 4 for word in known[:-1])])
        count = len(words)
        out = np.tile(self._bias, (len(begins), 1))
        for table, buckets in ((0, singles), (1, pieces)):
            rare = self._rare[table][buckets]
            said = self._tables[table][buckets].astype(np.float32) * rare[:, None]
            squares = (rare * rare)[:, None]
            both = np.concatenate((said, squares), 1)
            if table:
                sums = _between(np.add.reduceat(both, starts), begins, ends)
                own = both[: starts[1]].sum(0)
            else:
                sums = _between(both[:count], begins, ends) + _between(both[count:], begins, ends - 1)
                own = both[0]
            sums[1:] += own  # the channel speaks in every passage
            squared = np.maximum(sums[:, -1:], _LEAST_SQUARES[table])
            out += sums[:, :-1] * self._scale[table] / np.sqrt(squared)
        return out

    def why(self, plain: bytes, channel: Channel, theme: str, most: int = 3) -> list[str]:
        """The words that say most for a theme, the strongest first. What a pair says is shared by its two words."""
        words = words_of(plain, channel)
        column = self.themes.index(theme)
        known, singles, pieces = _buckets(words)
        said = self._parts(0, singles, column)
        each = said[: len(words)].copy()
        each[:-1] += said[len(words) :] / 2
        each[1:] += said[len(words) :] / 2
        starts = np.cumsum([0, *(len(word.pieces) // 4 for word in known[:-1])])
        each += np.add.reduceat(self._parts(1, pieces, column), starts)
        best = np.argsort(-each[1:])[:most] + 1
        return [words[number].decode("utf-8", "replace") for number in best.tolist() if each[number] > 0]

    def _parts(self, number: int, buckets: npt.NDArray[np.int32], column: int) -> Floats:
        """What each bucket of one table says for one theme."""
        rare = self._rare[number][buckets]
        parts: Floats = rare * self._tables[number][buckets, column] * self._scale[number][column]
        return parts / length(number, float(rare @ rare))


def _between(rows: Floats, begins: npt.NDArray[np.int64], ends: npt.NDArray[np.int64]) -> Floats:
    """Sums of rows from each begin up to each end."""
    running = np.concatenate((np.zeros((1, rows.shape[1]), np.float32), rows.cumsum(0, np.float32)))
    sums: Floats = running[ends] - running[begins]
    return sums


def _buckets(words: list[bytes]) -> tuple[list[_Word], npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """The words; the buckets of words and, behind them, of pairs; the buckets of pieces."""
    known = list(map(_looked_up, words))
    singles = [word.bucket for word in known]
    singles += [crc32(two, one.before) & _MASK for one, two in zip(known, words[1:], strict=False)]
    return known, np.array(singles, np.int32), np.frombuffer(b"".join([word.pieces for word in known]), np.int32)


@lru_cache(maxsize=50_000)
def _looked_up(word: bytes) -> _Word:
    return _Word(word_bucket(word), crc32(word + b" "), np.array(piece_buckets(word), np.int32).tobytes())


def shipped() -> SecondStage | None:
    """The stage with the weights that come with Leeward; none where they were left out."""
    path = resources.files("leeward.text").joinpath("weights.npz")
    if not path.is_file():
        return None
    with path.open("rb") as file, np.load(file, allow_pickle=False) as weights:
        return SecondStage({name: weights[name] for name in weights.files})
