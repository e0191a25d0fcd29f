"""Finds items of the library in canonical text: one automaton over the anchors of all phrases, then each is checked."""

import itertools
import re
from array import array
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

import daachorse
import msgspec

from leeward.text.patterns import anchors, pattern, reach

_NUMBERS = "I"
_ENOUGH = 40  # times that one anchor is looked at in one text


class Hit(NamedTuple):
    """An item that was found, by its number, and where: bytes of the canonical text, without the spaces around."""

    item: int
    start: int
    end: int


class Tables(msgspec.Struct, frozen=True):
    """What a matcher is made of; making them takes seconds, reading them from a file none.

    `phrases`: item, phrase, and whether its anchors are all of it. `behind`: the numbers of the phrases that anchors
    may stand for, of the first anchor, then of the second …; `ends`: where each anchor's end; both 32 bits a number.
    `automaton`: daachorse's own form.
    """

    phrases: list[tuple[int, str, bool]]
    behind: bytes
    ends: bytes
    automaton: bytes


def tables_of(items: Iterable[Iterable[str]]) -> Tables:
    """Make the tables. `items`: for each its phrases. Raises BadPhrase."""
    numbered: list[tuple[int, str, bool]] = []
    found: dict[bytes, list[int]] = {}
    for item, phrases in enumerate(items):
        for phrase in dict.fromkeys(phrases):
            literals, whole = anchors(phrase)
            for anchor in literals:
                found.setdefault(anchor, []).append(len(numbered))
            numbered.append((item, phrase, whole))
    automaton = daachorse.DoubleArrayAhoCorasick(list(found)).serialize() if found else b""
    behind = array(_NUMBERS, itertools.chain.from_iterable(found.values()))
    ends = array(_NUMBERS, itertools.accumulate(map(len, found.values())))
    return Tables(numbered, behind.tobytes(), ends.tobytes(), automaton)


class Matcher:
    """Finds the phrases of tables."""

    def __init__(self, tables: Tables) -> None:
        self._phrases = tables.phrases
        self._behind = array(_NUMBERS, tables.behind)
        self._ends = array(_NUMBERS, [0, *array(_NUMBERS, tables.ends)])
        # The bytes are the serializer's own: what may be read is decided where they are read (library.py).
        self._automaton = daachorse.DoubleArrayAhoCorasick.deserialize(tables.automaton) if tables.automaton else None
        self.size = len(self._ends) - 1

    def find(self, text: bytes) -> list[Hit]:
        """Every hit, each phrase once for each place."""
        if self._automaton is None:
            return []
        out: dict[Hit, None] = {}
        looked: dict[int, int] = {}
        for start, end, anchor in self._automaton.find_overlapping(text):
            times = looked[anchor] = looked.get(anchor, 0) + 1
            if times > _ENOUGH:
                continue
            for number in self._behind[self._ends[anchor] : self._ends[anchor + 1]]:
                item, phrase, whole = self._phrases[number]
                if whole:  # an anchor without a space at its end may go on to the end of the word
                    out[Hit(item, start + 1, text.find(b" ", end - 1))] = None
                elif found := _around(text, phrase, start, end):
                    out[Hit(item, *found)] = None
        return list(out)


@lru_cache(maxsize=20_000)
def _compiled(phrase: str) -> tuple[re.Pattern[bytes], int]:
    """Made when it is first needed: most phrases never are."""
    return pattern(phrase), reach(phrase)


def _around(text: bytes, phrase: str, start: int, end: int) -> tuple[int, int] | None:
    compiled, far = _compiled(phrase)
    begin = text.rfind(b" ", 0, max(start - far, 0) + 1)
    for found in compiled.finditer(text, max(begin, 0), min(end + far, len(text))):
        if found.start() <= start and found.end() >= end:
            return found.start() + 1, found.end() - 1
        if found.start() > start:
            return None
    return None
