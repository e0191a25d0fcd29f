"""Which pupils a text speaks of: by full name, or by a first name that only one pupil of the writer's groups has."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import NamedTuple

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_MOST = 5  # pupils that one text may be about
_SHORTEST = 3  # letters of a first name that may stand alone


class Pupil(NamedTuple):
    """What is known of a pupil for this."""

    token: str
    name: str
    groups: tuple[str, ...]


class Names:
    """The names of a school's pupils, ready to be found."""

    def __init__(self, pupils: Iterable[Pupil]) -> None:
        self._by_pair: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._by_first: dict[str, list[Pupil]] = defaultdict(list)
        for pupil in pupils:
            words = [word.casefold() for word in _WORD.findall(pupil.name)]
            if len(words) >= 2:
                self._by_pair[words[0], words[-1]].append(pupil.token)
            if words and len(words[0]) >= _SHORTEST:
                self._by_first[words[0]].append(pupil)

    def in_text(self, text: str, groups: Iterable[str] = ()) -> tuple[str, ...]:
        """Tokens of pupils who are named. `groups`: the writer's, within which a first name alone may be clear."""
        words = [word.casefold() for word in _WORD.findall(text)]
        own = set(groups)
        out: dict[str, None] = {}
        for pair in pairwise(words):
            found = self._by_pair.get(pair, [])
            if len(found) == 1:
                out[found[0]] = None
        for word in words:
            near = [one.token for one in self._by_first.get(word, ()) if own & set(one.groups)]
            if len(near) == 1:
                out[near[0]] = None
        return tuple(out)[:_MOST]


def names_of(rows: Iterable[Mapping[str, object]]) -> Names:
    """From rows with token, name and groups."""
    return Names(Pupil(str(row["token"]), str(row["name"]), tuple(row["groups"] or ())) for row in rows)  # type: ignore[arg-type]
