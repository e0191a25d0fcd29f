"""One worker process: accepts on sockets that the supervisor opened, until it is told to stop."""

import asyncio
import contextlib
import gc
import logging
import signal
import socket
import sys
from pathlib import Path
from typing import Literal

import uvloop

from leeward import config as configuration
from leeward.gates.web.certs import CertificateError
from leeward.gates.web.client import ClientConnection
from leeward.gates.web.gate import Gate
from leeward.gates.web.stats import Stats

_log = logging.getLogger("leeward.gateway")
_TICK = 0.1
_DRAIN_SECONDS = 10.0
_BACKLOG = 4096
_GC_YOUNG = 50_000  # requests take their cycles apart themselves; the collector is for what they miss


async def serve(config_path: Path, number: int, doors: list[tuple[str, int]]) -> None:
    """Serve until SIGTERM. `doors` are (mode, file descriptor) pairs."""
    config = configuration.load(config_path)
    secret = (config.state_path / "secret").read_bytes()
    stats = Stats(config.state_path / "run" / f"worker-{number}.json")
    gate = Gate(config, secret=secret, stats=stats)
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stop.set)
    loop.add_signal_handler(signal.SIGINT, lambda: None)  # the supervisor says when
    loop.add_signal_handler(signal.SIGHUP, lambda: _reload(gate, config_path))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGHUP})  # the supervisor started us with it blocked
    servers = [await _open_door(gate, mode, fd) for mode, fd in doors]
    gc.freeze()  # what is there now stays: the collector needn't look at it again
    gc.set_threshold(_GC_YOUNG, 20, 20)
    await _run(gate, stop)
    for server in servers:
        server.close()
    await _drain(gate)


async def _open_door(gate: Gate, mode: str, fd: int) -> asyncio.Server:
    kind: Literal["explicit", "transparent"] = "transparent" if mode == "transparent" else "explicit"
    sock = socket.socket(fileno=fd)
    sock.setblocking(False)
    return await asyncio.get_running_loop().create_server(
        lambda: ClientConnection(gate, kind), sock=sock, backlog=_BACKLOG
    )


async def _run(gate: Gate, stop: asyncio.Event) -> None:
    while not stop.is_set():
        gate.tick()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), _TICK)


async def _drain(gate: Gate) -> None:
    """Let requests under way end; then go."""
    gate.draining = True
    loop = asyncio.get_running_loop()
    end = loop.time() + _DRAIN_SECONDS
    for connection in list(gate.connections):
        if connection.exchange is None and connection.pipe is None:
            connection.close()
    while gate.connections and loop.time() < end:
        gate.tick()
        if all(connection.pipe is not None for connection in gate.connections):
            break
        await asyncio.sleep(_TICK)
    for connection in list(gate.connections):
        connection.transport.abort()
    await asyncio.sleep(0)
    gate.close()


def _reload(gate: Gate, config_path: Path) -> None:
    try:
        gate.set_up(configuration.load(config_path))
        gate.note("reload", "the configuration was read again")
    except (configuration.ConfigError, CertificateError, OSError) as error:
        gate.note("reload-failed", f"the old configuration stays: {error}")


def main() -> None:
    """`python -m leeward.gates.web.worker CONFIG NUMBER MODE:FD …`, started by the supervisor."""
    logging.basicConfig(level=logging.INFO, format="%(name)s worker %(process)d: %(message)s", stream=sys.stderr)
    config_path, number, *doors = sys.argv[1:]
    pairs = [(mode, int(fd)) for mode, _, fd in (door.partition(":") for door in doors)]
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(serve(Path(config_path), int(number), pairs))


if __name__ == "__main__":
    main()
