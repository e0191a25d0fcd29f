"""Shared by all tests: nothing leaves this machine; small policies; a running gateway for those that need one."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from leeward.policy.compile import Entry, Index, Shelf, write
from leeward.policy.model import Policy, Profile, Rule
from leeward.policy.snapshot import Snapshot
from tests.gates.web.running import RunningGateway, start_gateway

# A machine that is slow for a moment is no fault of the code.
hypothesis.settings.register_profile("untimed", deadline=None)
hypothesis.settings.load_profile("untimed")
_connect = socket.socket.connect


def _loopback_only(self: socket.socket, address: Any) -> None:
    if isinstance(address, tuple):
        host = str(address[0]).partition("%")[0]
        if not ipaddress.ip_address(host if host != "localhost" else "127.0.0.1").is_loopback:
            raise AssertionError(f"a test tried to reach {address}")
    _connect(self, address)


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests reach loopback only."""
    monkeypatch.setattr(socket.socket, "connect", _loopback_only)


PUPIL = Profile(name="pupil")
STAFF = Profile(name="staff", audience="adult")
STRICT = Profile(name="strict", action="block", audience="child")
LISTED = (
    Entry("name", "games.test", "games", "made"),
    Entry("name", "adult.test", "pornography", "made"),
    Entry("name", "bank.test", "banking", "made"),
    Entry("name", "probe.test", "probe", "sealed-made"),
    Entry("url", "mixed.test/bad", "violence", "made"),
    Entry("net", "198.51.100.0/24", "bypass", "made"),
)


class SnapshotMaker:
    """Builds snapshots in a folder of the test."""

    def __init__(self, folder: Path) -> None:
        self.shelf = Shelf(folder / "snapshots")
        self._opened: list[Snapshot] = []

    def path(self, *rules: Rule, entries: tuple[Entry, ...] = LISTED, profiles: tuple[Profile, ...] = ()) -> Path:
        """A snapshot file with these rules."""
        index = Index()
        for entry in entries:
            index.add(entry)
        policy = Policy(
            profiles=profiles or (PUPIL, STAFF, STRICT),
            rules=rules,
            default_profile="pupil",
            strictest_profile="strict",
        )
        return write(policy, index, [], self.shelf.folder, created=0.0)

    def __call__(
        self, *rules: Rule, entries: tuple[Entry, ...] = LISTED, profiles: tuple[Profile, ...] = ()
    ) -> Snapshot:
        """An open snapshot with these rules."""
        opened = Snapshot(self.path(*rules, entries=entries, profiles=profiles))
        self._opened.append(opened)
        return opened

    def close(self) -> None:
        """Close what was opened."""
        for opened in self._opened:
            opened.close()


@pytest.fixture
def make_snapshot(tmp_path: Path) -> Iterator[SnapshotMaker]:
    """Builds snapshots."""
    maker = SnapshotMaker(tmp_path)
    yield maker
    maker.close()


@pytest.fixture(scope="session")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningGateway]:
    """A real gateway with a real origin server, shared by the tests of a session."""
    with start_gateway(tmp_path_factory.mktemp("gateway")) as running:
        yield running
