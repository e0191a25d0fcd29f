"""The library made ready is kept, and made again when it should be."""

from pathlib import Path

import pytest

from leeward.text import library
from leeward.text.library import cache_folder, load_library, make_ready
from leeward.text.packs import Entry
from leeward.text.score import Compiled, compiled

MARK = Entry(
    id="mark", theme="gangs", language="en", meaning="Says so.", severity=4, weight=90, phrases=("zebra crossing club",)
)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A library of one entry; how often it was made."""
    made: list[int] = []

    def make(entries: object) -> Compiled:
        made.append(1)
        return compiled(entries)  # type: ignore[arg-type]

    monkeypatch.setattr(library, "own_packs", lambda: [MARK])
    monkeypatch.setattr(library, "shipped", lambda: None)
    monkeypatch.setattr(library, "compiled", make)
    return made


def kept(folder: Path) -> Path:
    (path,) = folder.glob("*.bin")
    return path


def test_it_is_made_once_and_only_for_its_owner(tmp_path: Path, small: list[int]) -> None:
    for _ in range(2):
        assert load_library(tmp_path / "new").find("the zebra crossing club", "message")
    assert len(small) == 1
    assert kept(tmp_path / "new").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("harm", ["cut", "flipped", "open", "empty"])
def test_a_damaged_or_foreign_file_is_made_again(tmp_path: Path, small: list[int], harm: str) -> None:
    load_library(tmp_path)
    path = kept(tmp_path)
    data = path.read_bytes()
    if harm == "open":
        path.chmod(0o666)
    else:
        path.write_bytes({"cut": data[:-1], "flipped": data[:-9] + b"?" + data[-8:], "empty": b""}[harm])
    assert load_library(tmp_path).find("the zebra crossing club", "message")
    assert len(small) == 2


def test_a_schools_own_entries_and_exclusions_count(tmp_path: Path, small: list[int]) -> None:
    own = Entry(
        id="own", theme="drugs", language="en", meaning="Says so.", severity=3, weight=90, phrases=("purple giraffe",)
    )
    found = load_library(tmp_path, added=[own], excluded=frozenset({MARK.key}))
    assert found.find("purple giraffe", "message")
    assert found.find("the zebra crossing club", "message") == []
    assert len(list(tmp_path.glob("*.bin"))) == 1
    alone = load_library(tmp_path, added=[own], own=False)
    assert alone.find("purple giraffe", "message")
    assert alone.find("the zebra crossing club", "message") == []


def test_it_is_made_ready_before_anybody_needs_it(tmp_path: Path) -> None:
    for _ in range(2):
        make_ready(tmp_path)
    assert len(list(tmp_path.glob("library-*.bin"))) == 1


def test_a_folder_that_can_not_be_written_costs_time_only(tmp_path: Path, small: list[int]) -> None:
    (tmp_path / "file").write_text("")
    assert load_library(tmp_path / "file" / "folder").find("the zebra crossing club", "message")


def test_the_cache_is_where_the_desktop_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_folder() == tmp_path / "leeward"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert cache_folder() == Path.home() / ".cache" / "leeward"
