"""Follows the spool: findings and what detectors see of them become alerts, within a second of the request."""

import contextlib
import fcntl
import logging
import os
import time
from collections.abc import Iterator
from typing import NamedTuple
from zoneinfo import ZoneInfo

import msgspec
from django.core.exceptions import ObjectDoesNotExist
from django.db import DatabaseError, DataError, IntegrityError, close_old_connections

from leeward.config import Config
from leeward.console.alerts.joining import Heads, hit_of_finding, hit_of_signal, join, moment
from leeward.console.alerts.models import Hit
from leeward.console.alerts.names import Names, names_of
from leeward.console.people.models import Person
from leeward.detect.bank import Bank
from leeward.detect.signals import Signal
from leeward.events.follow import Follower
from leeward.events.kinds import Finding, Web, decode
from leeward.stop import Stop

_log = logging.getLogger("leeward.watch")
_PEOPLE_SECONDS = 30.0
_SAVE_SECONDS = 1.0
_LET_GO_SECONDS = 5.0
_LOOK_SECONDS = 0.05
_RETRY_SECONDS = 0.5


class Place(msgspec.Struct):
    """Where the follower is, and what the detectors remember: one file, so that they always belong together."""

    segments: dict[str, int] = {}
    detectors: bytes = b""


class Known(NamedTuple):
    """What is known of somebody who is at a device."""

    is_staff: bool
    groups: tuple[str, ...]


class Watch:
    """One school's watch. Safe to kill at any moment: what was not saved is read again and counts once."""

    def __init__(self, config: Config) -> None:
        self._folder = config.state_path / "watch"
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._bank = Bank(config.detectors, ZoneInfo(config.timezone))
        place = self._read_place()
        self._follower = Follower(config.state_path / "spool", place.segments)
        self._saved = time.monotonic()
        self._unsaved = False
        self._lines: list[bytes] = []  # read, not yet understood
        self._rows: list[tuple[Hit, Heads]] = []  # understood, not yet in the database
        self._people: dict[str, Known] = {}
        self._names = Names(())
        self._people_read = -_PEOPLE_SECONDS

    def turn(self) -> int:
        """Take up what is new. Returns how many events. Raises DatabaseError: the same is taken up again next time."""
        if not self._rows:
            self._know_people()
            self._lines += self._follower.read()
            self._rows, count = self._rows_of(self._lines), len(self._lines)
            self._lines = []
            self._unsaved = self._unsaved or bool(count)
        else:
            count = 0
        if self._rows:
            self._join()
            self._rows = []
        if time.monotonic() - self._saved >= _SAVE_SECONDS:
            if self._unsaved:
                self.save()
            elif time.monotonic() - self._saved >= _LET_GO_SECONDS:
                # What was read before ingest handed it on waits for nobody.
                self._follower.release()
                self._saved = time.monotonic()
        return count

    def _join(self) -> None:
        """Into the database; if a row is refused, each for itself, and the refused one is set aside."""
        try:
            join(self._rows)
        except (DataError, IntegrityError, ObjectDoesNotExist, ValueError):
            _log.exception("a batch was refused; its rows are tried one by one")
            for row in self._rows:
                try:
                    join([row])
                except (DataError, IntegrityError, ObjectDoesNotExist, ValueError) as error:
                    _log.error("finding %s could not be taken up: %s", row[0].event, type(error).__name__)

    def _rows_of(self, lines: list[bytes]) -> list[tuple[Hit, Heads]]:
        rows: list[tuple[Hit, Heads]] = []
        for line in lines:
            try:
                event = decode(line)
            except msgspec.DecodeError:
                continue  # a line of another version; ingest keeps what it can of it
            if isinstance(event, Web | Finding):
                rows += self._hits(event)
        return rows

    def _hits(self, event: Web | Finding) -> list[tuple[Hit, Heads]]:
        person = self._people.get(event.person, Known(False, ()))
        is_class = event.attribution == "class"
        heads = Heads(
            seat=event.seat, client=event.client, group=event.group, is_staff=person.is_staff, is_class=is_class
        )
        rows: list[tuple[Hit, Heads]] = []
        about: tuple[str, ...] = ()
        if isinstance(event, Finding):
            rows.append((hit_of_finding(event), heads))
            if event.written:
                about = self._names.in_text(f"{event.evidence} {event.around}", person.groups)
        elif event.tier == "sealed" and event.action == "block" and event.categories != "probe":
            rows.append((_illegal(event), heads))
        if not person.is_staff:
            for signal in self._signals(event, about):
                known = self._people.get(signal.who)
                group = signal.group or (known.groups[0] if known and known.groups else "")
                own = Heads(
                    seat=signal.seat, client=event.client, group=group, is_class=is_class and signal.who == event.person
                )
                rows.append((hit_of_signal(signal), own))
        return rows

    def _signals(self, event: Web | Finding, about: tuple[str, ...]) -> list[Signal]:
        """What detectors say. A fault in one must not keep a finding from being told."""
        try:
            return self._bank.see(event, about)
        except Exception:
            _log.exception("a detector failed")
            return []

    def _know_people(self) -> None:
        if time.monotonic() - self._people_read < _PEOPLE_SECONDS:
            return
        self._people_read = time.monotonic()
        # Who left a moment ago is still who they were.
        found = list(Person.objects.values("token", "name", "kind", "groups", "is_active"))
        self._people = {row["token"]: Known(row["kind"] == "staff", tuple(row["groups"] or ())) for row in found}
        self._names = names_of(row for row in found if row["kind"] == "pupil" and row["is_active"])

    def save(self) -> None:
        """Make the place safe, and let go of what was read."""
        place = Place(self._follower.place, self._bank.dump())
        fresh = self._folder / "place.new"
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(msgspec.msgpack.encode(place))
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(self._folder / "place")
        self._follower.release()
        self._saved, self._unsaved = time.monotonic(), False

    def _read_place(self) -> Place:
        """Where it was. What can't be read costs the detectors' memory; alerts are found again and count once."""
        try:
            place = msgspec.msgpack.decode((self._folder / "place").read_bytes(), type=Place)
            if place.detectors:
                with contextlib.suppress(msgspec.DecodeError):
                    self._bank.restore(place.detectors)
            return place
        except FileNotFoundError:
            return Place()
        except (msgspec.DecodeError, OSError) as error:
            _log.error("the place of the watch can't be read, everything in the spool is read again: %s", error)
            return Place()


def _illegal(event: Web) -> Hit:
    """Something of the sealed tier was asked for: neither address nor term is kept (T7)."""
    return Hit(
        event=event.id[:160], who=event.person or f"device:{event.client}", at=moment(event.at), theme="illegal",
        severity=5, score=1.0, channel="page", reason="Something that is illegal to open was asked for and blocked.",
        action="block",
    )  # fmt: skip


@contextlib.contextmanager
def alone(config: Config) -> Iterator[None]:
    """Of two watches of one school the second waits until the first is gone."""
    folder = config.state_path / "watch"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def follow(config: Config, stop: Stop) -> None:
    """Follow until told to stop. A database that is locked or gone costs time, nothing else."""
    watch = Watch(config)
    faulty = False
    while not stop.is_set():
        try:
            count = watch.turn()
            faulty = False
        except (DatabaseError, OSError) as error:
            if not faulty:
                _log.error("alerts wait: %s", error)
            faulty = True
            close_old_connections()
            stop.wait(_RETRY_SECONDS)
            continue
        if not count:
            stop.wait(_LOOK_SECONDS)
    with contextlib.suppress(DatabaseError, OSError):
        watch.turn()
        watch.save()
