"""A class log-in with one seat that stands out: all have one name, so only the seat tells (requirements T2)."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Finding, Web


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    times: int = 5  # blocked pages and findings of one seat within a lesson
    seats: int = 3  # others that must be in use
    growth: float = 4.0  # times the mean of the others
    weight: float = 5.0
    half_life: float = 7.0


class Counts(msgspec.Struct):
    """One lesson of one class log-in: points by seat."""

    at: float
    seats: dict[str, int] = {}


class Seat(Detector, tag="seat-stands-out"):
    """Blocked pages and findings by class log-in, lesson and seat."""

    NAME: ClassVar[str] = "seat-stands-out"
    TITLE: ClassVar[str] = "One seat of a class log-in stands out"

    tuning: Tuning = Tuning()
    lessons: dict[str, Counts] = {}

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        if event.attribution != "class" or not event.seat:
            return
        lesson = f"{event.person} {seen.local:%Y-%m-%d %H}"
        counts = self.lessons.setdefault(lesson, Counts(event.at))
        counts.seats.setdefault(event.seat, 0)
        if not _counts(event):
            return
        counts.seats[event.seat] += 1
        mine = counts.seats[event.seat]
        others = [count for seat, count in counts.seats.items() if seat != event.seat]
        if mine < rules.times or len(others) < rules.seats:
            return
        usual = sum(others) / len(others)
        if mine >= rules.growth * max(usual, 0.5):
            yield Signal(
                detector=self.NAME, key=f"{self.NAME}:{lesson}:{event.seat}", at=event.at, who=seen.who,
                theme=event.theme if isinstance(event, Finding) else "pattern", severity=2, weight=rules.weight,
                half_life=rules.half_life, seat=event.seat, group=event.group,
                reason=f"seat {event.seat}: {mine} blocked pages and findings in a lesson, others {usual:.1f}",
            )  # fmt: skip

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        self.lessons = {name: counts for name, counts in self.lessons.items() if counts.at > now - DAY}


def _counts(event: Web | Finding) -> bool:
    if isinstance(event, Finding):
        return event.severity >= 2 and not event.seeks_help
    return event.action == "block" and event.level >= 3
