"""Compiling checks the policy; the shelf never takes a bad snapshot."""

from pathlib import Path

import pytest

from leeward.policy.compile import Entry, Index, PolicyError, Shelf, check, load_current, write
from leeward.policy.model import Policy, Profile, Rule
from leeward.policy.snapshot import BadSnapshot, Snapshot
from tests.conftest import SnapshotMaker

GOOD = Policy(profiles=(Profile(name="p"),), default_profile="p", strictest_profile="p")


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        (Rule(id="a", categories=("gamez",), action="block"), "no category 'gamez'"),
        (Rule(id="a", profiles=("x",), action="block"), "no profile 'x'"),
        (Rule(id="a", categories=("child-abuse",), action="allow"), "sealed"),
        (Rule(id="a", hosts=("exam ple",), action="block"), "not a host"),
        (Rule(id="a", hosts=("a.test",)), "does nothing"),
    ],
)
def test_a_faulty_rule_is_named(rule: Rule, fault: str) -> None:
    with pytest.raises(PolicyError, match=fault):
        check(Policy(profiles=GOOD.profiles, default_profile="p", strictest_profile="p", rules=(rule,)))


def test_a_policy_without_its_profiles_is_refused() -> None:
    with pytest.raises(PolicyError, match="default_profile"):
        check(Policy())


def test_equal_input_gives_an_equal_file(tmp_path: Path) -> None:
    def build(folder: str) -> str:
        index = Index()
        index.add(Entry("name", "a.test", "games", "x"))
        return write(GOOD, index, [], tmp_path / folder, created=1.0).name

    assert build("one") == build("two")


def test_many_lists_on_one_name_are_all_kept(tmp_path: Path) -> None:
    index = Index()
    index.add_names(["a.test", "b.test"], "games", "one")
    index.add_names(["a.test"], "social", "two")
    with Snapshot(write(GOOD, index, [], tmp_path)) as snapshot:
        from leeward.policy.hosts import normalise

        assert snapshot.lookup(normalise("a.test")).labels == {"games", "social", "list:one", "list:two"}
        assert snapshot.info.names == 2


def test_publish_and_roll_back(make_snapshot: SnapshotMaker) -> None:
    shelf = make_snapshot.shelf
    first, second = make_snapshot.path(Rule(id="a", action="block")), make_snapshot.path(Rule(id="b", action="block"))
    shelf.publish(first)
    shelf.publish(second)
    assert shelf.current() == second
    assert shelf.rollback() == first
    assert shelf.current() == first


def test_a_tampered_snapshot_never_becomes_current(make_snapshot: SnapshotMaker) -> None:
    shelf = make_snapshot.shelf
    good, bad = make_snapshot.path(), make_snapshot.path(Rule(id="a", action="block"))
    shelf.publish(good)
    bad.chmod(0o600)
    bad.write_bytes(bad.read_bytes().replace(b"block", b"allow"))
    with pytest.raises(BadSnapshot, match="changed"):
        shelf.publish(bad)
    assert shelf.current() == good


def test_a_truncated_file_is_refused(make_snapshot: SnapshotMaker) -> None:
    path = make_snapshot.path()
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:5000])
    with pytest.raises(BadSnapshot):
        Snapshot(path)


def test_the_last_ten_are_kept(make_snapshot: SnapshotMaker) -> None:
    for number in range(13):
        make_snapshot.shelf.publish(make_snapshot.path(Rule(id=f"r{number}", action="block")))
    assert len(make_snapshot.shelf.snapshots()) == 10


def test_without_any_snapshot_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(BadSnapshot, match="leeward compile"):
        load_current(Shelf(tmp_path))
