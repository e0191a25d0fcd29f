"""Text made plain: one spelling for everything that reads alike. Pure; the same for texts and for phrases.

`fold` keeps punctuation, which repairs still need; `canonical` is what phrases are looked for in: words between single
spaces, as UTF-8, with a space before the first and after the last.
"""

import re
import unicodedata
from functools import lru_cache

import numpy as np

from leeward.text.lookalikes import DROPPED, LETTERS

_APOSTROPHES = "'`"
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
# Marks that change no word: Latin, Cyrillic and symbol diacritics, Arabic vowel signs. Indic vowel signs are letters.
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u064b-\u065f\u0670\u06d6-\u06ed\u20d0-\u20ff\ufe20-\ufe2f]")
_LONG = 400  # bytes from which arrays are quicker than words
_SPACE = 32
# What well-set English is full of; each stands for itself whatever is beside it, so that it may be folded apart.
_COMMON = "\u00a0\u2019\u2018\u201c\u201d\u2013\u2014\u2026\u00b7\u2022\u00bb\u00ab"
_REMEMBERED = 32  # characters of a run: longer ones hardly come again
_SEPARATING = bytes(
    byte if byte >= 128 or chr(byte).isalnum() or chr(byte) in _APOSTROPHES else 32 for byte in range(256)
)
_WORD = re.compile(r"[^\x00-&(-/:-@\[-_{-\x7f]+")  # the same classes as _SEPARATING, on text


def fold(text: str) -> str:
    """Lower case, compatibility forms and look-alike letters as plain ones, no diacritics, nothing invisible."""
    if text.isascii():
        return text.lower()
    for char in _COMMON:
        if char in text:
            text = text.replace(char, fold_piece(char))
    return text.lower() if text.isascii() else _NOT_ASCII.sub(_fold_match, text.lower())


def _fold_match(found: re.Match[str]) -> str:
    return fold_piece(found[0])


def fold_piece(piece: str) -> str:
    """A run of characters beyond ASCII."""
    if len(piece) <= _REMEMBERED:
        return _known_piece(piece)
    # In pieces: what Unicode does with a run of marks grows with the square of its length.
    return "".join(_fold_piece(piece[start : start + _REMEMBERED]) for start in range(0, len(piece), _REMEMBERED))


@lru_cache(maxsize=20_000)
def _known_piece(piece: str) -> str:
    return _fold_piece(piece)


def _fold_piece(piece: str) -> str:
    text = unicodedata.normalize("NFKC", piece.translate(DROPPED)).casefold()
    text = _MARKS.sub("", unicodedata.normalize("NFD", text)).translate(LETTERS)
    # One character may stand for eighteen: a text of nothing else must not become eighteen texts.
    return "".join(map(_plain, unicodedata.normalize("NFC", text)))[: 4 * len(piece) + _REMEMBERED]


@lru_cache(maxsize=20_000)
def _plain(char: str) -> str:
    if char.isascii():
        return char
    category = unicodedata.category(char)
    if category[0] in "LM":
        return char
    if category[0] == "N":
        return str(unicodedata.digit(char, -1)) if unicodedata.digit(char, -1) >= 0 else char
    if category == "So" or char >= "\U0001f000":
        return f" {char} "  # an emoji is a word of its own
    return "" if category in ("Cf", "Mn") else " "


def canonical(folded: str) -> bytes:
    """Words of folded text between single spaces; apostrophes are left out, so that don't is dont."""
    plain = b" %s " % folded.encode("utf-8", "replace").translate(_SEPARATING, _APOSTROPHES.encode())
    if len(plain) < _LONG:
        return b" %s " % b" ".join(plain.split())
    # Five times as fast as words taken apart and put together again.
    letters = np.frombuffer(plain, np.uint8)
    spaces = letters == _SPACE
    kept = np.empty(len(letters), np.bool_)
    kept[0] = True
    np.logical_not(spaces[1:] & spaces[:-1], out=kept[1:])
    single = letters[kept].tobytes()
    return single if len(single) > 1 else b"  "


def word_spans(folded: str) -> list[tuple[int, int]]:
    """Where each word of `canonical(folded)` lies in the folded text."""
    return [found.span() for found in _WORD.finditer(folded) if found[0].strip(_APOSTROPHES)]


def origins(text: str) -> tuple[str, list[int]]:
    """`fold(text)`, and for each of its characters the place in the text that it came from, plus one for the end.

    Slow: for texts in which something was found.
    """
    out: list[str] = []
    places: list[int] = []
    lowered_at = _lowered_places(text)
    lowered = text.lower()
    position = 0
    for found in _NOT_ASCII.finditer(lowered):
        out.append(lowered[position : found.start()])
        places.extend(lowered_at[position : found.start()])
        piece = fold_piece(found[0])
        out.append(piece)
        places.extend(_spread(len(piece), lowered_at[found.start() : found.end()]))
        position = found.end()
    out.append(lowered[position:])
    places.extend(lowered_at[position:])
    return "".join(out), [*places, len(text)]


def _lowered_places(text: str) -> list[int]:
    lowered = text.lower()
    if len(lowered) == len(text):
        return list(range(len(text)))
    return [place for place, char in enumerate(text) for _ in char.lower()]


def _spread(size: int, places: list[int]) -> list[int]:
    """A piece of another length than what it came from: its characters are spread evenly over that."""
    if size == len(places):
        return places
    return [places[number * len(places) // size] for number in range(size)]
