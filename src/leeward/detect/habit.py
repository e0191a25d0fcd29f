"""A sudden change of habit: much more than this pupil's own last weeks, never more than other pupils."""

import datetime as dt
import math
from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import Detector, Seen, Signal
from leeward.events.kinds import Web

_KEPT_DAYS = 28
# What is measured, with how it is said and how many a day are too few to speak of.
_MEASURES = {"pages": ("pages", 150), "late": ("pages after 21:00", 30), "blocked": ("blocked pages", 15)}


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    days: int = 7  # of use that must be known first
    deviations: float = 4.0  # above the mean
    growth: float = 2.5  # times the mean
    weight: float = 6.0
    half_life: float = 10.0


class Day(msgspec.Struct, array_like=True):
    """Counts of one pupil's day."""

    day: str
    pages: int = 0
    late: int = 0
    blocked: int = 0


class Habit(Detector, tag="change-of-habit"):
    """Counts by pupil and day, held against the same pupil's last four weeks."""

    NAME: ClassVar[str] = "change-of-habit"
    TITLE: ClassVar[str] = "Sudden change of habit"

    tuning: Tuning = Tuning()
    days: dict[str, list[Day]] = {}  # by person, oldest first

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event = seen.event
        if not isinstance(event, Web) or event.level < 3 or not event.person or event.attribution == "class":
            return
        rows = self.days.setdefault(event.person, [])
        name = seen.local.date().isoformat()
        if not rows or rows[-1].day != name:
            rows.append(Day(name))
            del rows[:-_KEPT_DAYS]
        today = rows[-1]
        today.pages += 1
        today.late += seen.local.hour >= 21
        today.blocked += event.action == "block"
        if len(rows) <= self.tuning.days:
            return
        for measure, (words, least) in _MEASURES.items():
            count = getattr(today, measure)
            if count >= least and self._is_sudden(count, [getattr(day, measure) for day in rows[:-1]]):
                usual = sum(getattr(day, measure) for day in rows[:-1]) / (len(rows) - 1)
                yield Signal(
                    detector=self.NAME, key=f"{self.NAME}:{event.person}:{measure}:{name}", at=event.at,
                    who=event.person, theme="wellbeing", severity=2, weight=self.tuning.weight,
                    half_life=self.tuning.half_life, reason=f"{count} {words} today, {usual:.0f} on this pupil's days",
                    group=event.group,
                )  # fmt: skip

    def _is_sudden(self, count: int, before: list[int]) -> bool:
        mean = sum(before) / len(before)
        spread = math.sqrt(sum((one - mean) ** 2 for one in before) / len(before))
        # Counts of rare things vary by their root at least (Poisson).
        limit = mean + self.tuning.deviations * max(spread, math.sqrt(mean), 1.0)
        # Told again at each further ten: an alert that grows, not one a page.
        return count > limit and count > self.tuning.growth * mean and count % 10 == 0

    def forget(self, now: float) -> None:
        """Days are dropped as new ones come; whoever left is dropped here."""
        since = (dt.datetime.fromtimestamp(now, dt.UTC) - dt.timedelta(days=2 * _KEPT_DAYS)).date().isoformat()
        self.days = {who: rows for who, rows in self.days.items() if rows[-1].day >= since}
