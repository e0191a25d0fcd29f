"""Phrase lists of E2Guardian and DansGuardian, as entries: for schools that bring their own.

A line is `<phrase><weight>`, or `<one>,<another><weight>` where all must be there; without a weight it bans. A space at
an edge of a phrase means the edge of a word. Weights below zero excuse a page there; here nothing excuses, so they are
left out and counted. What began in the middle of a word begins at its start here.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from leeward.text.packs import Entry
from leeward.text.patterns import BadPhrase, readings

# Names of their folders, and the theme that comes nearest; other folders need a theme to be named.
THEMES = {
    "badwords": "profanity", "drugadvocacy": "drugs", "illegaldrugs": "drugs", "legaldrugs": "drugs",
    "gambling": "gambling", "gore": "violence-weapons", "idtheft": "fraud", "intolerance": "hate",
    "pornography": "sexual-content",
    "personals": "sexual-content", "nudism": "sexual-content", "proxies": "bypass", "warezhacking": "bypass",
    "violence": "violence-weapons", "weapons": "violence-weapons",
}  # fmt: skip
_LINE = re.compile(r"((?:<[^<>]+>,?)+?)(?:<(-?\d+)>)?\s*$")
_PHRASE = re.compile(r"<([^<>]+)>")
_BANNED = 100  # what a page that must not be shown is worth
_MOST = 84  # of one hit: an imported list is never certain on its own
_NOT_WORDS = re.compile(r"[^\w'\s]+")


class Imported(NamedTuple):
    """Entries, and what could not be taken: (line number, why)."""

    entries: list[Entry]
    junk: list[tuple[int, str]]


def read_weighted(path: Path, theme: str, language: str = "en") -> Imported:
    """The entries of one list. Lists are Latin-1 or UTF-8. Raises OSError."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    entries: list[Entry] = []
    junk: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip() or line.lstrip().startswith((".", "#", "listcategory:")):
            continue
        try:
            entries.append(_entry(line, number, theme, language))
        except ValueError as error:
            junk.append((number, str(error)))
    return Imported(entries, junk)


def files_of(folder: Path) -> Iterator[tuple[Path, str]]:
    """Lists in a folder of folders, with the theme of each; the theme is empty where none comes near."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name.startswith(("weighted", "banned")):
            yield path, THEMES.get(path.parent.name, "")


def _entry(line: str, number: int, theme: str, language: str) -> Entry:
    found = _LINE.match(line.strip())
    if not found:
        raise ValueError("no <phrase>, or no closing bracket")
    weight = int(found[2]) if found[2] else _BANNED
    if weight <= 0:
        raise ValueError("a weight of 0 or less excuses; nothing excuses here")
    first, *others = [_phrase(one) for one in _PHRASE.findall(found[1])]
    return Entry(
        id=f"line-{number}", meaning=f"Holds {' and '.join([first, *others])!r} of an imported list.", theme=theme,
        language=language, severity=2, weight=min(weight, _MOST), phrases=(first,), with_=tuple(others),
    )  # fmt: skip


def _phrase(text: str) -> str:
    words = _NOT_WORDS.sub(" ", text.lower()).split()
    phrase = " ".join(words) + ("" if text.endswith(" ") else "*")
    try:
        readings(phrase)
    except BadPhrase:
        raise ValueError(f"{text!r} holds no word") from None
    return phrase
