"""All detectors together: fed one event after another, put down and taken up again."""

import datetime as dt
import time
from collections.abc import Mapping

import msgspec

from leeward.detect.bypass import Bypass
from leeward.detect.contact import Contact
from leeward.detect.habit import Habit
from leeward.detect.night import Night
from leeward.detect.searches import Searches
from leeward.detect.seat import Seat
from leeward.detect.signals import Detector, Seen, Signal, tuned
from leeward.detect.spreading import Spreading
from leeward.detect.targeted import Targeted
from leeward.events.kinds import Finding, Web

KINDS: tuple[type[Detector], ...] = (Searches, Night, Bypass, Targeted, Spreading, Habit, Contact, Seat)
_Any = Searches | Night | Bypass | Targeted | Spreading | Habit | Contact | Seat
_FORGET_EVERY = 3600.0


class Bank:
    """The detectors of a school. `numbers`: by detector, what the school has set; {"off": 1} switches one off."""

    def __init__(self, numbers: Mapping[str, Mapping[str, float]] | None = None, zone: dt.tzinfo = dt.UTC) -> None:
        self._zone = zone
        self._numbers = {name: dict(values) for name, values in (numbers or {}).items()}
        known = {kind.NAME for kind in KINDS}
        if unknown := sorted(set(self._numbers) - known):
            raise ValueError(f"there is no detector {unknown[0]!r}; there are {', '.join(sorted(known))}")
        self._detectors: list[Detector] = [self._set(kind()) for kind in KINDS if self._is_on(kind)]
        self._forgot = 0.0

    def _is_on(self, kind: type[Detector]) -> bool:
        return not self._numbers.get(kind.NAME, {}).get("off")

    def _set(self, detector: Detector) -> Detector:
        numbers = {name: value for name, value in self._numbers.get(detector.NAME, {}).items() if name != "off"}
        # Every detector has its numbers under this name; what was put down doesn't bring old numbers back.
        detector.tuning = tuned(type(detector)().tuning, numbers)  # type: ignore[attr-defined]
        return detector

    def see(self, event: Web | Finding, about: tuple[str, ...] = ()) -> list[Signal]:
        """What follows from one more event; the same signal may come again, graver."""
        seen = Seen(event, dt.datetime.fromtimestamp(event.at, self._zone), about)
        out = [signal for detector in self._detectors for signal in detector.see(seen)]
        # A clock that jumped ahead must not make them forget what is new.
        now = min(event.at, time.time())
        if now - self._forgot > _FORGET_EVERY:
            self._forgot = now
            for detector in self._detectors:
                detector.forget(now)
        return out

    def dump(self) -> bytes:
        """Everything that the detectors remember."""
        return msgspec.msgpack.encode(self._detectors)

    def restore(self, data: bytes) -> None:
        """Take up what was put down. Raises msgspec.DecodeError."""
        found = msgspec.msgpack.decode(data, type=list[_Any])
        by_name = {one.NAME: one for one in found}
        self._detectors = [
            self._set(by_name.get(kind.NAME) or kind()) for kind in KINDS if self._is_on(kind)
        ]  # fmt: skip
