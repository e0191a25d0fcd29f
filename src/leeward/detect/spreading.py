"""A page or group that harms and spreads from pupil to pupil within a day."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Finding, Web

# Blocks of these say nothing of harm: everybody tries a game once.
_CATEGORIES = {
    "suicide": "suicide-self-harm", "self-harm": "suicide-self-harm", "hate": "hate", "extremism": "extremism",
    "terrorism": "extremism", "violence": "violence-weapons", "harmful": "challenges", "pornography": "sexual-content",
    "drugs": "drugs", "gambling": "gambling", "fraud": "fraud", "ai-companion": "ai-companion", "bypass": "bypass",
}  # fmt: skip

_MOST = 5_000  # hosts that are remembered


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    people: int = 4  # different pupils within a day
    growth: float = 2.0  # times as many as on the days of the week before, on average
    severity: int = 2  # findings below it don't count
    weight: float = 0.0  # it is about a page, not about a pupil
    half_life: float = 7.0


class Spreading(Detector, tag="spreading"):
    """Different pupils who met the same harmful host, by day."""

    NAME: ClassVar[str] = "spreading"
    TITLE: ClassVar[str] = "A site or group that spreads"

    tuning: Tuning = Tuning()
    people: dict[str, dict[int, list[str]]] = {}  # by host and theme, then by day

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        theme = self._theme(event)
        if not theme or not event.host or not event.person:
            return
        name, day = f"{event.host} {theme}", int(event.at // DAY)
        if name not in self.people and len(self.people) >= _MOST:
            del self.people[next(iter(self.people))]  # made-up names by the thousand fill no memory
        days = self.people.setdefault(name, {})
        here = days.setdefault(day, [])
        if event.person in here:
            return
        here.append(event.person)
        before = sum(len(rows) for number, rows in days.items() if day - 7 <= number < day) / 7
        if len(here) < rules.people or len(here) < rules.growth * before:
            return
        yield Signal(
            detector=self.NAME, key=f"{self.NAME}:{name}:{day}", at=event.at, who=f"host:{event.host}", theme=theme,
            severity=4 if len(here) >= 3 * rules.people else 3, weight=rules.weight, half_life=rules.half_life,
            people=tuple(here), host=event.host,
            reason=f"{len(here)} pupils within a day" + (f", {before:.1f} on a day of last week" if before else ""),
        )  # fmt: skip

    def _theme(self, event: Web | Finding) -> str:
        if isinstance(event, Finding):
            counts = event.severity >= self.tuning.severity and event.channel != "search" and not event.seeks_help
            return event.theme if counts else ""
        if event.action != "block":
            return ""
        return next((_CATEGORIES[name] for name in event.categories.split() if name in _CATEGORIES), "")

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = int(now // DAY) - 8
        for days in self.people.values():
            for day in [number for number in days if number < since]:
                del days[day]
        self.people = {name: days for name, days in self.people.items() if days}
