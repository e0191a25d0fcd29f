"""All configured lists into one index, ready to be compiled."""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from importlib import resources
from pathlib import Path

import msgspec

from leeward.config import Config, ListSource
from leeward.policy import taxonomy
from leeward.policy.compile import Entry, Index
from leeward.policy.snapshot import ListInfo
from leeward.sources import fetch
from leeward.sources.entries import Item
from leeward.sources.reader import FileReport, SourceError, read

STARTER = "starter"
Progress = Callable[[str, int], None]


class ListReport(msgspec.Struct):
    """What one list held. `failure`: it could not be read; the rest was compiled without it."""

    name: str
    files: list[FileReport] = msgspec.field(default_factory=list)
    failure: str = ""

    @property
    def entries(self) -> int:
        """Entries in all files."""
        return sum(file.entries for file in self.files)

    @property
    def junk(self) -> int:
        """Junk lines in all files."""
        return sum(file.junk for file in self.files)


class Gathered(msgspec.Struct):
    """The index and what there is to say about it."""

    index: Index
    lists: list[ListInfo]
    reports: list[ListReport]


def is_url(text: str) -> bool:
    """Whether a source is fetched."""
    return text.startswith(("http://", "https://"))


def local_path(source: ListSource, config: Config) -> Path:
    """Where a list lies on this machine."""
    if is_url(source.source):
        return fetch.copy_path(source, config.state_path / "lists")
    return config.path(source.source)


def gather(config: Config, *, progress: Progress | None = None) -> Gathered:
    """Read every list. A list that fails is reported, and left out only if there is no copy at all."""
    index = Index()
    out = Gathered(index, [], [])
    _add(out, STARTER, "school", starter_items(), version="1")
    for source in config.lists:
        path = local_path(source, config)
        report = ListReport(source.name)
        category = source.category
        try:
            _check_tier(source)
            found = read(path, format_name=source.format, category=category, progress=progress)
            _take(out, report, source, found)
        except SourceError as error:
            report.failure = str(error)
        out.reports.append(report)
        version = fingerprint_of(path)[:12]
        out.lists.append(
            ListInfo(name=source.name, version=version, names=report.entries, tier=source.tier, junk=report.junk)
        )
    return out


def _check_tier(source: ListSource) -> None:
    if source.tier == "sealed" and source.category not in taxonomy.sealed():
        known = ", ".join(sorted(taxonomy.sealed()))
        raise SourceError(f"{source.name}: a sealed list needs a category of the sealed tier: {known}")


def _take(
    out: Gathered, report: ListReport, source: ListSource, found: Iterable[tuple[FileReport, Iterator[Item]]]
) -> None:
    for file, items in found:
        report.files.append(file)
        for item in items:
            out.index.add(Entry(item.kind, item.value, item.category or file.category, source.name))


def starter_items() -> Iterator[tuple[FileReport, Iterator[Item]]]:
    """The project's own list."""
    with resources.as_file(resources.files("leeward.sources").joinpath("starter.csv")) as path:
        yield from read(path, format_name="csv")


def _add(
    out: Gathered, name: str, tier: str, found: Iterable[tuple[FileReport, Iterator[Item]]], *, version: str
) -> None:
    report = ListReport(name)
    _take(out, report, ListSource(name=name, source=""), found)
    out.reports.append(report)
    out.lists.append(ListInfo(name=name, version=version, names=report.entries, tier=tier, junk=report.junk))


def fingerprint_of(path: Path) -> str:
    """Changes when a list changes: names, sizes and times of its files."""
    digest = hashlib.sha256()
    paths = sorted(path.rglob("*")) if path.is_dir() else [path]
    for item in paths:
        try:
            stat = item.stat()
        except OSError:
            continue
        digest.update(f"{item.name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def fingerprint(config: Config) -> str:
    """Changes when any list, or what the configuration says of it, changes."""
    digest = hashlib.sha256(msgspec.json.encode(config.lists))
    for source in config.lists:
        digest.update(fingerprint_of(local_path(source, config)).encode())
    return digest.hexdigest()
