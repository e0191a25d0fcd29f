"""Compiling: once for each change, and never over rules that were published meanwhile."""

from pathlib import Path

import msgspec
import pytest

from leeward.config import Config, ListSource
from leeward.policy import file as policy_file
from leeward.policy.compile import Shelf, load_current
from leeward.policy.model import Rule
from leeward.sources.gather import Gathered, Progress, gather
from leeward.sources.reader import SourceError
from leeward.upkeep import compiling
from leeward.upkeep.compiling import compile_snapshot, is_changed, last_compiled, policy_of, refusal
from leeward.upkeep.health import faults


@pytest.fixture
def school(tmp_path: Path) -> Config:
    """One list."""
    (tmp_path / "games.txt").write_text("play.test\nnot a name\nplay2.test\nplay3.test\n")
    source = ListSource(name="mine", source="games.txt", category="games")
    return Config(folder=str(tmp_path), lists=(source,))


def test_lists_are_compiled_when_they_change_and_not_otherwise(school: Config) -> None:
    assert is_changed(school)
    assert last_compiled(school) is None
    first = compile_snapshot(school)
    assert not is_changed(school)
    assert compile_snapshot(school).reused
    Path(school.folder, "games.txt").write_text("play.test\nplay2.test\nplay3.test\nfun.test\n")
    assert is_changed(school)
    assert compile_snapshot(school).names == first.names + 1
    told = last_compiled(school)
    assert told is not None
    assert told.lists[-1]["junk"] == 0


def test_a_list_that_lost_everything_opens_nothing(school: Config) -> None:
    first = compile_snapshot(school)
    Path(school.folder, "games.txt").unlink()
    with pytest.raises(SourceError, match=r"list mine: it held 3 entries and now holds none"):
        compile_snapshot(school)
    current = Shelf(school.state_path / "snapshots").current()
    assert current is not None
    assert current.stem == first.snapshot
    without = msgspec.structs.replace(school, lists=())
    assert compile_snapshot(without).names == first.names - 3, "taken out of the configuration on purpose"


def test_rules_that_are_published_while_the_lists_are_read_hold(
    school: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    compile_snapshot(school)
    policy = policy_of(school)
    meanwhile = msgspec.structs.replace(
        policy, rules=(*policy.rules, Rule(id="new", hosts=("x.test",), action="block"))
    )

    def slow_gather(config: Config, *, progress: Progress | None = None) -> Gathered:
        policy_file.publish(school.state_path / "policy.json", meanwhile)
        return gather(config, progress=progress)

    monkeypatch.setattr(compiling, "gather", slow_gather)
    compile_snapshot(school, force=True)
    with load_current(Shelf(school.state_path / "snapshots")) as current:
        assert "new" in [rule.id for rule in current.policy.rules]


def test_lists_that_were_refused_are_told_and_not_tried_again_until_they_change(school: Config) -> None:
    compile_snapshot(school)
    games = Path(school.folder, "games.txt")
    kept = games.read_text()
    games.write_text("what is this\n")
    with pytest.raises(SourceError):
        compile_snapshot(school)
    assert not is_changed(school), "a million names are not read again every minute"
    assert "it held 3 entries" in refusal(school)
    assert "it held 3 entries" in " ".join(faults(school))
    games.write_text(kept + "another.test\n")
    assert is_changed(school)
    assert refusal(school) == ""
    compile_snapshot(school)
    assert not is_changed(school)
