"""Lists and policy into the current snapshot, for whoever asks: the command, the gateway's start, the schedule."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from leeward.config import Config
from leeward.identity.subjects import check_clients
from leeward.policy import file as policy_file
from leeward.policy.compile import PolicyError, Shelf, write, write_with_names_of
from leeward.policy.model import Policy
from leeward.sources.gather import Gathered, ListReport, fingerprint, gather
from leeward.sources.reader import SourceError
from leeward.upkeep.progress import Reporter


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


class Refused(msgspec.Struct):
    """Lists that can't be compiled: their fingerprint, and why."""

    lists: str
    why: str


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


def lists_folder(config: Config) -> Path:
    """Where fetched lists and the word of their progress lie."""
    return config.state_path / "lists"


def compile_snapshot(
    config: Config, *, publish: bool = True, force: bool = False, show: Callable[[str, int], None] | None = None
) -> Compiled:
    """Compile and publish. Nothing is built if neither the lists nor the policy have changed.

    Raises PolicyError, BadSnapshot, or SourceError for a list that lost all that it held; what was current stays so.
    """
    began = time.monotonic()
    policy = policy_of(config)
    shelf = Shelf(config.state_path / "snapshots")
    lists = fingerprint(config)
    if not force and (found := _compiled_before(shelf, policy, lists)) is not None:
        found.seconds = round(time.monotonic() - began, 2)
        return found
    try:
        path, gathered = _built(config, policy, shelf, show)
    except SourceError as error:
        _refused_path(config).write_bytes(msgspec.json.encode(Refused(lists, str(error))))
        raise
    if publish:
        with shelf.lock():
            newest = policy_of(config)
            if newest != policy:  # the console published while the lists were read: its rules hold
                path, policy = write_with_names_of(path, newest, shelf.folder), newest
            shelf.publish(path)
    done = _told(path.stem, policy, gathered)
    done.published = publish
    done.seconds = round(time.monotonic() - began, 2)
    if publish:
        _mark_path(shelf).write_bytes(msgspec.json.encode({"policy": _text(policy), "lists": lists, "done": done}))
    return done


def _built(
    config: Config, policy: Policy, shelf: Shelf, show: Callable[[str, int], None] | None
) -> tuple[Path, Gathered]:
    reporter = Reporter(lists_folder(config))

    def tell(file: str, lines: int) -> None:
        reporter.tell("reading", file, lines)
        if show:
            show(file, lines)

    try:
        gathered = gather(config, progress=tell)
        if lost := _lost(gathered, last_compiled(config)):
            raise SourceError("\n".join(lost))
        reporter.tell("writing")
        return write(policy, gathered.index, gathered.lists, shelf.folder), gathered
    finally:
        reporter.tell("")


def _lost(gathered: Gathered, before: Compiled | None) -> list[str]:
    """Lists that held something and now hold nothing: what they close must not open because a file is missing."""
    had = {row["name"]: row["entries"] for row in before.lists} if before else {}
    return [
        f"list {report.name}: it held {had[report.name]:,} entries and now holds none"
        f" ({report.failure or _skipped(report) or 'it is empty'}). The snapshot that holds stays in force."
        " Mend the list, or take it out of leeward.toml."
        for report in gathered.reports
        if had.get(report.name) and not report.entries
    ]


def _skipped(report: ListReport) -> str:
    return "; ".join(f"{file.file}: {file.skipped}" for file in report.files if file.skipped)


def _told(snapshot: str, policy: Policy, gathered: Gathered) -> Compiled:
    index = gathered.index
    return Compiled(
        snapshot=snapshot, names=len(index.names), urls=len(index.urls), networks=len(index.nets),
        rules=len(policy.rules), seconds=0.0, reused=False, published=False,
        lists=[
            {"name": r.name, "entries": r.entries, "junk": r.junk,
             "failure": r.failure or ("" if r.entries else _skipped(r)),
             "files": [msgspec.to_builtins(f) for f in r.files]}
            for r in gathered.reports
        ],
    )  # fmt: skip


def last_compiled(config: Config) -> Compiled | None:
    """What the last compiling of the lists said, list by list; None if there was none."""
    marked = _marked(Shelf(config.state_path / "snapshots"))
    return marked[1] if marked else None


def is_changed(config: Config) -> bool:
    """Whether the lists are others than those that were compiled, or refused, last."""
    lists = fingerprint(config)
    marked = _marked(Shelf(config.state_path / "snapshots"))
    refused = _refused(config)
    return (marked is None or marked[0].get("lists") != lists) and (refused is None or refused.lists != lists)


def refusal(config: Config) -> str:
    """Why the lists as they are now were not compiled; empty if they were, or were not tried yet."""
    refused = _refused(config)
    return refused.why if refused is not None and refused.lists == fingerprint(config) else ""


def _refused_path(config: Config) -> Path:
    return lists_folder(config) / "refused.json"


def _refused(config: Config) -> Refused | None:
    try:
        return msgspec.json.decode(_refused_path(config).read_bytes(), type=Refused)
    except (OSError, msgspec.MsgspecError):
        return None


def _mark_path(shelf: Shelf) -> Path:
    return shelf.folder / "compiled.json"


def _text(policy: Policy) -> str:
    return msgspec.json.encode(policy).decode()


def _marked(shelf: Shelf) -> tuple[dict[str, Any], Compiled] | None:
    try:
        known = msgspec.json.decode(_mark_path(shelf).read_bytes(), type=dict[str, Any])
        return known, msgspec.convert(known.pop("done"), Compiled)
    except (OSError, KeyError, msgspec.MsgspecError):
        return None


def _compiled_before(shelf: Shelf, policy: Policy, lists: str) -> Compiled | None:
    marked = _marked(shelf)
    current = shelf.current()
    if marked is None or current is None or not current.exists():
        return None
    known, done = marked
    if known != {"policy": _text(policy), "lists": lists} or current.stem != done.snapshot:
        return None
    done.reused = True
    return done
