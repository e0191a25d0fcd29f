"""leeward compile: lists and policy -> a snapshot, published."""

import time
from typing import Any

import msgspec
import typer

from leeward.cli.common import DEFAULT_CONFIG, ConfigOption, JsonOption, clear_errors, load_config, say, say_json
from leeward.config import Config
from leeward.identity.subjects import check_clients
from leeward.policy import file as policy_file
from leeward.policy.compile import PolicyError, Shelf, write
from leeward.policy.model import Policy
from leeward.sources.gather import fingerprint, gather


class Compiled(msgspec.Struct, kw_only=True):
    """What came of compiling."""

    snapshot: str
    names: int
    urls: int
    networks: int
    rules: int
    seconds: float
    reused: bool
    published: bool
    lists: list[dict[str, Any]] = msgspec.field(default_factory=list)


def policy_of(config: Config) -> Policy:
    """The policy: of the file that the configuration names, or that the console published, or the starter's.

    Raises PolicyError.
    """
    published = config.state_path / "policy.json"
    if config.policy:
        policy = policy_file.load(config.path(config.policy))
    else:
        policy = policy_file.load_published(published) if published.exists() else policy_file.starter()
    if faults := check_clients(config, policy):
        raise PolicyError("\n".join(faults))
    return policy


def compile_snapshot(
    config: Config, policy: Policy, *, publish: bool = True, show: bool = False, force: bool = False
) -> Compiled:
    """Compile and publish. Nothing is built if neither the lists nor the policy have changed. Raises PolicyError."""
    began = time.monotonic()
    shelf = Shelf(config.state_path / "snapshots")
    mark_path = config.state_path / "snapshots" / "compiled.json"
    mark = {"policy": msgspec.json.encode(policy).decode(), "lists": fingerprint(config)}
    if not force and (found := _compiled_before(mark_path, mark, shelf)) is not None:
        found.seconds = round(time.monotonic() - began, 2)
        return found
    gathered = gather(config, progress=_progress if show else None)
    path = write(policy, gathered.index, gathered.lists, shelf.folder)
    if publish:
        shelf.publish(path)
    done = Compiled(
        snapshot=path.stem, names=len(gathered.index.names), urls=len(gathered.index.urls),
        networks=len(gathered.index.nets), rules=len(policy.rules), seconds=round(time.monotonic() - began, 2),
        reused=False, published=publish,
        lists=[
            {"name": r.name, "entries": r.entries, "junk": r.junk, "failure": r.failure,
             "files": [msgspec.to_builtins(f) for f in r.files]}
            for r in gathered.reports
        ],
    )  # fmt: skip
    if publish:
        mark_path.write_bytes(msgspec.json.encode({**mark, "done": done}))
    return done


def _compiled_before(mark_path: Any, mark: dict[str, str], shelf: Shelf) -> Compiled | None:
    try:
        known = msgspec.json.decode(mark_path.read_bytes(), type=dict[str, Any])
        done = msgspec.convert(known.pop("done"), Compiled)
    except (OSError, KeyError, msgspec.MsgspecError):
        return None
    current = shelf.current()
    if known != mark or current is None or current.stem != done.snapshot or not current.exists():
        return None
    done.reused = True
    return done


def _progress(file: str, lines: int) -> None:
    typer.echo(f"\r{file[-60:]:60} {lines:>10,} lines", nl=False, err=True)


def compile_command(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    as_json: JsonOption = False,
    no_publish: bool = typer.Option(False, "--no-publish", help="Build and check only."),
    force: bool = typer.Option(False, "--force", help="Build even if nothing has changed."),
) -> None:
    """Compile lists and policy into a snapshot and make it current."""
    with clear_errors():
        settings = load_config(config)
        done = compile_snapshot(settings, policy_of(settings), publish=not no_publish, show=not as_json, force=force)
    if as_json:
        say_json(done)
        return
    say(f"snapshot {done.snapshot[:12]}: {done.names:,} names, {done.urls:,} pages, {done.networks:,} networks, "
        f"{done.rules} rules in {done.seconds} s" + (" (unchanged)" if done.reused else ""))  # fmt: skip
    for item in done.lists:
        say(f"  {item['name']:24} {item['entries']:>10,} entries {item['junk']:>6,} junk  {item['failure']}")
