"""Whether all is well, and what is not: one answer for the command line, the console and its red banner."""

import json
import os
import time
import urllib.error
import urllib.request
from typing import Any

from leeward.config import Config
from leeward.events.follow import kept_folder
from leeward.policy.compile import Shelf, load_current
from leeward.policy.snapshot import BadSnapshot
from leeward.store.catalog import Catalog
from leeward.upkeep.compiling import refusal
from leeward.upkeep.library import asked
from leeward.upkeep.lists import states

LOW_DISK_BYTES = 500 * 1024 * 1024
_WAITING_SECONDS = 300


def gateway_health(config: Config, *, seconds: float = 1.0) -> dict[str, Any]:
    """What the gateway says of itself."""
    try:
        with urllib.request.urlopen(f"http://{config.gateway.admin}/health", timeout=seconds) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))
    except (OSError, ValueError):
        return {"ok": False, "faults": ["the gateway does not answer"]}


def free_bytes(config: Config) -> int:
    """Bytes that are left for the state folder."""
    disk = os.statvfs(config.state_path)
    return disk.f_bavail * disk.f_frsize


def record_faults(config: Config) -> list[str]:
    """Why records may be late or missing: everybody who relies on them must see this. Costs a few file look-ups."""
    faults = []
    free = free_bytes(config)
    if free < LOW_DISK_BYTES:
        faults.append(f"only {free // 2**20} MB are left on the disk")
    waiting = _waiting(config)
    if waiting and time.time() - min(waiting) > _WAITING_SECONDS:
        faults.append("events wait in the spool for more than five minutes: is ingest running, is the disk full?")
    kept = [one.stat().st_mtime for one in kept_folder(config.state_path / "spool").glob("*.jsonl")]
    if kept and time.time() - min(kept) > _WAITING_SECONDS:
        faults.append("findings wait for more than five minutes, nobody is told: is `leeward watch` running?")
    return faults


def _waiting(config: Config) -> list[float]:
    times = []
    for path in (config.state_path / "spool" / "sealed").glob("*.jsonl"):
        try:
            times.append(path.stat().st_mtime)
        except FileNotFoundError:
            continue  # it went into the store just now
    return times


def faults(config: Config) -> list[str]:
    """Everything that is not well and can be found out in a second."""
    gateway = gateway_health(config)
    told = [*gateway.get("faults", []), *record_faults(config)]
    told += refusal(config).splitlines()
    told += [f"updates of the phrase library: {failure}"] if (failure := asked(config).failure) else []
    told += [f"list {item.name}: {item.failure}" for item in states(config) if item.failure]
    return told


def status_of(config: Config) -> dict[str, Any]:
    """Everything that somebody who is responsible would ask; the snapshot is read whole."""
    found = faults(config)
    snapshot: dict[str, Any] = {}
    try:
        with load_current(Shelf(config.state_path / "snapshots")) as current:
            snapshot = {"name": current.name, "names": current.info.names, "created": current.info.created}
    except BadSnapshot as error:
        found.append(str(error))
    catalog = Catalog(config.state_path / "store")
    totals = catalog.totals()
    catalog.close()
    return {
        "ok": not found, "faults": found, "snapshot": snapshot, "events": totals,
        "waiting_segments": len(_waiting(config)), "free_bytes": free_bytes(config),
    }  # fmt: skip
