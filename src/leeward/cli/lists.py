"""leeward lists: check, fetch, watch and look up category lists."""

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from leeward.cli.common import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    clear_errors,
    fail,
    load_config,
    say,
    say_json,
)
from leeward.policy import taxonomy
from leeward.policy.compile import Shelf, load_current
from leeward.policy.url import lenient
from leeward.sources.reader import FORMATS, FileReport, read
from leeward.upkeep.compiling import lists_folder
from leeward.upkeep.lists import bring, states
from leeward.upkeep.progress import progress

app = typer.Typer(help="Category lists: check, fetch, look up.", no_args_is_help=True)


@app.command("check")
def check(
    path: Annotated[Path, typer.Argument(help="A file, a folder or an archive.")],
    *,
    format_name: Annotated[str, typer.Option("--format", help="The format, or auto.")] = "auto",
    category: Annotated[str, typer.Option(help="The category of names that carry none.")] = "",
    as_json: JsonOption = False,
) -> None:
    """Read a list and say what it holds, line by line where it is junk."""
    reports: list[FileReport] = []
    with clear_errors():
        for report, items in read(path, format_name=format_name, category=category):
            for _ in items:
                pass
            reports.append(report)
    if as_json:
        say_json(reports)
        return
    for report in reports:
        note = report.skipped or f"{report.entries:,} entries, {report.junk:,} junk"
        say(f"{report.file}: {report.format or '-'} {report.category or '-'}: {note}")
        for junk in report.examples:
            say(f"  line {junk.line}: {junk.text!r}: {junk.why}")
    say(f"{sum(r.entries for r in reports):,} entries, {sum(r.junk for r in reports):,} junk lines")


@app.command("fetch")
def fetch_lists(
    config: ConfigOption = DEFAULT_CONFIG,
    *,
    due: Annotated[bool, typer.Option("--due", help="Only those whose time has come.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Bring the lists that have a URL; the last good copy stays if one fails."""
    with clear_errors():
        settings = load_config(config)
    rows = bring(settings, only_due=due)
    if as_json:
        say_json(rows)
    else:
        for row in rows:
            say(f"{row.name}: {row.failure or ('new' if row.changed else 'unchanged')}")
    if any(row.failure for row in rows):
        raise typer.Exit(1)


@app.command("status")
def status(config: ConfigOption = DEFAULT_CONFIG, *, as_json: JsonOption = False) -> None:
    """Say how each list is: entries, junk, when it came and when it is due; and what work is going on."""
    with clear_errors():
        settings = load_config(config)
        rows, work = states(settings), progress(lists_folder(settings))
    if as_json:
        say_json({"lists": rows, "progress": work})
        return
    for row in rows:
        times = f"came {_when(row.fetched)}, due {_when(row.due)}" if row.due else ""
        say(f"{row.name:24} {row.entries:>10,} entries {row.junk:>6,} junk  {times} {row.failure}".rstrip())
    if work.phase:
        say(f"{work.phase} {work.what} {work.done:,}")


def _when(seconds: float) -> str:
    return dt.datetime.fromtimestamp(seconds).astimezone().strftime("%Y-%m-%d %H:%M") if seconds else "never"


@app.command("lookup")
def lookup(
    names: Annotated[list[str], typer.Argument(help="Hosts or addresses.")],
    *,
    config: ConfigOption = DEFAULT_CONFIG,
    as_json: JsonOption = False,
) -> None:
    """Say which lists hold a name, and under which category."""
    rows: list[tuple[str, dict[str, list[str]], list[str]]] = []
    with clear_errors():
        settings = load_config(config)
        with load_current(Shelf(settings.state_path / "snapshots")) as snapshot:
            for name in names:
                target = lenient(name)
                pages = sorted(snapshot.lookup_url(target.host, target.path or "/"))
                rows.append((target.host.name, snapshot.names_of(target.host), pages))
    if as_json:
        say_json([{"name": host, "matched": matched, "pages": pages} for host, matched, pages in rows])
        return
    for host, matched, pages in rows:
        say(f"{host}:" + ("" if matched or pages else " in no list"))
        for listed, labels in matched.items():
            say(f"  {listed}: {', '.join(labels)}")
        if pages:
            say(f"  this page: {', '.join(pages)}")


@app.command("categories")
def categories(*, as_json: JsonOption = False) -> None:
    """The categories."""
    if as_json:
        say_json(list(taxonomy.categories().values()))
        return
    for item in taxonomy.categories().values():
        marks = (" sealed" if item.sealed else "") + (" private" if item.private else "")
        say(f"{item.id:22} {item.title}{marks}")


@app.command("formats")
def formats() -> None:
    """The formats."""
    if not FORMATS:
        fail("there are no formats")
    for name, item in FORMATS.items():
        say(f"{name:10} {item.TITLE}")
