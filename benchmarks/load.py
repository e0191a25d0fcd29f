"""Load: wrk for plain HTTP, a TLS client for tunnels; CPU and memory of a server's whole tree."""

import asyncio
import itertools
import json
import os
import re
import ssl
import statistics
import subprocess
import time
from pathlib import Path

import uvloop

from benchmarks.peers import HTTP, HTTPS, ORIGIN, PAGES, SITES, Peer

CONNECTIONS = 64
_TICKS = os.sysconf("SC_CLK_TCK")
_WRK = """
local n = tonumber(os.getenv("SITES")); local direct = os.getenv("DIRECT"); local i = 0; local requests = {}
local pages = tonumber(os.getenv("PAGES")); local shown = 0; local count = os.getenv("MIXED") and pages * 20 / 3 or pages
local mixed = os.getenv("MIXED") and {"page.html", "app.js", "app.js", "picture.png", "picture.png", "picture.png", "data.json",
  "app.js", "picture.png", "picture.png", "data.json", "app.js", "picture.png", "page.html", "picture.png", "app.js", "page.html",
  "picture.png", "data.json", "picture.png"} or {"page.html"}
local accept = {["page.html"] = "text/html", ["app.js"] = "*/*", ["picture.png"] = "image/avif,image/*", ["data.json"] = "application/json"}
function init() for s = 0, count - 1 do
  local name = os.getenv("BY_NAME") and string.format("site%04d.bench.test", s % n) or os.getenv("ORIGIN")
  local host = name .. ":" .. os.getenv("HTTP"); local kind = mixed[s % #mixed + 1]; local file = kind
  if kind == "page.html" then file = string.format("page-%d.html", shown % pages); shown = shown + 1 end
  requests[s] = "GET " .. (direct and "/" or ("http://" .. host .. "/")) .. file .. " HTTP/1.1\\r\\nHost: " .. host ..
    "\\r\\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\\r\\nAccept: " .. accept[kind] .. "\\r\\nAccept-Language: en-GB\\r\\n\\r\\n"
end end
function request() i = (i + 1) % count; return requests[i] end
function done(s, l) io.write(string.format('{"requests":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"errors":%d}\\n', s.requests,
  s.duration / 1e6, l:percentile(50) / 1e3, l:percentile(99) / 1e3, s.errors.status + s.errors.connect + s.errors.read + s.errors.timeout)) end
"""


class Servers:
    """The servers that run, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        (folder / "wrk.lua").write_text(_WRK)

    def start(self, name: str, *command: str) -> int:
        """Start one; nothing of what it says is kept but in a file. Returns its process id."""
        with (self.folder / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.out").open("wb") as out:
            self.running[name] = subprocess.Popen(command, cwd=self.folder, stdout=out, stderr=out)
        return self.running[name].pid

    def stop(self) -> None:
        """End them all."""
        for process in self.running.values():
            process.terminate()
        for process in self.running.values():
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def pin(pids: list[int], cores: str) -> None:
    """Let processes run on these cores only."""
    for pid in pids:
        subprocess.run(["taskset", "-apc", cores, str(pid)], capture_output=True, check=False)


def cpu(pids: list[int]) -> float:
    """Seconds of CPU that processes have used."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / _TICKS


def megabytes(pid: int) -> float:
    """Private memory of a process: what it has for itself, not what it shares or maps from files."""
    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return sum(int(found) for found in re.findall(r"^Private_(?:Clean|Dirty):\s+(\d+)", text, re.M)) / 1024


def tree(pid: int) -> list[int]:
    """A process and those below it."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [pid, *(one for child in found for one in tree(int(child)))]


def plain(
    servers: Servers, peer: Peer, pid: int, *, seconds: int, mixed: bool = False, pages: int = PAGES,
    cores: tuple[str, str] = ("0", "1"),
) -> dict[str, float]:  # fmt: skip
    """HTTP load on a server. `pages`: how many different ones; `cores`: the server's, the load's."""
    pids = tree(pid)
    direct = peer.port == HTTP
    pin(pids, cores[0])
    environment = {**os.environ, "SITES": str(SITES), "ORIGIN": ORIGIN, "HTTP": str(HTTP), "PAGES": str(pages)}
    environment |= {"DIRECT": "1"} if direct else {}
    environment |= {"BY_NAME": "1"} if peer.by_name else {}
    environment |= {"MIXED": "1"} if mixed else {}
    url = f"http://{ORIGIN if direct else '127.0.0.1'}:{peer.port}"
    command = [
        "taskset",
        "-c",
        cores[1],
        "wrk",
        "-t1",
        f"-c{CONNECTIONS}",
        f"-d{seconds}s",
        "--timeout",
        "8s",
        "-s",
        "wrk.lua",
        url,
    ]
    before = cpu(pids)
    out = subprocess.run(
        command, cwd=servers.folder, env=environment, capture_output=True, text=True, check=True
    ).stdout
    used = cpu(pids) - before
    return _told(peer, dict(json.loads(re.findall(r"\{.*\}", out)[-1])), used)


def _told(peer: Peer, told: dict[str, float], used: float) -> dict[str, float]:
    if told["errors"] > told["requests"] / 100 or not told["requests"]:
        raise SystemExit(f"{peer.name} answered with errors: {told}")  # a figure of errors is no figure
    told["cpu_us"] = used / told["requests"] * 1e6
    told["rate"] = told["requests"] / told["seconds"]
    return told


def tunnels(peer: Peer, pid: int, *, seconds: int, fresh: bool) -> dict[str, float]:
    """HTTPS load: over established tunnels, or each request over a tunnel of its own."""
    pids = tree(pid)
    pin(pids, "0")
    os.sched_setaffinity(0, {1})
    try:
        before = cpu(pids)
        told = uvloop.run(_tunnels(peer.port, seconds, fresh=fresh))
        used = cpu(pids) - before
    finally:
        os.sched_setaffinity(0, {0, 1})
    return _told(peer, told, used)


async def _tunnels(port: int, seconds: int, *, fresh: bool) -> dict[str, float]:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    end = time.monotonic() + seconds
    times: list[float] = []
    pages = itertools.cycle(range(PAGES))
    errors = 0

    async def client(number: int) -> None:
        nonlocal errors
        turn = number
        while time.monotonic() < end:
            host = f"site{turn % SITES:04}.bench.test"
            turn += CONNECTIONS
            writer = None
            try:
                began = time.monotonic()
                reader, writer = await _open(port, host, context)
                while time.monotonic() < end:
                    began = began if fresh else time.monotonic()
                    await _ask(reader, writer, host, next(pages))
                    times.append(time.monotonic() - began)
                    if fresh:
                        break
            except (OSError, ValueError, asyncio.IncompleteReadError):
                errors += 1
            finally:
                if writer is not None:
                    writer.transport.abort()

    began = time.monotonic()
    await asyncio.gather(*(client(number) for number in range(CONNECTIONS)))
    spread = statistics.quantiles(times, n=100) if len(times) > 1 else [0.0] * 99
    return {
        "requests": len(times), "seconds": time.monotonic() - began, "errors": errors,
        "p50": spread[49] * 1e3, "p99": spread[98] * 1e3,
    }  # fmt: skip


async def _open(port: int, host: str, context: ssl.SSLContext) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {host}:{HTTPS} HTTP/1.1\r\nHost: {host}:{HTTPS}\r\n\r\n".encode())
    if b" 200" not in await reader.readuntil(b"\r\n\r\n"):
        raise ValueError("the tunnel was refused")
    await writer.start_tls(context, server_hostname=host)
    return reader, writer


async def _ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: str, page: int) -> None:
    writer.write(f"GET /page-{page}.html HTTP/1.1\r\nHost: {host}:{HTTPS}\r\nAccept: text/html\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head[:20]:
        raise ValueError(head[:40])
    length = re.search(rb"(?i)content-length: (\d+)", head)
    if length is None:
        raise ValueError("no length")
    await reader.readexactly(int(length[1]))
