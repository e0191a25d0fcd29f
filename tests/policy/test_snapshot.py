"""Look-ups in a snapshot."""

from leeward.policy.hosts import normalise
from leeward.policy.model import Rule
from tests.conftest import SnapshotMaker


def test_exact_patterns_do_not_cover_what_is_below(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot(Rule(id="r", hosts=("=one.test",), action="block"))
    assert snapshot.lookup(normalise("one.test")).labels == {"rule:r"}
    assert snapshot.lookup(normalise("www.one.test")).labels == frozenset()


def test_equal_labels_are_one_object(make_snapshot: SnapshotMaker) -> None:
    snapshot = make_snapshot()
    one, two = snapshot.lookup(normalise("a.games.test")), snapshot.lookup(normalise("b.games.test"))
    assert one.labels is two.labels


def test_a_host_with_listed_pages_is_marked(make_snapshot: SnapshotMaker) -> None:
    hit = make_snapshot().lookup(normalise("www.mixed.test"))
    assert hit.urls
    assert "violence" not in hit.labels


def test_names_of_a_host_say_who_lists_it(make_snapshot: SnapshotMaker) -> None:
    assert make_snapshot().names_of(normalise("x.games.test")) == {"games.test": ["games", "list:made"]}
