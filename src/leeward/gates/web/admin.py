"""/health and /metrics of the gateway, from the workers' counter files."""

import json
import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from leeward.gates.web.doors import split_address
from leeward.gates.web.stats import BUCKETS

if TYPE_CHECKING:
    from leeward.gates.web.supervisor import Supervisor

_NO_ROOM = 256 * 1024  # bytes: less than a spool writes in a busy second
_STALE = 10.0  # seconds after which a worker's file says that the worker hangs


def worker_stats(run_folder: Path) -> list[dict[str, Any]]:
    """The workers' last counters, with the age of each in seconds."""
    rows = []
    for path in sorted(run_folder.glob("worker-*.json")):
        try:
            rows.append(json.loads(path.read_text()) | {"age": time.time() - path.stat().st_mtime})
        except (OSError, ValueError):
            continue
    return rows


class _GatewayCollector(Collector):
    def __init__(self, supervisor: "Supervisor") -> None:
        self._supervisor = supervisor

    def collect(self) -> Iterator[Metric]:
        rows = worker_stats(self._supervisor.config.state_path / "run")
        requests = CounterMetricFamily("leeward_requests", "Requests by action.", labels=["action"])
        actions: Counter[str] = Counter()
        for row in rows:
            actions.update(row["actions"])
        for action, count in sorted(actions.items()):
            requests.add_metric([action], count)
        yield requests
        yield CounterMetricFamily("leeward_findings", "Findings in texts.", sum(r["findings"] for r in rows))
        yield CounterMetricFamily("leeward_received_bytes", "Bytes of responses.", sum(r["received"] for r in rows))
        yield CounterMetricFamily("leeward_sent_bytes", "Bytes of requests.", sum(r["sent"] for r in rows))
        yield CounterMetricFamily("leeward_dropped_events", "Events lost.", sum(r["dropped_events"] for r in rows))
        yield CounterMetricFamily(
            "leeward_ca_refused", "TLS clients that refused our CA.", sum(r["refused_ca"] for r in rows)
        )
        yield CounterMetricFamily("leeward_worker_restarts", "Workers replaced.", self._supervisor.restarts)
        yield GaugeMetricFamily("leeward_workers", "Workers that run.", self._supervisor.alive())
        yield GaugeMetricFamily("leeward_connections", "Open client connections.", sum(r["connections"] for r in rows))
        yield GaugeMetricFamily(
            "leeward_disk_full", "1 if the spool takes nothing more.", int(any(r["disk_full"] for r in rows))
        )
        yield _histogram(rows)


def _histogram(rows: list[dict[str, Any]]) -> HistogramMetricFamily:
    counts = [sum(row["buckets"][place] for row in rows) for place in range(len(BUCKETS) + 1)]
    bounds = [str(bound / 1000) for bound in BUCKETS] + ["+Inf"]
    running, buckets = 0, []
    for bound, count in zip(bounds, counts, strict=True):
        running += count
        buckets.append((bound, running))
    total = sum(row["millis"] for row in rows) / 1000
    return HistogramMetricFamily("leeward_request_seconds", "Time of a request.", buckets=buckets, sum_value=total)


class AdminServer:
    """A small server on a loopback address."""

    def __init__(self, supervisor: "Supervisor") -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_GatewayCollector(supervisor))
        self._supervisor = supervisor
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, kind, body = owner.answer(self.path)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: object) -> None:
                """Nothing: health checks would fill the log."""

        self._server = ThreadingHTTPServer(split_address(supervisor.config.gateway.admin), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="admin", daemon=True)

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def stop(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str) -> tuple[int, str, bytes]:
        """(status, type, body) of a path."""
        if path == "/metrics":
            return 200, "text/plain; version=0.0.4; charset=utf-8", generate_latest(self._registry)
        if path == "/health":
            healthy, body = self.health()
            return (200 if healthy else 503), "application/json", json.dumps(body).encode()
        return 404, "text/plain; charset=utf-8", b"/health or /metrics\n"

    def _is_disk_full(self) -> bool:
        disk = os.statvfs(self._supervisor.config.state_path)
        return disk.f_bavail * disk.f_frsize < _NO_ROOM

    def health(self) -> tuple[bool, dict[str, Any]]:
        """Whether all is well, and what is not."""
        rows = worker_stats(self._supervisor.config.state_path / "run")
        faults = []
        if self._supervisor.alive() < self._supervisor.count:
            faults.append("a worker is down")
        # On a full disk the workers' files can't be renewed either, so the disk is asked first.
        if any(row["disk_full"] for row in rows) or self._is_disk_full():
            faults.append("the disk is full: events wait in memory")
        elif any(row["age"] > _STALE for row in rows):
            faults.append("a worker hangs")
        if any(row["bad_snapshot"] for row in rows):
            faults.append("the current snapshot is damaged: the one before stays in force")
        if not (self._supervisor.config.state_path / "snapshots" / "current").exists():
            faults.append("there is no snapshot: everything is closed")
        return not faults, {"ok": not faults, "workers": self._supervisor.alive(), "faults": faults}
