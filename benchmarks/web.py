"""All proxies in one run, interleaved, one core for the server and one for the load."""

import contextlib
import shutil
import socket
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks import load, peers
from benchmarks.peers import Peer

SQUID, BUMP, LEEWARD = "Squid, no filter", "Squid, bump, no filter", "Leeward, everything on"
UNREAD = "Leeward, texts not read"


def measure(folder: Path, *, rounds: int = 3, seconds: int = 4) -> dict[str, dict[str, dict[str, float]]]:
    """Kind of load -> server -> medians of the rounds."""
    if missing := [name for name in peers.PROGRAMS if shutil.which(name) is None]:
        raise SystemExit(f"{', '.join(missing)} missing: `make bench` installs them with apt")
    peers.write_files(folder)
    servers = load.Servers(folder)
    try:
        servers.start("nginx", "nginx", "-c", str(folder / "nginx.conf"))
        rows = _start(servers, folder)
        load.pin(load.tree(servers.running["nginx"].pid), "1")
        plain = [row for row in rows if row.plain]
        tls = [row for row in rows if row.tls]
        own = [row for row in rows if row.name in (SQUID, LEEWARD, UNREAD)]
        kinds: dict[str, tuple[list[Peer], Callable[[Peer], dict[str, float]]]] = {
            "html": (plain, lambda p: load.plain(servers, p, _pid(servers, p), seconds=seconds)),
            "again": (own, lambda p: load.plain(servers, p, _pid(servers, p), seconds=seconds, pages=1)),
            "mixed": (plain, lambda p: load.plain(servers, p, _pid(servers, p), seconds=seconds, mixed=True)),
            "https": (tls, lambda p: load.tunnels(p, _pid(servers, p), seconds=seconds, fresh=False)),
            "https, new": (tls, lambda p: load.tunnels(p, _pid(servers, p), seconds=seconds, fresh=True)),
        }
        out = {kind: _rounds(found, run, rounds) for kind, (found, run) in kinds.items()}
        direct = Peer("nginx, direct", peers.HTTP, ())
        out["html"][direct.name] = load.plain(servers, direct, servers.running["nginx"].pid, seconds=seconds)
        return out
    finally:
        servers.stop()


def _pid(servers: load.Servers, peer: Peer) -> int:
    return servers.running[peer.name].pid


def _start(servers: load.Servers, folder: Path) -> list[Peer]:
    rows = [
        peers.squid(folder, 9781, SQUID),
        peers.leeward(folder, 9782, LEEWARD),
        peers.leeward(folder, 9783, UNREAD, reads=False),
        peers.squid(folder, 9784, BUMP, bump=True),
        peers.squid(folder, 9785, "Squid with squidGuard, 1 M domains", guard=True),
        peers.e2guardian(folder, 9786, "E2Guardian, packaged phrase lists"),
        peers.mitmproxy(folder, 9787, "mitmproxy, no addon"),
        peers.traffic_server(folder, 9788, "Apache Traffic Server, no filter"),
    ]
    for row in rows:
        servers.start(row.name, *row.command)
    deadline = time.monotonic() + 240
    for port in (9782, 9783):
        while not (folder / f"state-{port}/run/worker-0.json").exists() and time.monotonic() < deadline:
            time.sleep(0.3)
    silent = [row.name for row in rows if not _listens(row.port)]
    if silent:
        raise SystemExit(f"{', '.join(silent)} did not start: see the .out files in {folder}")
    return rows


def _listens(port: int) -> bool:
    for _ in range(60):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return True
        time.sleep(0.5)
    return False


def _rounds(rows: list[Peer], run: Callable[[Peer], dict[str, float]], rounds: int) -> dict[str, dict[str, float]]:
    seen: dict[str, list[dict[str, float]]] = {row.name: [] for row in rows}
    for row in rows:
        run(row)  # warm
    for _ in range(rounds):
        for row in rows:
            seen[row.name].append(run(row))
    return {name: {key: statistics.median(one[key] for one in all_) for key in all_[0]} for name, all_ in seen.items()}
