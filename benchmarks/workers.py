"""Workers: memory with many names, the first verdict after a start, two on two cores."""

import socket
import statistics
import subprocess
import time
from pathlib import Path

from benchmarks import load, peers
from benchmarks.material import names


def _ask(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port), 30) as sock:
        sock.sendall(b"GET http://nowhere.invalid/ HTTP/1.1\r\nHost: nowhere.invalid\r\n\r\n")
        return sock.recv(100)


def measure(folder: Path, *, count: int = 5_000_000) -> dict[str, float]:
    """Private megabytes of a worker, seconds to its first verdict, and what a second worker brings."""
    peers.write_files(folder)
    servers = load.Servers(folder)
    try:
        servers.start("nginx", "nginx", "-c", str(folder / "nginx.conf"))
        out = _two(servers, folder)
        (folder / "names.txt").write_text("\n".join(names(count)))
        return out | _memory(servers, folder)
    finally:
        servers.stop()


def _start(servers: load.Servers, peer: peers.Peer) -> int:
    pid = servers.start(peer.name, *peer.command)
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        try:
            _ask(peer.port)
            return pid
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{peer.name} did not start")


def _memory(servers: load.Servers, folder: Path) -> dict[str, float]:
    pid = _start(servers, peers.leeward(folder, 9790, "many names"))
    worker = load.tree(pid)[-1]
    for _ in range(200):
        _ask(9790)
    memory = load.megabytes(worker)
    subprocess.run(["kill", "-9", str(worker)], check=True)
    began = time.monotonic()
    _ask(9790)  # waits in the door's queue until the next worker is there
    return {"worker_megabytes": memory, "first_verdict_seconds": time.monotonic() - began}


def _two(servers: load.Servers, folder: Path) -> dict[str, float]:
    """Both cores are shared with the load and the origin here, so the CPU that each request costs decides the ratio."""
    both = [peers.leeward(folder, 9790 + count, f"{count} workers", workers=count) for count in (1, 2)]
    pids = [_start(servers, peer) for peer in both]
    told: list[list[dict[str, float]]] = []
    for _ in range(8):
        told.append([load.plain(servers, peer, pid, seconds=4, cores=("0,1", "0,1"))
                     for peer, pid in zip(both, pids, strict=True)])  # fmt: skip
    told = told[1:]  # the first round fills caches
    for peer in both:
        servers.running[peer.name].terminate()
        servers.running.pop(peer.name).wait(30)
    return {
        "one_worker_per_second": statistics.median(one["rate"] for one, _ in told),
        "two_workers_per_second": statistics.median(two["rate"] for _, two in told),
        "two_to_one_by_cpu": statistics.median(2 * one["cpu_us"] / two["cpu_us"] for one, two in told),
    }  # fmt: skip
