"""nginx direct, Squid without a filter, and Leeward with everything on: CPU and rate on one core, interleaved."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.material import names, page, phrases

SITES, ORIGIN = 200, 9780
_TICKS = os.sysconf("SC_CLK_TCK")
_WRK = """
local n = tonumber(os.getenv("SITES")); local direct = os.getenv("DIRECT"); local i = 0; local requests = {}
function init() for s = 0, n - 1 do
  local host = string.format("site%04d.bench.test:%s", s, os.getenv("ORIGIN"))
  requests[s] = "GET " .. (direct and "/page.html" or ("http://" .. host .. "/page.html")) .. " HTTP/1.1\\r\\nHost: " .. host ..
    "\\r\\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64)\\r\\nAccept: text/html\\r\\nAccept-Language: en-GB\\r\\n\\r\\n"
end end
function request() i = (i + 1) % n; return requests[i] end
function done(s, l) io.write(string.format('{"requests":%d,"seconds":%.3f,"p50":%.2f,"p99":%.2f,"errors":%d}\\n', s.requests,
  s.duration / 1e6, l:percentile(50) / 1e3, l:percentile(99) / 1e3, s.errors.status + s.errors.connect + s.errors.read + s.errors.timeout)) end
"""
_NGINX = """daemon off; worker_processes 1; error_log {folder}/nginx.log; pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000; types {{ text/html html; }} client_body_temp_path {folder};
proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder}; scgi_temp_path {folder};
server {{ listen 127.0.0.10:{port}; root {folder}; }} }}
"""
_SQUID = """http_port 127.0.0.1:9781
visible_hostname bench
pid_filename {folder}/squid.pid
cache_log {folder}/squid.log
access_log none
cache deny all
cache_mem 8 MB
pinger_enable off
shutdown_lifetime 1 seconds
netdb_filename none
hosts_file {folder}/hosts
acl local src 127.0.0.0/8
http_access allow local
"""
_LEEWARD = """policy = "policy.toml"
[[lists]]
name = "million"
source = "names.txt"
category = "games"
[[clients]]
networks = ["127.0.0.0/8"]
profile = "pupil"
groups = ["Y7"]
[gateway]
listen = ["127.0.0.1:9782"]
admin = "127.0.0.1:9783"
workers = 1
hosts = "hosts"
allow_private = ["127.0.0.10"]
phrases = "phrases.txt"
"""


class Bench:
    """The servers, in one folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: list[subprocess.Popen[bytes]] = []
        # One name a line: Squid reads no longer lines of a hosts file.
        hosts = "".join(f"127.0.0.10 site{number:04}.bench.test\n" for number in range(SITES))
        policy = Path(__file__).parents[1] / "src/leeward/policy/starter.toml"
        for name, text in {
            "wrk.lua": _WRK, "nginx.conf": _NGINX.format(folder=folder, port=ORIGIN), "squid.conf": _SQUID.format(folder=folder),
            "leeward.toml": _LEEWARD, "hosts": hosts, "policy.toml": policy.read_text(),
            "names.txt": "\n".join(names(1_000_000)), "phrases.txt": "\n".join(phrases()),
        }.items():  # fmt: skip
            (folder / name).write_text(text)
        (folder / "page.html").write_bytes(page())

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        """A server; nothing of what it says is kept."""
        self.running.append(
            subprocess.Popen(command, cwd=self.folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return self.running[-1]

    def stop(self) -> None:
        """End the servers."""
        for process in self.running:
            process.terminate()
        for process in self.running:
            process.wait(20)

    def load(self, port: int, pid: int, *, seconds: int = 5, direct: bool = False) -> dict[str, float]:
        """Load on one core, the server on the other; CPU of the server's whole tree."""
        pids = tree(pid)
        for one in pids:
            subprocess.run(["taskset", "-apc", "0", str(one)], capture_output=True, check=False)
        environment = {**os.environ, "SITES": str(SITES), "ORIGIN": str(ORIGIN)} | ({"DIRECT": "1"} if direct else {})
        host = "127.0.0.10" if direct else "127.0.0.1"
        command = [
            "taskset",
            "-c",
            "1",
            "wrk",
            "-t1",
            "-c64",
            f"-d{seconds}s",
            "-s",
            "wrk.lua",
            f"http://{host}:{port}",
        ]
        before = sum(cpu(one) for one in pids)
        out = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=True
        ).stdout
        after = sum(cpu(one) for one in pids)
        told = dict(json.loads(re.findall(r"\{.*\}", out)[-1]))
        if told["errors"] > told["requests"] / 1000:
            raise SystemExit(f"port {port} answered with errors: {out}")  # a figure of errors is no figure
        told["cpu_us"] = (after - before) / _TICKS / max(told["requests"], 1) * 1e6
        return told


def cpu(pid: int) -> int:
    """Ticks that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def tree(pid: int) -> list[int]:
    """A process and those below it."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [pid, *(one for child in found for one in tree(int(child)))]


def measure(folder: Path, *, rounds: int = 3) -> dict[str, dict[str, float]]:
    """The best of some interleaved rounds."""
    for tool in ("nginx", "squid", "wrk", "taskset"):
        if shutil.which(tool) is None:
            raise SystemExit(f"{tool} is missing: `make bench` installs nginx-light, squid-openssl and wrk with apt")
    bench = Bench(folder)
    try:
        nginx = bench.start("nginx", "-c", str(folder / "nginx.conf"))
        squid = bench.start("squid", "-N", "-f", str(folder / "squid.conf"))
        leeward = bench.start(sys.executable, "-m", "leeward", "gateway", "--config", "leeward.toml")
        deadline = time.monotonic() + 120
        while not (folder / "state/run/worker-0.json").exists() and time.monotonic() < deadline:
            time.sleep(0.3)
        subprocess.run(["taskset", "-apc", "1", str(tree(nginx.pid)[-1])], capture_output=True, check=False)
        servers = {"Squid, no filter": (9781, squid.pid), "Leeward, everything on": (9782, leeward.pid)}
        best: dict[str, dict[str, float]] = {}
        for _ in range(rounds):
            for name, (port, pid) in servers.items():
                told = bench.load(port, pid)
                if name not in best or told["cpu_us"] < best[name]["cpu_us"]:
                    best[name] = told
        best["nginx, direct"] = bench.load(ORIGIN, nginx.pid, direct=True)
        return best
    finally:
        bench.stop()
