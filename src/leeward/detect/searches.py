"""Searches for the same thing again and again, and searches that become graver."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Finding

_MOST = 200  # searches remembered of one person


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    severity: int = 2  # searches below it don't count
    times: int = 3  # within `minutes`
    minutes: float = 60.0
    days: int = 3  # different days within `within_days`
    within_days: float = 14.0
    weight: float = 10.0
    escalation_weight: float = 14.0
    half_life: float = 14.0


class Search(msgspec.Struct, frozen=True, array_like=True):
    """One search that spoke of something."""

    at: float
    day: str
    theme: str
    severity: int


class Searches(Detector, tag="repeated-searches"):
    """A theme searched for several times within an hour, on several days, or more gravely than before."""

    NAME: ClassVar[str] = "repeated-searches"
    TITLE: ClassVar[str] = "Repeated or escalating searches"

    tuning: Tuning = Tuning()
    by_person: dict[str, list[Search]] = {}

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        if not isinstance(event, Finding) or event.channel != "search" or event.severity < rules.severity:
            return
        before = [
            one
            for one in self.by_person.get(seen.who, [])
            if one.theme == event.theme and one.at > event.at - rules.within_days * DAY
        ]
        this = Search(event.at, seen.local.date().isoformat(), event.theme, event.severity)
        rows = [*self.by_person.get(seen.who, []), this][-_MOST:]
        self.by_person[seen.who] = rows
        soon = [one for one in [*before, this] if one.at > event.at - rules.minutes * 60]
        if len(soon) >= rules.times:
            yield self._signal(seen, f"hour:{this.day}", rules.weight,
                               f"{len(soon)} searches for this within {rules.minutes:.0f} minutes")  # fmt: skip
        days = {one.day for one in [*before, this]}
        if len(days) >= rules.days:
            yield self._signal(seen, f"days:{this.day}", rules.weight,
                               f"searched for on {len(days)} days of the last {rules.within_days:.0f}")  # fmt: skip
        worst = max((one.severity for one in before if one.at < event.at - 60), default=0)
        if worst and event.severity > worst and event.severity >= 3:
            yield self._signal(seen, f"graver:{event.severity}:{this.day}", rules.escalation_weight,
                               f"graver than before: severity {event.severity} after {worst}")  # fmt: skip

    def _signal(self, seen: Seen, key: str, weight: float, reason: str) -> Signal:
        event = seen.event
        assert isinstance(event, Finding)  # noqa: S101 - told apart in `see`
        return Signal(
            detector=self.NAME, key=f"{self.NAME}:{seen.who}:{event.theme}:{key}", at=event.at, who=seen.who,
            theme=event.theme, severity=max(event.severity, 3), weight=weight, half_life=self.tuning.half_life,
            reason=reason, seat=event.seat, group=event.group,
        )  # fmt: skip

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = now - self.tuning.within_days * DAY
        kept = {who: [one for one in rows if one.at > since] for who, rows in self.by_person.items()}
        self.by_person = {who: rows for who, rows in kept.items() if rows}
