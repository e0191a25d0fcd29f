"""The internet used in the middle of the night: sleep is the first thing that suffers."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Web

_SLOT = 600  # seconds; a slot counts once, however many pages it holds


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly. Hours are of the school's zone."""

    from_hour: int = 23
    to_hour: int = 5
    minutes: float = 30.0  # of one night
    nights: int = 3  # of the last seven, for a graver signal
    weight: float = 5.0
    often_weight: float = 10.0
    half_life: float = 7.0


class Night(Detector, tag="night-use"):
    """Pages opened in ten-minute slots of the night, counted by person and night."""

    NAME: ClassVar[str] = "night-use"
    TITLE: ClassVar[str] = "Use at night"

    tuning: Tuning = Tuning()
    slots: dict[str, dict[str, list[int]]] = {}  # by person and night

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        hour = seen.local.hour
        if not isinstance(event, Web) or event.level < 3 or not self._is_night(hour) or not event.person:
            return
        # A night is named by the day on which it began.
        night = (seen.local - dt.timedelta(hours=12)).date().isoformat()
        nights = self.slots.setdefault(seen.who, {})
        slots = nights.setdefault(night, [])
        slot = int(event.at // _SLOT)
        if slot in slots:
            return
        slots.append(slot)
        needed = int(rules.minutes * 60 // _SLOT)
        if len(slots) < needed:
            return
        long = sum(len(one) >= needed for one in nights.values())
        often = long >= rules.nights
        reason = f"{len(slots) * _SLOT // 60} minutes of use between {rules.from_hour}:00 and {rules.to_hour}:00"
        yield Signal(
            detector=self.NAME, key=f"{self.NAME}:{seen.who}:{night}", at=event.at, who=seen.who, theme="wellbeing",
            severity=3 if often else 2, weight=rules.often_weight if often else rules.weight,
            half_life=rules.half_life, reason=f"{reason}, in {long} nights of the last seven" if often else reason,
            seat=event.seat, group=event.group,
        )  # fmt: skip

    def _is_night(self, hour: int) -> bool:
        first, last = self.tuning.from_hour, self.tuning.to_hour
        return first <= hour < last if first <= last else hour >= first or hour < last

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = int((now - 7 * DAY) // _SLOT)
        for nights in self.slots.values():
            for night in [name for name, slots in nights.items() if max(slots, default=0) < since]:
                del nights[night]
        self.slots = {who: nights for who, nights in self.slots.items() if nights}
