"""What stands around a hit: negation, quotation, and whether the text is a lesson, a story, news, a call for help."""

import re
from typing import get_args

from leeward.text.packs import Context, library_file, read_yaml

_NEGATORS = frozenset(
    (
        *("not", "never", "no", "dont", "doesnt", "didnt", "isnt", "arent", "wasnt", "wont", "wouldnt", "cant"),
        *("couldnt", "shouldnt", "havent", "hasnt", "without", "stop", "stopped", "against", "nobody", "neither"),
        *("nor", "hardly"),
    )
)  # fmt: skip
_REPORTERS = re.compile(
    rb" (?:said|says|saying|called|title|titled|quote|quotes|wrote|writes|sings|lyric|lyrics|line|reads) "
)
_NEAR_WORDS = 3


def phrases() -> dict[Context, tuple[str, ...]]:
    """Phrases that show what a text is about; negation and quotation are seen otherwise."""
    raw = read_yaml(library_file("contexts.yaml").read_text("utf-8"))
    known = get_args(Context.__value__)
    if unknown := set(raw) - set(known):
        raise ValueError(f"contexts.yaml: {unknown} are no contexts")
    return {name: tuple(raw.get(name, ())) for name in known}


def idioms() -> tuple[str, ...]:
    """Phrases that mean no harm, whatever words they hold."""
    return tuple(read_yaml(library_file("idioms.yaml").read_text("utf-8")))


def negates(text: bytes) -> bool:
    """Whether anything at all is denied in a text."""
    return not _NEGATORS.isdisjoint(text.decode("utf-8", "ignore").split())


def is_negated(text: bytes, start: int) -> bool:
    """Whether one of the three words before a hit denies it."""
    before = text[max(start - 48, 0) : start].replace(b" why dont you ", b" ").replace(b" nobody asked ", b" ")
    return not _NEGATORS.isdisjoint(before.decode("utf-8", "ignore").split()[-_NEAR_WORDS:])


def is_quoted(text: bytes, start: int) -> bool:
    """Whether somebody else's words are told."""
    return _REPORTERS.search(text, max(start - 60, 0), start + 1) is not None
