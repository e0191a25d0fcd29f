"""Lists brought on schedule or when somebody asks; what each is like now."""

import contextlib
from pathlib import Path
from typing import Any

import msgspec

from leeward.config import Config, ListSource
from leeward.sources import fetch
from leeward.sources.gather import is_url, local_path
from leeward.sources.reader import SourceError
from leeward.upkeep.compiling import last_compiled, lists_folder
from leeward.upkeep.progress import Reporter


class Brought(msgspec.Struct, kw_only=True):
    """What came of asking for one list."""

    name: str
    changed: bool = False
    failure: str = ""


class ListState(msgspec.Struct, kw_only=True):
    """One list as the people who answer for it want to see it. Times are seconds since 1970 UTC; 0: never."""

    name: str
    source: str
    tier: str
    category: str
    entries: int = 0
    junk: int = 0
    examples: list[dict[str, Any]] = msgspec.field(default_factory=list)
    failure: str = ""
    checked: float = 0.0
    fetched: float = 0.0
    due: float = 0.0


def bring(config: Config, *, only_due: bool) -> list[Brought]:
    """Fetch the lists that have a URL. One that fails keeps its last good copy and is reported."""
    folder = lists_folder(config)
    reporter = Reporter(folder)
    rows: list[Brought] = []
    for source in config.lists:
        if not is_url(source.source) or (only_due and not fetch.is_due(source, folder)):
            continue
        rows.append(_bring_one(source, folder, reporter))
    return rows


def _bring_one(source: ListSource, folder: Path, reporter: Reporter) -> Brought:
    reporter.tell("fetching", source.name)
    try:
        changed = fetch.fetch(source, folder, progress=lambda size: reporter.tell("fetching", source.name, size))
    except SourceError as error:
        return Brought(name=source.name, failure=str(error))
    finally:
        reporter.tell("")
    return Brought(name=source.name, changed=changed)


def ask_now(config: Config) -> None:
    """Let the schedule bring every list as soon as it looks."""
    lists_folder(config).mkdir(parents=True, exist_ok=True, mode=0o700)
    (lists_folder(config) / "asked").touch()


def is_asked(config: Config) -> bool:
    """Whether somebody asked for the lists; asking is answered once."""
    with contextlib.suppress(FileNotFoundError):
        (lists_folder(config) / "asked").unlink()
        return True
    return False


def states(config: Config) -> list[ListState]:
    """Every list: the project's own first, then as the configuration names them."""
    compiled = last_compiled(config)
    told = {row["name"]: row for row in compiled.lists} if compiled else {}
    rows = [ListState(name="starter", source="Leeward's own", tier="school", category="")]
    rows += [_state(source, config) for source in config.lists]
    for row in rows:
        known = told.get(row.name, {})
        row.entries, row.junk = known.get("entries", 0), known.get("junk", 0)
        files = known.get("files", [])
        row.failure = row.failure or known.get("failure", "")
        row.examples = [{**junk, "file": f["file"]} for f in files for junk in f["examples"]][:10]
    return rows


def _state(source: ListSource, config: Config) -> ListState:
    row = ListState(name=source.name, source=source.source, tier=source.tier, category=source.category)
    if is_url(source.source):
        known = fetch.state(source, lists_folder(config))
        row.failure, row.checked, row.fetched = known.failure, known.checked, known.fetched
        row.due = fetch.due_at(source, lists_folder(config))
    elif not local_path(source, config).exists():
        row.failure = f"{source.source} is not there"
    return row
