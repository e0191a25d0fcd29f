"""One pupil spoken of badly by many: bullying is seldom one message (S2 4.5)."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import DAY, Detector, Seen, Signal
from leeward.events.kinds import Finding

_THEMES = frozenset(("cyberbullying", "hate", "sexual-harassment", "violence-weapons"))


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    people: int = 3  # who wrote of one pupil
    days: float = 7.0
    severity: int = 2  # texts below it don't count
    weight: float = 15.0
    half_life: float = 14.0


class Targeted(Detector, tag="targeted"):
    """Who wrote of whom: several who write badly of the same pupil within a week."""

    NAME: ClassVar[str] = "targeted"
    TITLE: ClassVar[str] = "One pupil targeted by many"

    tuning: Tuning = Tuning()
    writers: dict[str, dict[str, float]] = {}  # of each pupil who is named: who wrote, and when last

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        if not isinstance(event, Finding) or not event.written or event.theme not in _THEMES:
            return
        if event.severity < rules.severity or event.seeks_help:
            return
        for pupil in seen.about:
            if pupil == event.person:
                continue
            rows = self.writers.setdefault(pupil, {})
            rows[seen.who] = event.at
            recent = tuple(sorted(who for who, at in rows.items() if at > event.at - rules.days * DAY))
            if len(recent) >= rules.people:
                yield Signal(
                    detector=self.NAME, key=f"{self.NAME}:{pupil}:{int(event.at // (rules.days * DAY))}", at=event.at,
                    who=pupil, theme="cyberbullying", severity=4 if len(recent) >= 2 * rules.people else 3,
                    weight=rules.weight, half_life=rules.half_life, people=recent, host=event.host,
                    reason=f"{len(recent)} people wrote badly of this pupil within {rules.days:.0f} days",
                )  # fmt: skip

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = now - self.tuning.days * DAY
        kept = {pupil: {w: at for w, at in rows.items() if at > since} for pupil, rows in self.writers.items()}
        self.writers = {pupil: rows for pupil, rows in kept.items() if rows}
