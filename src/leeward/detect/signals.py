"""What detectors see and what they say."""

import datetime as dt
from collections.abc import Iterable
from typing import ClassVar, NamedTuple

import msgspec

from leeward.events.kinds import Finding, Web

DAY = 86_400.0


class Seen(NamedTuple):
    """One event as detectors see it. `local`: its moment in the school's zone; `about`: people whom its text names."""

    event: Web | Finding
    local: dt.datetime
    about: tuple[str, ...] = ()

    @property
    def who(self) -> str:
        """Whom it is counted for: the person, or the device where nobody is known."""
        return self.event.person or f"device:{self.event.client}"


class Signal(msgspec.Struct, frozen=True, kw_only=True):
    """Something that somebody should know of. Said again with the same `key`, it is the same signal, gone on.

    `weight`: points of the risk index, halved every `half_life` days (detect/risk.py).
    """

    detector: str
    key: str
    at: float
    who: str
    theme: str
    severity: int
    weight: float
    half_life: float
    reason: str
    people: tuple[str, ...] = ()  # others whom it concerns
    host: str = ""
    seat: str = ""
    group: str = ""


class Detector(msgspec.Struct, tag_field="detector"):
    """Keeps what it must remember in its own fields, so that it can be put down and taken up again."""

    NAME: ClassVar[str] = ""
    TITLE: ClassVar[str] = ""

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        raise NotImplementedError

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        raise NotImplementedError


def tuned[T: msgspec.Struct](tuning: T, numbers: dict[str, float]) -> T:
    """A detector's numbers with those that the school has set. Raises ValueError for a name that there is not."""
    known = set(tuning.__struct_fields__)
    if unknown := sorted(set(numbers) - known):
        raise ValueError(f"there is no number {unknown[0]!r}; there are {', '.join(sorted(known))}")
    kinds = {name: type(getattr(tuning, name)) for name in numbers}
    return msgspec.structs.replace(tuning, **{name: kinds[name](value) for name, value in numbers.items()})
