"""The syntax of phrases: `(a|b c|)` alternatives, also nested, `word*` any ending, `...` up to three words in between.

A phrase is looked for by its *anchors*, two words side by side that are as rare as can be, and checked whole where one
is found: a phrase may be read in thousands of ways, and an automaton of all of them would not fit any cache.
"""

import itertools
import math
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import NamedTuple

from leeward.text.fold import canonical, fold

MOST_READINGS = 1_000_000
_MOST_OF_A_GROUP = 1_000
_MOST_ANCHORS = 160
_GAP = "..."
_BETWEEN = rb"(?:[^ ]+ ){0,3}?"
type _Words = tuple[bytes, ...]  # words of one alternative, a `*` at the end of one whose ending is free
type Group = tuple[_Words, ...]  # alternatives that may stand in one place
_BITS_RARE = 15.5  # bits of a word that is none of the common ones
_ANCHOR_COST = 2e-8  # what an anchor costs in memory, in expected finds a word of text


class BadPhrase(ValueError):
    """A phrase that can't be read."""


def readings(phrase: str) -> int:
    """In how many ways a phrase can be read. Raises BadPhrase."""
    count = 1
    for run in runs_of(phrase):
        for group in run:
            count *= len(group)
    return count


@cache
def runs_of(phrase: str) -> tuple[tuple[Group, ...], ...]:
    """The groups of a phrase, in runs between gaps. Raises BadPhrase."""
    runs: list[list[Group]] = [[]]
    count = 1
    for token in _tokens(phrase):
        if token == _GAP:
            runs.append([])
            continue
        texts = _ways(token, phrase)
        group = tuple(
            dict.fromkeys(tuple(one for word in text.split() for one in _words_in(word, phrase)) for text in texts)
        )
        if len(group) > _MOST_OF_A_GROUP or (count := count * len(group)) > MOST_READINGS:
            raise BadPhrase(f"{phrase!r}: more than {MOST_READINGS:,} ways to read it")
        runs[-1].append(group)
    kept = tuple(tuple(run) for run in runs if run)
    if not any(all(group) for run in kept for group in run):
        raise BadPhrase(f"{phrase!r}: at least one word must not be left out")
    return kept


def _tokens(phrase: str) -> list[str]:
    """Pieces between spaces that are in no bracket."""
    out, depth, piece = [], 0, ""
    for char in phrase:
        depth += (char == "(") - (char == ")")
        if depth < 0:
            break
        if char == " " and not depth:
            out.append(piece)
            piece = ""
        else:
            piece += char
    if depth:
        raise BadPhrase(f"{phrase!r}: brackets must be balanced")
    return [token for token in [*out, piece] if token]


def _ways(text: str, phrase: str) -> list[str]:
    """Every way of reading a piece with brackets."""
    parts: list[list[str]] = []
    place = 0
    while place < len(text):
        if text[place] != "(":
            end = text.find("(", place)
            end = len(text) if end < 0 else end
            parts.append([text[place:end]])
            place = end
            continue
        end = _closing(text, place)
        parts.append([way for one in _alternatives(text[place + 1 : end]) for way in _ways(one, phrase)])
        place = end + 1
    count = 1
    for part in parts:
        count *= len(part)
    if count > _MOST_OF_A_GROUP:
        raise BadPhrase(f"{phrase!r}: {count} ways to read {text[:60]!r}; {_MOST_OF_A_GROUP} are allowed")
    return ["".join(way) for way in itertools.product(*parts)]


def _closing(text: str, place: int) -> int:
    depth = 0
    for number in range(place, len(text)):
        depth += (text[number] == "(") - (text[number] == ")")
        if not depth:
            return number
    return len(text)


def _alternatives(text: str) -> list[str]:
    out, depth, piece = [], 0, ""
    for char in text:
        depth += (char == "(") - (char == ")")
        if char == "|" and not depth:
            out.append(piece)
            piece = ""
        else:
            piece += char
    return [*out, piece]


def _words_in(word: str, phrase: str) -> list[bytes]:
    """One word, or several where emoji stand side by side."""
    plain = canonical(fold(word.rstrip("*"))).split()
    if not plain or "*" in word.rstrip("*") or (len(plain) > 1 and word.isascii()):
        raise BadPhrase(f"{phrase!r}: {word!r} is no word")
    return [*plain[:-1], plain[-1] + (b"*" if word.endswith("*") else b"")]


def words_of(phrase: str) -> Iterator[str]:
    """The whole words of a phrase."""
    for run in runs_of(phrase):
        for group in run:
            yield from (word.decode() for words in group for word in words if not word.endswith(b"*"))


class Anchors(NamedTuple):
    """What a text must hold for a phrase to be in it: one of `literals`, bytes of canonical text. `whole`: they are all
    of the phrase, so that nothing is left to check.
    """

    literals: list[bytes]
    whole: bool


def anchors(phrase: str) -> Anchors:
    """Of all literals that would do, those that ordinary text holds least often, unless they are too many.

    Raises BadPhrase.
    """
    best: tuple[float, Anchors] | None = None
    for run in runs_of(phrase):
        for number in range(len(run)):
            for size in (1, 2, 3):
                found = _joined(run[number : number + size]) if number + size <= len(run) else None
                if found is None:
                    continue
                cost = sum(2.0 ** -_bits(one) for one in found) + _ANCHOR_COST * len(found)
                if best is None or cost < best[0]:
                    best = (cost, Anchors(found, size == len(run) and len(runs_of(phrase)) == 1))
    if best is None:
        raise BadPhrase(f"{phrase!r}: nothing in it is certain to be there")
    return best[1]


def _joined(groups: tuple[Group, ...]) -> list[bytes] | None:
    """Every way of reading groups side by side; None if they may be empty, are too many, or break off in an ending."""
    found: list[_Words] = [()]
    for group in groups:
        if any(words and words[-1].endswith(b"*") for words in found):
            return None
        found = [(*words, *more) for words in found for more in group]
        if len(found) > _MOST_ANCHORS:
            return None
    if not all(found) or any(word.endswith(b"*") for words in found for word in words[:-1]):
        return None
    return list(dict.fromkeys(map(_literal, found)))


def _literal(words: _Words) -> bytes:
    joined = b" " + b" ".join(words)
    return joined[:-1] if joined.endswith(b"*") else joined + b" "


def common_words() -> list[str]:
    """The words that English texts are made of, the commonest first."""
    return resources.files("leeward.text").joinpath("common.txt").read_text("utf-8").split()


@cache
def _common() -> dict[bytes, int]:
    return {word.encode(): rank for rank, word in enumerate(common_words(), 1)}


def _bits(literal: bytes) -> float:
    """How seldom ordinary text holds these words (Zipf's law): a text of 2^bits words holds them about once."""
    return sum(_bits_of(word) for word in literal.split())


def _bits_of(word: bytes) -> float:
    rank = _common().get(word)
    return _BITS_RARE if rank is None else math.log2(rank * 12)


def pattern(phrase: str) -> re.Pattern[bytes]:
    """The whole phrase, with the space before it and the one after."""
    runs = [b"".join(map(_matched, run)) for run in runs_of(phrase)]
    return re.compile(b" " + _BETWEEN.join(runs))


def _matched(group: Group) -> bytes:
    ways = [b"".join(map(_matched_word, words)) for words in group]
    return ways[0] if len(ways) == 1 else b"(?:%s)" % b"|".join(sorted(ways, key=lambda way: -len(bytes(way))))


def _matched_word(word: bytes) -> bytes:
    return re.escape(word[:-1]) + rb"[^ ]* " if word.endswith(b"*") else re.escape(word) + b" "


def reach(phrase: str) -> int:
    """Bytes that a match may be long at most, with endings and words in between of usual length."""
    longest = sum(
        max(sum(len(word) + 12 for word in words) for words in group) for run in runs_of(phrase) for group in run
    )
    return longest + 60 * len(runs_of(phrase))
