"""The snapshot: one immutable file with the policy and every listed name, named by the hash of its bytes."""

import hashlib
import ipaddress
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import lmdb
import msgspec

from leeward.policy.hosts import Host, parents
from leeward.policy.match import network_of
from leeward.policy.model import Policy, Profile, Rule
from leeward.policy.paths import readings, under

SUFFIX = ".lmdb"
FORMAT = 1
_CACHE = 200_000  # hosts remembered; a school of 1,500 meets some 100,000 a week
_PLANS = 50_000


class BadSnapshot(Exception):
    """The file is not a snapshot, is damaged, or isn't what its name says."""


class ListInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one list in a snapshot."""

    name: str
    version: str
    names: int
    tier: str = "school"
    junk: int = 0


class Info(msgspec.Struct, frozen=True, kw_only=True):
    """What a snapshot says of itself."""

    format: int
    created: float
    names: int
    urls: int
    networks: int
    lists: tuple[ListInfo, ...] = ()


class Label(NamedTuple):
    """Why a name is listed: its category and the list that says so."""

    category: str
    source: str


class Hit(NamedTuple):
    """What the lists and the rules' own host patterns say of a host.

    `labels` holds categories, list:NAME and rule:ID. `urls` says that some of its pages are listed one by one.
    """

    labels: frozenset[str]
    urls: bool


_URLS = "urls:"
_NOTHING = Hit(frozenset(), False)
_ADDRESS = frozenset(("ip-address",))  # the category of every address that is asked for instead of a name


class Snapshot:
    """An open snapshot. Pure reads; the only state is a bounded memory of answers."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name.removesuffix(SUFFIX)
        # Always: LMDB maps the file into memory, and a truncated one would end the process with a bus error.
        if digest(path) != self.name:
            raise BadSnapshot(f"{path.name} has been changed: its content doesn't have the hash in its name")
        try:
            self._open(path)
        except (lmdb.Error, msgspec.MsgspecError, KeyError, TypeError) as error:
            raise BadSnapshot(f"{path.name} can't be read: {error}") from error
        self._hits: dict[str, Hit] = {}
        self._interned: dict[frozenset[str], frozenset[str]] = {}
        self.plans: dict[tuple[frozenset[str], frozenset[str]], Any] = {}

    def _open(self, path: Path) -> None:
        self._env = lmdb.open(str(path), subdir=False, readonly=True, lock=False, readahead=False, max_dbs=4)
        self._txn = self._env.begin(buffers=False)
        open_db = self._env.open_db
        self._names = self._txn.cursor(open_db(b"names", self._txn, create=False))
        self._urls = self._txn.cursor(open_db(b"urls", self._txn, create=False))
        self._nets = self._txn.cursor(open_db(b"nets", self._txn, create=False))
        meta = open_db(b"meta", self._txn, create=False)

        def part[T](key: bytes, kind: type[T]) -> T:
            raw = self._txn.get(key, db=meta)
            if raw is None:
                raise KeyError(key.decode())
            return msgspec.json.decode(raw, type=kind)

        self.info = part(b"info", Info)
        if self.info.format != FORMAT:
            raise BadSnapshot(f"{path.name} has format {self.info.format}; this program reads {FORMAT}")
        self.policy = part(b"policy", Policy)
        self.labels = [Label(*row) for row in part(b"labels", list[tuple[str, str]])]
        self._sets = [self._expand(ids) for ids in part(b"sets", list[list[int]])]
        self._prefixes = [(v, length) for v, length in part(b"prefixes", list[tuple[int, int]])]
        self._index_policy()

    def _expand(self, ids: list[int]) -> frozenset[str]:
        chosen = [self.labels[i] for i in ids]
        return frozenset(label.category for label in chosen) | frozenset(f"list:{x.source}" for x in chosen if x.source)

    def _index_policy(self) -> None:
        self.profiles: dict[str, Profile] = {profile.name: profile for profile in self.policy.profiles}
        self.exact: dict[str, set[str]] = {}
        self.below: dict[str, set[str]] = {}
        self.networks: list[tuple[Any, str]] = []
        for rule in self.policy.rules:
            for pattern in rule.hosts:
                self._index_pattern(rule, pattern)

    def _index_pattern(self, rule: Rule, pattern: str) -> None:
        if network := network_of(pattern):
            self.networks.append((network, f"rule:{rule.id}"))
        elif pattern == "*" or "/" in pattern:
            return  # "*" is settled in the plan, paths when the request is seen
        elif pattern.startswith("="):
            self.exact.setdefault(pattern[1:], set()).add(f"rule:{rule.id}")
        else:
            self.below.setdefault(pattern.removeprefix("*.").removeprefix("."), set()).add(f"rule:{rule.id}")

    def lookup(self, host: Host) -> Hit:
        """What is known of a host; remembered."""
        hit = self._hits.get(host.name)
        if hit is None:
            if len(self._hits) >= _CACHE:
                self._hits.clear()
            hit = self._hits[host.name] = self._find(host)
        return hit

    def _find(self, host: Host) -> Hit:
        name = host.name
        found: list[frozenset[str] | set[str]] = []
        if self.exact and name in self.exact:
            found.append(self.exact[name])
        get, sets, below = self._names.get, self._sets, self.below
        for parent in parents(name) if host.address is None else (name,):
            if raw := get(parent.encode()):
                found.append(sets[int.from_bytes(raw)])
            if parent in below:
                found.append(below[parent])
        if host.address is not None:
            found.append(_ADDRESS)
            found.extend(self._networks_of(host))
        if not found:
            return _NOTHING
        labels = frozenset().union(*found)
        urls = _URLS in labels
        return Hit(self.intern(labels - {_URLS} if urls else labels), urls)

    def _networks_of(self, host: Host) -> Iterator[frozenset[str]]:
        address = host.address
        if address is None:
            return
        for network, label in self.networks:
            if address.version == network.version and address in network:
                yield frozenset((label,))
        for version, length in self._prefixes:
            if version == address.version:
                raw = self._nets.get(net_key(ipaddress.ip_network((address, length), strict=False)))
                if raw:
                    yield self._sets[int.from_bytes(raw)]

    def intern(self, labels: frozenset[str]) -> frozenset[str]:
        """One object for equal sets, so that plans are found fast."""
        if len(self._interned) > _PLANS:
            self._interned.clear()
        return self._interned.setdefault(labels, labels)

    def lookup_url(self, host: Host, path: str) -> frozenset[str]:
        """Labels of listed pages that hold this path: a listed page covers what lies below it."""
        forms = readings(path)
        found: frozenset[str] = frozenset()
        name = host.name
        while True:
            for key, value in self._pages_of(name):
                if any(under(form, key) for form in forms):
                    found |= self._sets[value]
            cut = name.find(".") + 1
            if not cut or host.address is not None:
                return self.intern(found) if found else found
            name = name[cut:]

    def _pages_of(self, name: str) -> Iterator[tuple[str, int]]:
        prefix = name.encode() + b"/"
        if not self._urls.set_range(prefix):
            return
        for key, value in self._urls.iternext():
            if not key.startswith(prefix):
                return
            yield key[len(prefix) - 1 :].decode(), int.from_bytes(value)

    def names_of(self, host: Host) -> dict[str, list[str]]:
        """For explaining: which listed name carries which labels."""
        out: dict[str, list[str]] = {}
        name = host.name
        while True:
            if raw := self._names.get(name.encode()):
                out[name] = sorted(self._sets[int.from_bytes(raw)] - {_URLS})
            cut = name.find(".") + 1
            if not cut or host.address is not None:
                return out
            name = name[cut:]

    def close(self) -> None:
        """Let the file go."""
        self._txn.abort()
        self._env.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def net_key(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> bytes:
    """The key of a network: version, length, first address."""
    return bytes((network.version, network.prefixlen)) + network.network_address.packed


def digest(path: Path) -> str:
    """The SHA-256 of a file, hex."""
    try:
        with path.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except OSError as error:
        raise BadSnapshot(f"{path.name} can't be read: {error}") from error
