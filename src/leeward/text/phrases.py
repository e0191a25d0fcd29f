"""Finds phrases of a list in a body: the place that the scorer takes. One pass of a double-array automaton."""

from typing import NamedTuple

import daachorse


class Finding(NamedTuple):
    """A phrase that was found, and where (byte offsets)."""

    phrase: str
    start: int
    end: int


class PhraseScanner:
    """Case-insensitive, whole words. Raises ValueError if a phrase is empty."""

    def __init__(self, phrases: list[str]) -> None:
        self.phrases = [phrase.strip() for phrase in phrases if phrase.strip()]
        encoded = list(dict.fromkeys(phrase.lower().encode() for phrase in self.phrases))
        self._automaton = daachorse.DoubleArrayAhoCorasick(encoded) if encoded else None
        self._encoded = encoded

    def scan(self, body: bytes) -> list[Finding]:
        """Phrases in a decoded body."""
        if self._automaton is None:
            return []
        lowered = body.lower()
        out = []
        for start, end, number in self._automaton.find_overlapping(lowered):
            if not _inside_word(lowered, start, end):
                out.append(Finding(self._encoded[number].decode(), start, end))
        return out


def _inside_word(text: bytes, start: int, end: int) -> bool:
    before = text[start - 1 : start]
    after = text[end : end + 1]
    return before.isalnum() or after.isalnum()
