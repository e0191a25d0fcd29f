"""The risk index of a pupil: a sum of named parts that fade, never a verdict (requirements M09).

Each part is a finding or a signal with points and a half-life. The index is 100 · (1 - e^(-sum / 60)), so one grave
finding gives about half, and no number of small ones reaches what a few grave ones do in a day.
"""

import math
from collections.abc import Iterable
from typing import NamedTuple

from leeward.detect.signals import DAY

_SCALE = 60.0
# Points and half-life in days of a finding by its severity: what is grave fades slowly.
POINTS = {1: (1.0, 5.0), 2: (3.0, 7.0), 3: (9.0, 14.0), 4: (22.0, 21.0), 5: (45.0, 30.0)}
_AGAIN = 0.6  # each further finding of a theme counts so much of the one before
_LEAST = 0.05  # points that are not worth a line


class Part(NamedTuple):
    """What the index is made of: `points` now, of `weight` when it happened."""

    what: str
    at: float
    weight: float
    half_life: float
    points: float = 0.0


class Risk(NamedTuple):
    """0 to 100, and its parts, the greatest first."""

    value: int
    parts: tuple[Part, ...]


def part_of_finding(theme: str, severity: int, at: float) -> Part:
    """A finding as a part."""
    weight, half_life = POINTS[severity]
    return Part(theme, at, weight, half_life)


def index(parts: Iterable[Part], now: float) -> Risk:
    """The index now. Parts of one name are counted together: the greatest whole, each further one less."""
    by_name: dict[str, list[Part]] = {}
    for part in parts:
        points = part.weight * 0.5 ** (max(now - part.at, 0.0) / DAY / part.half_life)
        by_name.setdefault(part.what, []).append(part._replace(points=points))
    rows = []
    for name, found in by_name.items():
        found.sort(key=lambda one: -one.points)
        points = sum(one.points * _AGAIN**place for place, one in enumerate(found))
        if points >= _LEAST:
            newest = max(found, key=lambda one: one.at)
            rows.append(newest._replace(what=name, points=round(points, 1)))
    total = sum(row.points for row in rows)
    return Risk(round(100 * (1 - math.exp(-total / _SCALE))), tuple(sorted(rows, key=lambda one: -one.points)))
