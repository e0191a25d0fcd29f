"""decide(): how fast, and how its cost grows with the names."""

import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.material import SYLLABLES, names
from leeward.identity.subjects import make_subject
from leeward.policy import file as policy_file
from leeward.policy.compile import Index, write
from leeward.policy.decide import decide
from leeward.policy.hosts import normalise
from leeward.policy.model import Moment, Request
from leeward.policy.snapshot import Snapshot
from leeward.policy.url import Target

SIZES = (100_000, 1_000_000, 5_000_000, 10_000_000)
SUBJECTS = [make_subject(profile=p, groups=(g,)) for p, g in (("pupil", "Y7"), ("strict", "Y3"), ("staff", "staff"))]


def fresh_hosts(count: int, *, seed: int) -> list[str]:
    """Hosts that were never seen."""
    chance = random.Random(seed)  # noqa: S311
    return [f"www.{''.join(chance.choice(SYLLABLES) for _ in range(5))}{number}.com" for number in range(count)]


def per_second(snapshot: Snapshot, hosts: list[str]) -> float:
    """Decisions a second, host names in every spelling made plain first."""
    moment = Moment.of(datetime(2026, 11, 23, 10, tzinfo=UTC), "Europe/London")
    began = time.perf_counter()
    for number, host in enumerate(hosts):
        decide(snapshot, Request(Target("https", normalise(host), 443, "/"), SUBJECTS[number % 3], moment))
    return len(hosts) / (time.perf_counter() - began)


def measure(sizes: tuple[int, ...] = SIZES) -> list[dict[str, float]]:
    """One row a size."""
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            index = Index()
            index.add_names(names(size), "games", "made")
            path = write(policy_file.starter(), index, [], Path(folder))
            del index
            began = time.perf_counter()
            with Snapshot(path) as snapshot:
                opened = time.perf_counter() - began
                chance = random.Random(3)  # noqa: S311
                known = fresh_hosts(20_000, seed=4)
                zipf = [known[min(int(chance.paretovariate(1.0)) - 1, len(known) - 1)] for _ in range(300_000)]
                fresh = max(per_second(snapshot, fresh_hosts(150_000, seed=seed)) for seed in (5, 6, 7))
                rows.append(
                    {"names": size, "fresh_per_second": round(fresh), "zipf_per_second": round(per_second(snapshot, zipf)),
                     "open_seconds": round(opened, 2), "megabytes": round(path.stat().st_size / 1e6, 1)}
                )  # fmt: skip
    return rows
