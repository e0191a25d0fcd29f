"""Finds phrases of a list in a body: the place that the scorer takes. One pass of a double-array automaton."""

from typing import NamedTuple

import daachorse


class Finding(NamedTuple):
    """A phrase that was found, and where (byte offsets)."""

    phrase: str
    start: int
    end: int


class PhraseScanner:
    """Case-insensitive, whole words. Raises ValueError if a phrase is empty.

    The automaton looks for a key of each phrase, not for all of it: the end of one word and the beginning of the next
    (`_key`). That keeps it half as large, so that more of it stays in the processor's cache, and finds little that is
    no phrase; what it finds is compared whole.
    """

    def __init__(self, phrases: list[str]) -> None:
        self.phrases = [phrase.strip() for phrase in phrases if phrase.strip()]
        keys: dict[bytes, list[tuple[int, bytes]]] = {}
        for phrase in dict.fromkeys(phrase.lower().encode() for phrase in self.phrases):
            offset, key = _key(phrase)
            keys.setdefault(key, []).append((offset, phrase))
        self._automaton = daachorse.DoubleArrayAhoCorasick(list(keys)) if keys else None
        self._longest = max((len(phrase.encode()) for phrase in self.phrases), default=0)
        self._behind = list(keys.values())  # by the key's number: (where the key lies in the phrase, phrase)

    def scan(self, body: bytes) -> list[Finding]:
        """Phrases in a decoded body."""
        if self._automaton is None:
            return []
        lowered = body.lower()
        return [one for begin in range(0, len(lowered), _PIECE) for one in self._scan(lowered, begin)]

    def _scan(self, lowered: bytes, begin: int) -> list[Finding]:
        """Phrases that begin in a piece of the text. Of each key no more than `_ENOUGH` are looked at: nobody needs the
        thousandth time of a phrase, and a page full of one must not stop everybody else.
        """
        out: list[Finding] = []
        if self._automaton is None:
            return out
        end = begin + _PIECE
        first = max(begin - self._longest, 0)
        looked: dict[int, int] = {}
        for at, _, number in self._automaton.find_overlapping(lowered[first : end + self._longest]):
            times = looked[number] = looked.get(number, 0) + 1
            if times > _ENOUGH:
                continue
            for offset, phrase in self._behind[number]:
                start = first + at - offset
                stop = start + len(phrase)
                inside = begin <= start < end and lowered.startswith(phrase, start)
                if inside and not _inside_word(lowered, start, stop):
                    out.append(Finding(phrase.decode(), start, stop))
        return out


_PIECE = 65_536  # bytes looked at together
_ENOUGH = 100  # hits of one key in them
_EDGE = 4  # letters on each side of the space


def _key(phrase: bytes) -> tuple[int, bytes]:
    """(offset, key): the longest piece of up to four letters, a space, up to four letters; or all of one word."""
    found = (0, phrase)
    best = 0
    place = phrase.find(b" ")
    while place > 0:
        left = phrase[max(place - _EDGE, 0) : place].rpartition(b" ")[2]
        right = phrase[place + 1 : place + 1 + _EDGE].partition(b" ")[0]
        if left and right and len(left) + len(right) > best:
            best = len(left) + len(right)
            found = (place - len(left), left + b" " + right)
        place = phrase.find(b" ", place + 1)
    return found


def _inside_word(text: bytes, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    return before.isalnum() or after.isalnum()
