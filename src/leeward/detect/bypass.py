"""Runs of tries to get past the filter: a low-drama concern (requirements F20)."""

from collections.abc import Iterable
from typing import ClassVar

import msgspec

from leeward.detect.signals import Detector, Seen, Signal
from leeward.events.kinds import Finding, Web

_CATEGORIES = frozenset(("bypass", "remote-control", "dynamic-dns"))
_MOST = 100


class Tuning(msgspec.Struct, frozen=True):
    """When it speaks, and how loudly."""

    hosts: int = 3  # different ways past the filter within `minutes`
    times: int = 6  # tries in all within `minutes`
    minutes: float = 30.0
    weight: float = 4.0
    half_life: float = 7.0


class Try(msgspec.Struct, frozen=True, array_like=True):
    """One try."""

    at: float
    host: str


class Bypass(Detector, tag="bypass-run"):
    """Several ways past the filter tried, or one again and again, within half an hour."""

    NAME: ClassVar[str] = "bypass-run"
    TITLE: ClassVar[str] = "Tries to get past the filter"

    tuning: Tuning = Tuning()
    tries: dict[str, list[Try]] = {}

    def see(self, seen: Seen) -> Iterable[Signal]:
        """What follows from one more event."""
        event, rules = seen.event, self.tuning
        if not _is_try(event):
            return
        since = event.at - rules.minutes * 60
        # A page brings several requests along: within ten seconds the same host is one try.
        rows = [one for one in self.tries.get(seen.who, []) if one.at > since]
        if not any(one.host == event.host and one.at > event.at - 10 for one in rows):
            rows.append(Try(event.at, event.host))
        self.tries[seen.who] = rows[-_MOST:]
        hosts = {one.host for one in rows}
        if len(hosts) >= rules.hosts or len(rows) >= rules.times:
            yield Signal(
                detector=self.NAME, key=f"{self.NAME}:{seen.who}:{seen.local:%Y-%m-%d %H}", at=event.at, who=seen.who,
                theme="bypass", severity=2, weight=rules.weight, half_life=rules.half_life, host=event.host,
                reason=f"{len(rows)} tries by {len(hosts)} ways within {rules.minutes:.0f} minutes",
                seat=event.seat, group=event.group,
            )  # fmt: skip

    def forget(self, now: float) -> None:
        """Drop what is too old to matter."""
        since = now - self.tuning.minutes * 60
        self.tries = {who: rows for who, rows in self.tries.items() if rows[-1].at > since}


def _is_try(event: Web | Finding) -> bool:
    if isinstance(event, Finding):
        return event.theme == "bypass" and event.channel in ("search", "message") and event.written
    return event.action == "block" and not _CATEGORIES.isdisjoint(event.categories.split())
