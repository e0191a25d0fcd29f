"""Hits of phrases, weighed in what stands around them. Pure."""

import re
from functools import lru_cache
from typing import NamedTuple

from leeward.text import context
from leeward.text.matcher import Hit
from leeward.text.packs import Channel, Context, Entry
from leeward.text.patterns import pattern

CERTAIN = 85  # weight from which on a hit speaks for itself, whatever the text is about
_FACTORS: dict[Context, float] = {
    "negated": 0.4, "quoted": 0.7, "curriculum": 0.5, "medical": 0.6, "help": 0.8, "fiction": 0.5, "news": 0.6,
    "soon": 1.0,
}  # fmt: skip
_LEAST_FACTOR = 0.3
_PAGE_WORDS = 150  # words of a page among which one hit counts in full
_LEAST_DENSITY = 0.3
_NEAR = 8  # words
type Told = tuple[Context, Hit]  # what a text is about, and the words that say so


class Weighed(NamedTuple):
    """An entry that counts in a text. `span`: bytes of the canonical text."""

    entry: Entry
    weight: float
    span: tuple[int, int]
    contexts: tuple[Context, ...]


def weighed(
    entry: Entry, plain: bytes, hit: Hit, channel: Channel, age: int, about: list[Told], seen: dict[str, bool]
) -> Weighed | None:
    """What a hit counts; None where the entry's own conditions say that it counts nothing. `seen`: conditions that were
    looked for in this text already.
    """
    if channel not in entry.where or not _of_age(entry, age) or not _holds(entry, plain, hit, seen):
        return None
    # What the phrase says itself is no context: "selling gcse coursework" is no lesson.
    here = {name for name, one in about if one.start < hit.start or one.end > hit.end}
    if context.is_negated(plain, hit.start):
        here.add("negated")
    if context.is_quoted(plain, hit.start):
        here.add("quoted")
    if not here.isdisjoint(entry.unless):
        return None
    factor = 1.0
    if entry.weight < CERTAIN:
        for one in here:
            factor *= _FACTORS[one]
        factor = max(factor, _LEAST_FACTOR) * _density(plain, channel)
    weight = entry.weight * factor
    return Weighed(entry, weight, (hit.start, hit.end), tuple(sorted(here)))


def _holds(entry: Entry, plain: bytes, hit: Hit, seen: dict[str, bool]) -> bool:
    """The entry's own conditions."""
    if entry.with_ and not any(_is_somewhere(phrase, plain, seen) for phrase in entry.with_):
        return False
    if entry.without and any(_is_somewhere(phrase, plain, seen) for phrase in entry.without):
        return False
    if not entry.near:
        return True
    around = _around(plain, hit)
    return any(_is_in(phrase, around) for phrase in entry.near)


@lru_cache(maxsize=10_000)
def _condition(phrase: str) -> re.Pattern[bytes]:
    return pattern(phrase)


def _is_somewhere(phrase: str, plain: bytes, seen: dict[str, bool]) -> bool:
    if phrase not in seen:
        seen[phrase] = _is_in(phrase, plain)
    return seen[phrase]


def _is_in(phrase: str, text: bytes) -> bool:
    return _condition(phrase).search(text) is not None


def _of_age(entry: Entry, age: int) -> bool:
    if not entry.age or not age:
        return True
    low, _, high = entry.age.partition("-")
    return int(low) <= age <= int(high)


def _around(plain: bytes, hit: Hit) -> bytes:
    before = plain[max(hit.start - 200, 0) : hit.start].split(b" ")[-_NEAR - 1 :]
    after = plain[hit.end : hit.end + 200].split(b" ")[: _NEAR + 1]
    return b" %s %s %s " % (b" ".join(before), plain[hit.start : hit.end], b" ".join(after))


def _density(plain: bytes, channel: Channel) -> float:
    """One hit in a long page weighs less than in a short message."""
    if channel != "page":
        return 1.0
    return min(1.0, max(_PAGE_WORDS / max(plain.count(b" "), 1), _LEAST_DENSITY))
