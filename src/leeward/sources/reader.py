"""Reads lists from a file, a folder or an archive into items, with a report of what could not be read."""

import gzip
import io
import tarfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import BinaryIO, NamedTuple

import msgspec

from leeward.policy.taxonomy import categories, from_ut1
from leeward.sources import adguard, cidr, csv, dnsmasq, hosts, plain, rpz, ut1
from leeward.sources.entries import Format, Item, JunkLine

# Order matters for telling: the first format that recognises the first lines is taken.
FORMATS: dict[str, Format] = {module.NAME: module for module in (hosts, adguard, dnsmasq, rpz, csv, cidr, plain, ut1)}
ALL_FORMATS = (*FORMATS, "auto")
JUNK_SHOWN = 20  # examples kept a file; all are counted
_SNIFFED = 40
_SHORT = 10  # lines: of so few, more than half must look alike
_SKIPPED_SUFFIXES = (".md", ".pdf", ".json", ".bak", ".html", ".sha256", ".asc", ".sig", ".png")
_SKIPPED_NAMES = frozenset(("license", "readme", "copying", "changelog", "cc-by-sa-4-0.txt", "md5sum.lst", "current"))
# Words in the names of files and folders of well-known publishers, and what they hold.
_WORDS = {
    "porn": "pornography", "pornography": "pornography", "adult": "pornography", "snuff": "violence",
    "gambling": "gambling", "social": "social", "facebook": "social", "tiktok": "social", "twitter": "social",
    "instagram": "social", "whatsapp": "chat", "youtube": "audio-video", "fortnite": "games", "crypto": "crypto",
    "ads": "advertising", "tracking": "advertising", "basic": "advertising", "smart": "advertising",
    "redirect": "advertising", "ransomware": "malware", "malware": "malware", "abuse": "malware", "scam": "fraud",
    "fraud": "fraud", "phishing": "phishing", "piracy": "piracy", "torrent": "piracy", "drugs": "drugs",
    "vaping": "alcohol-tobacco", "vpn": "bypass", "datacenter": "datacentre", "adobe": "special",
}  # fmt: skip


class SourceError(Exception):
    """A list can't be read at all. The message says what to do."""


class Junk(msgspec.Struct, frozen=True):
    """A line that names nothing."""

    file: str
    line: int
    text: str
    why: str


class FileReport(msgspec.Struct):
    """What one file of a list held."""

    file: str
    format: str = ""
    category: str = ""
    entries: int = 0
    junk: int = 0
    skipped: str = ""
    examples: list[Junk] = msgspec.field(default_factory=list)


class Part(NamedTuple):
    """One file of a list, opened for reading."""

    name: str
    stream: BinaryIO


Progress = Callable[[str, int], None]


def parts(path: Path) -> Iterator[Part]:
    """The files of a list. Raises SourceError."""
    if path.is_dir():
        for child in sorted(path.rglob("*")):
            if child.is_file() and not child.is_symlink():
                yield from _file_parts(child, child.relative_to(path).as_posix())
    elif path.is_file():
        yield from _file_parts(path, path.name)
    else:
        raise SourceError(f"{path}: there is no such file or folder")


def _file_parts(path: Path, name: str) -> Iterator[Part]:
    try:
        if tarfile.is_tarfile(path):
            yield from _tar_parts(path, name)
            return
        with path.open("rb") as raw, _unzipped(raw, name) as stream:
            yield Part(name.removesuffix(".gz"), stream)
    except (OSError, tarfile.TarError, EOFError, zlib.error) as error:
        raise SourceError(f"{path}: {error}") from error


def _tar_parts(path: Path, name: str) -> Iterator[Part]:
    with tarfile.open(path) as archive:
        for member in archive:
            if member.isfile() and (stream := archive.extractfile(member)):
                yield Part(f"{name}:{member.name}", stream)  # type: ignore[arg-type]


@contextmanager
def _unzipped(raw: BinaryIO, name: str) -> Iterator[BinaryIO]:
    if name.endswith(".gz"):
        with gzip.open(raw, "rb") as stream:
            yield stream  # type: ignore[misc]
    else:
        yield raw


def read(
    path: Path, *, format_name: str = "auto", category: str = "", progress: Progress | None = None
) -> Iterator[tuple[FileReport, Iterator[Item]]]:
    """(report, items) of each file; the report is filled in while the items are taken. Raises SourceError."""
    if format_name not in ALL_FORMATS:
        raise SourceError(f"there is no list format {format_name!r}; known are {', '.join(ALL_FORMATS)}")
    if category and category not in categories():
        raise SourceError(f"there is no category {category!r}; see `leeward lists categories`")
    for part in parts(path):
        report = FileReport(part.name)
        if why := _why_skip(part.name):
            report.skipped = why
            yield report, iter(())
            continue
        yield report, _items(part, report, format_name, category, progress)


def _why_skip(name: str) -> str:
    base = PurePosixPath(name).name
    if base in ut1.LEFT_OUT:
        return "left out on purpose: see the reference of the format ut1"
    if base.lower() in _SKIPPED_NAMES or base.lower().endswith(_SKIPPED_SUFFIXES):
        return "documentation"
    return ""


def _items(
    part: Part, report: FileReport, format_name: str, category: str, progress: Progress | None
) -> Iterator[Item]:
    lines = io.TextIOWrapper(part.stream, encoding="utf-8", errors="surrogateescape", newline=None)
    try:
        yield from _items_of(lines, part.name, report, format_name, category, progress)
    finally:
        lines.detach()  # the file is closed by whoever opened it


def _items_of(
    lines: io.TextIOWrapper,
    name: str,
    report: FileReport,
    format_name: str,
    category: str,
    progress: Progress | None,
) -> Iterator[Item]:
    head = [line for _, line in zip(range(2000), lines, strict=False)]
    parse = _choose(name, head, format_name, report)
    report.category = category or category_of(name)
    if parse is None:
        report.skipped = "its format could not be told: give one"
        return
    if not report.category and report.format != "csv":
        report.skipped = "its category could not be told: give one"
        return
    yield from _parse(_chain(head, lines), parse, report, progress)


def _chain(head: list[str], rest: Iterable[str]) -> Iterator[str]:
    yield from head
    yield from rest


def _parse(
    lines: Iterator[str], parse: Callable[[str], Iterable[Item]], report: FileReport, progress: Progress | None
) -> Iterator[Item]:
    known = categories()
    for number, line in enumerate(lines, 1):
        try:
            for item in parse(line):
                category = item.category or report.category
                if category not in known:
                    raise JunkLine(f"there is no category {category!r}" if category else "it has no category")
                report.entries += 1
                yield item
        except JunkLine as why:
            _note(report, number, line, str(why))
        if progress and number % 50_000 == 0:
            progress(report.file, number)


def _note(report: FileReport, number: int, line: str, why: str) -> None:
    report.junk += 1
    if len(report.examples) < JUNK_SHOWN:
        text = line.strip()[:120].encode("utf-8", "replace").decode()
        report.examples.append(Junk(report.file, number, text, why.encode("utf-8", "replace").decode()))


def _choose(name: str, head: list[str], format_name: str, report: FileReport) -> Callable[[str], Iterable[Item]] | None:
    base = PurePosixPath(name).name
    if base in ut1.FILES and format_name in ("auto", "ut1"):
        report.format = "ut1"
        return {"domains": ut1.parse_line, "urls": ut1.parse_url_line}.get(base, ut1.parse_expression_line)
    if format_name == "auto":
        sample = [text for line in head if (text := line.strip()) and text[0] not in "#!;"][:_SNIFFED]
        if not sample:
            sample = [line.strip() for line in head if line.strip()][:1] or ["example.org"]
        format_name = next((key for key, item in FORMATS.items() if _mostly(item, sample)), "")
    report.format = format_name
    return FORMATS[format_name].parse_line if format_name in FORMATS else None


def _mostly(item: Format, sample: list[str]) -> bool:
    # A line or two of junk must not hide the format of the rest.
    hits = sum(item.looks_like([line]) for line in sample)
    return hits * 10 >= len(sample) * 7 or (len(sample) < _SHORT and hits * 2 > len(sample))


def category_of(name: str) -> str:
    """The category that a file's or a folder's name tells, or an empty string."""
    path = PurePosixPath(name.replace(":", "/"))
    if path.name in ut1.FILES:
        folder = path.parent.name
        return from_ut1().get(folder, folder if folder in categories() else "")
    for piece in reversed(path.parts):
        for word in piece.lower().replace(".", "-").replace("_", "-").split("-"):
            if word in _WORDS:
                return _WORDS[word]
    return ""
