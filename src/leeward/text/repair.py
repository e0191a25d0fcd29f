"""Undoes what people do to words so that no filter finds them: k1ll, k i l l, k.i.l.l, kiiill, f**k, кill.

A word is changed only into one that the library knows, so ordinary text (html5, mp3, 2nd, aaah) stays as it is.
"""

import codecs
import itertools
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

import daachorse

from leeward.text.lookalikes import CONFUSABLE

# 1, ! and | stand for i or for l.
_LEET = tuple(str.maketrans("0134578@$!|€+(69", f"o{l}eastbas{l}{l}etcgg") for l in "il")  # noqa: E741
_MASKS = "*#%_-~"
_MOST_MASKED = 3  # letters that a word may hide
_PUNCTUATION = ".,!?()-_~+|"
# Classes of characters, so that the cheap question is one of `in`: a letter, 0 digit, * sign, space, p anything else.
_CLASS = bytes(
    ord("a") if chr(b).isalpha() or b > 127 else ord("0") if chr(b).isdigit()
    else ord("*") if chr(b) in "@$!|*#%+" else 32 if b <= 32 else ord("p")
    for b in range(256)
)  # fmt: skip
_MIXED = daachorse.DoubleArrayAhoCorasick(
    [b"a0a", b"a*a", b"a**", b" 0aa", b" *aa", b" *0a", b" 0*a", b" *a0", b"a00a", b" a00 ", b"a*0", b"a0*", b"appa"]
)
_STRETCHED = daachorse.DoubleArrayAhoCorasick([bytes((97 + number,)) * 3 for number in range(26)])
_PARTING = frozenset(b" \t\r\n\x0b\x0c\x1f\"',;:?<>[]{}/\\=&()")
_SPACE = 32
_MOST_LOOKED_AT = 20_000  # marks in one text
_LOOSE = bytes(ord("a") if chr(b).isalnum() or b > 127 else 32 for b in range(256))
_ONE_BY_ONE = daachorse.DoubleArrayAhoCorasick([b" a a a ", b" a  a  a ", b" a a  a ", b" a  a a "])
_FOREIGN = re.compile("[" + "".join(map(chr, sorted(CONFUSABLE))) + "]")
_LETTERS = re.compile(r"(?<![^\W_])(?:[^\W_][\s._\-*~|/,]{1,2}){2,}[^\W_](?![^\W_])")
_RUN = re.compile(r"(.)\1{2,}")
_DOUBLE = re.compile(r"(.)\1+")
_NO_LETTER = re.compile(r"[^a-z]")
_LONGEST = 32  # letters of a word that is worth a try
codecs.register_error("leeward-letter", lambda error: ("\xff" * (error.end - error.start), error.end))  # type: ignore[attr-defined]
_SHORT = frozenset(("i", "u", "a", "me", "my", "to", "go", "do", "in", "is", "it", "im", "ur", "of", "on", "up"))


class Repair(NamedTuple):
    """A piece of folded text and the word that it stands for."""

    start: int
    end: int
    word: str


class Vocabulary:
    """The words that repairs may make: those of the library."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(word for word in words if len(word) > 2)
        self._by_start: dict[tuple[int, str], list[str]] = {}
        for word in sorted(self.words):
            self._by_start.setdefault((len(word), word[0]), []).append(word)
        self.mended = lru_cache(maxsize=50_000)(self._mended)

    def _mended(self, token: str) -> tuple[int, int, str]:
        """(start, end, word): the part of a token that stands for a word; the word is empty if there is none."""
        core = token.strip(_PUNCTUATION)
        for text in dict.fromkeys((token, core, core.strip(_MASKS))):
            if not 3 <= len(text) <= _LONGEST or text in self.words or _is_ordinary(text.strip(_PUNCTUATION)):
                continue
            word = next((one for one in self._readings(text) if one in self.words), "") or self._unmasked(text)
            if word:
                start = token.index(text)
                return start, start + len(text), word
        return 0, 0, ""

    def _readings(self, text: str) -> Iterator[str]:
        """What a token may stand for, the likeliest first."""
        latin = text if text.isascii() else text.translate(CONFUSABLE)
        for table in _LEET:
            word = latin.translate(table)
            if word != text:
                yield word
            if _DOUBLE.search(word):
                yield from _shrunk(word)
            bare = _NO_LETTER.sub("", word)
            if bare != word and len(bare) * 2 > len(word):
                yield bare

    def _unmasked(self, token: str) -> str:
        """The word with the letters that a token hides; empty if none or more than one fits."""
        hidden = sum(token.count(mark) for mark in _MASKS)
        if not 0 < hidden <= _MOST_MASKED or len(token) - hidden < 2 or not token[0].isalpha():
            return ""
        pattern = re.compile("".join("." if char in _MASKS else re.escape(char) for char in token))
        found = [word for word in self._by_start.get((len(token), token[0]), ()) if pattern.fullmatch(word)]
        return found[0] if len(found) == 1 else ""

    def split(self, letters: str) -> list[str]:
        """Letters without spaces as words, the longest first; nothing if a rest is left."""
        out: list[str] = []
        place = 0
        while place < len(letters):
            sizes = range(min(len(letters) - place, 16), 0, -1)
            words = (letters[place : place + size] for size in sizes)
            word = next((one for one in words if one in self.words or one in _SHORT), "")
            if not word:
                return []
            out.append(word)
            place += len(word)
        return out


def _is_ordinary(text: str) -> bool:
    """Nothing but letters or nothing but digits, none of them three times: there is nothing to undo."""
    return text.isascii() and (text.isalpha() or text.isdigit()) and not _RUN.search(text)


def _shrunk(word: str) -> Iterator[str]:
    """Runs of a letter as one or as two."""
    if _RUN.search(word):
        yield _RUN.sub(r"\1\1", word)
        ways, place = [""], 0
        for found in _RUN.finditer(word):
            ways = [way + word[place : found.start()] + found[1] * size for way in ways[:8] for size in (1, 2)]
            place = found.end()
        yield from (way + word[place:] for way in ways)
    yield _DOUBLE.sub(r"\1", word)


def repairs(folded: str, vocabulary: Vocabulary) -> list[Repair]:
    """What can be read otherwise in a folded text, in order, without overlaps."""
    letters = folded.encode("latin-1", "leeward-letter")  # a byte a character, so that places are the same
    found = _spaced(folded, letters, vocabulary)
    for start, end in _suspicious(folded, letters):
        inner, stop, word = vocabulary.mended(folded[start:end])
        if word:
            found.append(Repair(start + inner, start + stop, word))
    out: list[Repair] = []
    for one in sorted(found):
        if not out or one.start >= out[-1].end:
            out.append(one)
    return out


def repaired(folded: str, made: list[Repair]) -> str:
    """The text with repairs in place of what was written."""
    pieces, place = [], 0
    for start, end, word in made:
        pieces += [folded[place:start], word]
        place = end
    return "".join([*pieces, folded[place:]])


def _suspicious(folded: str, letters: bytes) -> list[tuple[int, int]]:
    """Where tokens lie that may hold signs or letters of other scripts in place of letters, or letters too many."""
    classes = b" " + letters.translate(_CLASS) + b" "
    places = _every(classes, _MIXED)
    places += [at + 1 for at in _every(letters, _STRETCHED)]
    if not folded.isascii():
        places += [found.start() + 1 for found in itertools.islice(_FOREIGN.finditer(folded), _MOST_LOOKED_AT)]
    out: list[tuple[int, int]] = []
    looked = 0
    for at in sorted(set(places)):
        # A mark that begins with a space lies before its token.
        place = at if classes[at] == _SPACE else at - 1
        if place < looked:
            continue
        start, end = _token(letters, place)
        looked = end  # of what is too long for a word, too
        if end - start <= _LONGEST + 2 * len(_PUNCTUATION):
            out.append((start, end))
    return out


def _every(text: bytes, marks: daachorse.DoubleArrayAhoCorasick) -> list[int]:
    """Where marks lie: one pass, however many marks. Their number is bounded: a text of nothing else stops nobody."""
    return [start for start, _, _ in marks.find_overlapping(text)[:_MOST_LOOKED_AT]]


def _token(letters: bytes, place: int) -> tuple[int, int]:
    """The token around a place: up to a space or a sign that parts words."""
    start, end = place, place
    while start > 0 and letters[start - 1] not in _PARTING and place - start < _LONGEST * 2:
        start -= 1
    while end < len(letters) and letters[end] not in _PARTING and end - place < _LONGEST * 2:
        end += 1
    return start, end


def _spaced(folded: str, letters: bytes, vocabulary: Vocabulary) -> list[Repair]:
    """Letters with spaces, dots or dashes between them."""
    loose = b" " + letters.translate(_LOOSE) + b" "
    out: list[Repair] = []
    seen = 0
    for place in _every(loose, _ONE_BY_ONE):
        found = _LETTERS.search(folded, max(place - 1, seen, 0), place + _LONGEST * 4) if place >= seen else None
        if found is None:
            continue
        seen = found.end()
        plain = "".join(char for char in found[0] if char.isalnum())
        if sum(map(str.isalpha, plain)) * 2 < len(plain):
            continue  # a row of numbers
        words = vocabulary.split(plain.translate(_LEET[0]))
        if any(word in vocabulary.words for word in words):
            out.append(Repair(found.start(), found.end(), " ".join(words)))
    return out
