"""Events for the detectors' tests."""

import datetime as dt

from leeward.detect.signals import Detector, Seen, Signal
from leeward.events.kinds import Finding, Web

NOON = dt.datetime(2026, 11, 18, 12, 0, tzinfo=dt.UTC)


def moment(days: float = 0.0, hours: float = 0.0, minutes: float = 0.0) -> float:
    """Noon of a Wednesday, and so much later."""
    return (NOON + dt.timedelta(days=days, hours=hours, minutes=minutes)).timestamp()


def seen(event: Web | Finding, *about: str) -> Seen:
    """An event as detectors see it."""
    return Seen(event, dt.datetime.fromtimestamp(event.at, dt.UTC), about)


def fed(detector: Detector, *events: Web | Finding) -> list[Signal]:
    """What the last event says."""
    out: list[Signal] = []
    for event in events:
        out = list(detector.see(seen(event)))
    return out
