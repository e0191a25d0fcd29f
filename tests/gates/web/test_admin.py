"""Health and metrics of a running gateway."""

import json
import re
import socket
import time

from leeward.gates.web.admin import worker_stats
from tests.gates.web.running import RunningGateway, read_all


def fetch(gateway: RunningGateway, path: str) -> bytes:
    with socket.create_connection(("127.0.0.1", gateway.admin), timeout=5) as sock:
        sock.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
        return read_all(sock)


def test_a_healthy_gateway_says_so(gateway: RunningGateway) -> None:
    response = fetch(gateway, "/health")
    assert b" 200 " in response
    assert json.loads(response.partition(b"\r\n\r\n")[2]) == {"ok": True, "workers": 1, "faults": []}
    assert b" 404 " in fetch(gateway, "/other")


def test_metrics_count_requests(gateway: RunningGateway) -> None:
    gateway.get("http://games.leeward.test/")
    gateway.events(action="block")
    time.sleep(1.3)
    text = fetch(gateway, "/metrics").decode()
    found = re.search(r'leeward_requests_total\{action="block"\} (\d+)', text)
    assert found
    assert float(found[1]) >= 1
    assert 'leeward_request_seconds_bucket{le="+Inf"}' in text
    assert "leeward_findings_total" in text


def test_counter_files_are_read_with_their_age(gateway: RunningGateway) -> None:
    (row,) = worker_stats(gateway.folder / "state" / "run")
    assert row["age"] < 10
