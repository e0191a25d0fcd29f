"""Events into the store, and questions to it."""

import random
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from leeward.events.kinds import Web
from leeward.events.spool import SpoolWriter, sealed
from leeward.store.ingest import Ingest
from leeward.store.read import Store

_PEOPLE, _SITES = 1_000, 20_000


def events(count: int, *, day: datetime, seed: int) -> list[Web]:
    """One day of a school."""
    chance = random.Random(seed)  # noqa: S311 - for measuring
    begin = day.replace(hour=8).timestamp()
    return [
        Web(
            at=begin + 28_800 * number / count, person=f"{chance.randrange(_PEOPLE):016x}", attribution="personal",
            client=f"10.0.{chance.randrange(4)}.{chance.randrange(250)}", group=f"Y{chance.randrange(7, 14)}",
            profile="pupil", method="GET", scheme="https", host=f"site{int(chance.paretovariate(1)) % _SITES}.example",
            port=443, path=f"/page/{chance.randrange(1000)}", action="block" if chance.random() < 0.02 else "allow",
            verdict="default", status=200, received=chance.randrange(50_000), millis=chance.randrange(300), level=3,
        )
        for number in range(count)
    ]  # fmt: skip


def measure(folder: Path, *, ingested: int = 500_000, stored: int = 20_000_000) -> dict[str, float]:
    """Rate of ingest; seconds of the two questions over many events."""
    spool, store = folder / "spool", folder / "store"
    writer = SpoolWriter(spool)
    today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    for number, event in enumerate(events(ingested, day=today, seed=1)):
        writer.put(event)
        if number % 10_000 == 0:
            writer.flush()
    writer.close()
    day = {path.name: path.read_bytes() for path in sealed(spool)}
    work = Ingest(spool, store)
    rows, seconds, days = 0, 0.0, 0
    while rows < stored:
        if days:
            _earlier(day, spool, days)
        began = time.perf_counter()
        rows += work.run().rows
        seconds += time.perf_counter() - began
        days += 1
    work.close()
    return {"ingest_per_second": rows / seconds, "stored": rows, "days": days, **_ask(store, today)}


def _earlier(day: dict[str, bytes], spool: Path, number: int) -> None:
    """The same segments as if written so many days before, sealed in the spool."""

    def shifted(found: re.Match[bytes]) -> bytes:
        return b'"at":%.6f' % (float(found[1]) - 86_400 * number)

    for name, data in day.items():
        (spool / "sealed" / f"{number:03}-{name}").write_bytes(re.sub(rb'"at":([0-9.]+)', shifted, data))


def _ask(folder: Path, today: datetime) -> dict[str, float]:
    store = Store(folder)
    person = store.ask("top_hosts", since=0.0, action="", limit=1)  # warm: files open, code loaded
    began = time.perf_counter()
    rows = store.ask("top_hosts", since=0.0, action="", limit=20)
    top = time.perf_counter() - began
    if len(rows) != 20 or not person:
        raise SystemExit("the store does not answer")
    since = (today - timedelta(days=3)).timestamp()
    began = time.perf_counter()
    found = store.ask("person_day", since=since, until=since + 86_400, person=f"{7:016x}", limit=1000)
    one = time.perf_counter() - began
    store.close()
    if not found:
        raise SystemExit("the person's day is empty")
    return {"top_20_seconds": top, "person_day_seconds": one}


def clear(folder: Path) -> None:
    """Give the disk back."""
    shutil.rmtree(folder, ignore_errors=True)
