"""leeward status and leeward check: is all well?"""

import datetime as dt
from typing import Annotated
from zoneinfo import available_timezones

import typer
from argon2 import PasswordHasher

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.config import Config, ConfigError
from leeward.events.kinds import KINDS
from leeward.gates.web.certs import Authority, CertificateError
from leeward.gates.web.doors import split_address
from leeward.gates.web.gate import ca_folder
from leeward.gates.web.resolver import Destinations, read_hosts
from leeward.gates.web.revocation import Revocations, stale
from leeward.identity.subjects import AddressBook
from leeward.policy import taxonomy
from leeward.policy.compile import PolicyError, check
from leeward.sources.gather import is_url, local_path
from leeward.upkeep.compiling import policy_of
from leeward.upkeep.health import status_of


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
        lambda: Revocations([config.path(path) for path in config.gateway.crls]),
        lambda: Authority(ca_folder(config)) if (ca_folder(config) / "ca.pem").exists() else None,
    ):
        try:
            probe()
        except (ConfigError, PolicyError, CertificateError) as error:
            faults.append(str(error))
    faults += _address_faults(config) + _setting_faults(config)
    for item in config.lists:
        if not is_url(item.source) and not local_path(item, config).exists():
            faults.append(f"list {item.name}: {item.source} is not there")
        if item.category and item.category not in taxonomy.categories():
            faults.append(f"list {item.name}: there is no category {item.category!r}; see `leeward lists categories`")
    return faults


def _address_faults(config: Config) -> list[str]:
    faults = []
    gateway = config.gateway
    for where, address in (
        *(("gateway.listen", text) for text in gateway.listen),
        *(("gateway.transparent", text) for text in gateway.transparent),
        ("gateway.admin", gateway.admin or "x:1"),
        ("console.listen", config.console.listen),
    ):
        try:
            split_address(address)
        except ConfigError as error:
            faults.append(f"{where}: {error}")
    return faults


def _setting_faults(config: Config) -> list[str]:
    faults = []
    gateway, console = config.gateway, config.console
    if config.timezone not in available_timezones():
        faults.append(f"timezone: {config.timezone!r} is no time zone; write for example Europe/London")
    files = [("gateway.trust", text) for text in gateway.trust]
    files += [("gateway.packs", text) for text in gateway.packs]
    faults += [f"{where}: {text} is not there" for where, text in files if not config.path(text).is_file()]
    if gateway.unknown_clients == "sign-in" and not gateway.sign_in_url:
        faults.append("gateway.unknown_clients is sign-in, but gateway.sign_in_url is empty")
    if console.database and not console.database.startswith(("postgres://", "postgresql://")):
        faults.append("console.database: only postgresql:// addresses are known; empty means SQLite")
    for kind, days in config.store.retention_days.items():
        if kind not in KINDS or days < 1:
            faults.append(f"store.retention_days: {kind} = {days}: give an event kind and at least one day")
    return faults


def _past_their_day(config: Config) -> list[str]:
    """Revocation lists that are old still revoke: they are told, and keep nothing from starting."""
    now = dt.datetime.now(dt.UTC)
    try:
        old = [text for text in config.gateway.crls if stale(config.path(text), now=now)]
    except CertificateError:
        return []  # told by check_config
    return [f"gateway.crls: {text} is past its day: fetch a newer revocation list" for text in old]


def _without_rules(config: Config) -> list[str]:
    """Lists whose category no rule names: they say what a site is about, and nothing happens with it."""
    try:
        named = {category for rule in policy_of(config).rules for category in rule.categories}
    except PolicyError:
        return []  # told by check_config
    return [
        f"list {item.name}: no rule names its category {item.category!r}, so it neither opens nor closes anything"
        for item in config.lists
        if item.category and item.category not in named | taxonomy.sealed() | taxonomy.private()
    ]


def check_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    make_hash: Annotated[
        bool, typer.Option("--hash", help="Ask for a password and print its hash for the users of leeward.toml.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Check configuration, policy and lists without starting anything."""
    if make_hash:
        say(PasswordHasher().hash(typer.prompt("Password", hide_input=True, confirmation_prompt=True)))
        return
    with clear_errors():
        settings = load_config(config)
        faults = check_config(settings)
        notes = [*_past_their_day(settings), *_without_rules(settings)]
    if as_json:
        say_json({"ok": not faults, "faults": faults, "notes": notes})
    else:
        told = [f"fault: {fault}" for fault in faults] + [f"note: {note}" for note in notes]
        say("\n".join(told if faults else [*told, "all is well"]))
    if faults:
        raise typer.Exit(1)
