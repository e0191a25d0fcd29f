"""Policy and lists -> a snapshot file; the shelf that keeps the last ten and says which one is current."""

import contextlib
import fcntl
import ipaddress
import os
import shutil
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import lmdb
import msgspec

from leeward.policy import taxonomy
from leeward.policy.hosts import BadHost, normalise
from leeward.policy.match import network_of
from leeward.policy.model import TIERS, Policy, Rule
from leeward.policy.paths import pattern_path
from leeward.policy.snapshot import FORMAT, SUFFIX, BadSnapshot, Info, ListInfo, Snapshot, digest, net_key

KEEP = 10


class PolicyError(Exception):
    """The policy contradicts itself; each line of the message is one fault."""


class Entry(NamedTuple):
    """One listed name, page or network with its category and list. `kind` is name, url or net."""

    kind: str
    value: str
    category: str
    source: str


class Index:
    """Gathers entries; equal sets of labels are stored once."""

    def __init__(self) -> None:
        self.labels: dict[tuple[str, str], int] = {}
        self.sets: dict[tuple[int, ...], int] = {(): 0}
        self._order: list[tuple[int, ...]] = [()]
        self._joined: dict[tuple[int, int], int] = {}
        self.names: dict[str, int] = {}
        self.urls: dict[str, int] = {}
        self.nets: dict[bytes, int] = {}
        self.prefixes: set[tuple[int, int]] = set()

    def label(self, category: str, source: str) -> int:
        """The number of a label."""
        return self.labels.setdefault((category, source), len(self.labels))

    def add_names(self, names: Iterable[str], category: str, source: str) -> int:
        """Add many names with one label. Returns how many there were."""
        label, table, join = self.label(category, source), self.names, self._join
        count = 0
        for name in names:
            table[name] = join(table.get(name, 0), label)
            count += 1
        return count

    def add(self, entry: Entry) -> None:
        """Add one entry of any kind."""
        label = self.label(entry.category, entry.source)
        if entry.kind == "name":
            self.names[entry.value] = self._join(self.names.get(entry.value, 0), label)
        elif entry.kind == "url":
            self.urls[entry.value] = self._join(self.urls.get(entry.value, 0), label)
            host = entry.value.partition("/")[0]
            self.names[host] = self._join(self.names.get(host, 0), self.label("urls:", ""))
        else:
            network = ipaddress.ip_network(entry.value)
            self.prefixes.add((network.version, network.prefixlen))
            key = net_key(network)
            self.nets[key] = self._join(self.nets.get(key, 0), label)

    def _join(self, old: int, label: int) -> int:
        key = (old, label)
        joined = self._joined.get(key)
        if joined is None:
            ids = tuple(sorted({*self._order[old], label}))
            joined = self.sets.setdefault(ids, len(self._order))
            if joined == len(self._order):
                self._order.append(ids)
            self._joined[key] = joined
        return joined

    def sets_in_order(self) -> list[tuple[int, ...]]:
        """The label sets by number."""
        return self._order


def check(policy: Policy) -> Policy:
    """The policy with its rules in order of authority. Raises PolicyError with every fault."""
    faults = [
        *_profile_faults(policy),
        *(fault for rule in policy.rules for fault in _rule_faults(rule, policy)),
    ]
    ids = [rule.id for rule in policy.rules]
    faults += [f"Two rules are named {name!r}." for name in sorted({n for n in ids if ids.count(n) > 1})]
    if faults:
        raise PolicyError("\n".join(faults))
    ordered = sorted(policy.rules, key=lambda rule: TIERS.index(rule.tier))
    return msgspec.structs.replace(policy, rules=tuple(_normalised(rule) for rule in ordered))


def _profile_faults(policy: Policy) -> list[str]:
    names = [profile.name for profile in policy.profiles]
    faults = [f"Two profiles are named {name!r}." for name in sorted({n for n in names if names.count(n) > 1})]
    for what, name in (
        ("default_profile", policy.default_profile),
        ("strictest_profile", policy.strictest_profile),
    ):
        if name not in names:
            faults.append(f"{what} is {name!r}, but there is no such profile.")
    return faults


def _rule_faults(rule: Rule, policy: Policy) -> list[str]:
    faults = []
    known = taxonomy.categories()
    for category in rule.categories:
        if ":" not in category and category not in known:
            faults.append(f"Rule {rule.id!r}: there is no category {category!r}.")
        elif category in taxonomy.sealed() and rule.action != "block":
            faults.append(f"Rule {rule.id!r}: {category!r} is sealed; no rule may open it.")
    names = {profile.name for profile in policy.profiles}
    faults += [f"Rule {rule.id!r}: there is no profile {name!r}." for name in rule.profiles if name not in names]
    for host in rule.hosts:
        try:
            _host_pattern(host)
        except BadHost as error:
            faults.append(f"Rule {rule.id!r}: {error}.")
    if (rule.themes or rule.severity is not None) and rule.action not in ("allow", "block"):
        faults.append(f"Rule {rule.id!r} is about what a text says: it can allow or block, nothing else.")
    if rule.action is None and rule.inspect is None and rule.safe_search is None and rule.log_level is None:
        faults.append(f"Rule {rule.id!r} does nothing: give it an action or a modifier.")
    return faults


def _host_pattern(text: str) -> str:
    if text == "*" or network_of(text) is not None:
        return text
    mark = "=" if text.startswith("=") else ""
    host, slash, path = text.removeprefix("=").removeprefix("*.").removeprefix(".").partition("/")
    return mark + normalise(host.lower()).name + (pattern_path(slash + path) if slash else "")


def _normalised(rule: Rule) -> Rule:
    return msgspec.structs.replace(rule, hosts=tuple(_host_pattern(host) for host in rule.hosts))


def write(
    policy: Policy, index: Index, lists: Iterable[ListInfo], folder: Path, *, created: float | None = None
) -> Path:
    """Write a snapshot into a folder. Returns its path, named by its hash. Raises PolicyError."""
    policy = check(policy)
    folder.mkdir(parents=True, exist_ok=True)
    info = Info(
        format=FORMAT, created=time.time() if created is None else created, names=len(index.names),
        urls=len(index.urls), networks=len(index.nets), lists=tuple(lists),
    )  # fmt: skip
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
        raw, packed = Path(scratch) / "raw", Path(scratch) / "packed"
        _fill(raw, policy, index, info)
        with lmdb.open(str(raw), subdir=False, readonly=True, lock=False, max_dbs=4) as env:
            env.copy(str(packed), compact=True)
        return _place(packed, folder)


def write_with_names_of(base: Path, policy: Policy, folder: Path) -> Path:
    """A snapshot with another policy and the names of one that is there: a change of rules takes no minute.

    Raises PolicyError or BadSnapshot.
    """
    policy = check(policy)
    with Snapshot(base) as opened:
        info = msgspec.structs.replace(opened.info, created=time.time())
    with tempfile.TemporaryDirectory(dir=folder, prefix=".building-") as scratch:
        raw, packed = Path(scratch) / "raw", Path(scratch) / "packed"
        shutil.copyfile(base, raw)
        size = raw.stat().st_size + 16 * 1024 * 1024
        with lmdb.open(str(raw), subdir=False, map_size=size, max_dbs=4, sync=False, lock=False) as env:
            meta = env.open_db(b"meta")
            with env.begin(write=True, db=meta) as txn:
                txn.put(b"policy", msgspec.json.encode(policy))
                txn.put(b"info", msgspec.json.encode(info))
            env.copy(str(packed), compact=True)
        return _place(packed, folder)


def _place(packed: Path, folder: Path) -> Path:
    packed.chmod(0o444)
    with packed.open("rb") as handle:
        os.fsync(handle.fileno())
    target = folder / (digest(packed) + SUFFIX)
    packed.rename(target)
    return target


def _fill(path: Path, policy: Policy, index: Index, info: Info) -> None:
    size = 64 * 1024 * 1024 + 220 * (len(index.names) + len(index.urls) + len(index.nets)) + 64 * len(policy.rules) ** 2
    encode = msgspec.json.encode
    with lmdb.open(str(path), subdir=False, map_size=size, max_dbs=4, sync=False, lock=False) as env:
        meta = env.open_db(b"meta")
        with env.begin(write=True) as txn:
            for key, value in (
                (b"info", info),
                (b"policy", policy),
                (b"labels", list(index.labels)),
                (b"sets", index.sets_in_order()),
                (b"prefixes", sorted(index.prefixes, reverse=True)),
            ):
                txn.put(key, encode(value), db=meta)
        width = 4
        for name, table in ((b"names", index.names), (b"urls", index.urls)):
            rows = sorted((key.encode(), value) for key, value in table.items())
            _load(env, name, ((key, value.to_bytes(width)) for key, value in rows))
        _load(env, b"nets", ((key, value.to_bytes(width)) for key, value in sorted(index.nets.items())))


def _load(env: lmdb.Environment, name: bytes, rows: Iterable[tuple[bytes, bytes]]) -> None:
    database = env.open_db(name)
    with env.begin(write=True, db=database) as txn:
        txn.cursor().putmulti(rows, append=True)


class Shelf:
    """The folder of snapshots: publish, roll back, keep ten. `current` is a symlink, swapped by rename."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.current_link = folder / "current"

    @contextlib.contextmanager
    def lock(self) -> Iterator[None]:
        """Held while rules are read and published, so that two who publish never undo each other's rules."""
        with (self.folder / ".lock").open("w") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield

    def current(self) -> Path | None:
        """The current snapshot's path."""
        try:
            return self.folder / self.current_link.readlink().name
        except OSError:
            return None

    def publish(self, path: Path) -> None:
        """Make a snapshot current, after reading it whole. Raises BadSnapshot and leaves all as it was."""
        with Snapshot(path) as opened:
            if not opened.policy.profiles:
                raise BadSnapshot(f"{path.name} has no profile")
        scratch = self.folder / f".current-{os.getpid()}-{time.monotonic_ns()}"
        scratch.symlink_to(path.name)
        scratch.rename(self.current_link)
        with contextlib.suppress(OSError):
            os.utime(path)
        self._prune()

    def rollback(self) -> Path:
        """Make the snapshot before the current one current. Raises BadSnapshot if there is none."""
        now = self.current()
        rest = [path for path in self.snapshots() if path != now]
        if not rest:
            raise BadSnapshot("there is no earlier snapshot to go back to")
        self.publish(rest[0])
        return rest[0]

    def snapshots(self) -> list[Path]:
        """Snapshots, the one that was current last first."""
        found = [path for path in self.folder.glob(f"*{SUFFIX}") if path.is_file()]
        return sorted(found, key=lambda path: path.stat().st_mtime_ns, reverse=True)

    def _prune(self) -> None:
        now = self.current()
        for path in self.snapshots()[KEEP:]:
            if path != now:
                path.unlink(missing_ok=True)


def load_current(shelf: Shelf) -> Snapshot:
    """Open the current snapshot. Raises BadSnapshot."""
    path = shelf.current()
    if path is None:
        raise BadSnapshot("no snapshot has been published yet: run `leeward compile`")
    return Snapshot(path)
