"""Counters of one worker, written once a second to a small file that the supervisor adds up."""

import json
import os
from pathlib import Path
from typing import Any

from leeward.events.kinds import Web

# Upper bounds in milliseconds of the histogram of times.
BUCKETS = (5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10_000, 60_000)


class Stats:
    """Plain numbers: adding one costs nothing."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self.actions: dict[str, int] = {}
        self.findings = 0
        self.received = 0
        self.sent = 0
        self.buckets = [0] * (len(BUCKETS) + 1)
        self.millis = 0
        self.connections = 0
        self.dropped_events = 0
        self.disk_full = False
        self.bad_snapshot = ""
        self.snapshot = ""
        self.refused_ca = 0

    def count(self, event: Web) -> None:
        """Count a request."""
        actions = self.actions
        actions[event.action] = actions.get(event.action, 0) + 1
        self.received += event.received
        self.sent += event.sent
        millis = event.millis
        self.millis += millis
        self.snapshot = event.snapshot or self.snapshot
        for place, bound in enumerate(BUCKETS):
            if millis <= bound:
                self.buckets[place] += 1
                return
        self.buckets[-1] += 1

    def as_dict(self) -> dict[str, Any]:
        """All numbers."""
        return {key: value for key, value in vars(self).items() if key != "path"}

    def write(self) -> None:
        """Write the file, whole or not at all; a full disk is no reason to stop."""
        if self.path is None:
            return
        scratch = self.path.with_suffix(f".{os.getpid()}")
        try:
            scratch.write_text(json.dumps(self.as_dict()))
            scratch.rename(self.path)
        except OSError:
            scratch.unlink(missing_ok=True)
