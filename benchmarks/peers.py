"""The peers: how each is set up in one folder, on one machine, without touching the system's own configuration."""

import contextlib
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import trustme

from benchmarks.material import names, page

SITES, HTTP, HTTPS, ORIGIN = 200, 9780, 9443, "127.0.0.10"
PAGES = 3_000  # more than the gateway remembers, so that each is read anew
# Packages of Debian that `make bench` installs; mitmproxy comes from PyPI.
PROGRAMS = ("nginx", "squid", "squidGuard", "e2guardian", "traffic_server", "wrk", "taskset")


class Peer(NamedTuple):
    """A server under load. `by_name`: it can be given the sites' names; otherwise the origin is asked by address."""

    name: str
    port: int
    command: tuple[str, ...]
    by_name: bool = True
    tls: bool = False
    plain: bool = True
    account: str = ""


_NGINX = """daemon off; worker_processes 1; error_log {folder}/nginx.log; pid {folder}/nginx.pid;
events {{ worker_connections 4096; }}
http {{ access_log off; keepalive_requests 1000000;
types {{ text/html html; text/javascript js; image/png png; application/json json; }}
client_body_temp_path {folder}; proxy_temp_path {folder}; fastcgi_temp_path {folder}; uwsgi_temp_path {folder};
scgi_temp_path {folder}; ssl_certificate {folder}/origin.pem; ssl_certificate_key {folder}/origin.key;
server {{ listen {address}:{http}; listen {address}:{https} ssl; root {folder}; }} }}
"""
_SQUID = """http_port 127.0.0.1:{port} {more}
visible_hostname bench
pid_filename {folder}/squid-{port}.pid
cache_log {folder}/squid-{port}.log
access_log none
cache deny all
cache_mem 8 MB
pinger_enable off
shutdown_lifetime 1 seconds
netdb_filename none
hosts_file {folder}/hosts
acl local src 127.0.0.0/8
{lines}
http_access allow local
"""
_BUMP = """sslcrtd_program /usr/lib/squid/security_file_certgen -s {folder}/ssl_db -M 64MB
sslcrtd_children 2 startup=2 idle=1
tls_outgoing_options cafile={folder}/origin-ca.pem
acl step1 at_step SslBump1
ssl_bump peek step1
ssl_bump bump all"""
_SQUIDGUARD = """dbhome {folder}/sgdb
logdir {folder}/sgdb
dest bad {{ domainlist bad/domains }}
acl {{ default {{ pass !bad any
redirect http://127.0.0.1/blocked.html }} }}
"""
_LEEWARD = """state = "{state}"
policy = "policy.toml"
[[lists]]
name = "million"
source = "names.txt"
category = "games"
[[clients]]
networks = ["127.0.0.0/8"]
profile = "pupil"
groups = ["Y7"]
[gateway]
listen = ["127.0.0.1:{port}"]
admin = "127.0.0.1:{admin}"
workers = {workers}
hosts = "hosts"
trust = ["origin-ca.pem"]
connect_ports = [443, 9443]
allow_private = ["127.0.0.10"]
library = {library}
"""


def write_files(folder: Path) -> None:
    """Origin, names, phrases, certificates."""
    folder.chmod(0o755)  # Squid and the others leave root behind
    hosts = "".join(f"{ORIGIN} site{number:04}.bench.test\n" for number in range(SITES))
    policy = Path(__file__).parents[1] / "src/leeward/policy/starter.toml"
    origin = trustme.CA()
    leaf = origin.issue_cert("*.bench.test", ORIGIN)
    origin.cert_pem.write_to_path(folder / "origin-ca.pem")
    leaf.private_key_pem.write_to_path(folder / "origin.key")
    (folder / "origin.pem").write_bytes(b"".join(blob.bytes() for blob in leaf.cert_chain_pems))
    for name, text in {
        "nginx.conf": _NGINX.format(folder=folder, address=ORIGIN, http=HTTP, https=HTTPS),
        "hosts": hosts, "policy.toml": policy.read_text(), "names.txt": "\n".join(names(1_000_000)),
        "app.js": "const a = 1;\n" * 2000, "data.json": '{"x": "' + "a" * 4000 + '"}',
    }.items():  # fmt: skip
        (folder / name).write_text(text)
    for number in range(PAGES):
        (folder / f"page-{number}.html").write_bytes(page(number))
    (folder / "picture.png").write_bytes(bytes(range(256)) * 80)


def squid(folder: Path, port: int, name: str, *, bump: bool = False, guard: bool = False) -> Peer:
    """Squid: with no filter, with TLS taken apart, or with squidGuard and a million domains."""
    more = lines = ""
    if bump:
        ca = trustme.CA(key_type=trustme.KeyType.RSA)
        (folder / "bump.pem").write_bytes(ca.private_key_pem.bytes() + ca.cert_pem.bytes())
        (folder / "bump.pem").chmod(0o644)
        database = folder / "ssl_db"
        command = ["/usr/lib/squid/security_file_certgen", "-c", "-s", str(database), "-M", "64MB"]
        subprocess.run(command, check=True, capture_output=True)
        subprocess.run(["chown", "-R", "proxy:", str(database)], check=True)
        more = f"ssl-bump generate-host-certificates=on dynamic_cert_mem_cache_size=20MB tls-cert={folder}/bump.pem"
        lines = _BUMP.format(folder=folder)
    if guard:
        place = folder / "sgdb" / "bad"
        place.mkdir(parents=True)
        shutil.copyfile(folder / "names.txt", place / "domains")
        (folder / "squidGuard.conf").write_text(_SQUIDGUARD.format(folder=folder))
        subprocess.run(
            ["squidGuard", "-c", str(folder / "squidGuard.conf"), "-C", "all"], capture_output=True, check=True
        )
        subprocess.run(["chown", "-R", "proxy:", str(folder / "sgdb")], check=True)
        lines = (
            f"url_rewrite_program /usr/bin/squidGuard -c {folder}/squidGuard.conf\n"
            "url_rewrite_children 5 startup=5 idle=1 concurrency=0"
        )
    config = folder / f"squid-{port}.conf"
    config.write_text(_SQUID.format(folder=folder, port=port, more=more, lines=lines))
    return Peer(name, port, ("squid", "-N", "-f", str(config)), tls=bump, plain=not bump)


def leeward(folder: Path, port: int, name: str, *, reads: bool = True, workers: int = 1) -> Peer:
    """Leeward with everything on, or without the library of phrases and its second stage."""
    config = folder / f"leeward-{port}.toml"
    config.write_text(
        _LEEWARD.format(
            port=port,
            admin=port + 100,
            workers=workers,
            state=f"state-{port}",
            library="true" if reads else "false",
        )
    )
    return Peer(name, port, (sys.executable, "-m", "leeward", "gateway", "--config", str(config)), tls=True)


def e2guardian(folder: Path, port: int, name: str) -> Peer:
    """E2Guardian as Debian packages it, with its phrase lists and a million domains, on a port of its own."""
    place = folder / "e2guardian"
    shutil.copytree("/etc/e2guardian", place, symlinks=True)
    for path in (*place.rglob("*.conf"), *place.rglob("*.story")):
        path.write_text(path.read_text(errors="replace").replace("/etc/e2guardian", str(place)))
    config = place / "e2guardian.conf"
    text = config.read_text()
    for key, value in {
        "filterports": str(port), "filterip": "127.0.0.1", "loglocation": f"'{place}/e2g.log'", "loglevel": "0",
        "pidfilename": f"'{place}/e2g.pid'", "httpworkers": "100", "daemonuser": "'e2guardian'",
    }.items():  # fmt: skip
        text = re.sub(rf"^#?\s*{key}\s*=.*$", "", text, flags=re.M) + f"\n{key} = {value}\n"
    config.write_text(text)
    banned = place / "lists" / "bannedsitelist"
    with contextlib.suppress(OSError):
        banned.write_text(banned.read_text() + "\n" + (folder / "names.txt").read_text())
    subprocess.run(["chown", "-R", "e2guardian:", str(place)], check=False, capture_output=True)
    return Peer(name, port, ("e2guardian", "-N", "-c", str(config)), by_name=False)


def mitmproxy(folder: Path, port: int, name: str) -> Peer:
    """mitmproxy from PyPI, with no addon at all."""
    program = folder / "mitm"
    subprocess.run([sys.executable, "-m", "venv", str(program)], check=True)
    subprocess.run(
        [str(program / "bin/python"), "-m", "pip", "install", "-q", "--disable-pip-version-check", "mitmproxy"],
        check=True,
    )
    command = (str(program / "bin/mitmdump"), "-q", "--set", f"confdir={folder}/mitm-ca", "--listen-host", "127.0.0.1")
    return Peer(name, port, (*command, "-p", str(port), "--set", "flow_detail=0"), by_name=False)


def traffic_server(folder: Path, port: int, name: str) -> Peer:
    """Apache Traffic Server as a plain forward proxy in a run root of its own."""
    root = folder / "ats"
    config = root / "etc"
    shutil.copytree("/etc/trafficserver", config)
    own = {
        "sysconfdir": "etc",
        "datadir": "data",
        "localstatedir": "var",
        "runtimedir": "run",
        "logdir": "log",
        "cachedir": "cache",
    }
    for place in own.values():
        (root / place).mkdir(exist_ok=True)
    system = {
        "bindir": "/usr/bin",
        "sbindir": "/usr/sbin",
        "includedir": "/usr/include",
        "libdir": "/usr/lib/trafficserver",
        "libexecdir": "/usr/lib/trafficserver/modules",
    }
    layout = {"prefix": root, "exec_prefix": root, **{key: root / place for key, place in own.items()}, **system}
    (root / "runroot.yaml").write_text("".join(f"{key}: {place}\n" for key, place in layout.items()))
    settings = {
        "proxy.config.exec_thread.autoconfig": "INT 0", "proxy.config.exec_thread.limit": "INT 1",
        "proxy.config.http.server_ports": f"STRING {port}", "proxy.config.http.cache.http": "INT 0",
        "proxy.config.url_remap.remap_required": "INT 0", "proxy.config.hostdb.host_file.path": f"STRING {folder}/hosts",
        "proxy.config.log.logging_enabled": "INT 0", "proxy.config.admin.user_id": "STRING nobody",
    }  # fmt: skip
    records = config / "records.config"
    lines = [line for line in records.read_text().splitlines() if not any(f"CONFIG {key} " in line for key in settings)]
    records.write_text("\n".join([*lines, *(f"CONFIG {key} {value}" for key, value in settings.items())]) + "\n")
    subprocess.run(["chown", "-R", "nobody:", str(root)], check=True)
    return Peer(name, port, ("traffic_server", f"--run-root={root}/runroot.yaml"))
