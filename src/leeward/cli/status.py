"""leeward status and leeward check: is all well?"""

import json
import os
import time
import urllib.error
import urllib.request
from typing import Annotated, Any

import typer
from argon2 import PasswordHasher

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.cli.compile import policy_of
from leeward.config import Config, ConfigError
from leeward.gates.web.certs import Authority, CertificateError
from leeward.gates.web.gate import ca_folder
from leeward.gates.web.resolver import Destinations, read_hosts
from leeward.identity.subjects import AddressBook
from leeward.policy.compile import PolicyError, Shelf, check, load_current
from leeward.policy.snapshot import BadSnapshot
from leeward.sources import fetch
from leeward.sources.gather import is_url, local_path
from leeward.store.catalog import Catalog

_LOW_DISK = 500 * 1024 * 1024


def gateway_health(config: Config) -> dict[str, Any]:
    """What the gateway says of itself."""
    try:
        with urllib.request.urlopen(f"http://{config.gateway.admin}/health", timeout=3) as response:
            return dict(json.load(response))
    except urllib.error.HTTPError as error:
        with error:
            return dict(json.load(error))
    except (OSError, ValueError):
        return {"ok": False, "faults": ["the gateway does not answer"]}


def status_of(config: Config) -> dict[str, Any]:
    """Everything that somebody who is responsible would ask."""
    faults: list[str] = []
    gateway = gateway_health(config)
    faults += gateway.get("faults", [])
    snapshot: dict[str, Any] = {}
    try:
        with load_current(Shelf(config.state_path / "snapshots")) as current:
            snapshot = {"name": current.name, "names": current.info.names, "created": current.info.created}
    except BadSnapshot as error:
        faults.append(str(error))
    spool = config.state_path / "spool" / "sealed"
    waiting = [path.stat() for path in spool.glob("*.jsonl")] if spool.exists() else []
    if waiting and time.time() - min(item.st_mtime for item in waiting) > 300:
        faults.append("events wait in the spool for more than five minutes: is ingest running?")
    catalog = Catalog(config.state_path / "store")
    totals = catalog.totals()
    catalog.close()
    disk = os.statvfs(config.state_path)
    free = disk.f_bavail * disk.f_frsize
    if free < _LOW_DISK:
        faults.append(f"only {free // 2**20} MB are left on the disk")
    lists = {
        item.name: fetch.state(item, config.state_path / "lists").failure
        for item in config.lists
        if is_url(item.source)
    }
    faults += [f"list {name}: {failure}" for name, failure in lists.items() if failure]
    return {
        "ok": not faults, "faults": faults, "gateway": gateway, "snapshot": snapshot, "events": totals,
        "waiting_segments": len(waiting), "free_bytes": free,
    }  # fmt: skip


def status_command(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Say whether all is well; exit 1 if it isn't."""
    with clear_errors():
        settings = load_config(config)
        settings.state_path.mkdir(parents=True, exist_ok=True)
        told = status_of(settings)
    if as_json:
        say_json(told)
    else:
        say("all is well" if told["ok"] else "\n".join(f"fault: {fault}" for fault in told["faults"]))
        if told["snapshot"]:
            say(f"snapshot {told['snapshot']['name'][:12]}: {told['snapshot']['names']:,} names")
        for kind, row in told["events"].items():
            say(f"{kind}: {row['rows']:,} events, {row['bytes'] / 2**20:.1f} MB")
    if not told["ok"]:
        raise typer.Exit(1)


def check_config(config: Config) -> list[str]:
    """Faults that can be found without starting anything."""
    faults = []
    for probe in (
        lambda: check(policy_of(config)),
        lambda: AddressBook(config.clients),
        lambda: Destinations(config.gateway.allow_private),
        lambda: read_hosts(config.path(config.gateway.hosts)) if config.gateway.hosts else None,
        lambda: Authority(ca_folder(config)) if (ca_folder(config) / "ca.pem").exists() else None,
    ):
        try:
            probe()
        except (ConfigError, PolicyError, CertificateError) as error:
            faults.append(str(error))
    for item in config.lists:
        if not is_url(item.source) and not local_path(item, config).exists():
            faults.append(f"list {item.name}: {item.source} is not there")
    return faults


def check_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    make_hash: Annotated[
        bool, typer.Option("--hash", help="Ask for a password and print its hash for [[users]].")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check configuration, policy and lists without starting anything."""
    if make_hash:
        say(PasswordHasher().hash(typer.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return
    with clear_errors():
        faults = check_config(load_config(config))
    if as_json:
        say_json({"ok": not faults, "faults": faults})
    else:
        say("\n".join(f"fault: {fault}" for fault in faults) or "all is well")
    if faults:
        raise typer.Exit(1)
