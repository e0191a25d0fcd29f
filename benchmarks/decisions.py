"""decide(): how fast, and how its cost grows with the names."""

import contextlib
import operator
import random
import statistics
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

ROUNDS = 25
SIZES = (100_000, 1_000_000, 5_000_000, 10_000_000)
SUBJECTS = [make_subject(profile=p, groups=(g,)) for p, g in (("pupil", "Y7"), ("strict", "Y3"), ("staff", "staff"))]


def fresh_hosts(count: int, *, seed: int) -> list[str]:
    """Hosts that were never seen."""
    chance = random.Random(seed)  # noqa: S311
    return [f"www.{''.join(chance.choice(SYLLABLES) for _ in range(5))}{number}.com" for number in range(count)]


def per_second(snapshot: Snapshot, hosts: list[str]) -> float:
    """Decisions a second of CPU, host names in every spelling made plain first."""
    moment = Moment.of(datetime(2026, 11, 23, 10, tzinfo=UTC), "Europe/London")
    began = time.process_time()
    for number, host in enumerate(hosts):
        decide(snapshot, Request(Target("https", normalise(host), 443, "/"), SUBJECTS[number % 3], moment))
    return len(hosts) / (time.process_time() - began)


def measure(sizes: tuple[int, ...] = SIZES) -> list[dict[str, float]]:
    """One row a size. All sizes are open at once and asked in turns, so that a slow minute of the machine is everybody's."""
    with contextlib.ExitStack() as stack:
        rows = [_built(stack, size) for size in sizes]
        snapshots = [snapshot for snapshot, _ in rows]
        fresh = _in_turns(snapshots, [fresh_hosts(10_000, seed=seed) for seed in range(5, 5 + ROUNDS)])
        chance = random.Random(3)  # noqa: S311
        known = fresh_hosts(20_000, seed=4)
        zipf = [known[min(int(chance.paretovariate(1.0)) - 1, len(known) - 1)] for _ in range(20_000 * ROUNDS)]
        seen = _in_turns(snapshots, [zipf[begin : begin + 20_000] for begin in range(0, len(zipf), 20_000)])
        return [
            row | {"fresh_per_second": round(statistics.median(fresh[number])),
                   "zipf_per_second": round(statistics.median(seen[number])),
                   "growth": round(statistics.median(map(operator.truediv, fresh[0], fresh[number])), 3)}
            for number, (_, row) in enumerate(rows)
        ]  # fmt: skip


def _built(stack: contextlib.ExitStack, size: int) -> tuple[Snapshot, dict[str, float]]:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    index = Index()
    index.add_names(names(size), "games", "made")
    path = write(policy_file.starter(), index, [], folder)
    began = time.perf_counter()
    snapshot = stack.enter_context(Snapshot(path))
    opened = round(time.perf_counter() - began, 2)
    return snapshot, {"names": size, "open_seconds": opened, "megabytes": round(path.stat().st_size / 1e6, 1)}


def _in_turns(snapshots: list[Snapshot], rounds: list[list[str]]) -> list[list[float]]:
    """For each snapshot its rate in every round; each round asks all of them for the same hosts, in changing order."""
    told: list[list[float]] = [[] for _ in snapshots]
    for turn, hosts in enumerate(rounds):
        for step in range(len(snapshots)):
            number = (turn + step) % len(snapshots)
            told[number].append(per_second(snapshots[number], hosts))
    return told
